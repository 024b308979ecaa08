"""What facilitators see and do: people and requests, settings, health."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kithwell.community.groups import access, actions, queries, sidebar, words
from kithwell.community.groups.actions.invite import DAYS
from kithwell.community.groups.pages import forms
from kithwell.kernel import errors, ids, pages
from kithwell.people.access import signed_in


def _show(request: HttpRequest, place: access.Place, template: str, ctx: dict[str, Any]) -> HttpResponseBase:
    """A facilitator's page; their coming is what keeps the group awake."""
    actions.touch(place.group.id, request.principal.id)
    said = words.SAID.get(request.GET.get("said", ""), "")
    whole = {
        "place": place,
        "w": words,
        "wrong": {},
        "noted": said,
        "page_css": ["groups"],
        "page_width": "wide",
    }
    return pages.render(request, template, {**whole, **ctx})


def _members(request: HttpRequest, slug: str) -> tuple[access.Place, dict[str, Any]]:
    seen = queries.people_of(request.principal, slug, request.GET.get("after", "")[:40])
    days = [(str(n), words.days(n)) for n in DAYS]
    return seen.place, {"seen": seen, "tab": "members", "days": days, "made_link": ""}


@pages.page(methods=("GET", "POST"))
@signed_in
def members(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET, POST /g/<slug>/members: who belongs, who waits at the door, which invitations are open."""
    if request.method == "POST":
        return _act(request, slug)
    place, ctx = _members(request, slug)
    return _show(request, place, "groups/members.html", ctx)


def _act(request: HttpRequest, slug: str) -> HttpResponseBase:
    access.facilitator(request.principal, slug)
    posted, who = request.POST, request.principal
    act = forms.choice(posted, "act", ("accept", "refuse", "role", "link", "invite", "end"))
    try:
        if act == "link":
            return _link(request, slug)
        if act == "invite":
            actions.invite(who, slug, posted.get("pseudonym", ""))
            return pages.redirect(f"/g/{slug}/members?said=invited")
        ident = ids.parse(posted.get("id", ""))
        if ident is None:
            raise errors.NotFound()
        if act == "role":
            actions.set_role(who, slug, ident, posted.get("role", ""))
        elif act == "end":
            actions.end_invitation(who, slug, ident)
        else:
            actions.decide(who, slug, ident, accept=act == "accept", words=posted.get("words", ""))
    except (errors.Invalid, errors.Conflict) as error:
        place, ctx = _members(request, slug)
        whole = {"place": place, "w": words, "page_width": "wide", **ctx}
        return forms.again(request, "groups/members.html", whole, error)
    return pages.redirect(f"/g/{slug}/members?said=saved")


def _link(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A new secret link, shown this once."""
    posted = request.POST
    token = actions.make_link(
        request.principal, slug, uses=forms.number(posted, "uses", 1), days=forms.number(posted, "days", 7)
    )
    place, ctx = _members(request, slug)
    link = request.build_absolute_uri(f"/g/{slug}/about?invite={token}")
    return _show(request, place, "groups/members.html", ctx | {"made_link": link})


@pages.page(methods=("POST",))
@signed_in
def wake(request: HttpRequest, slug: str) -> HttpResponseBase:
    """POST /g/<slug>/wake: a facilitator is back."""
    place = access.facilitator(request.principal, slug)
    actions.touch(place.group.id, request.principal.id)
    return pages.redirect(f"/g/{slug}/about?said=awake")


@pages.page(methods=("GET", "POST"))
@signed_in
def settings(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET, POST /g/<slug>/settings: everything a group is, and its end."""
    place, now = queries.settings(request.principal, slug)
    values: dict[str, Any] = asdict(now)
    if request.method == "POST" and request.POST.get("act") in ("archive", "reopen"):
        actions.archive(request.principal, slug, request.POST.get("act") == "archive")
        return pages.redirect(f"/g/{slug}/settings?said=saved")
    if request.method == "POST":
        ticks = {name: bool(request.POST.get(name)) for name in forms.TICKS}
        values |= {k: v for k, v in request.POST.items() if k in values} | ticks
    ctx = {
        "values": values,
        "tab": "settings",
        "page_width": "narrow",
        "new": False,
        "shipped": queries.shipped(now.language),
        "more_settings": sidebar.settings(place),
        **forms.lists(values),
    }
    if request.method != "POST":
        return _show(request, place, "groups/settings.html", ctx)
    try:
        actions.change(request.principal, slug, forms.wanted(request.POST, whole=True))
    except errors.Invalid as error:
        whole = {"place": place, "w": words, "page_width": "wide", **ctx}
        return forms.again(request, "groups/settings.html", whole, error)
    return pages.redirect(f"/g/{slug}/settings?said=saved")


@pages.page()
@signed_in
def health(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET /g/<slug>/health: how the group fares, in pictures and without names."""
    seen = queries.health_of(request.principal, slug)
    figures = seen.figures
    weeks = [
        (date_format(monday, "j M"), round(wait.total_seconds() / 3600, 1) if wait is not None else None)
        for monday, wait in figures.weeks
    ]
    moods = [(str(words.MOODS[code]), n) for code, n in seen.mood.items()]
    parts = [
        (_("Posts that got a reply"), figures.answered_share),
        (_("Newcomers who came back"), figures.returned_share),
        (_("Replies that come from the three who reply most"), figures.shoulders_share),
    ]
    ctx = {
        "seen": seen,
        "figures": figures,
        "parts": [(what, round(part * 100)) for what, part in parts if part is not None],
        "weeks": weeks,
        "moods": moods,
        "share": words.share,
        "wait": words.wait(figures.first_reply) if figures.first_reply is not None else _("too early to say"),
        "tab": "health",
    }
    return _show(request, seen.place, "groups/health.html", ctx)
