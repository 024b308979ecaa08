"""Every read of groups: frozen shapes, a fixed number of queries."""

from kithwell.community.groups.queries.directory import Asked, Directory, directory
from kithwell.community.groups.queries.door import About, about
from kithwell.community.groups.queries.lead import (
    blank,
    health_of,
    joined_since,
    oversight,
    people_of,
    settings,
)
from kithwell.community.groups.queries.members import Belonging, members, memberships, shared, welcomers
from kithwell.community.groups.queries.prompts import prompt, shipped
from kithwell.community.groups.queries.reads import card, groups_by_id, suitable

__all__ = [
    "About",
    "Asked",
    "Belonging",
    "Directory",
    "about",
    "blank",
    "card",
    "directory",
    "groups_by_id",
    "health_of",
    "joined_since",
    "members",
    "memberships",
    "oversight",
    "people_of",
    "prompt",
    "settings",
    "shared",
    "shipped",
    "suitable",
    "welcomers",
]
