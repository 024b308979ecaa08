"""What reading costs, and when it is enough. Pure.

Each thing shown weighs by its gravity. There is a load for one stretch, after which there is a break, and a load for a
day, after which there is tomorrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

POINTS: Final = (0, 1, 2, 4, 8)
STRETCH_LOAD: Final = 24
DAY_LOAD: Final = 120
GRAVE_A_DAY: Final = 8
STRETCH: Final = timedelta(minutes=50)
BREAK: Final = timedelta(minutes=15)
FRESH_AFTER: Final = timedelta(minutes=30)  # whoever was away this long begins a new stretch


@dataclass(frozen=True, slots=True)
class Stand:
    """One reviewer now. `load` and `since` are of the present stretch; `today` counts by gravity."""

    since: datetime | None
    load: int
    last_at: datetime | None
    break_until: datetime | None
    today: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """May this person read on? `until`: when a break ends."""

    how: Literal["ready", "break", "tomorrow"]
    until: datetime | None = None


def points(gravity: int) -> int:
    return POINTS[max(1, min(4, gravity))]


def day_load(today: Mapping[int, int]) -> int:
    return sum(points(gravity) * n for gravity, n in today.items())


def answer(stand: Stand, now: datetime) -> Answer:
    """Ready, on a break, or done for today."""
    if day_load(stand.today) >= DAY_LOAD or stand.today.get(4, 0) >= GRAVE_A_DAY:
        return Answer("tomorrow")
    if stand.break_until is not None and stand.break_until > now:
        return Answer("break", stand.break_until)
    if is_fresh(stand, now):
        return Answer("ready")
    long = stand.since is not None and now - stand.since >= STRETCH
    if long or stand.load >= STRETCH_LOAD:
        return Answer("break", now + BREAK)
    return Answer("ready")


def is_fresh(stand: Stand, now: datetime) -> bool:
    """Has this person been away long enough (or had their break) to begin anew?"""
    if stand.since is None or stand.last_at is None:
        return True
    if stand.break_until is not None and stand.last_at < stand.break_until <= now:
        return True
    return now - stand.last_at >= FRESH_AFTER


def after(stand: Stand, gravity: int, now: datetime) -> Stand:
    """Where they stand after being shown one more thing."""
    fresh = is_fresh(stand, now)
    gravity = max(1, min(4, gravity))
    return Stand(
        since=now if fresh else stand.since,
        load=(0 if fresh else stand.load) + points(gravity),
        last_at=now,
        break_until=None if fresh else stand.break_until,
        today={**stand.today, gravity: stand.today.get(gravity, 0) + 1},
    )
