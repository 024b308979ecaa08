"""A reviewer's own desk: one button for the next case, and a break when it is time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kithwell.kernel import pages
from kithwell.moderation import access, actions
from kithwell.moderation.queries import desk
from kithwell.people.access import staff

NOTICES = {
    "none": _("Nothing is waiting for you right now. Thank you for looking."),
    "decided": _("Decided. The author and whoever reported it are told."),
    "proposed": _("Kept as a proposal. It has no effect until a second person agrees."),
    "confirmed": _("Noted. Thank you for the second look."),
    "answered": _("Answered. The author is told."),
    "released": _("It went back to its place. Nothing was lost."),
    "handed": _("Kept for your colleague until tomorrow."),
    "read": _("Thank you. Your reading is kept beside the first one."),
}


@pages.page()
@staff(*access.DESK)
def home(request: HttpRequest) -> HttpResponse:
    """GET /moderation."""
    shown = {
        "me": desk.me(request.principal),
        "notice": NOTICES.get(request.GET.get("notice", ""), ""),
        "page_js": ["desk"],
        "page_css": ["desk", "moderation"],
    }
    return pages.render(request, "moderation/desk.html", shown)


@pages.page(methods=("POST",))
@staff(*access.DESK)
def take(request: HttpRequest) -> HttpResponse:
    """POST /moderation/take: what needs somebody most."""
    try:
        found = actions.take_next(request.principal)
    except actions.Rest:
        return pages.redirect("/moderation/break")
    return pages.redirect(f"/moderation/c/{found}" if found else "/moderation?notice=none")


@pages.page(methods=("GET", "POST"))
@staff(*access.DESK)
def rest(request: HttpRequest) -> HttpResponse:
    """/moderation/break: a kind page; POST begins a break now."""
    if request.method == "POST":
        actions.take_break(request.principal)
        return pages.redirect("/moderation/break")
    return pages.render(request, "moderation/break.html", {"me": desk.me(request.principal)})
