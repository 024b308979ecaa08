"""From raw posts to messages at the desk: read, claim, hand over, let go, all effects of a batch in one transaction.

Crash safe without a lease: a post stays `new` until the transaction that stored its messages commits, and whoever dies
in between leaves it `new`. Two workers never take the same post: the rows are locked inside the transaction (SKIP
LOCKED on PostgreSQL, the write lock on SQLite). A post that breaks what reads it is found by halving the batch, kept
as `poison` and listed; everything else goes on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Q

from kithwell.channels.models import RawEvent
from kithwell.channels.whatsapp import accounts, errors, notices, protocol, store
from kithwell.channels.whatsapp.names import own_name
from kithwell.kernel import clock, conf, crypto, ids, logs
from kithwell.support import actions
from kithwell.support.ports import Inbound, Received, StatusReport

BATCH = 20  # posts in one transaction: short enough that nobody waits long for SQLite's write lock
GAP = 0.004  # seconds between two transactions, so that others get their turn at that lock
LOOK_AGAIN = 0.01  # seconds between two looks while lingering
MAX_TRIES = 5  # before a post that breaks its reader is set aside
STATUS_TRIES = 7  # a status may come before we know the message; asked again after 1, 2, 4, ... seconds
FUTURE = timedelta(minutes=10)  # the provider's clock may be ahead of ours by this much
log = logs.get("channels.digest")


@dataclass(slots=True)
class Event:
    """One stored post and what it holds."""

    id: UUID
    attempts: int
    inbounds: list[Inbound] = field(default_factory=list)
    reports: list[StatusReport] = field(default_factory=list)
    notices: list[tuple[str, protocol.Notice]] = field(default_factory=list)
    problem: str = ""


def drain(seconds: float = 1.0, linger: float = 0.0) -> bool:
    """Digest until nothing is left (False) or the time is up (True: there may be more).

    `linger`: seconds to stay and look again when nothing is left; under load this saves a job for every few posts.
    """
    until = time.monotonic() + seconds
    idle_since = time.monotonic()
    while True:
        if digest_batch():
            idle_since = time.monotonic()
            if connection.vendor == "sqlite" and not connection.in_atomic_block:
                time.sleep(GAP)
        elif time.monotonic() - idle_since >= linger:
            return False
        else:
            time.sleep(LOOK_AGAIN)
        if time.monotonic() > until:
            return True


def digest_batch(limit: int = BATCH) -> int:
    """Digest up to `limit` posts, oldest first. Returns how many were looked at."""
    events = _load(limit)
    if events:
        _take(events)
    return len(events)


def _due() -> Q:
    return Q(state=RawEvent.State.NEW) | Q(state=RawEvent.State.WAITING, next_at__lte=clock.now())


def _load(limit: int) -> list[Event]:
    """Read and parse outside of any transaction: nobody waits for a lock while we think."""
    rows = list(
        RawEvent.objects.filter(state=RawEvent.State.NEW)
        .order_by("id")
        .values_list("id", "account", "key", "body", "attempts", "received_at")[:limit]
    )
    if len(rows) < limit:
        waiting = RawEvent.objects.filter(state=RawEvent.State.WAITING, next_at__lte=clock.now())
        rows += waiting.order_by("next_at").values_list(
            "id", "account", "key", "body", "attempts", "received_at"
        )[: limit - len(rows)]
    crypto.load_keys({row[2] for row in rows})
    return [_read(*row) for row in rows]


def _read(ident: UUID, account: str, key: UUID, body: bytes, attempts: int, received_at: datetime) -> Event:
    event = Event(ident, attempts)
    try:
        post = protocol.read(store.unseal(ident, key, body))
    except crypto.CryptoError as error:
        event.problem = f"cannot be opened: {type(error).__name__}"
        return event
    if post.unreadable:
        event.problem = "; ".join(dict.fromkeys(part.reason for part in post.unreadable))[:200]
    for message in post.messages:
        name = _account_name(account, message.number_id)
        event.inbounds.append(inbound_of(message, name, received_at))
    for status in post.statuses:
        event.reports.append(_report(status, _account_name(account, status.number_id), received_at))
    event.notices = [(_account_name(account, n.number_id), n) for n in post.notices]
    return event


def _account_name(given: str, number_id: str) -> str:
    """Several numbers of one app share one webhook address: the number in the post decides."""
    own = accounts.by_name(given)
    if not number_id or (own is not None and own.phone_number_id == number_id):
        return given
    other = accounts.by_number(number_id)
    return other.name if other else given


def inbound_of(message: protocol.Message, account: str, received_at: datetime) -> Inbound:
    """The desk's shape of a message. A time that is missing or ahead of ours becomes the time of arrival."""
    at = message.at if message.at and message.at <= received_at + FUTURE else received_at
    return Inbound(
        channel=accounts.CHANNEL,
        account=account,
        addresses=message.addresses,
        provider_id=own_name(message.provider_id),
        provider_at=at,
        order=message.order,
        kind=message.kind,
        text=message.text,
        attachments=message.attachments,
        button=message.button,
        reply_to=own_name(message.reply_to),
        profile_name=message.profile_name,
        country=message.country,
        raw_kind=message.raw_kind,
    )


def _report(status: protocol.Status, account: str, received_at: datetime) -> StatusReport:
    failed = status.status == "failed"
    return StatusReport(
        channel=accounts.CHANNEL,
        account=account,
        provider_id=own_name(status.provider_id),
        status=status.status,
        at=status.at or received_at,
        error_class=_failed_class(status.error_code) if failed else "",
        error_code=status.error_code if failed else "",
        delivery_id=ids.parse(status.callback) if status.callback else None,
    )


def _failed_class(code: str) -> str:
    """A failure told by webhook is final for that attempt; "retry" would promise something nobody does."""
    found = errors.meaning(code).cls if code else "unreachable"
    return "unreachable" if found == "retry" else found


def _take(events: Sequence[Event]) -> None:
    """Digest these in one transaction; when something breaks, in two halves, down to the one that is broken."""
    try:
        with store.quick_transaction():
            _digest(events)
    except OperationalError:
        raise  # the database is busy or away: the job is tried again, nothing was done
    except Exception as error:
        if len(events) > 1:
            middle = len(events) // 2
            _take(events[:middle])
            _take(events[middle:])
            return
        _broken(events[0], error)


def _digest(events: Sequence[Event]) -> None:
    claimed = _claim(events)
    mine = [event for event in events if event.id in claimed]
    inbounds = [inbound for event in mine for inbound in event.inbounds]
    received = actions.receive(inbounds) if inbounds else ()
    _fetch_files(inbounds, received)
    unknown = _statuses(mine)
    for event in mine:
        for account, notice in event.notices:
            notices.apply(account, notice)
    _let_go(mine, unknown)


def _claim(events: Sequence[Event]) -> set[UUID]:
    rows = RawEvent.objects.filter(_due(), id__in=[event.id for event in events])
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return set(rows.values_list("id", flat=True))


def _fetch_files(inbounds: Sequence[Inbound], received: Sequence[Received]) -> None:
    from kithwell.channels.whatsapp.tasks import fetch_file

    for inbound, result in zip(inbounds, received, strict=True):
        if inbound.attachments and not result.duplicate:
            for attachment in result.attachments:
                fetch_file.enqueue(attachment_id=str(attachment))


def _statuses(events: Sequence[Event]) -> set[UUID]:
    """Report statuses; returns the posts that hold one of a message not known yet and may be asked again."""
    reports = [(event, report) for event in events for report in event.reports]
    if not reports:
        return set()
    known = actions.record_statuses([report for _, report in reports])
    return {
        event.id
        for (event, _), seen in zip(reports, known, strict=True)
        if not seen and event.attempts + 1 < STATUS_TRIES
    }


def _let_go(events: Sequence[Event], unknown: set[UUID]) -> None:
    now = clock.now()
    done = [e.id for e in events if e.id not in unknown and not e.problem]
    if done:
        if conf.get("whatsapp_raw_days", 0) > 0:
            RawEvent.objects.filter(id__in=done).update(
                state=RawEvent.State.DONE, digested_at=now, next_at=None
            )
        else:
            RawEvent.objects.filter(id__in=done).delete()
    for event in events:
        if event.problem:
            set_aside(event, event.problem)
        elif event.id in unknown:
            RawEvent.objects.filter(id=event.id).update(
                state=RawEvent.State.WAITING,
                attempts=event.attempts + 1,
                next_at=now + timedelta(seconds=2.0**event.attempts),
            )


def _broken(event: Event, error: Exception) -> None:
    """One post breaks what reads it. Its messages are tried one by one, so that only the broken one is missing."""
    log.error("digest.broken", id=str(event.id), error=logs.describe(error), attempts=event.attempts + 1)
    with transaction.atomic():
        if not _claim([event]):
            return
        for inbound in event.inbounds if len(event.inbounds) > 1 else ():
            try:
                with transaction.atomic():
                    _fetch_files([inbound], actions.receive([inbound]))
            except DatabaseError as failed:
                if isinstance(failed, OperationalError):
                    raise
            except Exception as failed:
                log.error("digest.message_broken", id=str(event.id), error=logs.describe(failed))
        if event.attempts + 1 >= MAX_TRIES:
            set_aside(event, logs.describe(error))
            return
        RawEvent.objects.filter(id=event.id).update(
            state=RawEvent.State.WAITING,
            attempts=event.attempts + 1,
            next_at=clock.now() + timedelta(seconds=2.0**event.attempts),
            error=logs.describe(error)[:200],
        )


def set_aside(event: Event, reason: str) -> None:
    """Keep a post that cannot be digested, for somebody to look at."""
    log.error("digest.set_aside", id=str(event.id), attempts=event.attempts + 1)
    RawEvent.objects.filter(id=event.id).update(
        state=RawEvent.State.POISON,
        attempts=event.attempts + 1,
        error=reason[:200],
        digested_at=clock.now(),
        next_at=None,
    )
