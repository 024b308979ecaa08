"""Notices: what is told to whom, when, and how quietly."""
