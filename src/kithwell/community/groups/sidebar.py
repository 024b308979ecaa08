"""A port: parts above show something of theirs on a group's page and beside its settings.

from kithwell.community.groups import sidebar
sidebar.register(aside)                                # aside(principal, place) -> sidebar.Aside | None; few queries
sidebar.add_setting("unanswered", gettext_lazy(...))   # a page of facilitators at /g/<slug>/unanswered
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from kithwell.community.groups.access import Place
from kithwell.kernel.principal import Principal


@dataclass(frozen=True, slots=True)
class Aside:
    """A template with what it needs, and the style sheet it wants. It sees `place` and `aside`."""

    template: str
    shown: Mapping[str, Any] = field(default_factory=dict)
    css: str = ""


Source = Callable[[Principal, Place], Aside | None]
_sources: list[Source] = []
_settings: dict[str, str | Promise] = {}


def register(source: Source) -> Source:
    """Make a source known; the same one twice has no effect."""
    if source not in _sources:
        _sources.append(source)
    return source


def ask(principal: Principal, place: Place) -> tuple[Aside, ...]:
    """What belongs on this group's page, for its members."""
    if not place.is_member:
        return ()
    return tuple(found for source in _sources if (found := source(principal, place)) is not None)


def add_setting(page: str, words: str | Promise) -> None:
    """A page for the facilitators, found from the group's settings."""
    _settings[page] = words


def settings(place: Place) -> list[tuple[str, str | Promise]]:
    """(address, words) of what parts above let facilitators choose."""
    return [(f"{place.group.url}/{page}", words) for page, words in _settings.items()]
