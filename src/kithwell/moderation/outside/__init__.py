"""Notices from outside, trusted flaggers, transparency report, law packs."""
