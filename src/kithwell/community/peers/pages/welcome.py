"""The welcome: six small steps, each kept at once and each free to skip; then what suits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.community import zones
from kithwell.community.peers import actions, queries, words
from kithwell.community.peers.rules import asking
from kithwell.community.peers.rules.asking import Answers
from kithwell.kernel import conf, errors, pages, texts
from kithwell.people import access
from kithwell.people import texts as people_texts


@pages.page()
@access.signed_in
def welcome(request: HttpRequest) -> HttpResponseBase:
    """Where it begins, or goes on."""
    mine = queries.answers(request.principal)
    ctx = {
        "next": asking.next_open(mine.answers.done),
        "begun": bool(mine.answers.done),
        "steps": _steps(),
    }
    return pages.render(request, "peers/welcome.html", ctx)


def _steps() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in words.STEPS.items()]


@pages.page(methods=("GET", "POST"))
@access.signed_in
def step(request: HttpRequest, name: str) -> HttpResponseBase:
    """One step. Skipping keeps what was there and goes on."""
    if name not in asking.STEPS:
        raise errors.NotFound()
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        onward = asking.after(name)
        target = f"/welcome/{onward}" if onward else "/welcome/found"
        mine = queries.answers(request.principal)
        if request.POST.get("do") == "skip":
            actions.keep(request.principal, name, mine.answers)
            return pages.redirect(target)
        try:
            band = request.POST.get("age_band", mine.band) if name == "about" else None
            actions.keep(request.principal, name, _given(request), age_band=band)
            return pages.redirect(target)
        except errors.Invalid as error:
            wrong = error.fields
    mine = queries.answers(request.principal)
    ctx = {
        "name": name,
        "place": asking.STEPS.index(name) + 1,
        "steps": _steps(),
        "mine": mine,
        "a": mine.answers,
        "wrong": wrong,
        "topics": list(words.TOPICS.items()),
        "helps": list(words.HELPS.items()),
        "nots": list(words.NOTS.items()),
        "hours": list(words.HOURS.items()),
        "share": list(words.SHARE.items()),
        "languages": [(code, words.language(code)) for code in conf.get("languages")],
        "ages": list(people_texts.AGE.items()),
        "zones": [("", _("The usual one for my country")), *((zone, zone) for zone in sorted(zones.known()))],
        "back": asking.STEPS[asking.STEPS.index(name) - 1] if asking.STEPS.index(name) else "",
        "page_js": ["notices"] if name == "hours" else [],
    }
    return pages.render(request, "peers/step.html", ctx, status=422 if wrong else 200)


def _given(request: HttpRequest) -> Answers:
    form = request.POST
    zone, most = form.get("zone", ""), form.get("most", "1")
    return Answers(
        brings=tuple(form.getlist("brings")),
        own_words=texts.tidy(form.get("own_words", ""), asking.OWN_WORDS_MAX, "own_words"),
        helps=tuple(form.getlist("helps")),
        nots=tuple(form.getlist("nots")),
        languages=asking.only(form.getlist("languages"), tuple(conf.get("languages"))),
        hours=tuple(form.getlist("hours")),
        zone=zone if zone in zones.known() else "",
        buddy=form.get("buddy") == "yes",
        most=int(most) if most in ("1", "2", "3") else 1,
        share=tuple(form.getlist("share")),
    )


@pages.page()
@access.signed_in
def found(request: HttpRequest) -> HttpResponseBase:
    """What suits: groups, and the way to a buddy for those who want one."""
    seen = queries.found(request.principal)
    ctx = {"f": seen, "next": asking.next_open(seen.mine.answers.done)}
    return pages.render(request, "peers/found.html", ctx)


@pages.page()
@access.signed_in
def rest(request: HttpRequest) -> HttpResponseBase:
    """Taking a break, leaving a group, leaving for good, coming back: all on one page."""
    return pages.render(request, "peers/rest.html", {"days": conf.get("erasure_grace_days", 21)})
