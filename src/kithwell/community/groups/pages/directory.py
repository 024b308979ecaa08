"""The directory, founding, and the steward's look at proposals."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.community.groups import actions, queries, robots, words
from kithwell.community.groups.actions.found import FOUNDERS
from kithwell.community.groups.pages import forms
from kithwell.kernel import errors, ids, pages
from kithwell.people import roles
from kithwell.people.access import signed_in, staff

WORDS_MAX = 100


@pages.page()
def show(request: HttpRequest) -> HttpResponse:
    """GET /groups: groups one may find, and one's own."""
    asked = queries.Asked(
        words=request.GET.get("q", "")[:WORDS_MAX],
        topic=_known(request.GET.get("topic", ""), words.TOPICS),
        language=request.GET.get("language", "")[:12],
        after=ids.parse(request.GET.get("after", "")),
    )
    found = queries.directory(request.principal, asked)
    ctx = {
        "found": found,
        "asked": asked,
        "topics": [("", _("Any topic")), *words.TOPICS.items()],
        "languages": [("", _("Any language")), *forms.language_choices(asked.language)],
        "w": words,
        "said": words.SAID.get(request.GET.get("said", ""), ""),
        "page_width": "wide",
        "page_css": ["groups"],
    }
    return robots.mark(pages.render(request, "groups/directory.html", ctx), None)


def _known(value: str, allowed: Any) -> str:
    return value if value in allowed else ""


@pages.page(methods=("GET", "POST"))
@signed_in
def new(request: HttpRequest) -> HttpResponseBase:
    """GET, POST /groups/new: found a group, or propose one."""
    at_once = request.principal.has(*FOUNDERS)
    prefs = pages.preferences_of(request)
    start = asdict(queries.blank(prefs.language))
    values: dict[str, Any] = {**start, **{k: v for k, v in request.POST.items() if k in start}}
    ctx = {
        "values": values,
        "at_once": at_once,
        "band": forms.my_band(request),
        "wrong": {},
        "new": True,
        "page_css": ["groups"],
        **forms.lists(values),
    }
    if request.method != "POST":
        return pages.render(request, "groups/new.html", ctx)
    try:
        ident = actions.found(request.principal, forms.wanted(request.POST, whole=False))
    except (errors.Invalid, errors.Conflict) as error:
        return forms.again(request, "groups/new.html", ctx, error)
    slug = queries.groups_by_id([ident])[ident].slug
    return pages.redirect(f"/g/{slug}/about")


@pages.page()
@staff(roles.STEWARD)
def proposals(request: HttpRequest) -> HttpResponse:
    """GET /groups/proposals: groups that members propose, and groups that rest."""
    return pages.render(request, "groups/proposals.html", _proposals(request))


def _proposals(request: HttpRequest) -> dict[str, Any]:
    return {
        "seen": queries.oversight(request.principal),
        "w": words,
        "wrong": {},
        "said": words.SAID.get(request.GET.get("said", ""), ""),
        "page_css": ["groups"],
    }


@pages.page(methods=("POST",))
@staff(roles.STEWARD)
def look_at(request: HttpRequest, ident: str) -> HttpResponseBase:
    """POST /groups/proposals/<id>: open it, decline it, or name somebody to lead a group that rests."""
    group, posted = ids.parse(ident), request.POST
    if group is None:
        raise errors.NotFound()
    act = forms.choice(posted, "act", ("approve", "decline", "name"))
    who = posted.get("pseudonym", "")[:200]
    try:
        if act == "approve":
            actions.approve(request.principal, group, facilitator=who)
        elif act == "decline":
            actions.decline(request.principal, group, posted.get("reason", ""))
        else:
            actions.name_facilitator(request.principal, group, who)
    except (errors.Invalid, errors.Conflict) as error:
        return forms.again(request, "groups/proposals.html", _proposals(request), error)
    return pages.redirect("/groups/proposals?said=saved")
