"""Telling us about a thing: two taps, and words if somebody wants to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kithwell.kernel import pages
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.moderation import actions, kinds, words
from kithwell.moderation.rules import categories
from kithwell.people.access import signed_in


@pages.page(methods=("GET", "POST"))
@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """/report?kind=...&id=...: what comes nearest, optional words, and what happens next."""
    given = request.POST if request.method == "POST" else request.GET
    kind, ident = given.get("kind", "")[:40], given.get("id", "")[:64]
    if request.method != "POST":
        return _form(request, kind, ident)
    try:
        actions.report(
            request.principal, kind, ident, request.POST.get("category", ""), request.POST.get("words", "")
        )
    except Invalid as wrong:
        return _form(request, kind, ident, wrong=wrong.fields, status=422)
    return pages.redirect("/me/reports?told=1")


def _form(
    request: HttpRequest, kind: str, ident: str, *, wrong: object = None, status: int = 200
) -> HttpResponse:
    known = kinds.get(kind)
    if known is None or not known.visible_to(ident, request.principal.id):
        raise NotFound()
    shown = {
        "kind": kind,
        "ident": ident,
        "title": kinds.title(kind),
        "choices": [(code, words.CATEGORY[code]) for code in categories.REPORTED],
        "chosen": request.POST.get("category", ""),
        "said": request.POST.get("words", ""),
        "wrong": wrong or {},
        "back": pages.safe_next(request, ""),
    }
    return pages.render(request, "moderation/report.html", shown, status=status)
