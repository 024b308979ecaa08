"""A supporter's own desk: who they talk with, their shift, and one button for the next person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kithwell.kernel import conf, pages
from kithwell.kernel.errors import Refused
from kithwell.kernel.principal import Principal
from kithwell.people import calls
from kithwell.people.access import staff
from kithwell.support import actions, queries
from kithwell.support.pages import forms

STAFF = ("supporter", "supervisor", "oncall")
MOODS = ("fine", "heavy", "talk")


def context(request: HttpRequest, principal: Principal) -> dict[str, object]:
    """What every desk page shows beside the conversation."""
    return {
        "desk": queries.desk(principal),
        "calls": calls.ask(principal),
        "page_width": "desk",
        "page_js": ["desk"],
        "page_css": ["desk"],
        "notice": NOTICES.get(request.GET.get("notice", ""), ""),
        "why_not": actions.WHY_NOT,
    }


NOTICES = {
    "nobody": _("Nobody is waiting right now. Thank you for being here."),
    "ended": _("The conversation has ended and your summary is kept."),
    "handed": _("Your offer was sent. You keep this conversation until somebody accepts."),
    "to_assistant": _(
        "The assistant has taken over, and the person was told. They can ask for a person at any time."
    ),
    "saved": _("Saved."),
    "released": _("The conversation went back to its place in the queue. Nothing was lost."),
    "debriefed": _("Thank you. Look after yourself."),
    **actions.WHY_NOT,
}


@pages.page()
@staff(*STAFF)
def home(request: HttpRequest) -> HttpResponse:
    """GET /desk: my conversations and the one button."""
    return pages.render(request, "support/desk.html", context(request, request.principal))


@pages.page()
@staff(*STAFF)
def side(request: HttpRequest) -> HttpResponse:
    """GET /desk/side: the list beside the conversation, for the live page."""
    return pages.render(request, "support/side.html", context(request, request.principal))


@pages.page(methods=("POST",))
@staff(*STAFF)
def take(request: HttpRequest) -> HttpResponse:
    """POST /desk/take: the next person, by need. Whoever must rest first is told so on the desk."""
    try:
        taken = actions.take_next(request.principal, forms.number(request, "holding"))
    except Refused as why:
        return pages.redirect(f"/desk?notice={why.code}")
    return pages.redirect(f"/desk/c/{taken}" if taken else "/desk?notice=nobody")


@pages.page(methods=("POST",))
@staff(*STAFF)
def shift(request: HttpRequest) -> HttpResponse:
    """POST /desk/shift: begin or end the shift, begin or end a break."""
    steps = {
        "start": actions.start_shift,
        "end": actions.end_shift,
        "break": actions.start_break,
        "back": actions.end_break,
    }
    steps[forms.choice(request, "step", steps)](request.principal)
    return pages.redirect("/desk")


@pages.page(methods=("POST",))
@staff("supporter", "supervisor")
def languages(request: HttpRequest) -> HttpResponse:
    """POST /desk/languages: the languages I can help in; people who speak them come to me first."""
    chosen = request.POST.getlist("language")
    spoken = [code for code in conf.get("languages") if code in chosen]
    actions.set_my_languages(request.principal, spoken)
    return pages.redirect("/desk?notice=saved")


@pages.page(methods=("POST",))
@staff(*STAFF)
def beat(request: HttpRequest) -> HttpResponse:
    """POST /desk/beat: this supporter's page is open; keeps their leases."""
    actions.heartbeat(request.principal)
    return HttpResponse(status=204)


@pages.page(methods=("POST",))
@staff(*STAFF)
def acknowledge(request: HttpRequest, alert: str) -> HttpResponse:
    """POST /desk/alert/<id>: the on-call person takes a crisis alert."""
    conversation = actions.acknowledge_alert(request.principal, forms.ident(alert))
    return pages.redirect(f"/desk/c/{conversation}")


@pages.page(methods=("POST",))
@staff(*STAFF)
def follow_up_done(request: HttpRequest, follow_up: str) -> HttpResponse:
    """POST /desk/follow-up/<id>: this follow-up is done, or no longer wanted."""
    outcome = forms.choice(request, "outcome", ("done", "dropped"))
    actions.settle_follow_up(request.principal, forms.ident(follow_up), outcome)
    return pages.redirect("/desk?notice=saved")


@pages.page(methods=("GET", "POST"))
@staff(*STAFF)
def debrief(request: HttpRequest, conversation: str) -> HttpResponse:
    """/desk/debrief/<id>: a few words after a hard conversation; everything in it is optional."""
    if request.method == "POST" and "skip" in request.POST:
        actions.skip_debrief(request.principal, forms.ident(conversation))
        return pages.redirect("/desk")
    if request.method == "POST":
        actions.debrief(
            request.principal,
            forms.ident(conversation),
            forms.choice(request, "mood", MOODS),
            forms.text(request, "text", required=False),
        )
        return pages.redirect("/desk?notice=debriefed")
    return pages.render(
        request, "support/debrief.html", {**context(request, request.principal), "conversation": conversation}
    )
