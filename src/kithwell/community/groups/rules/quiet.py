"""The activity check: a group that nobody looks after is warned, warned once more, and then rests. Pure.

A facilitator who comes back wakes it at once; nothing is lost meanwhile, reading and help stay.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SHORTEST, LONGEST, USUAL = 24, 24 * 14, 72  # hours
STEP: Final = timedelta(hours=24)  # between a warning and the next step

AWAKE, WARN, WARN_CO, CLOSE = "awake", "facilitators", "cofacilitators", "closed"


def due(
    now: datetime,
    seen: datetime,
    quiet_hours: int,
    warned: datetime | None = None,
    co_warned: datetime | None = None,
) -> str:
    """What to do now: nothing (AWAKE), warn the facilitators, then the co-facilitators, then let the group rest.

    Each step is taken once and never sooner than a day after the one before, so that a check that ran late (a server
    that was off for a week) warns before it closes.
    """
    if now - seen < timedelta(hours=max(SHORTEST, quiet_hours)):
        return AWAKE
    if warned is None or warned < seen:
        return WARN
    if now - warned < STEP:
        return AWAKE
    if co_warned is None or co_warned < warned:
        return WARN_CO
    return CLOSE if now - co_warned >= STEP else AWAKE
