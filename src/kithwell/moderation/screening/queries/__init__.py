"""Reads for stewards: rules, changes, figures. Small frozen values."""
