"""Profiles, following, badges."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.community.peers import actions, queries, words
from kithwell.community.peers.actions.badges import GIVERS
from kithwell.kernel import errors, ids, pages
from kithwell.people import access


@pages.page(methods=("GET", "POST"))
@access.signed_in
def profile(request: HttpRequest, name: str) -> HttpResponseBase:
    """Somebody, as they chose to be seen by this reader."""
    shown = queries.profile(request.principal, name)
    if request.method == "POST":
        if request.POST.get("do") != "follow":
            raise errors.NotFound()
        actions.follow(request.principal, shown.account)
        return pages.redirect(f"/u/{name}?said=1")
    ctx = {
        "s": shown,
        "pieces": words.PIECES,
        "badges": words.BADGES,
        "vouched": words.VOUCHED,
        "page_css": ["peers"],
        "said": _("You asked. They can say yes, or leave it.") if "said" in request.GET else "",
    }
    return pages.render(request, "peers/profile.html", ctx)


@pages.page(methods=("GET", "POST"))
@access.signed_in
def own(request: HttpRequest) -> HttpResponseBase:
    """What I show, and to whom."""
    wrong: dict[str, Any] = {}
    form = request.POST
    if request.method == "POST":
        try:
            if form.get("do") == "badge":
                ident = ids.parse(form.get("id", ""))
                if ident is None:
                    raise errors.NotFound()
                actions.end_badge(request.principal, ident)
            else:
                pieces = {piece: form.get(piece, "") for piece in words.PIECES}
                seen = {piece: form.get(f"seen_{piece}", "nobody") for piece in words.PIECES}
                actions.set_profile(request.principal, pieces, seen)
            return pages.redirect("/me/profile?saved=1")
        except errors.Invalid as error:
            wrong = error.fields
    shown = queries.own_profile(request.principal)
    ctx = {
        "s": shown,
        "typed": {piece: form.get(piece, shown.pieces.get(piece, "")) for piece in words.PIECES},
        "pieces": words.PIECES,
        "seen_by": list(words.SEEN_BY.items()),
        "badges": words.BADGES,
        "vouched": words.VOUCHED,
        "wrong": wrong,
        "said": _("Saved.") if "saved" in request.GET else "",
    }
    return pages.render(request, "peers/own_profile.html", ctx, status=422 if wrong else 200)


@pages.page(methods=("GET", "POST"))
@access.signed_in
def my_people(request: HttpRequest) -> HttpResponseBase:
    """Whom I follow, who follows me, who asks."""
    if request.method == "POST":
        ident = ids.parse(request.POST.get("id", ""))
        do = request.POST.get("do", "")
        if ident is None or do not in ("yes", "no", "end"):
            raise errors.NotFound()
        if do == "end":
            actions.unfollow(request.principal, ident)
        else:
            actions.answer_follow(request.principal, ident, yes=do == "yes")
        return pages.redirect("/me/people")
    return pages.render(request, "peers/people.html", {"p": queries.my_people(request.principal)})


@pages.page(methods=("GET", "POST"))
@access.staff(*GIVERS)
def badges(request: HttpRequest) -> HttpResponseBase:
    """For those who may vouch: give a badge, end one."""
    wrong: dict[str, Any] = {}
    form = request.POST
    if request.method == "POST":
        try:
            if form.get("do") == "end":
                ident = ids.parse(form.get("id", ""))
                if ident is None:
                    raise errors.NotFound()
                actions.end_badge(request.principal, ident)
            else:
                actions.give_badge(
                    request.principal, form.get("name", ""), form.get("kind", ""), day(form.get("until", ""))
                )
            return pages.redirect("/peers/badges?saved=1")
        except errors.Invalid as error:
            wrong = error.fields
    ctx = {
        "given": queries.badges_given(request.principal),
        "kinds": [("", _("Choose")), *((code, str(label)) for code, label in words.BADGES.items())],
        "badges": words.BADGES,
        "vouched": words.VOUCHED,
        "typed": {key: form.get(key, "") for key in ("name", "kind", "until")},
        "wrong": wrong,
        "said": _("Saved.") if "saved" in request.GET else "",
    }
    return pages.render(request, "peers/badges.html", ctx, status=422 if wrong else 200)


def day(text: str) -> date | None:
    """A day as a form gives it, None when it is none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
