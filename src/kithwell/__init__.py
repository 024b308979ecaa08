"""Kithwell: an open, self-hosted home for mental-health support and advocacy."""

__version__ = "0.1.0"
