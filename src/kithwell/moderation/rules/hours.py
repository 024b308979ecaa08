"""Published staffed hours of a week: is somebody there, and when again? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 1440


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes `start` to `end` (1440: midnight) of a weekday (0 Monday) in a zone's own time."""

    weekday: int
    start: int
    end: int
    zone: str = "UTC"


def valid(stretch: Stretch) -> bool:
    return 0 <= stretch.weekday <= 6 and 0 <= stretch.start < stretch.end <= DAY


def staffed(stretches: Iterable[Stretch], now: datetime) -> bool:
    """Is `now` inside one of them?"""
    for s in stretches:
        local = now.astimezone(ZoneInfo(s.zone))
        if local.weekday() == s.weekday and s.start <= local.hour * 60 + local.minute < s.end:
            return True
    return False


def next_start(stretches: Sequence[Stretch], now: datetime) -> datetime | None:
    """`now` when somebody is there, else when the next stretch begins; None without any."""
    if staffed(stretches, now):
        return now
    best: datetime | None = None
    for s in stretches:
        zone = ZoneInfo(s.zone)
        local = now.astimezone(zone)
        for ahead in range(9):
            day = local.date() + timedelta(days=ahead)
            if day.weekday() != s.weekday:
                continue
            begins = datetime.combine(day, time(s.start // 60, s.start % 60), zone).astimezone(UTC)
            if begins > now and (best is None or begins < best):
                best = begins
    return best
