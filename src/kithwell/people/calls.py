"""A port: what calls for somebody of the team in another part. The pages of the team (the desk) ask and show it.

from kithwell.people import calls
calls.register(source)          # source(principal) -> calls.Call | None; one query at most, checks the role itself
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kithwell.kernel.principal import Principal


@dataclass(frozen=True, slots=True)
class Call:
    """Words for a link, without a number and without a name, and where it leads."""

    words: str
    url: str


Source = Callable[[Principal], Call | None]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Make a source known; the same one twice has no effect."""
    if source not in _sources:
        _sources.append(source)
    return source


def ask(principal: Principal) -> tuple[Call, ...]:
    """What calls for this person now. One query for each part that offers something."""
    return tuple(found for source in _sources if (found := source(principal)) is not None)
