"""Who has a place and who waits. First come, first served; nothing else counts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal, TypeVar

T = TypeVar("T", bound=Hashable)
Place = Literal["going", "waiting"]


def place_for(going: int, capacity: int | None) -> Place:
    """Where somebody who signs up now comes to stand."""
    return "going" if capacity is None or going < capacity else "waiting"


def promoted(going: int, capacity: int | None, waiting: Sequence[T]) -> tuple[T, ...]:
    """Who of those waiting (longest first) moves up now."""
    if capacity is None:
        return tuple(waiting)
    return tuple(waiting[: max(0, capacity - going)])


def roughly(count: int) -> int:
    """A number of people that tells nothing of any one of them: in steps of five, and none below five.

    0 stands for "fewer than five". One person who comes or goes is seen in it only once in five times, and never
    by name.
    """
    return count // 5 * 5
