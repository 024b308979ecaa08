"""Thin: parse, call, render."""
