"""A port: names that are in use elsewhere on this site and belong to no account, such as the other names people write
under anonymously. Nobody may take one as their own: their words would be read as somebody else's.

from kithwell.people import reserved
reserved.register(source)      # source(keys) -> those of these name keys that are in use; one query
"""

from __future__ import annotations

from collections.abc import Callable, Collection

Source = Callable[[Collection[str]], set[str]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Make a source known; the same one twice has no effect."""
    if source not in _sources:
        _sources.append(source)
    return source


def among(keys: Collection[str]) -> set[str]:
    """Those of these name keys that are in use. One query for each part that has names."""
    return {key for source in _sources for key in source(keys)} if keys else set()
