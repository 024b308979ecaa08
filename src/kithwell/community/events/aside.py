"""What comes next in a group, on the group's page."""

from __future__ import annotations

from kithwell.community.events import queries
from kithwell.community.groups import sidebar
from kithwell.community.groups.access import Place
from kithwell.kernel.principal import Principal

MOST = 3


@sidebar.register
def coming(principal: Principal, place: Place) -> sidebar.Aside | None:
    """The next events of the group, for its members; for those who lead it also the way to plan one. At most three
    queries."""
    cards = queries.of_group(principal, place.group.id, MOST)
    plans = place.may_facilitate and not place.group.archived
    return sidebar.Aside("events/aside.html", {"cards": cards, "plans": plans}) if cards or plans else None
