"""Sizes in words: a number of members is no figure of merit."""

from __future__ import annotations

SMALL = 25  # up to here a group may show typing, if it chooses to
_STEPS = ((12, "few"), (SMALL, "small"), (100, "dozens"), (500, "hundred"))


def word(members: int) -> str:
    """A code for words.SIZES."""
    return next((code for most, code in _STEPS if members <= most), "many")


def is_small(members: int) -> bool:
    return members <= SMALL


def room(members: int, capacity: int | None) -> str:
    """ "open", "nearly" (a tenth of the places or one are left), or "full"."""
    if capacity is None:
        return "open"
    left = capacity - members
    if left <= 0:
        return "full"
    return "nearly" if left <= max(1, capacity // 10) else "open"
