"""Figures of a group's health, and when somebody is told that a post waits. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

DEFAULT_HOURS: Final = 4
HOURS: Final = (1, 2, 4, 8, 12, 24)
SUPPORTER_AFTER: Final = 12  # hours, and never before the welcomers had as long again
FEWEST: Final = 5  # what fewer than this said is not shown
SHOULDERS: Final = 3


def due_step(written: datetime, now: datetime, hours: int, step: int) -> int:
    """Which step is due for an unanswered post that stands at `step`: 1 welcomers, 2 a supporter; else `step`."""
    waited = now - written
    if waited >= timedelta(hours=max(SUPPORTER_AFTER, 2 * hours)):
        return 2
    if waited >= timedelta(hours=hours):
        return max(step, 1)
    return step


def first_reply_median(waits: Sequence[timedelta]) -> timedelta | None:
    """The middle waiting time until the first reply; None where too few were answered to say."""
    if len(waits) < FEWEST:
        return None
    return timedelta(seconds=median(wait.total_seconds() for wait in waits))


def answered_share(answered: int, written: int) -> float | None:
    """0..1; None for too few posts."""
    return answered / written if written >= FEWEST else None


def shoulders_share(repliers: Iterable[object]) -> float | None:
    """How much of the replying rests on the three who reply most, 0..1; None for too few replies."""
    counts = Counter(repliers)
    total = sum(counts.values())
    if total < FEWEST:
        return None
    return sum(n for _who, n in counts.most_common(SHOULDERS)) / total


def suppressed(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts with small ones left out. Where a single one would be left out, the next smallest goes with it, so that
    the total does not tell it."""
    small = {key for key, n in counts.items() if 0 < n < FEWEST}
    if len(small) == 1:
        rest = sorted((n, key) for key, n in counts.items() if n >= FEWEST)
        if rest:
            small.add(rest[0][1])
    return {key: None if key in small else n for key, n in counts.items()}
