"""Every read of this part: frozen shapes, a fixed number of queries."""

from kithwell.community.peers.queries.buddies import Buddies, Room, buddies, room
from kithwell.community.peers.queries.gentle import Gentle, goal_of, steps
from kithwell.community.peers.queries.profile import (
    Shown,
    badges_given,
    badges_of,
    my_people,
    own_profile,
    profile,
)
from kithwell.community.peers.queries.welcome import Found, answers, found, progress

__all__ = [
    "Buddies", "Found", "Gentle", "Room", "Shown", "answers", "badges_given", "badges_of", "buddies", "found",
    "goal_of", "my_people", "own_profile", "profile", "progress", "room", "steps",
]  # fmt: skip
