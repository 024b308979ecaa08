"""Newest activity over one's own groups: one query that takes the newest few of each, whatever their size."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import Field

from kithwell.boundaries import queries as boundaries
from kithwell.community.groups import queries as groups
from kithwell.community.groups.access import GroupCard
from kithwell.community.posts import veils
from kithwell.community.posts.access import Eye
from kithwell.community.posts.models import Post
from kithwell.community.posts.queries.listing import (
    A_PAGE,
    Listing,
    cursor,
    place_of,
    rows_of,
    stands,
    with_news,
)
from kithwell.community.posts.queries.shown import shape
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access

GROUPS_MOST = 50
_EACH = A_PAGE + 1


def feed(principal: Principal, *, before: str = "") -> tuple[Listing, dict[UUID, GroupCard]]:
    """A page of one's feed, and the groups by id. Ten queries at most, however many groups and posts there are."""
    people_access.require(principal)
    assert principal.id is not None
    mine = [row for row in groups.memberships(principal.id) if not row.member.on_break][:GROUPS_MOST]
    cards = {row.group.id: row.group for row in mine}
    eye = Eye(principal, None, boundaries.of(principal.id), veils.own_ids(cards, principal.id))
    found = rows_of(Post.objects.filter(id__in=_newest(list(cards), before)).order_by("-activity_at", "-id"))
    page, more = found[:A_PAGE], len(found) > A_PAGE
    shown = with_news(shape(page, eye), principal.id, list(cards))
    return (
        Listing(
            posts=tuple(p for p in shown if p.how != "hide"),
            older=cursor(page[-1].activity_at, page[-1].id) if more else "",
            left_out=any(p.how == "hide" for p in shown),
            stands_at=stands(found),
        ),
        cards,
    )


def _newest(group_ids: list[UUID], before: str) -> list[UUID]:
    """Ids of the newest posts of these groups: the newest few of each by its index, then the newest of these."""
    if not group_ids:
        return []
    one, args = _of_one(before)
    parts = " UNION ALL ".join(f"SELECT * FROM ({one}) AS g{n}" for n in range(len(group_ids)))
    sql = f"SELECT id FROM ({parts}) AS every ORDER BY activity_at DESC, id DESC LIMIT {_EACH}"
    values = [v for group in group_ids for v in (_db(Post._meta.get_field("group"), group), *args)]
    with connection.cursor() as cur:
        cur.execute(sql, values)
        field = Post._meta.pk
        convert = connection.ops.get_db_converters(field.get_col(Post._meta.db_table)) if field else []
        found = []
        for (value,) in cur.fetchall():
            for change in convert:
                value = change(value, field, connection)
            found.append(value)
    return found


def _of_one(before: str) -> tuple[str, list[object]]:
    sql, args = 'SELECT id, activity_at FROM posts_post WHERE "group" = %s AND state = 0', []
    at = place_of(before)
    if at is not None:
        moment, ident = at
        sql += " AND activity_at <= %s AND NOT (activity_at = %s AND id >= %s)"
        when = _db(Post._meta.get_field("activity_at"), moment)
        args = [when, when, _db(Post._meta.get_field("id"), ident)]
    return f"{sql} ORDER BY activity_at DESC, id DESC LIMIT {_EACH}", args


def _db(field: Field, value: object) -> object:  # type: ignore[type-arg]
    return field.get_db_prep_value(value, connection)
