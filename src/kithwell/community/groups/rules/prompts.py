"""When a group's weekly prompt is due, in its own time zone. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LATE = timedelta(hours=12)  # later than this a prompt is not posted any more: the next week has one


def last_moment(now: datetime, zone: str, day: int, hour: int) -> datetime:
    """The newest moment at or before `now` that is `day` (Monday is 0), `hour` o'clock, where the group lives."""
    here = now.astimezone(ZoneInfo(zone))
    back = (here.weekday() - day) % 7
    moment = (here - timedelta(days=back)).replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    return moment if moment <= here else moment - timedelta(days=7)


def is_due(now: datetime, zone: str, day: int, hour: int, last: datetime | None) -> bool:
    """Once a week, at its hour or within half a day after it."""
    moment = last_moment(now, zone, day, hour)
    return now - moment <= LATE and (last is None or last < moment)


def pick(n: int, length: int) -> int:
    """Which prompt comes n-th: in order, then from the start again."""
    return n % length if length else 0
