"""Posts nobody answered for so long that they are brought to the team: where and since when, never the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from kithwell.boundaries import queries as boundaries
from kithwell.community.groups import queries as groups
from kithwell.community.posts import access, veils
from kithwell.community.posts.models import Post, State
from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access

SHOWN = 50
LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Brought:
    """A post that waits for the team. Its words are read on its own page, and that is written down."""

    id: UUID
    group_name: str
    topic: str
    language: str
    young: bool
    warnings: tuple[str, ...]
    at: datetime

    @property
    def url(self) -> str:
        return f"/p/{self.id}"


def _rows() -> QuerySet[Post]:
    since = clock.now() - LOOKED_BACK
    rows = Post.objects.filter(
        first_reply_at=None, state=State.OPEN, alert_step=access.BROUGHT, created_at__gt=since
    )
    return rows.exclude(kind=Post.Kind.PROMPT).exclude(replies_from="nobody").exclude(locked=True)


def brought(principal: Principal) -> tuple[Brought, ...]:
    """What waits, the longest wait first. Five queries. Raises SignInNeeded, Refused or StepUpNeeded."""
    people_access.require(principal, *access.TEAM, step_up=True)
    blocked = boundaries.of(principal.id).blocked
    rows = list(
        _rows()
        .order_by("created_at")
        .values_list("id", "group", "author", "veil_id", "warnings", "created_at")[: SHOWN * 2]
    )
    cards = groups.groups_by_id(row[1] for row in rows)
    own = veils.own_ids(cards, principal.id)
    found = []
    for ident, group, author, veil, warnings, at in rows:
        card = cards.get(group)
        who = author or veil
        if card is None or card.archived or card.state != "open" or who in blocked:
            continue
        if author == principal.id or veil in own:
            continue
        found.append(
            Brought(
                ident,
                card.name,
                card.topic,
                card.language,
                card.for_minors,
                tuple(filter(None, warnings.split(","))),
                at,
            )
        )
    return tuple(found[:SHOWN])


def waits_for_team() -> bool:
    """Is there anything? One query."""
    return _rows().exists()
