"""Tables of posts and replies. Private to this part: others go through access, actions and queries.

What people write is sealed under the writer's own key. Somebody "anonymous in this group" writes under a veil: a name
and a key of its own; the account behind it lies sealed in the veil and nowhere else.
"""

from kithwell.community.posts.models.beside import (
    Draft,
    Mood,
    Picture,
    Poll,
    Reaction,
    ReadMark,
    Settings,
    Vote,
    Word,
)
from kithwell.community.posts.models.pieces import Earlier, Piece, Post, Reply, State, Veil

__all__ = [
    "Draft",
    "Earlier",
    "Mood",
    "Picture",
    "Piece",
    "Poll",
    "Post",
    "Reaction",
    "ReadMark",
    "Reply",
    "Settings",
    "State",
    "Veil",
    "Vote",
    "Word",
]
