"""What comes next, month by month, with awareness days; and the choice of a time zone."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import formats
from django.utils.translation import gettext as _

from kithwell.community.events import access, days, queries, texts, zones
from kithwell.kernel import clock, pages, preferences
from kithwell.kernel.errors import Invalid

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Row:
    """An event in a list, with its time for this reader."""

    card: queries.Card
    when: zones.When
    kind: str


@dataclass(frozen=True, slots=True)
class DayRow:
    day: days.Day
    words: str
    country: str


def rows(request: HttpRequest, cards: tuple[queries.Card, ...]) -> list[Row]:
    own = zones.chosen(request)
    return [Row(c, zones.when(c.starts_at, own or c.zone), str(texts.KINDS[c.kind])) for c in cards]


def _day_rows(found: tuple[days.Day, ...]) -> list[DayRow]:
    from kithwell.directory import queries as directory

    shown = []
    for day in found:
        first, last = zones.day(day.first), zones.day(day.last)
        whole = (day.first.day, day.last.day) == (1, calendar.monthrange(day.last.year, day.last.month)[1])
        words = _("the whole month") if day.long and whole else f"{first} – {last}" if day.long else first
        place = directory.country_name(day.row.place) if day.row.place else ""
        shown.append(DayRow(day, words, place))
    return shown


def _month(request: HttpRequest, today: date) -> tuple[date, bool]:
    found = _MONTH.fullmatch(request.GET.get("month", ""))
    return (date(int(found[1]), int(found[2]), 1), True) if found else (today.replace(day=1), False)


@pages.page()
def index(request: HttpRequest) -> HttpResponseBase:
    """The calendar: what is on now or next, then one month."""
    principal = request.principal  # type: ignore[attr-defined]
    now = clock.now()
    first, asked = _month(request, now.date())
    after = (first + timedelta(days=32)).replace(day=1)
    begin = datetime(first.year, first.month, 1, tzinfo=UTC)
    end = datetime(after.year, after.month, 1, tzinfo=UTC)
    country = pages.preferences_of(request).country
    everywhere = request.GET.get("all") == "1"
    wanted = days.places() if everywhere else (country,)
    before = (first - timedelta(days=1)).replace(day=1)
    coming = () if asked else queries.coming(principal)  # what stands there is not said twice
    ctx = {
        "page_css": ["events"],
        "next": rows(request, coming),
        "month": rows(request, tuple(c for c in queries.between(principal, begin, end) if c not in coming)),
        "days": _day_rows(days.between(first, after - timedelta(days=1), wanted)),
        "title": formats.date_format(first, "F Y", use_l10n=True),
        "asked": asked,
        "here": f"{first:%Y-%m}",
        "back": f"{before:%Y-%m}" if before.year >= 2000 else "",
        "on": f"{after:%Y-%m}" if after.year < 2100 else "",
        "everywhere": everywhere,
        "zone": zones.title(zones.chosen(request)) if zones.chosen(request) else "",
        "may_make": access.may_make(principal, None),
    }
    return pages.render(request, "events/index.html", ctx)


@pages.page(methods=("GET", "POST"))
def zone(request: HttpRequest) -> HttpResponseBase:
    """On whose clock times are shown. Kept on this device; no account is needed."""
    if request.method == "POST":
        name = request.POST.get("zone", "")
        if name and not zones.known(name):
            raise Invalid({"zone": _("Choose one from the list.")})
        answer: HttpResponse = pages.redirect(pages.safe_next(request, "/events"))
        if not name:
            answer.delete_cookie(zones.COOKIE)
            return answer
        kept = preferences.KEPT_FOR
        answer.set_cookie(
            zones.COOKIE, name, max_age=kept, samesite="Lax", httponly=True, secure=request.is_secure()
        )
        return answer
    options = [("", _("The local time of each event"))] + [(z, z.replace("_", " ")) for z in zones.names()]
    ctx = {"options": options, "value": zones.chosen(request), "next": pages.safe_next(request, "/events")}
    return pages.render(request, "events/zone.html", ctx)
