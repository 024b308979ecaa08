"""The host's page: questions without askers, roughly how many people, and the transcript."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.community.events import actions, queries, texts, zones
from kithwell.kernel import errors, ids, pages
from kithwell.people import access as people


def _ctx(request: HttpRequest, desk: queries.Desk) -> dict[str, Any]:
    own = zones.chosen(request)
    return {
        "page_css": ["events"],
        "desk": desk,
        "card": desk.card,
        "url": desk.card.url,
        "when": zones.when(desk.card.starts_at, own or desk.card.zone),
        "kind": texts.KINDS[desk.card.kind],
        "wishes": texts.WISHES,
        "reasons": list(texts.REASON_LABELS.items()),
        "client_key": ids.token(12),
        "wrong": {},
        "typed": {},
    }


@pages.page(methods=("GET", "POST"))
@people.signed_in
def desk(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Begin, end, take questions or not, say something to everybody; and the queue."""
    principal = request.principal  # type: ignore[attr-defined]
    found = queries.desk(principal, ident)
    if request.method != "POST":
        return pages.render(request, "events/host.html", _ctx(request, found))
    do = request.POST.get("do", "")
    try:
        if do == "begin":
            actions.begin(principal, ident)
        elif do == "end":
            actions.end(principal, ident)
        elif do in ("take", "stop"):
            actions.ask_no_more(principal, ident, do == "take")
        elif do == "say":
            actions.answer(
                principal, ident, None, request.POST.get("text", ""), request.POST.get("client_key", "")
            )
        else:
            raise errors.Invalid({"do": _("Choose one from the list.")})
    except errors.Invalid as error:
        ctx = _ctx(request, found) | {"wrong": error.fields, "typed": {"text": request.POST.get("text", "")}}
        return pages.render(request, "events/host.html", ctx, status=422)
    return pages.redirect(f"{found.card.url}/host")


@pages.page()
@people.signed_in
def fragment(request: HttpRequest, ident: str) -> HttpResponseBase:
    """The queue alone, for the page that stays open."""
    found = queries.desk(request.principal, ident)  # type: ignore[attr-defined]
    return pages.fragment(request, "events/queue.html", _ctx(request, found), **{"X-Since": str(found.n)})


@pages.page(methods=("POST",))
@people.signed_in
def settle(request: HttpRequest, ident: str, question: str) -> HttpResponseBase:
    """Put a question on the list, leave it out, join it with another, or answer it."""
    principal = request.principal  # type: ignore[attr-defined]
    do, wording = request.POST.get("do", ""), request.POST.get("wording", "")
    if do == "approve":
        actions.approve(principal, ident, question, wording)
    elif do == "decline":
        actions.decline(principal, ident, question, request.POST.get("reason", ""))
    elif do == "merge":
        actions.merge(principal, ident, question, request.POST.get("into", ""))
    elif do == "answer":
        key = request.POST.get("client_key", "")
        try:
            actions.answer(principal, ident, question, request.POST.get("text", ""), key, wording)
        except errors.Invalid as error:
            found = queries.desk(principal, ident)
            typed = {"text": request.POST.get("text", ""), "question": question}
            ctx = _ctx(request, found) | {"wrong": error.fields, "typed": typed}
            return pages.render(request, "events/host.html", ctx, status=422)
    else:
        raise errors.Invalid({"do": _("Choose one from the list.")})
    return pages.redirect(f"/events/{ids.parse(ident)}/host#queue")


@pages.page(methods=("GET", "POST"))
@people.signed_in
def transcript(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Go through questions and answers, leave out what points to a person, publish."""
    principal = request.principal  # type: ignore[attr-defined]
    card, published, rows = queries.draft(principal, ident)
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        if request.POST.get("do") == "withdraw":
            actions.withdraw_transcript(principal, ident)
            return pages.redirect(card.url)
        kept: set[UUID] = {row.id for row in rows if request.POST.get(f"in-{row.id}") == "1"}
        wordings = {row.id: request.POST.get(f"text-{row.id}", "") for row in rows}
        left_out = {row.id for row in rows} - kept
        try:
            actions.publish_transcript(principal, ident, left_out, wordings, request.POST.get("read") == "1")
            return pages.redirect(f"{card.url}/transcript")
        except errors.Invalid as error:
            wrong = error.fields
    ctx = {
        "page_css": ["events"],
        "card": card,
        "url": card.url,
        "published": published,
        "rows": rows,
        "wrong": wrong,
    }
    return pages.render(request, "events/draft.html", ctx, status=422 if wrong else 200)
