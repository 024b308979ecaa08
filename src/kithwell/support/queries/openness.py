"""Is somebody there, how many wait, how long may it take; and what the person needs beside their transcript."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import access, house
from kithwell.support.models import Contact, Conversation, SupporterState
from kithwell.support.queries.views import Open, PersonView
from kithwell.support.rules import waiting

KEPT = 3.0  # seconds; every first answer asks
LINE = 400  # places looked at; nobody further back is told a longer wait
URGENT = ("C3", "C4", "C5")


@dataclass(frozen=True, slots=True)
class _House:
    """How it looks now: who is there, how many wait, the head of the line as (band, effective start), and how long the
    last people waited (all of them, and those at C3 or above)."""

    staff: int
    ahead: int
    line: tuple[tuple[int, datetime], ...]
    waits: tuple[float, ...]
    urgent_waits: tuple[float, ...]

    def minutes(self, ahead: int, waits: tuple[float, ...]) -> int:
        return waiting.estimate(ahead, self.staff, waits, cap=house.limits().cap)


_kept: tuple[datetime, _House] | None = None


def forget() -> None:
    """Ask the database next time (tests)."""
    global _kept
    _kept = None


def _house() -> _House:
    """Now, or at most three seconds ago. Three queries."""
    global _kept
    now = clock.now()
    if _kept is not None and abs((now - _kept[0]).total_seconds()) < KEPT:
        return _kept[1]
    staff = SupporterState.objects.filter(
        on_shift_since__isnull=False, last_heartbeat__gte=now - house.SILENT_SHIFT
    ).count()
    queue = Conversation.objects.filter(in_queue=True)
    placed = queue.filter(effective_since__isnull=False).order_by("band", "effective_since")
    line = tuple(placed.values_list("band", "effective_since")[:LINE])
    ahead = len(line) if len(line) < LINE else queue.count()
    recent = Conversation.objects.filter(
        first_reply_at__gte=now - timedelta(hours=2),
        waiting_since__isnull=False,
        created_at__gte=now - timedelta(days=1),
    ).order_by("-first_reply_at")
    waits = [
        (max(0.0, (answered - since).total_seconds()), level)
        for answered, since, level in recent.values_list("first_reply_at", "waiting_since", "level")[:30]
    ]
    urgent = tuple(seconds for seconds, level in waits if level in URGENT)
    found = _House(staff, ahead, line, tuple(seconds for seconds, _ in waits), urgent)
    _kept = (now, found)
    return found


def open_state() -> Open:
    """What somebody who might write wants to know. Three queries at most."""
    there = _house()
    minutes = there.minutes(there.ahead, there.waits)
    return Open(there.staff > 0, there.ahead, minutes, waiting.position_words(there.ahead))


def open_for(conversation: Conversation) -> Open:
    """The same for somebody in line: only those before them count, for the queue goes by need. No query more.

    The conversation may be one that is not stored yet. Whoever is at C3 or above waits as those at C3 or above did.
    """
    if not conversation.in_queue or conversation.effective_since is None:
        return open_state()
    there = _house()
    ahead = bisect_left(there.line, (conversation.band, conversation.effective_since))
    waits = there.urgent_waits if conversation.level in URGENT else there.waits
    return Open(there.staff > 0, there.ahead, there.minutes(ahead, waits), waiting.position_words(ahead))


def somebody_on_call() -> bool:
    """Will a call about somebody in danger reach anybody? Said to the person only when it is true."""
    from kithwell.people import queries as people

    on_shift = SupporterState.objects.filter(
        on_shift_since__isnull=False, last_heartbeat__gte=clock.now() - house.SILENT_SHIFT
    )
    return bool(people.accounts_with_role("oncall")) or on_shift.exists()


def person(visitor: Principal) -> PersonView:
    """What the person themself needs: their open conversation (else the last), and where they stand. Six queries at
    most. Raises NotFound."""
    contact = Contact.objects.filter(_self(visitor), erased_at__isnull=True).order_by("created_at").first()
    if contact is None or not access.is_own(visitor, contact):
        raise NotFound()
    conversation = (
        Conversation.objects.filter(contact=contact)
        .order_by(F("ended_at").desc(nulls_first=True), "-created_at")
        .first()
    )
    return PersonView(
        conversation.id if conversation else None,
        contact.id,
        contact.handle,
        conversation.state if conversation else "none",
        ahead_of(conversation),
        open_state() if conversation is None else open_for(conversation),
    )


def _self(visitor: Principal) -> Q:
    return Q(id=visitor.id) if visitor.kind == "visitor" else Q(account=visitor.id or UUID(int=0))


def ahead_of(conversation: Conversation | None) -> int:
    """How many people come before this one; -1 when they do not wait."""
    if conversation is None or not conversation.in_queue or conversation.effective_since is None:
        return -1
    ahead = Q(band__lt=conversation.band) | Q(
        band=conversation.band, effective_since__lt=conversation.effective_since
    )
    return Conversation.objects.filter(ahead, in_queue=True).count()
