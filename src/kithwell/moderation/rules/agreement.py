"""How far people agree: Krippendorff's alpha for nominal values. Pure.

K. Krippendorff, Content Analysis (4th ed.), chapter 12. Units with fewer than two values say nothing and are left out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


def alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """1 is full agreement, 0 what chance would give, below 0 worse than chance.

    None when nothing can be said: no unit has two values, or all values are the same.
    """
    kept = [list(unit) for unit in units if len(unit) >= 2]
    total = sum(len(unit) for unit in kept)
    if total < 2:
        return None
    counts: Counter[Hashable] = Counter(value for unit in kept for value in unit)
    apart = total * total - sum(n * n for n in counts.values())
    if apart == 0:
        return None
    observed = 0.0
    for unit in kept:
        own = Counter(unit)
        size = len(unit)
        observed += (size * size - sum(n * n for n in own.values())) / (size - 1)
    return 1.0 - (total - 1) * observed / apart


def share(units: Sequence[Sequence[Hashable]]) -> float | None:
    """The plain share of units on which all agree."""
    kept = [unit for unit in units if len(unit) >= 2]
    return sum(len(set(unit)) == 1 for unit in kept) / len(kept) if kept else None


@dataclass(frozen=True, slots=True)
class Draw:
    """A decision that may be read again."""

    id: str
    thing: str
    person: str


def draw(decisions: Sequence[Draw], size: int, seed: str) -> tuple[str, ...]:
    """Which to read again: some of each outcome, so that rare ones are seen. The same seed gives the same ones."""
    dice = random.Random(seed)
    heaps: dict[tuple[str, str], list[str]] = {}
    for row in sorted(decisions, key=lambda d: d.id):
        heaps.setdefault((row.thing, row.person), []).append(row.id)
    order = [heaps[key] for key in sorted(heaps)]
    for heap in order:
        dice.shuffle(heap)
    found: list[str] = []
    while len(found) < size and any(order):
        for heap in order:
            if heap and len(found) < size:
                found.append(heap.pop())
    return tuple(found)
