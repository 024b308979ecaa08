"""Who might be good company for whom: pure, and explained. The door is `suggest`.

Three rules cannot be outweighed: adults and minors never meet here (and minors only within their own age band), nobody
meets somebody they blocked or muted, and nobody gets more buddies than they wanted. A common language is needed too.

Everything else is a sum of small things that **both** chose to share; each part of the sum is a reason that can be read
out. Two terms make it fair: who waits long counts a little more, who was suggested often a little less. Equal sums are
ordered by a hash that changes with the seed, so that no name, age of account or place in a table wins for ever.

How each figure was chosen, and what a simulated year of newcomers shows: docs/peers.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

TOPIC, HELP, NOT, HOURS, AGE = 3.0, 1.0, 0.5, 0.5, 1.0
MOST_TOPICS, MOST_HELPS, MOST_NOTS, MOST_HOURS = 3, 3, 2, 6
WAIT_A_WEEK, MOST_WAIT = 1.0, 6.0
SHOWN, MOST_SHOWN = 0.75, 6.0
MINOR_BANDS: Final = frozenset({"under-16", "16-17"})
ADULT_BANDS: Final = frozenset({"18-25", "26-64", "65-plus"})


@dataclass(frozen=True, slots=True)
class Person:
    """One who seeks, as far as they chose to share. `away` are those they drew a line to, or who drew one to them."""

    id: UUID
    band: str
    topics: frozenset[str] = frozenset()
    helps: frozenset[str] = frozenset()
    nots: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    hours: frozenset[int] = frozenset()
    buddies: int = 0
    most: int = 1
    since: datetime | None = None
    shown: int = 0
    away: frozenset[UUID] = frozenset()
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Something both shared: `what` is "topics", "helps", "nots", "languages", "hours" or "age"."""

    what: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    other: UUID
    score: float
    reasons: tuple[Reason, ...] = field(default=())


def side(band: str) -> str:
    """Who may meet whom: minors within their band, adults among adults, nobody who has not said."""
    return band if band in MINOR_BANDS else "adult" if band in ADULT_BANDS else ""


def never(a: Person, b: Person) -> str:
    """Why these two are never suggested to each other, "" when they may be."""
    if a.id == b.id:
        return "oneself"
    if not side(a.band) or side(a.band) != side(b.band):
        return "age"
    if b.id in a.away or a.id in b.away:
        return "boundary"
    if a.resting or b.resting:
        return "resting"
    if a.buddies >= a.most or b.buddies >= b.most:
        return "enough"
    if not a.languages & b.languages:
        return "language"
    return ""


def common(a: Person, b: Person) -> tuple[float, tuple[Reason, ...]]:
    """What speaks for these two, the same seen from either of them."""
    score, reasons = 0.0, []
    for what, mine, theirs, weight, most in (
        ("topics", a.topics, b.topics, TOPIC, MOST_TOPICS),
        ("helps", a.helps, b.helps, HELP, MOST_HELPS),
        ("nots", a.nots, b.nots, NOT, MOST_NOTS),
    ):
        both = sorted(mine & theirs)
        if both:
            score += weight * min(len(both), most)
            reasons.append(Reason(what, tuple(both)))
    hours = len(a.hours & b.hours)
    if hours:
        score += HOURS * min(hours, MOST_HOURS)
        reasons.append(Reason("hours"))
    if a.band == b.band:
        score += AGE  # not read out: nobody's age band is told to anybody
    reasons.append(Reason("languages", tuple(sorted(a.languages & b.languages))))
    return score, tuple(reasons)


def _fair(other: Person, now: datetime) -> float:
    """What makes it go round: long waiting counts for somebody, having been shown often against."""
    weeks = max(0.0, (now - other.since).total_seconds() / 604_800) if other.since else 0.0
    return min(MOST_WAIT, weeks * WAIT_A_WEEK) - min(MOST_SHOWN, other.shown * SHOWN)


def _lot(seed: str, a: UUID, b: UUID) -> bytes:
    low, high = sorted((a.bytes, b.bytes))
    return hashlib.sha256(seed.encode() + low + high).digest()


def suggest(
    me: Person, others: Iterable[Person], *, now: datetime, seed: str, most: int = 3
) -> tuple[Match, ...]:
    """The people who might suit `me`, best first. The order in which `others` come does not matter."""
    found = []
    for other in others:
        if never(me, other):
            continue
        score, reasons = common(me, other)
        found.append(
            (-(score + _fair(other, now)), _lot(seed, me.id, other.id), Match(other.id, score, reasons))
        )
    return tuple(match for _score, _by_lot, match in sorted(found, key=lambda one: one[:2])[:most])
