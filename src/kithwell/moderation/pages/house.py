"""For the house: figures, staffed hours, and wishes to learn who wrote something anonymously."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kithwell.kernel import pages
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.moderation import access, actions, words
from kithwell.moderation.actions import staffing
from kithwell.moderation.pages import forms
from kithwell.moderation.queries import figures as counted
from kithwell.moderation.queries import hours as published
from kithwell.moderation.queries import unsealings as wished
from kithwell.moderation.rules.hours import DAY, Stretch
from kithwell.people import queries as people
from kithwell.people import roles
from kithwell.people.access import staff

AGE_WORDS = {
    "under an hour": lambda: _("under an hour"),
    "under 6 hours": lambda: _("under 6 hours"),
    "under a day": lambda: _("under a day"),
    "under 3 days": lambda: _("under 3 days"),
    "longer": lambda: _("longer"),
}


@pages.page()
@staff(*access.DESK)
def figures(request: HttpRequest) -> HttpResponse:
    """GET /moderation/figures."""
    found = counted.figures(request.principal)
    shown = {
        "f": found,
        "ages": [(AGE_WORDS[name](), n) for name, n in found.open_by_age],
        "outcomes": [(_outcome(thing, person), n) for thing, person, n in found.by_outcome],
        "agreement": [
            (date_format(w.week, "j M"), round(w.alpha, 2) if w.alpha is not None else None)
            for w in reversed(found.weeks)
        ],
        "page_css": ["moderation"],
        "page_width": "wide",
    }
    return pages.render(request, "moderation/figures.html", shown)


def _outcome(thing: str, person: str) -> str:
    """A decision in words: what happens to the thing, and to the person where something does."""
    if person == "nothing":
        return str(words.THING[thing])
    if thing == "nothing":
        return str(words.PERSON[person])
    return f"{words.THING[thing]}; {words.PERSON[person]}"


def _day_names() -> list[str]:
    return [
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
    ]  # fmt: skip


@pages.page(methods=("GET", "POST"))
@staff(roles.STEWARD)
def hours(request: HttpRequest) -> HttpResponse:
    """/moderation/hours: when somebody looks at reports; everybody can read it."""
    wrong: object = {}
    status = 200
    if request.method == "POST":
        try:
            staffing.set_hours(request.principal, _week(request))
            return pages.redirect("/moderation/hours?saved=1")
        except Invalid as refused:
            wrong, status = refused.fields, 422
    week = published.stretches()
    by_day = {s.weekday: s for s in week}
    given = request.POST
    shown = {
        "days": [
            (
                n,
                name,
                given.get(f"start{n}", _clock(by_day[n].start) if n in by_day else ""),
                given.get(f"end{n}", _clock(by_day[n].end) if n in by_day else ""),
            )
            for n, name in enumerate(_day_names())
        ],
        "zone": given.get("zone", week[0].zone if week else "UTC"),
        "wrong": wrong,
        "page_css": ["moderation"],
        "saved": "saved" in request.GET,
        "there": published.staffed(),
    }
    return pages.render(request, "moderation/hours.html", shown, status=status)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(text: str) -> int:
    """Minutes after midnight of "09:30"; "24:00" is midnight at the end. Raises Invalid."""
    hour, _colon, minute = text.strip().partition(":")
    plain = all(part.isascii() and part.isdecimal() and len(part) <= 2 for part in (hour, minute))
    if not plain or int(minute) > 59 or int(hour) * 60 + int(minute) > DAY:
        raise Invalid({"hours": _("Write times like 09:30; 24:00 is midnight.")})
    return int(hour) * 60 + int(minute)


def _week(request: HttpRequest) -> list[Stretch]:
    zone = request.POST.get("zone", "UTC").strip()
    if zone not in available_timezones():
        raise Invalid({"zone": _("Choose a time zone, like Europe/Berlin.")})
    out = []
    for n in range(7):
        start, end = request.POST.get(f"start{n}", ""), request.POST.get(f"end{n}", "")
        if start.strip() or end.strip():
            out.append(Stretch(n, _minutes(start), _minutes(end), zone))
    return out


@pages.page()
@staff(*access.DESK)
def unsealings(request: HttpRequest) -> HttpResponse:
    """GET /moderation/unsealing: what waits for a second person."""
    return _wishes(request)


def _wishes(request: HttpRequest, *, name: str = "", status: int = 200) -> HttpResponse:
    shown = {"rows": wished.wishes(request.principal), "asked": "asked" in request.GET, "name": name}
    return pages.render(request, "moderation/unsealing.html", shown, status=status)


@pages.page(methods=("POST",))
@staff(*access.DESK)
def unsealing(request: HttpRequest, unsealing: str) -> HttpResponse:
    """POST /moderation/unsealing/<id>: yes or no of the second person; "look" for the two while it is open."""
    step = forms.choice(request, "step", ("agree", "decline", "look"))
    ident = forms.ident(unsealing)
    if step == "look":
        rows = [w for w in wished.wishes(request.principal) if w.id == ident and w.state == "opened"]
        if not rows:
            raise NotFound()
        account = actions.unsealed(request.principal, rows[0].kind, rows[0].ident)
    else:
        account = actions.unseal_confirm(request.principal, ident, step == "agree")
    name = people.names([account]).get(account, "") if account else ""
    return _wishes(request, name=name)
