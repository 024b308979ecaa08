"""In which order cases are looked at. Need and harm first; age, so that nothing waits for ever. Pure.

A case has one number: the moment from which it counts as waiting. Harm moves this moment back by a head start of at
most three and a half days, so a light case that waited longer than that comes before any grave one made now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HEAD_START: Final = (
    timedelta(0),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
    timedelta(hours=60),
)
PER_REPORTER: Final = timedelta(hours=1)
MOST_REPORTERS: Final = 6
CRISIS: Final = timedelta(hours=12)
HIDDEN: Final = timedelta(hours=6)
MOST: Final = HEAD_START[-1] + PER_REPORTER * MOST_REPORTERS + CRISIS + HIDDEN
CLAIM: Final = timedelta(minutes=20)
KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Weight:
    """What is known of a case. `hidden`: a threshold hid it, so its author waits with words nobody can see."""

    harm: int
    reporters: int = 0
    crisis: bool = False
    hidden: bool = False


def head_start(weight: Weight) -> timedelta:
    """How long a case of this weight counts as having waited already."""
    total = HEAD_START[max(0, min(len(HEAD_START) - 1, weight.harm))]
    total += PER_REPORTER * max(0, min(MOST_REPORTERS, weight.reporters - 1))
    if weight.crisis:
        total += CRISIS
    if weight.hidden:
        total += HIDDEN
    return total


def effective(weight: Weight, waiting_since: datetime) -> datetime:
    """The moment from which the case counts as waiting; the earliest comes first."""
    return waiting_since - head_start(weight)


def is_free(claimed_until: datetime | None, now: datetime) -> bool:
    """May somebody else take it? A claim that ran out gives the case back with its place."""
    return claimed_until is None or claimed_until <= now


def claim_until(now: datetime) -> datetime:
    return now + CLAIM
