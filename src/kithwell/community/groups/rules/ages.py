"""Adults and minors apart (safety invariant 15). A band that is not said belongs to neither side."""

from __future__ import annotations

from typing import Final

# What a group may be for. The side it lies on is fixed by it.
ADULTS, YOUNG, OLDER = "adults", "young", "older"
MINORS, UNDER_16, TEENS = "minors", "under-16", "16-17"
GROUP_BANDS: Final = (ADULTS, YOUNG, OLDER, MINORS, UNDER_16, TEENS)
FOR_MINORS: Final = frozenset({MINORS, UNDER_16, TEENS})

# people's bands of accounts
_MINOR: Final = frozenset({"under-16", "16-17"})
_ADULT: Final = frozenset({"18-25", "26-64", "65-plus"})
_FITS: Final[dict[str, frozenset[str]]] = {
    ADULTS: _ADULT,
    YOUNG: frozenset({"18-25"}),
    OLDER: frozenset({"65-plus"}),
    MINORS: _MINOR,
    UNDER_16: frozenset({"under-16"}),
    TEENS: frozenset({"16-17"}),
}


def side(account_band: str) -> str:
    """ "adult", "minor", or "" for somebody who has not said."""
    return "adult" if account_band in _ADULT else "minor" if account_band in _MINOR else ""


def is_for_minors(group_band: str) -> bool:
    return group_band in FOR_MINORS


def group_side(group_band: str) -> str:
    """ "adult" or "minor": every group lies on one side."""
    return "minor" if is_for_minors(group_band) else "adult"


def may_know(group_band: str, account_band: str) -> bool:
    """May this person see that the group is there? Groups for minors are seen by minors alone; those for adults by
    everybody who has not said that they are a minor (a visitor has said nothing)."""
    if is_for_minors(group_band):
        return account_band in _MINOR
    return account_band not in _MINOR


def may_join(group_band: str, account_band: str) -> bool:
    """May this person be a member? Only who has said their band, and only in a group that is for it."""
    return account_band in _FITS.get(group_band, frozenset())
