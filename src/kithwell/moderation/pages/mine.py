"""For members: what became of my reports, what was decided about me and why, and asking another person to look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from kithwell.kernel import pages
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.moderation import actions, kinds, redress, words
from kithwell.moderation.pages import forms
from kithwell.moderation.queries import mine, statements
from kithwell.people.access import signed_in


def _words() -> dict[str, object]:
    return {"thing_words": words.THING, "person_words": words.PERSON, "kind_title": kinds.title}


@pages.page()
@signed_in
def reports(request: HttpRequest) -> HttpResponse:
    """GET /me/reports."""
    shown = {
        "rows": mine.reports(request.principal),
        "told": "told" in request.GET,
        "category_words": words.category,
        "outcome_words": words.OUTCOME,
        **_words(),
    }
    return pages.render(request, "moderation/my_reports.html", shown)


@pages.page()
@signed_in
def decisions(request: HttpRequest) -> HttpResponse:
    """GET /me/decisions."""
    rows = statements.all_about(request.principal.id)
    return pages.render(request, "moderation/my_decisions.html", {"rows": rows, **_words()})


def _show(request: HttpRequest, decision: str, *, status: int = 200, **extra: object) -> HttpResponse:
    found = statements.statement(request.principal, forms.ident(decision))
    prefs = pages.preferences_of(request)
    shown = {
        "s": found,
        "asked": "asked" in request.GET,
        "wrong": {},
        "said": "",
        "ways": redress.ways(prefs.country, prefs.spoken),
        **_words(),
        **extra,
    }
    return pages.render(request, "moderation/decision.html", shown, status=status)


@pages.page()
@signed_in
def decision(request: HttpRequest, decision: str) -> HttpResponse:
    """GET /decisions/<id>: the statement of reasons, for whom it is about."""
    return _show(request, decision)


@pages.page()
@signed_in
def data(request: HttpRequest, decision: str) -> HttpResponse:
    """GET /decisions/<id>/data: the same for machines."""
    found = statements.statement(request.principal, forms.ident(decision))
    answer = JsonResponse(statements.as_data(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="decision-{found.id}.json"'
    return answer


@pages.page(methods=("GET", "POST"))
@signed_in
def appeal(request: HttpRequest, decision: str) -> HttpResponse:
    """/appeal/<id>: one tap, and words if somebody wants to."""
    if request.method != "POST":
        return _show(request, decision)
    said = request.POST.get("words", "")
    try:
        actions.appeal(request.principal, forms.ident(decision), said)
    except (Invalid, Conflict) as why:
        fields = getattr(why, "fields", None) or {"": why.message}
        return _show(request, decision, status=why.status, wrong=fields, said=said)
    return pages.redirect(f"/decisions/{forms.ident(decision)}?asked=1")
