"""Reading the rules, and everything one does with a change of them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kithwell.kernel import pages
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.moderation import words as desk_words
from kithwell.moderation.actions import Rest
from kithwell.moderation.screening import actions, words
from kithwell.moderation.screening.queries import book
from kithwell.moderation.screening.rules import editing
from kithwell.people import roles
from kithwell.people.access import staff

HOME = "/moderation/screening"
NOTICES = {
    "written": _("Saved. Try it on the last 30 days before you propose it."),
    "trying": _("It is being tried on the last 30 days. That takes a moment; check again soon."),
    "proposed": _("Proposed. It has no effect until another steward agrees."),
    "agreed": _("It is in use now, and in every part of the service within a few seconds."),
    "declined": _("Declined. Whoever wrote it can read why."),
    "withdrawn": _("Discarded."),
    "beside": _("It runs alongside now, and only counts."),
    "alone": _("It no longer runs alongside."),
}


def _common() -> dict[str, object]:
    return {
        "kind_words": words.kind,
        "sentence": words.sentence,
        "language_words": words.language,
        "what_words": words.WHAT,
        "state_words": words.STATE,
        "field_words": words.FIELD,
        "page_css": ["moderation"],
        "page_width": "wide",
    }


@pages.page()
@staff(roles.STEWARD)
def home(request: HttpRequest) -> HttpResponse:
    """GET /moderation/screening: categories, open changes, what holds."""
    shown = {"home": book.home(request.principal), **_common()}
    return pages.render(request, "screening/home.html", shown)


@pages.page()
@staff(roles.STEWARD)
def rules(request: HttpRequest, kind: str) -> HttpResponse:
    """GET /moderation/screening/rules/<kind>: every rule of a category, with its tests."""
    shown = {
        "kind": kind,
        "rows": book.of_kind(request.principal, kind),
        "quiet": words.QUIET.get(kind, ""),
        "reason_words": desk_words.reason,
        **_common(),
    }
    return pages.render(request, "screening/rules.html", shown)


@pages.page(methods=("POST",))
@staff(roles.STEWARD)
def begin(request: HttpRequest) -> HttpResponse:
    """POST /moderation/screening/begin: a draft, to go on with."""
    given = request.POST
    what = given.get("what", "")
    found = actions.begin(
        request.principal, what, rule=given.get("rule", "")[:60], kind=given.get("kind", "")[:24]
    )
    return pages.redirect(f"{HOME}/changes/{found}")


def _show(request: HttpRequest, ident: str, *, status: int = 200, **extra: object) -> HttpResponse:
    view = book.change(request.principal, ident)
    shown: dict[str, object] = {
        "v": view,
        "notice": NOTICES.get(request.GET.get("notice", ""), ""),
        "weights": [(f"{weight:g}", f"{weight:g}") for weight in editing.WEIGHTS],
        "languages": [(code, words.language(code)) for code in editing.LANGUAGES],
        "wrong": {},
        "said": {},
        "pieces": None,
        **_common(),
        **extra,
    }
    return pages.render(request, "screening/change.html", shown, status=status)


Do = Callable[[HttpRequest, str], str]


def _write(request: HttpRequest, ident: str) -> str:
    given = {
        name: request.POST.get(name, "")
        for name in (*editing.LISTS, "label", "lang", "weight", "why", "owner")
    }
    actions.write(request.principal, ident, _revision(request), given)
    return "written"


def _try(request: HttpRequest, ident: str) -> str:
    actions.ask(request.principal, ident, _revision(request))
    return "trying"


def _propose(request: HttpRequest, ident: str) -> str:
    actions.propose(request.principal, ident, _revision(request), request.POST.get("why", ""))
    return "proposed"


def _agree(request: HttpRequest, ident: str) -> str:
    actions.agree(request.principal, ident, _revision(request))
    return "agreed"


def _decline(request: HttpRequest, ident: str) -> str:
    actions.decline(request.principal, ident, _revision(request), request.POST.get("no", ""))
    return "declined"


def _withdraw(request: HttpRequest, ident: str) -> str:
    actions.withdraw(request.principal, ident, _revision(request))
    return "withdrawn"


def _beside(request: HttpRequest, ident: str) -> str:
    actions.shadow(request.principal, ident, _revision(request), True)
    return "beside"


def _alone(request: HttpRequest, ident: str) -> str:
    actions.shadow(request.principal, ident, _revision(request), False)
    return "alone"


DO: dict[str, Do] = {
    "write": _write, "try": _try, "propose": _propose, "agree": _agree, "decline": _decline, "withdraw": _withdraw,
    "beside": _beside, "alone": _alone,
}  # fmt: skip


def _revision(request: HttpRequest) -> str:
    return request.POST.get("revision", "")


@pages.page(methods=("GET", "POST"))
@staff(roles.STEWARD)
def change(request: HttpRequest, ident: str) -> HttpResponse:
    """/moderation/screening/changes/<id>: what differs, its tests, its dry run, and what can be done with it."""
    if request.method != "POST":
        return _show(request, ident)
    step = request.POST.get("do", "")
    if step == "look":
        try:
            return _show(request, ident, pieces=actions.look(request.principal, ident))
        except Rest:
            return pages.redirect("/moderation/break")
    do = DO.get(step)
    if do is None:
        raise NotFound()
    try:
        return pages.redirect(f"{HOME}/changes/{ident}?notice={do(request, ident)}")
    except (Invalid, Conflict) as why:
        fields = getattr(why, "fields", None) or {"": why.message}
        return _show(request, ident, status=why.status, wrong=fields, said=request.POST)
