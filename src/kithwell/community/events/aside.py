"""What comes next in a group, on the group's page."""

from __future__ import annotations

from kithwell.community.events import queries
from kithwell.community.groups import sidebar
from kithwell.community.groups.access import Place
from kithwell.kernel.principal import Principal

MOST = 3


@sidebar.register
def coming(principal: Principal, place: Place) -> sidebar.Aside | None:
    """The next events of the group, for its members. At most three queries."""
    cards = queries.of_group(principal, place.group.id, MOST)
    return sidebar.Aside("events/aside.html", {"cards": cards}) if cards else None
