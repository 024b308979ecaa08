"""Pages of this part, by room: coming in, one's own account, one's own data, and staff."""
