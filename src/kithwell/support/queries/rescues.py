"""The questions about emergency services that belong to a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.kernel.principal import Principal
from kithwell.support import words
from kithwell.support.actions import rescue as acting
from kithwell.support.models import Conversation, Rescue
from kithwell.support.queries import common


@dataclass(frozen=True, slots=True)
class RescueRow:
    """One question with its answer. `can`: what this reader may do (decide, withdraw, record)."""

    id: UUID
    state: str
    asked_by: str
    asked_at: datetime
    reason: str
    decided_by: str
    decided_at: datetime | None
    answer: str
    outcome: str
    can: frozenset[str]


def rescues(principal: Principal, conversation_id: UUID) -> tuple[RescueRow, ...]:
    """Newest first, for somebody who may read the conversation (the caller has asked). Two or three queries."""
    rows = list(Rescue.objects.filter(conversation_id=conversation_id).order_by("-asked_at"))
    if not rows:
        return ()
    subject = Conversation.objects.values_list("contact__subject", flat=True).get(id=conversation_id)
    names = common.names({r.asked_by for r in rows} | {r.decided_by for r in rows if r.decided_by})

    def told(row: Rescue, field: str) -> str:
        return words.open_text(subject, getattr(row, field), (acting.TABLE, field, row.id))

    return tuple(
        RescueRow(
            row.id,
            row.state,
            names.get(row.asked_by, ""),
            row.asked_at,
            told(row, "reason"),
            names.get(row.decided_by, "") if row.decided_by else "",
            row.decided_at,
            told(row, "answer"),
            told(row, "outcome"),
            _can(principal, row),
        )
        for row in rows
    )


def _can(principal: Principal, row: Rescue) -> frozenset[str]:
    if row.state == Rescue.State.OPEN:
        if row.asked_by == principal.id:
            return frozenset({"withdraw"})
        return frozenset({"decide"} if principal.has(*acting.DECIDERS) else ())
    if row.state == Rescue.State.AGREED and row.outcome is None:
        return frozenset({"record"})
    return frozenset()
