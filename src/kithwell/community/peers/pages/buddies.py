"""Buddies: what is suggested, who asks, and the small room of two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.boundaries import actions as boundaries
from kithwell.community.peers import actions, queries, words
from kithwell.community.peers.actions.notes import LONGEST, Nudged
from kithwell.kernel import errors, ids, pages
from kithwell.people import access


def _said(request: HttpRequest) -> str:
    texts = {
        "asked": _("Your request is on its way. If nothing comes of it within two weeks, it simply ends."),
        "passed": _("All right. You will not be shown this person again."),
        "no": _("All right. Nobody is told."),
        "ended": str(words.NEUTRAL_END),
        "back": _("Your request is withdrawn."),
        "thanks": _("Thank you. Your answer is for you alone."),
        "sent": _("Sent."),
    }
    return texts.get(request.GET.get("said", ""), "")


@pages.page(methods=("GET", "POST"))
@access.signed_in
def peers(request: HttpRequest) -> HttpResponseBase:
    """One's own page of buddies."""
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        try:
            return pages.redirect(_do(request))
        except errors.Invalid as error:
            wrong = error.fields
    else:
        actions.suggest_for(request.principal)
    mine = queries.answers(request.principal)
    ctx = {
        "p": queries.buddies(request.principal),
        "mine": mine,
        "promises": words.PROMISES,
        "wrong": wrong,
        "said": _said(request),
    }
    return pages.render(request, "peers/peers.html", ctx, status=422 if wrong else 200)


def _do(request: HttpRequest) -> str:
    """One of the small forms of the page. Returns where to go on."""
    form, who = request.POST, request.principal
    do = form.get("do", "")
    if do == "stop":
        actions.seek_no_more(who)
        return "/peers"
    ident = ids.parse(form.get("id", ""))
    if ident is None:
        raise errors.NotFound()
    if do == "ask":
        actions.ask(who, ident, agreed=form.get("agreed") == "1")
        return "/peers?said=asked"
    if do == "pass":
        actions.pass_on(who, ident)
        return "/peers?said=passed"
    if do == "yes":
        actions.accept(who, ident, agreed=form.get("agreed") == "1")
        return f"/peers/{ident}"
    if do == "no":
        actions.decline(who, ident)
        return "/peers?said=no"
    if do == "back":
        actions.withdraw(who, ident)
        return "/peers?said=back"
    raise errors.NotFound()


@pages.page(methods=("GET", "POST"))
@access.signed_in
def room(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    """The page of two buddies."""
    wrong: dict[str, Any] = {}
    again: dict[str, Any] = {"text": "", "nudge": None}
    if request.method == "POST":
        try:
            return pages.redirect(_in_room(request, ident))
        except Nudged as seen:
            boundaries.nudge_shown(seen.nudge.language)
            again = {"text": request.POST.get("text", "")[:LONGEST], "nudge": seen.nudge}
        except errors.Invalid as error:
            wrong, again["text"] = error.fields, request.POST.get("text", "")[:LONGEST]
    ctx = {
        "r": queries.room(request.principal, ident),
        "promises": words.PROMISES,
        "how": [(code, str(label)) for code, label in words.HOW.items()],
        "key": str(ids.new_id()),
        "help": "help" in request.GET,
        "neutral": words.NEUTRAL_END,
        "wrong": wrong,
        "said": _said(request),
        "page_css": ["peers"],
        **again,
    }
    return pages.render(request, "peers/room.html", ctx, status=422 if wrong else 200)


def _in_room(request: HttpRequest, ident: UUID) -> str:
    form, who = request.POST, request.principal
    do = form.get("do", "")
    if do == "write":
        seen = form.get("nudge") == "seen"
        sent = actions.write_note(
            who, ident, form.get("text", ""), as_is=seen, client_key=form.get("client_key", "")
        )
        if seen:
            boundaries.nudge_answered(form.get("nudge_language", "")[:12], rephrased=False)
        return f"/peers/{ident}?help=1#help" if sent.offers_help else f"/peers/{ident}#last"
    if do == "check":
        actions.answer_check(who, ident, form.get("how", ""), form.get("words", "").strip())
        return f"/peers/{ident}?said=thanks"
    if do == "end":
        actions.end(who, ident)
        return "/peers?said=ended"
    if do == "go-on":
        actions.go_on(who, ident)
        return f"/peers/{ident}"
    raise errors.NotFound()
