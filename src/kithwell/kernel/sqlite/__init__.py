"""SQLite as Django knows it, but a transaction that waits for the write lock looks often."""
