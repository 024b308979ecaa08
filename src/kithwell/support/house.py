"""The organisation's settings of the desk, as values the rules understand."""

from __future__ import annotations

from datetime import timedelta

from kithwell.kernel import conf
from kithwell.support.rules.care import Limits


def limits() -> Limits:
    """Caps, breaks and leases as configured."""
    return Limits(
        cap=int(conf.get("desk_cap", 3)),
        reserve=int(conf.get("desk_reserve", 1)),
        cooldown=timedelta(minutes=float(conf.get("desk_cooldown_minutes", 15))),
        work_before_break=timedelta(minutes=float(conf.get("desk_work_before_break_minutes", 120))),
        break_length=timedelta(minutes=float(conf.get("desk_break_minutes", 10))),
        lease=timedelta(seconds=float(conf.get("desk_lease_seconds", 180))),
    )


def held_for() -> timedelta:
    """How long a reply waits for the person to write again."""
    return timedelta(days=float(conf.get("desk_held_reply_days", 7)))


SILENT_SHIFT = timedelta(minutes=15)  # a shift whose owner is not heard of for this long is over
OWED_SUMMARY = timedelta(days=14)  # how long a supporter may still write the summary of somebody who left
AUDIT_READ_EVERY = timedelta(minutes=15)
RESEND_STALE = timedelta(seconds=120)  # a send whose worker died is tried again after this
MAX_ATTEMPTS = 8
MAX_MEDIA_ATTEMPTS = 3
MAX_SUMMARY = 2000
MAX_NOTE = 4000
MAX_INBOUND = 65_536  # longer than any channel allows; kept whole, never refused
