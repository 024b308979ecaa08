"""Every read of posts: frozen shapes, a fixed number of queries."""

from kithwell.community.posts.queries.brought import Brought, brought, waits_for_team
from kithwell.community.posts.queries.doors import (
    anchor,
    answers_itself,
    author_behind,
    summaries,
    writes_here,
)
from kithwell.community.posts.queries.feed import feed
from kithwell.community.posts.queries.listing import archive, of_group, search, waiting
from kithwell.community.posts.queries.mine import draft, drafts, earlier, loose_pictures, picture
from kithwell.community.posts.queries.shown import Shown
from kithwell.community.posts.queries.thread import Thread, later, thread

__all__ = [
    "Brought",
    "Shown",
    "Thread",
    "anchor",
    "answers_itself",
    "archive",
    "author_behind",
    "brought",
    "draft",
    "drafts",
    "earlier",
    "feed",
    "later",
    "loose_pictures",
    "of_group",
    "picture",
    "search",
    "summaries",
    "thread",
    "waiting",
    "waits_for_team",
    "writes_here",
]
