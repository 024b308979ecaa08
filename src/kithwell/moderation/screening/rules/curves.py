"""What a threshold would find, miss and cost: precision, recall and workload from counts of scores. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

BINS: Final = 40
FEW: Final = 10  # with fewer things decided, no share is told
LOWEST, HIGHEST = 0.1, 0.95
_Z: Final = 1.96


def bin_of(score: float) -> int:
    """The bin of a score 0..1; a threshold on the grid takes whole bins."""
    return max(0, min(BINS - 1, int(score * BINS + 1e-9)))


def grid() -> tuple[float, ...]:
    """The thresholds that can be chosen."""
    return tuple(n / BINS for n in range(BINS) if LOWEST <= n / BINS <= HIGHEST)


def on_grid(value: float) -> bool:
    return any(abs(value - at) < 1e-6 for at in grid())


@dataclass(frozen=True, slots=True)
class Share:
    """A share and where it may really lie (Wilson's interval, 95 %)."""

    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True)
class Point:
    """A threshold. `a_week`: things that would come before a person; the shares None where too little is known."""

    at: float
    a_week: float
    precision: Share | None
    recall: Share | None


def share(part: int, whole: int, least: int = FEW) -> Share | None:
    """Part of whole with its interval; None of too few."""
    if whole < least:
        return None
    p = part / whole
    middle = (p + _Z * _Z / (2 * whole)) / (1 + _Z * _Z / whole)
    half = _Z * sqrt(p * (1 - p) / whole + _Z * _Z / (4 * whole * whole)) / (1 + _Z * _Z / whole)
    return Share(p, max(0.0, middle - half), min(1.0, middle + half), whole)


def above(counts: Sequence[float], at: float) -> float:
    """How many lie at or above a threshold."""
    return sum(counts[bin_of(at) :])


def curve(
    scores: Sequence[float], right: Sequence[int], wrong: Sequence[int], weeks: float
) -> tuple[Point, ...]:
    """Every threshold of the grid: `scores` of all texts of so many weeks, and of things found right and wrong."""
    every = sum(right)
    out = []
    for at in grid():
        good, bad = int(above(right, at)), int(above(wrong, at))
        out.append(
            Point(
                at,
                above(scores, at) / weeks if weeks else 0.0,
                share(good, good + bad),
                share(good, every),
            )
        )
    return tuple(out)
