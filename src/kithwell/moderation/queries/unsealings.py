"""Wishes to learn who wrote something anonymously."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, kinds
from kithwell.moderation.models import Unsealing
from kithwell.people import queries as people


@dataclass(frozen=True, slots=True)
class Wish:
    """`mine`: I asked, so I cannot agree. `text`: the words it is about."""

    id: UUID
    kind: str
    ident: str
    title: str
    text: str
    reason: str
    state: str
    asked_by: str
    asked_at: datetime
    mine: bool
    open_until: datetime | None


def wishes(principal: Principal) -> tuple[Wish, ...]:
    """Those that wait for a second person, and those open to me now. At most fifty."""
    me = access.reviewer(principal)
    now = clock.now()
    open_to_me = Q(state="opened", open_until__gt=now) & (Q(asked_by=me) | Q(settled_by=me))
    rows = list(Unsealing.objects.filter(Q(state="asked") | open_to_me).order_by("asked_at")[:50])
    names = people.names(r.asked_by for r in rows)
    said = _texts({(r.kind, r.ident) for r in rows})
    return tuple(
        Wish(
            r.id,
            r.kind,
            r.ident,
            kinds.title(r.kind),
            said.get((r.kind, r.ident), "")[:600],
            r.reason,
            r.state,
            names.get(r.asked_by, ""),
            r.asked_at,
            r.asked_by == me,
            r.open_until,
        )
        for r in rows
    )


def _texts(things: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The words of many things, asked once of each kind."""
    out: dict[tuple[str, str], str] = {}
    for kind in {kind for kind, _ident in things}:
        known = kinds.get(kind)
        wanted = [ident for name, ident in things if name == kind]
        for ident, seen in known.snippets(wanted).items() if known is not None else ():
            out[kind, ident] = seen.text
    return out
