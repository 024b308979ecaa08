"""A group's posts: the page, its archive, search, and writing a new one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from markupsafe import Markup

from kithwell.boundaries import actions as boundaries
from kithwell.community.groups import access as groups
from kithwell.community.groups import robots, sidebar
from kithwell.community.groups import words as group_words
from kithwell.community.posts import actions, cache, queries
from kithwell.community.posts import unanswered as nobody
from kithwell.community.posts.actions import NotNow, Nudged
from kithwell.community.posts.pages import forms
from kithwell.community.posts.queries import listing, public
from kithwell.community.posts.rules import marks, writing
from kithwell.community.posts.rules.health import HOURS
from kithwell.kernel import ids, jinja, pages
from kithwell.kernel.errors import Invalid
from kithwell.kernel.pages import redirect
from kithwell.people import access as people_access

KEPT_FOR = 10  # seconds a public page is kept for signed-out readers; a change forgets it at once


@pages.public_cache(KEPT_FOR)
@pages.page()
@forms.at_the_door
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /g/<slug>: posts by newest activity."""
    place = groups.reader(request.principal, slug)
    before = request.GET.get("before", "")[:60]
    if not request.principal.is_account and place.group.reading == "everyone":
        return _public(request, place, before)
    found = queries.of_group(request.principal, place, before=before)
    if place.membership is not None and not before:
        actions.mark_group(place.membership.account, place)
    asides = sidebar.ask(request.principal, place) if not before else ()
    shown = {
        "place": place,
        "tab": "posts",
        "page_css": ["posts", *(aside.css for aside in asides if aside.css)],
        "asides": asides,
        "page_width": "wide" if asides else "narrow",
        "listing": found,
        "before": before,
        "card": None,
    }
    return robots.mark(pages.render(request, "posts/group.html", shown), place.group)


def _public(request: HttpRequest, place: groups.Place, before: str) -> HttpResponse:
    """The page for signed-out readers: what did not change is taken as it was made before."""
    language = pages.preferences_of(request).spoken
    looks, older = public.looks(place, before)
    made = {look: cache.card((look, language)) for look in looks}
    missing = public.shown(place, [public.ident(look) for look, card in made.items() if card is None])
    macros = jinja.environment().get_template("posts/m.html").module if missing else None

    def card(look: public.Look) -> Markup:
        """Called while the page is rendered, so in its language."""
        kept = made[look]
        if kept is None:
            post = missing.get(public.ident(look))
            shows = macros is not None and post is not None and post.how != "hide"
            kept = Markup(macros.card(post)) if shows else Markup("")  # type: ignore[union-attr]
            cache.put_card((look, language), kept)
        return kept

    listing = {"posts": looks, "older": older, "left_out": False, "waiting": ()}
    shown = {
        "place": place,
        "tab": "posts",
        "page_css": ["posts"],
        "listing": listing,
        "before": before,
        "card": card,
    }
    return robots.mark(pages.render(request, "posts/group.html", shown), place.group)


@pages.page()
def news(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /g/<slug>/news?since=ms: a line that says there is something new, for the live part of the page."""
    place = groups.reader(request.principal, slug)
    since = forms.number(request.GET.get("since", ""), 10**13)
    new = listing.newer(request.principal, place, since)
    return robots.mark(pages.fragment(request, "posts/news.html", {"place": place, "new": new}), None)


@pages.page()
@forms.at_the_door
def find(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /g/<slug>/search?q=..."""
    place = groups.member(request.principal, slug)
    asked = writing.one_line(request.GET.get("q", ""))[:120]
    found = queries.search(request.principal, place, asked, before=request.GET.get("before", "")[:40])
    shown = {"place": place, "tab": "posts", "page_css": ["posts"], "listing": found, "asked": asked}
    return pages.render(request, "posts/search.html", shown)


@pages.page()
@forms.at_the_door
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /g/<slug>/archive?month=2026-11"""
    place = groups.member(request.principal, slug)
    months = listing.months(place)
    year, _, month = request.GET.get("month", "")[:7].partition("-")
    chosen = (forms.number(year), forms.number(month))
    found = None
    if chosen in months:
        found = queries.archive(request.principal, place, *chosen, after=request.GET.get("after", "")[:60])
    shown = {
        "place": place,
        "tab": "posts",
        "page_css": ["posts"],
        "months": [(y, m, date_format(date(y, m, 1), "F Y")) for y, m in months],
        "chosen": chosen,
        "listing": found,
    }
    return pages.render(request, "posts/archive.html", shown)


@pages.uploads
@pages.page(methods=("GET", "POST"))
@forms.at_the_door
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """GET, POST /g/<slug>/new: write a post. Each button of the form is an act; none loses a word."""
    place = groups.member(request.principal, slug)
    if request.method != "POST":
        draft = queries.draft(place.account, "new", place.group.id) if place.account else {}
        if request.GET.get("poll") == "1":
            draft = {**draft, "poll": True}
        return _form(request, place, draft)
    act = request.POST.get("act", "write")
    steps = {"draft": _keep, "preview": _preview, "picture": _picture, "poll": _poll}
    if act.startswith("drop:"):
        return _drop_picture(request, place, act.removeprefix("drop:"))
    return steps.get(act, _write)(request, place)


def _form(
    request: HttpRequest, place: groups.Place, said: dict[str, Any], *, status: int = 200, **more: Any
) -> HttpResponse:
    assert place.account is not None
    options = list(said.get("options") or [])
    shown = {
        "place": place,
        "tab": "posts",
        "page_css": ["posts"],
        "page_js": ["posts", "before-send"],
        "said": {"replies_from": "members", **said},
        "options": options + [""] * max(0, writing.OPTIONS_MAX - len(options)),
        "pictures": queries.loose_pictures(place.account, place.group.id),
        "client_key": request.POST.get("client_key", "")[:64] or ids.token(12),
        "replies_options": forms.replies_options(),
        "poll_days": forms.poll_days(),
        "errors": {},
        "most": writing.POST_MAX,
        **more,
    }
    shown["said"], shown["errors"] = forms.Soft(shown["said"]), forms.Soft(shown["errors"])
    return pages.render(request, "posts/new.html", shown, status=status)


def _write(request: HttpRequest, place: groups.Place) -> HttpResponse:
    slug, said = place.group.slug, forms.kept(request)
    written = forms.written(request)
    pictures = queries.loose_pictures(place.account, place.group.id) if place.account else ()
    try:
        stored = actions.write(
            request.principal, slug, written, poll=said["poll"], pictures=[p.id for p in pictures]
        )
    except Invalid as why:
        return _form(request, place, said, status=why.status, errors=why.fields)
    except Nudged as second:
        boundaries.nudge_shown(second.nudge.language)
        actions.keep_draft(request.principal, "new", slug, said)
        return _form(request, place, said, status=second.status, nudge=second.nudge)
    except NotNow as refused:
        actions.keep_draft(request.principal, "new", slug, said)
        return _form(request, place, said, status=refused.status, refused=refused)
    forms.count_nudge(request, writing.tidy(request.POST.get("first_text", "")), written.text)
    return redirect(f"/p/{stored.post}" + (f"?after={stored.id}" if stored.offers_help else ""))


def _keep(request: HttpRequest, place: groups.Place) -> HttpResponse:
    said = forms.kept(request)
    actions.keep_draft(request.principal, "new", place.group.slug, said)
    if "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(status=204)
    return _form(request, place, said, kept=True)


def _preview(request: HttpRequest, place: groups.Place) -> HttpResponse:
    said = forms.kept(request)
    actions.keep_draft(request.principal, "new", place.group.slug, said)
    return _form(
        request,
        place,
        said,
        preview=cache.render(said["text"], said["own_warning"]),
        hosts=marks.hosts(said["text"]),
    )


def _poll(request: HttpRequest, place: groups.Place) -> HttpResponse:
    said = forms.kept(request)
    return _form(request, place, {**said, "poll": not said["poll"]})


def _picture(request: HttpRequest, place: groups.Place) -> HttpResponse:
    said = forms.kept(request)
    actions.keep_draft(request.principal, "new", place.group.slug, said)
    sent = request.FILES.get("picture")
    errors: dict[str, Any] = {}
    if sent is not None:
        try:
            actions.add_picture(
                request.principal,
                place.group.slug,
                sent.read(),
                request.POST.get("alt", "")[:2000],
                no_alt=request.POST.get("no_alt") == "1",
            )
        except Invalid as why:
            errors = dict(why.fields)
    return _form(
        request,
        place,
        said,
        status=422 if errors else 200,
        errors=errors,
        alt=request.POST.get("alt", "") if errors else "",
    )


def _drop_picture(request: HttpRequest, place: groups.Place, given: str) -> HttpResponse:
    actions.drop_picture(request.principal, forms.ident(given))
    return _form(request, place, forms.kept(request))


@pages.page(methods=("GET", "POST"))
@people_access.signed_in
@forms.at_the_door
def unanswered(request: HttpRequest, slug: str) -> HttpResponse:
    """GET, POST /g/<slug>/unanswered: after how many hours the welcomers hear of a post without an answer."""
    place = groups.facilitator(request.principal, slug)
    errors: dict[str, Any] = {}
    if request.method == "POST":
        try:
            actions.set_unanswered_hours(
                request.principal, slug, forms.number(request.POST.get("hours", ""), 1000)
            )
        except Invalid as why:
            errors = why.fields
        else:
            return redirect(f"/g/{slug}/unanswered?said=saved")
    shown = {
        "place": place,
        "tab": "settings",
        "hours": nobody.hours_of(place.group.id),
        "choices": [(str(n), group_words.hours(n)) for n in HOURS],
        "noted": _("Saved.") if request.GET.get("said") == "saved" else "",
        "errors": errors,
    }
    return pages.render(request, "posts/unanswered.html", shown, status=422 if errors else 200)
