"""Time zones: one chosen by the reader (a cookie on this device), the event's own, and UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest
from django.utils import formats, translation

COOKIE = "kw_zone"
_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def names() -> tuple[str, ...]:
    """Zones to choose from."""
    return ("UTC", *sorted(z for z in available_timezones() if z.startswith(_AREAS)))


@cache
def _all() -> frozenset[str]:
    return frozenset(names())


def known(name: str) -> bool:
    return name in _all()


def chosen(request: HttpRequest) -> str:
    """The zone this browser chose, or ""."""
    name = request.COOKIES.get(COOKIE, "").replace("%2F", "/")
    return name if known(name) else ""


def title(name: str) -> str:
    """ "Europe/Madrid" as people say it."""
    return name.rpartition("/")[2].replace("_", " ")


@dataclass(frozen=True, slots=True)
class When:
    """A moment as text in a zone and in UTC. `zone` is the place whose clock `local` shows."""

    local: str
    zone: str
    utc: str
    day: str
    clock: str
    month: str
    number: int


def when(moment: datetime, zone: str) -> When:
    """`moment` for somebody whose clock is that of `zone`."""
    here = moment.astimezone(ZoneInfo(zone))
    there = moment.astimezone(UTC)
    day = formats.date_format(here, "l j F", use_l10n=True)
    utc = f"{there:%H:%M}" if there.date() == here.date() else f"{there:%Y-%m-%d %H:%M}"
    month = formats.date_format(here, "M", use_l10n=True)
    return When(f"{day}, {here:%H:%M}", title(zone), utc, day, f"{here:%H:%M}", month, here.day)


def day(value: object) -> str:
    """A date in words of the reader's language."""
    assert translation.get_language()
    return formats.date_format(value, "j F", use_l10n=True)  # type: ignore[arg-type]
