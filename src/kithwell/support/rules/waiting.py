"""How long it may take, in honest words: never a promise, never a false precision."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

MIN_SAMPLES = 3
FEW = 20  # below this many people a share or a percentile says more than is known
# Minutes of waiting after which people are told where they stand, and when it is too late to say so.
TELL_BETWEEN = ((5, 15), (15, 45), (45, 60))
STEPS = (5, 10, 15, 30, 45, 60, 90, 120, 180)


def estimate(
    ahead: int, staff_on: int, recent_waits: Sequence[float], minutes_each: float = 40.0, cap: int = 3
) -> int:
    """Minutes until a person who joins now is likely answered; -1 when nobody can say.

    `ahead`: people waiting now; `staff_on`: supporters on shift; `recent_waits`: seconds that the last people waited.
    Takes the more pessimistic of what the queue says (slots free every minutes_each / cap) and what people just lived
    through (their 75th percentile), rounded up to a step, because a short promise that breaks is worse than a long one.
    """
    if staff_on <= 0:
        return -1
    by_queue = ahead * minutes_each / (staff_on * cap)
    by_past = 0.0
    if len(recent_waits) >= MIN_SAMPLES:
        ordered = sorted(recent_waits)
        by_past = ordered[ceil(0.75 * len(ordered)) - 1] / 60
    minutes = max(by_queue, by_past)
    return next((step for step in STEPS if minutes <= step), 240)


def position_words(ahead: int) -> str:
    """A code for the words to use: next | few | some | many."""
    return "next" if ahead <= 0 else "few" if ahead <= 3 else "some" if ahead <= 10 else "many"


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of `values` (0 < share <= 1); 0.0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
