"""Which counts may be shown of a place where few people write. Pure.

Of fewer than `LEAST` texts in a week nothing is shown, and a count of flagged texts from 1 to 4 is "fewer than 5". All
other numbers are rounded to fives, so that taking the places one can see from what stands for everywhere does not tell
the number of the one that is hidden. Shares are those of the rounded numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LEAST: Final = 20
FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """`how`: "shown", "few" (1 to 4 flagged) or "hidden" (too few texts). `share` in a hundred, only where shown."""

    how: str
    texts: int = 0
    flagged: int = 0
    share: float | None = None


def cell(texts: int, flagged: int) -> Cell:
    """A count as it may be shown."""
    if texts < LEAST:
        return Cell("hidden")
    if 0 < flagged < FEW:
        return Cell("few", rounded(texts))
    about, of = rounded(flagged), rounded(texts)
    return Cell("shown", of, about, round(100 * about / of, 1))


def rounded(n: int) -> int:
    """To the nearest five."""
    return FEW * ((n + FEW // 2) // FEW)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
