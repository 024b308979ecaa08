"""What a group does together, on the group's page."""

from __future__ import annotations

from kithwell.community.groups import sidebar
from kithwell.community.groups.access import Place
from kithwell.community.peers import queries, words
from kithwell.kernel.principal import Principal


@sidebar.register
def goal(principal: Principal, place: Place) -> sidebar.Aside | None:
    """The tree that grows; for facilitators also the way to set something to do. One query."""
    found = queries.goal_of(place.group.id, place.group.name, place.group.url)
    if found is None and not (place.may_facilitate and place.may_post):
        return None
    shown = {"goal": found, "stage": words.STAGE[found.stage] if found else ""}
    return sidebar.Aside("peers/aside.html", shown, css="peers")
