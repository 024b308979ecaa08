"""Pages of moving in: a facilitator's steps, and everybody's own page by a secret link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.community.imports import access, actions, queries, words
from kithwell.kernel import ids, pages
from kithwell.kernel.errors import Conflict, Invalid, KithwellError, NotFound, Refused
from kithwell.people.access import signed_in


def _ident(value: str) -> UUID:
    found = ids.parse(value)
    if found is None:
        raise NotFound()
    return found


@pages.uploads
@pages.page(methods=("GET", "POST"))
@signed_in
def of_group(request: HttpRequest, slug: str) -> HttpResponse:
    """/g/<slug>/import: what came before, and the form for a file."""
    place = access.of_group(request.principal, slug)
    errors: dict[str, str] = {}
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Invalid({"file": _("Choose the file first.")})
            ident = actions.start(request.principal, slug, request.POST.get("source", ""), file.read())
            return pages.redirect(f"/imports/{ident}")
        except Invalid as why:
            errors = dict(why.fields)
    shown = {"place": place, "rows": queries.of_group(place.group.id), "errors": errors, "tab": "settings"}
    return pages.render(request, "imports/group.html", shown, status=422 if errors else 200)


@pages.page()
@signed_in
def one(request: HttpRequest, ident: str) -> HttpResponse:
    """/imports/<id>: the dry run, the links, the progress."""
    return _one(request, ident)


def _one(
    request: HttpRequest, ident: str, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    return pages.render(
        request, "imports/one.html", _shown(request, ident) | {"errors": errors or {}}, status=status
    )


def _shown(request: HttpRequest, ident: str) -> dict[str, Any]:
    return {
        "view": queries.one(request.principal, _ident(ident)),
        "errors": {},
        "left": words.LEFT,
        "origin": request.build_absolute_uri("/")[:-1],
    }


@pages.page()
@signed_in
def live(request: HttpRequest, ident: str) -> HttpResponse:
    """/imports/<id>/live: the same without its frame, for the page that stays open."""
    shown = _shown(request, ident)
    return pages.fragment(request, "imports/steps.html", shown, **{"X-Since": str(shown["view"].n)})


@pages.page(methods=("POST",))
@signed_in
def do(request: HttpRequest, ident: str) -> HttpResponse:
    """/imports/<id>/do: one step further, or an end."""
    which, principal, said = _ident(ident), request.principal, request.POST
    steps = {
        "order": lambda: actions.choose_order(principal, which, said.get("order", "")),
        "ask": lambda: actions.ask(principal, which, said.get("told") == "1"),
        "bring": lambda: actions.bring(principal, which),
        "stop": lambda: actions.stop(principal, which),
        "discard": lambda: actions.discard(principal, which),
    }
    step = said.get("step", "")
    if step not in steps:
        raise Invalid({"step": _("Choose one from the list.")})
    place = queries.one(principal, which).group
    try:
        steps[step]()
    except (Invalid, Conflict) as why:
        return _one(request, ident, getattr(why, "fields", None) or {"": why.message}, why.status)
    return pages.redirect(f"{place.url}/import" if step == "discard" else f"/imports/{ident}")


@pages.page(methods=("GET", "POST"))
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """/imports/mine/<secret>: one's own lines, and what is to become of them. Needs no account."""
    problem: KithwellError | None = None
    page = _number(request.GET.get("page", "1"))
    if request.method == "POST":
        try:
            if request.POST.get("do") == "lines":
                shown, stays = (
                    {_number(n) for n in request.POST.getlist(name)} for name in ("shown", "stays")
                )
                actions.leave_behind(token, shown, stays)
            else:
                actions.answer(request.principal, token, request.POST.get("choice", ""))
            return pages.redirect(f"{request.path}?page={page}&notice=kept")
        except (Invalid, Conflict, Refused) as why:
            problem = why
    ctx = {
        "view": queries.mine(token, page),
        "problem": problem,
        "path_here": request.path,
        "kept": request.GET.get("notice") == "kept",
    }
    answer = pages.render(request, "imports/mine.html", ctx, status=problem.status if problem else 200)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
