"""Notifications: digest by default, quiet hours, discreet Web Push."""
