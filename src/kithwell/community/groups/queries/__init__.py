"""Every read of groups: frozen shapes, a fixed number of queries."""

from kithwell.community.groups.queries.members import (
    members,
    memberships,
    shared,
    welcomers,
)
from kithwell.community.groups.queries.reads import card, groups_by_id, suitable

__all__ = [
    "card",
    "groups_by_id",
    "members",
    "memberships",
    "shared",
    "suitable",
    "welcomers",
]
