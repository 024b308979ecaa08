"""What became of an outgoing message: a machine that only moves forward.

Providers repeat and reorder statuses; "read" may come without "delivered", and "delivered" may follow "failed" (the
phone was off, the provider gave up, then it arrived). A retry is a new attempt with its own provider id, so a message's
status is the best of its attempts. Source: provider documentation of message status webhooks, 2026-05-21.
"""

from __future__ import annotations

from collections.abc import Iterable

# Before the provider has it.
PENDING, HELD, SENDING = "pending", "held", "sending"
# After.
FAILED, SENT, DELIVERED, READ, PLAYED = "failed", "sent", "delivered", "read", "played"
# Ends that are ours alone.
CANCELLED, EXPIRED = "cancelled", "expired"

_RANK = {
    CANCELLED: 0,
    PENDING: 1,
    HELD: 1,
    SENDING: 2,
    SENT: 3,
    EXPIRED: 3,
    FAILED: 4,
    DELIVERED: 5,
    READ: 6,
    PLAYED: 7,
}
REPORTED = (SENT, DELIVERED, READ, PLAYED, FAILED)


def advance(current: str, reported: str) -> str:
    """The status after a provider reports `reported`. Never moves back; unknown reports change nothing.

    `failed` stands over `sent`, because a failure tells more; only a later proof of arrival stands over `failed`.
    """
    if reported not in REPORTED:
        return current
    return reported if _RANK[reported] > _RANK.get(current, 0) else current


def best(attempts: Iterable[str]) -> str:
    """A message's status from the statuses of its attempts, oldest first.

    An attempt that arrived counts for the message; else the newest attempt tells.
    """
    status = PENDING
    for attempt in attempts:
        if _RANK[status] < _RANK[DELIVERED] or _RANK[attempt] > _RANK[status]:
            status = attempt
    return status


def is_settled(status: str) -> bool:
    """Nothing more will be tried by itself."""
    return status in (FAILED, EXPIRED, CANCELLED, DELIVERED, READ, PLAYED)


def is_loud(status: str) -> bool:
    """The supporter must be told that this did not arrive."""
    return status in (FAILED, EXPIRED)
