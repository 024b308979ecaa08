"""What several reads share: names, cards, and the audit of who looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from kithwell.kernel import audit, clock
from kithwell.kernel.principal import Principal
from kithwell.support import house, ports
from kithwell.support.models import Conversation, Delivery, Reading
from kithwell.support.queries.views import ConversationCard
from kithwell.support.rules import window

CARD = (
    "id", "contact__handle", "channel", "level", "self_rating", "language", "country", "state", "unanswered",
    "last_activity_at", "last_n", "waiting_since", "last_inbound_at", "reason",
)  # fmt: skip


def names(accounts: Iterable[UUID | None]) -> dict[UUID, str]:
    """Pseudonyms by account; one query, none when nobody is asked for."""
    from kithwell.people import queries as people

    wanted = {a for a in accounts if a is not None}
    return people.names(wanted) if wanted else {}


def window_of(channel: str, last_inbound: datetime | None) -> window.Window:
    try:
        hours = ports.adapter(channel).window_hours
    except LookupError:
        hours = None
    return window.state(hours, last_inbound, clock.now())


def cards(rows: Sequence[dict[str, Any]]) -> tuple[ConversationCard, ...]:
    """Cards from `values(*CARD)` rows. One query more, for sends that failed."""
    idents = [row["id"] for row in rows]
    failed = {}
    if idents:
        counted = Delivery.objects.filter(
            conversation_id__in=idents, message__status__in=("failed", "expired"), message__author="supporter"
        )
        failed = dict(
            counted.values("conversation_id")
            .annotate(n=Count("message_id", distinct=True))
            .values_list("conversation_id", "n")
        )
    return tuple(_card(row, failed.get(row["id"], 0)) for row in rows)


def _card(row: dict[str, Any], failed: int) -> ConversationCard:
    shuts = window_of(row["channel"], row["last_inbound_at"])
    return ConversationCard(
        id=row["id"],
        handle=row["contact__handle"],
        channel=row["channel"],
        level=row["level"],
        self_rating=row["self_rating"],
        language=row["language"],
        country=row["country"],
        state=row["state"],
        unanswered=row["unanswered"],
        last_at=row["last_activity_at"],
        n=row["last_n"],
        waiting_since=row["waiting_since"],
        window_open=shuts.open,
        window_closes_at=shuts.closes_at,
        reason=row["reason"],
        failed_sends=failed,
    )


def mine(account: UUID) -> Q:
    """Conversations on one's own desk: held ones, and those the person closed that still want a summary."""
    return Q(assigned_to=account, state="human") | Q(
        assigned_to=account,
        state="ended",
        ended_by="person",
        summary__isnull=True,
        first_reply_at__isnull=False,
        ended_at__gt=clock.now() - house.OWED_SUMMARY,
    )


def note_reading(principal: Principal, conversation: Conversation) -> None:
    """One audit entry for each staff member, conversation and quarter of an hour: who looked, never at what."""
    now = clock.now()
    since = now - house.AUDIT_READ_EVERY
    fresh = Reading.objects.filter(conversation=conversation, account=principal.id, audited_at__gt=since)
    if fresh.exists():
        return
    try:
        with transaction.atomic():
            moved = Reading.objects.filter(
                conversation=conversation, account=principal.id, audited_at__lte=since
            ).update(audited_at=now)
            if not moved:
                Reading.objects.create(conversation=conversation, account=principal.id, audited_at=now)
            audit.record(
                principal,
                "conversation.read",
                kind="conversation",
                id=conversation.id,
                about=conversation.contact.subject,
            )
    except IntegrityError:
        return  # the same person's other tab was a moment faster
