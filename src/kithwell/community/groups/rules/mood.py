"""What few people said is not shown (fewer than five), nor what would tell it by subtraction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FEWEST: Final = 5
MOODS: Final = ("calm", "heavy", "need")


def shown(counts: Mapping[str, int | None]) -> dict[str, int | None]:
    """Counts by mood, None where they must not be told. Left out twice is left out once: calling it again is safe.

    Where a single count would be left out, the next smallest goes with it, so that a total known from elsewhere does
    not tell it.
    """
    told = {mood: counts.get(mood, 0) for mood in MOODS}
    small = {mood for mood, n in told.items() if n is None or 0 < n < FEWEST}
    if len(small) == 1:
        rest = sorted((n, mood) for mood, n in told.items() if n is not None and n >= FEWEST)
        small |= {mood for _n, mood in rest[:1]}
    return {mood: None if mood in small else n for mood, n in told.items()}
