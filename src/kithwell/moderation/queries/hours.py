"""When somebody looks at reports."""

from __future__ import annotations

from datetime import datetime, timedelta

from kithwell.kernel import clock
from kithwell.moderation.models import StaffedHours, Watch
from kithwell.moderation.rules import hours

AT_WORK = timedelta(minutes=15)


def stretches() -> tuple[hours.Stretch, ...]:
    """The published hours of the week, Monday first. One query."""
    rows = StaffedHours.objects.order_by("weekday", "start").values_list("weekday", "start", "end", "zone")
    return tuple(hours.Stretch(*row) for row in rows)


def staffed(now: datetime | None = None) -> bool:
    """Is somebody there: within the published hours, or because a moderator is reading right now?"""
    now = now or clock.now()
    return hours.staffed(stretches(), now) or Watch.objects.filter(last_at__gt=now - AT_WORK).exists()


def back_at(now: datetime | None = None) -> datetime | None:
    """When staff are back; now while they are there, None where no hours are published."""
    now = now or clock.now()
    return now if staffed(now) else hours.next_start(stretches(), now)
