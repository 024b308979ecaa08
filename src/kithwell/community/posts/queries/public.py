"""A public group's page for signed-out readers, cheaply: first what decides how each post looks, without its words.

Whatever changes a post's looks is in its row here, so a kept card of the same row is the same card. The name alone may
be late, by as long as an unwrapped key is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from kithwell.boundaries.rules import NOBODY
from kithwell.community.groups.access import Place
from kithwell.community.posts.access import Eye
from kithwell.community.posts.models import Post, State
from kithwell.community.posts.queries.listing import A_PAGE, cursor, place_of, rows_of
from kithwell.community.posts.queries.shown import Shown, shape
from kithwell.kernel.principal import ANONYMOUS

# Written out: making these few words of SQL through the ORM would be a quarter of the page's time.
_COLUMNS = (
    "id, activity_at, edited_at, state, warnings, pinned, locked, pictures, reply_n, replies_from, author"
)
_FIRST = f"""SELECT {_COLUMNS} FROM posts_post WHERE "group" = %s AND state = 0
 ORDER BY pinned DESC, activity_at DESC, id DESC LIMIT {A_PAGE + 1}"""
_NEXT = f"""SELECT {_COLUMNS} FROM posts_post WHERE "group" = %s AND state = 0 AND NOT pinned
 AND activity_at <= %s AND NOT (activity_at = %s AND id >= %s)
 ORDER BY activity_at DESC, id DESC LIMIT {A_PAGE + 1}"""
Look = tuple[Any, ...]  # a row as the database gives it: all that a card is made of but words and name


def looks(place: Place, before: str = "") -> tuple[list[Look], str]:
    """A page's posts in order, and where the next page begins. One query."""
    values: list[object] = [db_value("group", place.group.id)]
    at = place_of(before)
    if at is not None:
        when = db_value("activity_at", at[0])
        values += [when, when, db_value("id", at[1])]
    with connection.cursor() as cur:
        cur.execute(_NEXT if at is not None else _FIRST, values)
        found: list[Look] = [tuple(row) for row in cur.fetchall()]
    page, more = found[:A_PAGE], len(found) > A_PAGE
    return page, cursor(_moment(page[-1][1]), ident(page[-1])) if more else ""


def ident(look: Look) -> UUID:
    """Which post it is."""
    return look[0] if isinstance(look[0], UUID) else UUID(str(look[0]))


def _moment(value: object) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def db_value(field: str, value: object) -> object:
    """A value as the database wants it."""
    return Post._meta.get_field(field).get_db_prep_value(value, connection)


def shown(place: Place, ids: Iterable[UUID]) -> dict[UUID, Shown]:
    """These posts as a signed-out reader sees them. Three queries, none for no ids."""
    wanted = list(ids)
    if not wanted:
        return {}
    eye = Eye(ANONYMOUS, place, NOBODY, frozenset())
    rows = rows_of(Post.objects.filter(id__in=wanted, state=State.OPEN))
    return {post.id: post for post in shape(rows, eye, keep=True)}
