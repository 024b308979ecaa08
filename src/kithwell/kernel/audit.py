"""The audit chain: who saw or did what, and why, never the content itself.

Each entry carries the hash of the one before, so a changed or missing row shows; a head row holds the newest number
and hash, so a cut-off tail shows too. Writers lock the head row, which orders them on PostgreSQL; on SQLite the
write transaction does. Record at the end of an action, so that the lock is short.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kithwell.kernel import clock
from kithwell.kernel.principal import Principal


class Broken(Exception):
    """The chain does not hold at entry `seq`."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"the audit chain is broken at entry {seq}: {why}")
        self.seq = seq


def record(
    actor: Principal,
    verb: str,
    *,
    kind: str,
    id: object,
    about: UUID | None = None,
    reason: str = "",
    **facts: str | int | bool | None,
) -> int:
    """Append one entry and return its number.

    `verb` is what was done ("conversation.read"), `kind` and `id` name the thing, `about` is the subject of the person
    concerned, `reason` the actor's own words where a rule asks for them. `facts` are codes and counts, never content.
    """
    from kithwell.kernel.models import AuditEntry, AuditHead

    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
        entry = AuditEntry(
            seq=head.seq + 1,
            at=clock.now(),
            actor_kind=actor.kind,
            actor=actor.id,
            verb=verb,
            kind=kind,
            object_id=str(id),
            about=about,
            reason=reason[:500],
            facts=facts,
            previous=head.hash,
        )
        entry.hash = _hash(_canonical(entry))
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=1).update(seq=entry.seq, hash=entry.hash)
    return int(entry.seq)


def _canonical(entry: Any) -> str:
    at: datetime = entry.at
    return json.dumps(
        [
            entry.seq,
            at.isoformat(timespec="microseconds"),
            entry.actor_kind,
            str(entry.actor or ""),
            entry.verb,
            entry.kind,
            entry.object_id,
            str(entry.about or ""),
            entry.reason,
            entry.facts,
            entry.previous,
        ],
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _entries() -> Iterator[Any]:
    from kithwell.kernel.models import AuditEntry

    yield from AuditEntry.objects.order_by("seq").iterator(chunk_size=2000)


def verify() -> int:
    """Walk the whole chain; returns the number of entries. Raises Broken at the first that does not hold."""
    from kithwell.kernel.models import AuditHead

    seq, previous = 0, ""
    for entry in _entries():
        if entry.seq != seq + 1:
            raise Broken(seq + 1, "it is missing")
        if entry.previous != previous:
            raise Broken(entry.seq, "it does not follow the one before")
        if entry.hash != _hash(_canonical(entry)):
            raise Broken(entry.seq, "it was changed")
        seq, previous = entry.seq, entry.hash
    head = AuditHead.objects.filter(pk=1).values_list("seq", "hash").first() or (0, "")
    if head != (seq, previous):
        raise Broken(seq + 1, f"the newest entries are missing: the head says {head[0]}")
    return seq
