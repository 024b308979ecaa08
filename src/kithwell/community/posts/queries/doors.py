"""What other parts may ask about posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.community.groups import queries as groups
from kithwell.community.posts import veils
from kithwell.community.posts.models import Post, Reply
from kithwell.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Summary:
    """A post in as few words as a notice may have: no text, no writer."""

    id: UUID
    group: UUID
    slug: str
    group_name: str
    url: str
    at: datetime
    anonymous: bool


def summaries(ids: Iterable[UUID]) -> dict[UUID, Summary]:
    """Posts by id; authorises nothing and tells no words. Two queries."""
    rows = list(Post.objects.filter(id__in=list(ids)).values_list("id", "group", "created_at", "veil_id"))
    cards = groups.groups_by_id(row[1] for row in rows)
    return {
        ident: Summary(
            ident, group, cards[group].slug, cards[group].name, f"/p/{ident}", at, veil is not None
        )
        for ident, group, at, veil in rows
        if group in cards
    }


def author_behind(piece: UUID) -> UUID | None:
    """The account that wrote a post or reply, also under a veil: to tell the person themself something. What it returns
    may go into nothing that anybody else sees, no event payload, log or address."""
    for model in (Post, Reply):
        row = model.objects.filter(id=piece).values_list("author", "veil_id").first()
        if row is not None:
            return row[0] or (veils.behind(row[1]) if row[1] else None)
    return None


def answers_itself(reply: UUID, post: UUID) -> bool:
    """Does a reply stand under the same name as the post, as everybody sees it? What others can see follows from this
    and never from who is behind the names."""
    subjects = Reply.objects.filter(id=reply, post=post).values_list("subject", "post__subject").first()
    return subjects is not None and subjects[0] == subjects[1]


def writes_here(account: UUID, group: UUID) -> bool:
    """Has somebody written in a group under their own name? Two queries."""
    return (
        Post.objects.filter(group=group, author=account).exists()
        or Reply.objects.filter(group=group, author=account).exists()
    )


def anchor(ident: UUID) -> UUID:
    """The post a piece belongs to. Raises NotFound."""
    if Post.objects.filter(id=ident).exists():
        return ident
    found = Reply.objects.filter(id=ident).values_list("post_id", flat=True).first()
    if found is None:
        raise NotFound()
    return UUID(str(found))
