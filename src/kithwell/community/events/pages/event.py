"""One event, for those who come to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from kithwell.community.events import actions, queries, texts, zones
from kithwell.directory import queries as directory
from kithwell.kernel import errors, ids, pages
from kithwell.people import access as people


def _ctx(request: HttpRequest, view: queries.View) -> dict[str, Any]:
    card = view.card
    own = zones.chosen(request)
    return {
        "page_css": ["events"],
        "view": view,
        "card": card,
        "when": zones.when(card.starts_at, own or card.zone),
        "until": zones.when(card.ends_at, own or card.zone),
        "kind": texts.KINDS[card.kind],
        "states": texts.QUESTION_STATES,
        "reasons": texts.REASONS,
        "url": card.url,
        "wrong": {},
        "typed": "",
        "client_key": ids.token(12),
        "said": "",
        "help_lines": (),
    }


@pages.page()
def show(request: HttpRequest, ident: str) -> HttpResponseBase:
    """What it is, when, one's own place, and (Q&A) questions and answers."""
    view = queries.show(request.principal, ident)  # type: ignore[attr-defined]
    ctx = _ctx(request, view)
    said = texts.SAID.get(request.GET.get("said", ""))
    return pages.render(request, "events/event.html", ctx | {"said": str(said) if said else ""})


@pages.page()
def live(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Questions and answers alone, for the page that stays open."""
    view = queries.show(request.principal, ident)  # type: ignore[attr-defined]
    return pages.fragment(request, "events/lines.html", _ctx(request, view), **{"X-Since": str(view.n)})


@pages.page(methods=("POST",))
def seat(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Take a place, or give it back."""
    principal = request.principal  # type: ignore[attr-defined]
    if request.POST.get("do") == "leave":
        actions.leave(principal, ident)
        said = "left"
    else:
        said = actions.take(principal, ident)
    return pages.redirect(f"/events/{queries.show(principal, ident).card.id}?said={said}")


@pages.page(methods=("POST",))
@people.signed_in
def ask(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Ask a question. Where it shows that somebody may be in distress, help is shown to them, after it is saved."""
    principal = request.principal  # type: ignore[attr-defined]
    text = request.POST.get("text", "")
    try:
        asked = actions.ask(principal, ident, text, request.POST.get("client_key", ""))
    except (errors.Invalid, errors.Conflict) as error:
        view = queries.show(principal, ident)
        fields = error.fields if isinstance(error, errors.Invalid) else {"text": str(error.message)}
        ctx = _ctx(request, view) | {"wrong": fields, "typed": text}
        return pages.render(request, "events/event.html", ctx, status=error.status)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"id": str(asked.id), "help": asked.help})
    if asked.help:
        view = queries.show(principal, ident)
        prefs = pages.preferences_of(request)
        lines = directory.helplines(prefs.country, language=prefs.spoken)[:3] if prefs.country else ()
        return pages.render(request, "events/heard.html", _ctx(request, view) | {"help_lines": lines})
    return pages.redirect(f"/events/{queries.show(principal, ident).card.id}?said=asked#ask")


@pages.page(methods=("POST",))
@people.signed_in
def question(request: HttpRequest, ident: str, question: str) -> HttpResponseBase:
    """Wish for an answer, take the wish back, or take one's own question back."""
    principal = request.principal  # type: ignore[attr-defined]
    do = request.POST.get("do", "")
    if do in ("wish", "unwish"):
        actions.wish(principal, ident, question, do == "wish")
        where = f"#q-{ids.parse(question)}"
    elif do == "back":
        actions.take_back(principal, ident, question)
        where = "?said=back#ask"
    else:
        raise errors.Invalid({"do": _("Choose one from the list.")})
    return pages.redirect(f"/events/{ids.parse(ident)}{where}")


@pages.page()
def transcript(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Questions and answers, to be read afterwards."""
    found = queries.transcript(request.principal, ident)  # type: ignore[attr-defined]
    if found is None:
        raise errors.NotFound()
    own = zones.chosen(request)
    when = zones.when(found.card.starts_at, own or found.card.zone)
    ctx = {"page_css": ["events"], "t": found, "when": when, "kind": texts.KINDS[found.card.kind]}
    return pages.render(request, "events/transcript.html", ctx)
