"""A group's door: what it is, joining in steps, leaving, taking a break."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from kithwell.community.groups import actions, queries, robots, words
from kithwell.community.groups.pages import forms
from kithwell.kernel import errors, pages
from kithwell.people import actions as people
from kithwell.people import queries as people_queries
from kithwell.people.access import signed_in
from kithwell.people.texts import AGE

TOKEN_MAX = 100


def _about(request: HttpRequest, slug: str, token: str = "") -> dict[str, Any]:
    told = queries.about(request.principal, slug, pages.preferences_of(request).language, token)
    said = words.SAID.get(request.GET.get("said", ""), "")
    shown = {"told": told, "place": told.place, "w": words, "wrong": {}}
    return shown | {"token": token, "noted": said}


@pages.page()
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /g/<slug>/about: whom it is for, what holds, who leads it."""
    ctx = _about(request, slug, request.GET.get("invite", "")[:TOKEN_MAX]) | {"tab": "about"}
    return robots.mark(pages.render(request, "groups/about.html", ctx), ctx["place"].group)


@pages.page(methods=("GET", "POST"))
@signed_in
def join(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET, POST /g/<slug>/join: one's age where it was not said, what holds here, a few questions; then one is in."""
    posted = request.POST
    token = (posted.get("invite") or request.GET.get("invite", ""))[:TOKEN_MAX]
    ctx = _about(request, slug, token) | {"ages": list(AGE.items()), "answers": []}
    here = f"/g/{slug}/join" + (f"?invite={token}" if token else "")
    if request.method != "POST":
        return pages.render(request, "groups/join.html", ctx | {"step": _first_step(ctx)})
    step = forms.choice(posted, "step", ("age", "rules", "questions", "withdraw", "decline"))
    if step == "withdraw":
        actions.withdraw(request.principal, slug)
        return pages.redirect(f"/g/{slug}/about?said=withdrawn")
    if step == "decline":
        actions.decline_invitation(request.principal, slug)
        return pages.redirect("/groups?said=declined")
    try:
        if step == "age":
            _say_age(request)
            return pages.redirect(here)
        return _go_on(request, slug, ctx, step, token)
    except (errors.Invalid, errors.Conflict) as error:
        wrong = error.fields if isinstance(error, errors.Invalid) else {}
        step = "age" if "age_band" in wrong else "rules" if "agreed" in wrong else step
        return forms.again(request, "groups/join.html", ctx | {"step": step}, error)


def _first_step(ctx: dict[str, Any]) -> str:
    """Where somebody stands who comes to the door."""
    told = ctx["told"]
    if told.place.membership is not None:
        return "in"
    if told.request is not None and told.request.state == "waiting":
        return "waiting"
    if not told.place.band:
        return "age"
    return "rules"


def _say_age(request: HttpRequest) -> None:
    me = people_queries.me(request.principal)
    band = forms.choice(request.POST, "age_band", [code for code in AGE if code])
    if not me.age_band:  # what was said is changed under "Your account"
        people.set_about(request.principal, language=me.language, country=me.country, age_band=band)


def _go_on(request: HttpRequest, slug: str, ctx: dict[str, Any], step: str, token: str) -> HttpResponseBase:
    told, posted = ctx["told"], request.POST
    agreed = posted.get("agreed") == "1"
    answers = [posted.get(f"answer{n}", "") for n in range(len(told.questions))]
    ctx |= {"answers": answers, "agreed": agreed}
    if step == "rules" and agreed and told.questions and told.place.band:
        return pages.render(request, "groups/join.html", ctx | {"step": "questions"})
    done = actions.join(
        request.principal,
        slug,
        agreed=agreed,
        guidelines_version=forms.number(posted, "site_version"),
        group_version=forms.number(posted, "group_version"),
        answers=answers,
        token=token,
    )
    return pages.redirect(f"/g/{slug}/join?said={done.how}")


@pages.page(methods=("GET", "POST"))
@signed_in
def leave(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET, POST /g/<slug>/leave: a break, stepping down, or leaving with a choice about one's words."""
    ctx = _about(request, slug) | {
        "tab": "",
        "anyway": False,
        "breaks": words.BREAKS,
        "writings": words.WRITINGS,
    }
    if ctx["place"].membership is None:
        raise errors.NotFound()
    if request.method != "POST":
        return pages.render(request, "groups/leave.html", ctx)
    posted, who = request.POST, request.principal
    act = forms.choice(posted, "act", ("leave", "break", "back", "step_down"))
    anyway = posted.get("anyway") == "1"
    try:
        if act == "break":
            actions.take_break(who, slug, forms.number(posted, "days"))
        elif act == "back":
            actions.end_break(who, slug)
        elif act == "step_down":
            actions.step_down(who, slug, anyway=anyway)
        else:
            actions.leave(who, slug, posted.get("writing", ""), anyway=anyway)
            return pages.redirect("/groups?said=left")
    except (errors.Invalid, actions.Last) as error:
        last = isinstance(error, actions.Last)
        return forms.again(request, "groups/leave.html", ctx | {"anyway": last, "act": act}, error)
    return pages.redirect(f"/g/{slug}/leave?said=saved")


@pages.page(methods=("POST",))
@signed_in
def welcome(request: HttpRequest, slug: str) -> HttpResponseBase:
    """POST /g/<slug>/welcome: offer, or stop offering, to welcome newcomers."""
    actions.offer_welcome(request.principal, slug, request.POST.get("on") == "1")
    return pages.redirect(f"/g/{slug}/about?said=saved")
