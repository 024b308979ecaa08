"""Making and changing an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.community import zones as community_zones
from kithwell.community.events import access, actions, queries, texts, words, zones
from kithwell.community.groups import queries as groups
from kithwell.kernel import conf, errors, ids, pages
from kithwell.people import access as people
from kithwell.people import queries as names

FIELDS = (
    "kind", "title", "about", "where", "date", "time", "minutes", "zone", "audience", "group", "speaker", "capacity",
    "language",
)  # fmt: skip


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 6:
        raise errors.Invalid({name: _("A number, please.")})
    return int(text)


def _wanted(request: HttpRequest, group: UUID | None) -> actions.Wanted:
    """The form. Raises Invalid with the field's name."""
    post = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        starts = datetime.strptime(f"{post['date'][:10]} {post['time'][:5]}", "%Y-%m-%d %H:%M")
    except ValueError:
        raise errors.Invalid({"date": _("Say the day and the time.")}) from None
    if not 2020 <= starts.year <= 2100:
        raise errors.Invalid({"date": _("Say the day and the time.")})
    return actions.Wanted(
        kind=post["kind"],
        title=request.POST.get("title", ""),
        about=request.POST.get("about", ""),
        where=request.POST.get("where", ""),
        starts=starts,
        minutes=_whole(post["minutes"], "minutes"),
        zone=post["zone"],
        audience="group" if group else post["audience"],
        group=group,
        speaker=post["speaker"],
        capacity=_whole(post["capacity"], "capacity") if post["capacity"] else None,
        language=post["language"] if post["language"] in conf.get("languages", ("en",)) else "en",
    )


def _form(
    request: HttpRequest, group: UUID | None, typed: dict[str, Any], wrong: Any, event: str = ""
) -> HttpResponseBase:
    card = groups.groups_by_id([group]).get(group) if group else None
    kinds = [(k, v) for k, v in texts.KINDS.items() if group or k != "session"]
    ctx = {
        "typed": typed,
        "wrong": wrong,
        "group": card,
        "kinds": kinds,
        "audiences": [(k, v) for k, v in texts.AUDIENCES.items() if k != "group"],
        "every": list(texts.EVERY.items()),
        "zones": [(z, z.replace("_", " ")) for z in zones.names()],
        "event": event,
        "action": f"/events/{event}/edit" if event else "/events/new",
    }
    return pages.render(request, "events/form.html", ctx, status=422 if wrong else 200)


def _again(
    request: HttpRequest, group: UUID | None, error: errors.Invalid, event: str = ""
) -> HttpResponseBase:
    typed = {name: request.POST.get(name, "") for name in (*FIELDS, "every", "times")}
    return _form(request, group, typed, {k: str(v) for k, v in error.fields.items()}, event)


@pages.page(methods=("GET", "POST"))
@people.signed_in
def new(request: HttpRequest) -> HttpResponseBase:
    """Make an event; with `group` for that group, by those who lead it."""
    principal = request.principal  # type: ignore[attr-defined]
    people.require(principal, step_up=True)
    given = request.POST.get("group") or request.GET.get("group") or ""
    group = ids.parse(given) if given else None
    if (given and group is None) or not access.may_make(principal, group):
        raise errors.Refused(
            _("Events are made by professionals and stewards, and by facilitators for their groups.")
        )
    if request.method == "POST":
        try:
            every = request.POST.get("every", "")
            times = _whole(request.POST.get("times", "").strip() or "0", "times") if every else 1
            made = actions.make_series(principal, _wanted(request, group), every, times)
        except errors.Invalid as error:
            return _again(request, group, error)
        return pages.redirect(f"/events/{made[0]}/host")
    zone = _own_clock(request, group)
    typed: dict[str, Any] = dict.fromkeys(FIELDS, "") | {"minutes": 60, "zone": zone, "audience": "everyone"}
    typed |= {"kind": "session" if group else "qa", "language": pages.preferences_of(request).spoken}
    return _form(request, group, typed, {})


def _own_clock(request: HttpRequest, group: UUID | None) -> str:
    """The zone a form begins with: the reader's choice, the group's, that of the reader's country."""
    card = groups.groups_by_id([group]).get(group) if group else None
    country = community_zones.of_country(pages.preferences_of(request).country)
    found = (zones.chosen(request), card.timezone if card else "", country)
    return next((name for name in found if name != "UTC" and zones.known(name)), "UTC")


@pages.page(methods=("GET", "POST"))
@people.signed_in
def edit(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Change an event, or call it off."""
    principal = request.principal  # type: ignore[attr-defined]
    row = access.hosted(principal, ident)
    if request.method == "POST":
        if request.POST.get("do") == "off":
            actions.call_off(principal, row.id)
            return pages.redirect(f"/events/{row.id}")
        try:
            actions.change(principal, row.id, _wanted(request, row.group))
        except errors.Invalid as error:
            return _again(request, row.group, error, str(row.id))
        return pages.redirect(f"/events/{row.id}/host")
    here = row.starts_at.astimezone(ZoneInfo(row.zone))
    speaker = names.names([row.speaker]).get(row.speaker, "") if row.speaker else ""
    card = queries.card(row)
    typed = {
        "kind": row.kind, "title": card.title, "about": words.open_(row, "about"), "where": words.open_(row, "where"),
        "date": f"{here:%Y-%m-%d}", "time": f"{here:%H:%M}",
        "minutes": int((row.ends_at - row.starts_at).total_seconds() // 60), "zone": row.zone,
        "audience": row.audience, "speaker": speaker, "capacity": row.capacity or "", "language": row.language,
    }  # fmt: skip
    return _form(request, row.group, typed, {}, str(row.id))
