"""Prompts and first words as data, one file a language."""
