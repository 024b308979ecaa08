"""Every read of groups: frozen shapes, a fixed number of queries."""

from kithwell.community.groups.queries.members import (
    accepted_site_guidelines,
    members,
    memberships,
    shared,
    welcomers,
)
from kithwell.community.groups.queries.reads import card, groups_by_id, suitable

__all__ = [
    "accepted_site_guidelines",
    "card",
    "groups_by_id",
    "members",
    "memberships",
    "shared",
    "suitable",
    "welcomers",
]
