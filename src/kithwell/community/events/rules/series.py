"""Sessions that come again: on the same weekday at the same hour of the place's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

EVERY = {
    "week": 1,
    "fortnight": 2,
    "month": 4,
}  # in weeks; "month" keeps the weekday, so it is every four weeks
MOST = 26


def starts(first: datetime, every: str, times: int) -> tuple[datetime, ...]:
    """When a series begins, as wall-clock times; `every` "" is one event alone. Raises ValueError."""
    if not every:
        return (first,)
    if every not in EVERY or not 2 <= times <= MOST:
        raise ValueError(every)
    step = timedelta(weeks=EVERY[every])
    return tuple(first + n * step for n in range(times))
