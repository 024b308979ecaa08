"""Calendar files. They hold what one event is, or one's own events; nobody else is in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.community.events import actions, days, queries, texts, zones
from kithwell.community.events.rules import ics
from kithwell.kernel import clock, conf, errors, ids, limits, pages
from kithwell.people import access as people


def _base(request: HttpRequest) -> str:
    public = str(conf.get("public_url", "")).rstrip("/")
    return public or f"{request.scheme}://{request.get_host()}"


def _entry(request: HttpRequest, card: queries.Card, plain: bool) -> ics.Entry:
    """`plain`: a title that tells nobody who looks over a shoulder what it is, and no link."""
    return ics.Entry(
        uid=str(card.id),  # as RFC 7986 (5.3) asks: it says neither host nor product
        title=_("Reminder") if plain else card.title,
        start=card.starts_at,
        end=card.ends_at,
        changed=card.changed_at,
        text="" if plain else str(texts.KINDS[card.kind]),
        url="" if plain else _base(request) + card.url,
        cancelled=card.state == "cancelled",
        sequence=card.revision,
    )


def _file(entries: list[ics.Entry], plain: bool, download: str = "") -> HttpResponse:
    name = _("Calendar") if plain else str(conf.get("site_name", "Kithwell"))
    data = ics.calendar(name, entries, writer=ics.NEUTRAL_WRITER if plain else ics.WRITER)
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    if download:
        answer["Content-Disposition"] = f'attachment; filename="{download}"'
    return answer


@pages.page()
def one(request: HttpRequest, ident: str) -> HttpResponseBase:
    """One event as a file for a calendar; `?plain=1` gives it a neutral title."""
    view = queries.show(request.principal, ident)  # type: ignore[attr-defined]
    plain = request.GET.get("plain") == "1"
    return _file([_entry(request, view.card, plain)], plain, "event.ics")


@pages.page()
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """One's own events by secret address, for calendar programs, which cannot sign in."""
    found = queries.feed(token) if 20 <= len(token) <= 64 and token.isascii() else None
    # Calendar services fetch for many people from few addresses: known words are counted by themselves.
    asked = (
        f"event-feed:{ids.short(found.ident)}"
        if found
        else f"event-feed:{request.META.get('REMOTE_ADDR', '')}"
    )
    if not limits.hit(asked, capacity=60, per_seconds=600):
        raise errors.TooMany(_("Too many tries in a short time. Please wait a little."), after=300)
    if found is None:
        raise errors.NotFound()
    entries = [_entry(request, card, found.plain) for card in found.cards]
    if found.days and not found.plain:
        entries += _day_entries((found.country,))
    return _file(entries, found.plain)


def _day_entries(countries: Iterable[str]) -> list[ics.Entry]:
    """Awareness days from a month ago to a year from now, with who holds them and where the date comes from."""
    today = clock.now().date()
    return [
        ics.Entry(
            uid=f"{day.row.code}-{day.first.year}@awareness-days.kithwell",
            title=day.row.name,
            start=day.first,
            end=day.last + timedelta(days=1),
            changed=datetime(2026, 1, 1, tzinfo=UTC),
            text=f"{day.row.holder}\n{day.row.source}",
            url=day.row.source,
            open=True,
        )
        for day in days.between(today - timedelta(days=31), today + timedelta(days=400), countries)
    ]


@pages.page()
def awareness(request: HttpRequest) -> HttpResponseBase:
    """Awareness days for any calendar program: those of the world, of `country`, or (`all=1`) of every country."""
    everywhere = request.GET.get("all") == "1"
    wanted = request.GET.get("country", "")
    countries = days.places() if everywhere else {wanted} & set(days.places())
    return _file(_day_entries(countries), False)


@pages.page(methods=("GET", "POST"))
@people.signed_in
def own(request: HttpRequest) -> HttpResponseBase:
    """One's own calendar address: make it, change what it shows, make a new one, stop it."""
    principal = request.principal  # type: ignore[attr-defined]
    if request.method == "POST":
        do = request.POST.get("do", "")
        plain, with_days = request.POST.get("plain") == "1", request.POST.get("days") == "1"
        if do == "make":
            actions.renew_feed(principal, plain=plain, days=with_days)
        elif do == "choose":
            actions.choose_feed(principal, plain=plain, days=with_days)
        elif do == "stop":
            actions.stop_feed(principal)
        else:
            raise errors.Invalid({"do": _("Choose one from the list.")})
        return pages.redirect("/events/feed")
    found = queries.own_feed(principal)
    url = f"{_base(request)}/events/feed/{found.token}.ics" if found else ""
    zone = zones.chosen(request)
    return pages.render(request, "events/feed.html", {"feed": found, "address": url, "zone": zone})
