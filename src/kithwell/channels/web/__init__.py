"""Web chat: a visitor without an account writes on this site, with or without scripts.

The conversation itself belongs to `support`; here is who the visitor is (secrets of this browser, kept as keyed hashes)
and the pages.
"""
