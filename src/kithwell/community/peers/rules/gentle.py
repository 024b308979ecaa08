"""Numbers in words, and pictures without ranks. Nothing here can be lost, broken or compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

LEAVES: Final = 24
WANTED: Final = (10, 100_000)
GOAL_MAX: Final = timedelta(days=120)
STEPS_MAX: Final = 200
TITLE_MAX: Final = 160


def often(n: int) -> str:
    """A count as a code for words: a person sees "a few times", never a number to beat."""
    if n <= 0:
        return "none"
    if n == 1:
        return "once"
    if n == 2:
        return "twice"
    if n <= 5:
        return "few"
    return "many" if n <= 20 else "again"


def leaves(n: int, wanted: int) -> int:
    """How many of the tree's leaves are out: the first with the first kindness, all of them only at the goal."""
    if n <= 0 or wanted <= 0:
        return 0
    return LEAVES if n >= wanted else max(1, n * LEAVES // wanted)


def stage(n: int, wanted: int) -> str:
    """How far a group has come, as a code for words."""
    if n <= 0:
        return "seed"
    if n >= wanted:
        return "there"
    share = n / wanted
    return "sprout" if share < 0.25 else "growing" if share < 0.5 else "half" if share < 0.8 else "near"
