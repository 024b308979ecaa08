"""A port: the part that keeps posts tells how a group fares; this part asks and shows it.

from kithwell.community.groups import health
health.register(figures)          # figures(group_id, since, until) -> health.Figures; a fixed number of queries
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and shares without names; None wherever too few things happened to say it without pointing at somebody.

    `first_reply` is the middle waiting time until a post's first reply: the health of a group. `weeks` are Mondays
    with that time, oldest first. Shares are 0..1: posts that got a reply, newcomers who came a second time, and
    replies that rest on the three who reply most. `mood` counts posts by screening: "calm", "heavy", "need".
    """

    first_reply: timedelta | None = None
    weeks: tuple[tuple[date, timedelta | None], ...] = ()
    answered_share: float | None = None
    returned_share: float | None = None
    shoulders_share: float | None = None
    mood: Mapping[str, int | None] = field(default_factory=dict)
    waiting: int = 0  # posts without a reply right now


Source = Callable[[UUID, datetime, datetime], Figures]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Make the source of figures known; the last one registered stands."""
    _sources[:] = [source]
    return source


def ask(group_id: UUID, since: datetime, until: datetime) -> Figures:
    """The figures of a group, empty ones where no part offers any."""
    return _sources[0](group_id, since, until) if _sources else Figures()
