"""For the team: posts that nobody answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.community.groups import words as group_words
from kithwell.community.posts import access, queries
from kithwell.kernel import pages
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access
from kithwell.people.calls import Call


@pages.page()
@people_access.staff(*access.TEAM)
def waiting(request: HttpRequest) -> HttpResponse:
    """GET /groups/waiting: posts nobody answered, for those of the team who may answer them."""
    shown = {"brought": queries.brought(request.principal), "w": group_words, "page_css": ["posts"]}
    return pages.render(request, "posts/waiting.html", shown)


def call(principal: Principal) -> Call | None:
    """A line for the desk, where there is something to answer."""
    if (
        principal.has(*access.TEAM)
        and principal.stepped_up
        and queries.waits_for_team()
        and queries.brought(principal)
    ):
        return Call(_("Somebody wrote in a group and has no answer yet"), "/groups/waiting")
    return None
