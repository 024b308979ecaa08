"""One case on one screen, and every act on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.boundaries.labels import warning_label
from kithwell.boundaries.rules import WARNINGS
from kithwell.kernel import conf, pages
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.moderation import access, actions, texts, words
from kithwell.moderation.actions import deciding
from kithwell.moderation.actions import desk as desk_actions
from kithwell.moderation.guidelines import queries as guidelines
from kithwell.moderation.models import Case
from kithwell.moderation.pages import forms
from kithwell.moderation.queries import desk
from kithwell.moderation.rules import ladder
from kithwell.people import queries as people
from kithwell.people.access import staff

View = Callable[[HttpRequest, str], HttpResponse]


def _show(
    request: HttpRequest, case: str, *, around: bool = False, status: int = 200, **extra: object
) -> HttpResponse:
    principal, ident = request.principal, forms.ident(case)
    row = access.case(principal, ident)
    actions.shown(principal, row, "context" if around else "snippet")
    view = desk.case(principal, ident)
    language = _language(request, view.language)
    rules = guidelines.current(language).rules
    suggested = guidelines.rule_for(view.told[0].category if view.told else "", language)
    shown: dict[str, object] = {
        "v": view,
        "url": f"/moderation/c/{view.id}",
        "around": desk.context(principal, ident) if around else None,
        "unsealed_name": _opened_name(request, row),
        "rules": [(r.code, r.title) for r in rules if r.code != deciding.CRISIS_RULE],
        "rule": suggested.code if suggested else "",
        "things": [(code, words.THING[code]) for code in ladder.THINGS],
        "persons": [(code, words.PERSON[code]) for code in ladder.PERSONS],
        "days": [(str(d), _("%(n)d days") % {"n": d}) for d in (*ladder.PAUSES, *ladder.SUSPENSIONS)],
        "warnings": [("", _("Choose")), *((code, warning_label(code)) for code in WARNINGS)],
        "tongues": [(code, code) for code in conf.get("languages", ("en",))],
        "language": language,
        "ready": texts.answers(language) if view.stage == "appeal" else texts.facts(language),
        "colleagues": desk_actions.colleagues(principal, row),
        "category_words": words.category,
        "thing_words": words.THING,
        "person_words": words.PERSON,
        "harm_words": words.HARM,
        "reason_words": words.reason,
        "warning_words": warning_label,
        "notice": _("Support was offered. The case stays as it is.") if "offered" in request.GET else "",
        "refused": "",
        "wrong": {},
        "said": {},
        "page_width": "wide",
        "page_js": ["desk", "moderation"],
        "page_css": ["desk", "moderation"],
        **extra,
    }
    return pages.render(request, "moderation/case.html", shown, status=status)


def _opened_name(request: HttpRequest, row: Case) -> str:
    """The author's name, where two people opened it and this is one of them. That they looked is recorded."""
    found = actions.unsealed(request.principal, row.kind, row.ident) if row.anonymous else None
    return people.names([found]).get(found, "") if found else ""


def _language(request: HttpRequest, spoken: str) -> str:
    """The language of what the author reads: as chosen, else the thing's own, else the reviewer's."""
    offered = conf.get("languages", ("en",))
    wanted = request.POST.get("language") or spoken
    return wanted if wanted in offered else pages.preferences_of(request).language


def _keeping(form: str) -> Callable[[View], View]:
    """What cannot be done yet is said in its form, with the words still in it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, case: str) -> HttpResponse:
            try:
                return view(request, case)
            except (Invalid, Conflict) as why:
                fields = getattr(why, "fields", None) or {"": why.message}
                return _show(request, case, status=why.status, refused=form, said=request.POST, wrong=fields)

        return inner

    return decorate


@pages.page()
@staff(*access.DESK)
def show(request: HttpRequest, case: str) -> HttpResponse:
    """GET /moderation/c/<id>: everything about it on one screen. That it was seen is recorded and counted."""
    return _show(request, case)


@pages.page()
@staff(*access.DESK)
def around(request: HttpRequest, case: str) -> HttpResponse:
    """GET /moderation/c/<id>/around: what stands around it, because somebody wanted to know. Recorded and counted."""
    return _show(request, case, around=True)


@pages.page()
@staff(*access.DESK)
def picture(request: HttpRequest, case: str, key: str) -> HttpResponse:
    """GET /moderation/c/<id>/picture/<key>: a picture, for whoever holds the case. Recorded and counted."""
    ident = forms.ident(case)
    row = access.case(request.principal, ident)
    mime, data = desk.picture(request.principal, ident, key)
    actions.shown(request.principal, row, "picture")
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@pages.page(methods=("POST",))
@staff(*access.DESK)
@_keeping("decide")
def decide(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/decide."""
    given = request.POST
    person = given.get("person", "")
    ruling = actions.Ruling(
        thing=given.get("thing", ""),
        person=person,
        days=forms.number(request, "days") if person in ladder.DAYS else 0,
        warning=given.get("warning", "") if given.get("warning", "") in WARNINGS else "",
        rule=given.get("rule", "")[:40],
        facts=given.get("facts", ""),
        language=_language(request, ""),
        territory=given.get("territory", "")[:200],
        note=given.get("note", ""),
    )
    actions.decide(request.principal, forms.ident(case), ruling)
    said = "proposed" if ladder.needs_second(person) else "decided"
    return pages.redirect(f"/moderation?notice={said}")


@pages.page(methods=("POST",))
@staff(*access.DESK)
@_keeping("confirm")
def confirm(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/confirm: the second pair of eyes."""
    agree = forms.choice(request, "step", ("agree", "decline")) == "agree"
    actions.confirm(request.principal, forms.ident(case), agree, request.POST.get("why", ""))
    return pages.redirect("/moderation?notice=confirmed")


@pages.page(methods=("POST",))
@staff(*access.DESK)
@_keeping("answer")
def answer(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/answer: another person's answer to an appeal."""
    grant = forms.choice(request, "step", ("grant", "keep")) == "grant"
    actions.answer(request.principal, forms.ident(case), grant, request.POST.get("why", ""))
    return pages.redirect("/moderation?notice=answered")


@pages.page(methods=("POST",))
@staff(*access.DESK)
@_keeping("note")
def note(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/note."""
    actions.add_note(request.principal, forms.ident(case), request.POST.get("note", ""))
    return pages.redirect(f"/moderation/c/{forms.ident(case)}#notes")


@pages.page(methods=("POST",))
@staff(*access.DESK)
@_keeping("hand_over")
def hand_over(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/hand-over."""
    to = forms.ident(request.POST.get("to", ""))
    actions.hand_over(request.principal, forms.ident(case), to, request.POST.get("note", ""))
    return pages.redirect("/moderation?notice=handed")


@pages.page(methods=("POST",))
@staff(*access.DESK)
def release(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/release."""
    actions.release(request.principal, forms.ident(case))
    return pages.redirect("/moderation?notice=released")


@pages.page(methods=("POST",))
@staff(*access.DESK)
@_keeping("support")
def support(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/support: an offer to whoever wrote it, beside the case."""
    actions.offer_support(request.principal, forms.ident(case))
    return pages.redirect(f"/moderation/c/{forms.ident(case)}?offered=1")


@pages.page(methods=("POST",))
@staff(*access.DESK)
@_keeping("unseal")
def unseal(request: HttpRequest, case: str) -> HttpResponse:
    """POST /moderation/c/<id>/unseal: ask a second person whether the author may be known."""
    row = access.case(request.principal, forms.ident(case))
    actions.unseal_request(request.principal, row.kind, row.ident, request.POST.get("reason", ""))
    return pages.redirect("/moderation/unsealing?asked=1")
