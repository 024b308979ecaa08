"""Reading stories before they are public."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.boundaries.labels import warning_label
from kithwell.community.stories import access, actions, queries, texts
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import errors, pages
from kithwell.people import access as people


@pages.page()
@people.staff(*access.REVIEWERS)
def index(request: HttpRequest) -> HttpResponseBase:
    """What waits to be read, longest first."""
    rows = queries.waiting(request.principal)  # type: ignore[attr-defined]
    ctx = {"rows": rows, "said": str(texts.SAID["done"]) if request.GET.get("said") == "done" else ""}
    return pages.render(request, "stories/queue.html", ctx | {"warning_label": warning_label})


def _ctx(found: queries.Review) -> dict[str, Any]:
    return {
        "r": found,
        "url": f"/stories/review/{found.id}",
        "checks": list(texts.CHECKS.items()),
        "states": texts.STATES,
        "uses": texts.USE_SHORT,
        "titles": texts.STEPS,
        "warning_label": warning_label,
        "page_css": ["stories"],
        "wrong": {},
        "typed": {},
        "ticked": (),
    }


@pages.page(methods=("GET", "POST"))
@people.staff(*access.REVIEWERS)
def show(request: HttpRequest, ident: str) -> HttpResponseBase:
    """One story with its places marked, and the four things one can do."""
    principal = request.principal  # type: ignore[attr-defined]
    found = queries.review(principal, ident)
    if request.method != "POST":
        return pages.render(request, "stories/review.html", _ctx(found))
    try:
        _act(request, ident)
    except errors.Invalid as error:
        typed = {name: request.POST.get(name, "") for name in ("title", *rules.PARTS, "note")}
        ctx = _ctx(found) | {"wrong": error.fields, "typed": typed, "ticked": request.POST.getlist("checks")}
        return pages.render(request, "stories/review.html", ctx, status=422)
    return pages.redirect("/stories/review?said=done")


def _act(request: HttpRequest, ident: str) -> None:
    principal = request.principal  # type: ignore[attr-defined]
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1
    note, checked = request.POST.get("note", ""), request.POST.getlist("checks")
    do = request.POST.get("do", "")
    if do == "approve":
        actions.approve(principal, ident, version, checked, note)
    elif do == "changes":
        actions.ask_changes(principal, ident, version, note)
    elif do == "decline":
        actions.decline(principal, ident, version, note)
    elif do == "propose":
        parts = {name: request.POST.get(name, "") for name in ("title", *rules.PARTS)}
        actions.propose(principal, ident, version, rules.Words(**parts), note, checked)
    else:
        raise errors.Invalid({"do": _("Choose one from the list.")})
