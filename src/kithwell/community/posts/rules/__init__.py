"""Decisions about posts: pure functions, no database, no clock."""
