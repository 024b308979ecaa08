"""Steps of one's own and goals of groups."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.community.groups import access as groups
from kithwell.community.peers import actions, queries, words
from kithwell.community.peers.pages.profile import day
from kithwell.kernel import errors, ids, pages
from kithwell.people import access


@pages.page(methods=("GET", "POST"))
@access.signed_in
def steps(request: HttpRequest) -> HttpResponseBase:
    """For oneself alone."""
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        form = request.POST
        try:
            if form.get("do") == "add":
                actions.add_step(request.principal, form.get("title", ""))
            else:
                ident = ids.parse(form.get("id", ""))
                if ident is None:
                    raise errors.NotFound()
                actions.change_step(request.principal, ident, form.get("do", ""))
            return pages.redirect("/me/steps")
        except errors.Invalid as error:
            wrong = error.fields
    ctx = {
        "s": queries.steps(request.principal),
        "stages": words.STAGE,
        "typed": request.POST.get("title", "")[:400],
        "wrong": wrong,
        "page_css": ["peers"],
    }
    return pages.render(request, "peers/steps.html", ctx, status=422 if wrong else 200)


@pages.page(methods=("GET", "POST"))
@access.signed_in
def goal(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What a group does together: a picture for its members, a form for those who lead it."""
    place = groups.member(request.principal, slug)
    wrong: dict[str, Any] = {}
    form = request.POST
    if request.method == "POST":
        try:
            if form.get("do") == "end":
                actions.end_goal(request.principal, slug)
            else:
                wanted = form.get("wanted", "")
                number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
                actions.set_goal(
                    request.principal, slug, form.get("title", ""), number, day(form.get("until", ""))
                )
            return pages.redirect(f"/g/{slug}/goal?saved=1")
        except errors.Invalid as error:
            wrong = error.fields
    ctx = {
        "group": place.group,
        "leads": place.may_facilitate,
        "goal": queries.goal_of(place.group.id, place.group.name, place.group.url),
        "stages": words.STAGE,
        "typed": {key: form.get(key, "") for key in ("title", "wanted", "until")},
        "wrong": wrong,
        "said": _("Saved.") if "saved" in request.GET else "",
        "page_css": ["peers"],
    }
    return pages.render(request, "peers/goal.html", ctx, status=422 if wrong else 200)
