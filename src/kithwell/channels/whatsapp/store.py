"""Raw posts in the database: sealed, many in one transaction, flushed to the disk.

`write` returns only when every post is safe: on SQLite the log is flushed to the disk after the commit, on PostgreSQL
the commit is acknowledged by the flushed log (synchronous_commit=on).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from kithwell.channels.models import IntakeKey, RawEvent
from kithwell.kernel import clock, crypto, ids, jobs

LOCK_PATIENCE = 5.0  # seconds to wait for another writer of SQLite
_NAP = (
    0.002  # seconds between two tries for the lock; SQLite's own naps grow to 100 ms and starve whoever waits
)
_TABLE = "channels_rawevent"


@dataclass(frozen=True, slots=True)
class Raw:
    """A post as it came, its signature checked. `fingerprint` is the hexadecimal part of that signature."""

    channel: str
    account: str
    body: bytes = field(repr=False)
    fingerprint: str
    received_at: datetime
    id: UUID = field(default_factory=ids.new_id)


def write(posts: Sequence[Raw]) -> None:
    """Make posts durable and see that they are digested. Raises whatever the database raises."""
    _prepare()
    rows = [_row(post) for post in posts]
    with quick_transaction():
        RawEvent.objects.bulk_create(rows, ignore_conflicts=True)
        ask_for_digest()
    _flush()


def _row(post: Raw) -> RawEvent:
    subject = _subject(post.account, clock.now().date())
    return RawEvent(
        id=post.id,
        channel=post.channel,
        account=post.account,
        key=subject,
        body=crypto.seal(subject, post.body, at=(_TABLE, "body", post.id)),
        fingerprint=post.fingerprint,
        size=len(post.body),
        received_at=post.received_at,
    )


def unseal(row_id: UUID, key: UUID, body: bytes) -> bytes:
    """The raw bytes of a stored post. Raises crypto.CryptoError."""
    return crypto.unseal_bytes(key, body, at=(_TABLE, "body", row_id))


@contextmanager
def quick_transaction(patience: float = LOCK_PATIENCE) -> Iterator[None]:
    """A transaction that gets SQLite's write lock soon after it is free. Raises OperationalError after `patience` s."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with ExitStack() as stack:
        with _short_naps():
            until = time.monotonic() + patience
            while True:
                try:
                    stack.enter_context(transaction.atomic())
                    break
                except OperationalError as error:
                    if not is_locked(error) or time.monotonic() > until:
                        raise
                    time.sleep(_NAP)
        yield


def is_locked(error: Exception) -> bool:
    cause = error.__cause__
    return isinstance(cause, sqlite3.OperationalError) and "locked" in str(cause)


def ask_for_digest() -> None:
    """One waiting digest job is enough: it reads the posts only after it was claimed, so it sees this one too."""
    from kithwell.channels.whatsapp.tasks import digest
    from kithwell.kernel.models import Job

    if not Job.objects.filter(
        kind=digest.name, queue=digest.queue, state="ready", run_at__lte=clock.now()
    ).exists():
        digest.enqueue()
    else:
        jobs.wake(digest.queue)


_thread = threading.local()


def _prepare() -> None:
    """Once for each connection of a thread that writes posts."""
    connection.ensure_connection()
    if getattr(_thread, "prepared", None) is connection.connection or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET synchronous_commit TO on")
            # A process that hangs in the middle must not hold others up: its transaction ends, and theirs go to disk.
            cursor.execute("SET idle_in_transaction_session_timeout TO '5s'")
            cursor.execute("SET lock_timeout TO '2s'")
    _thread.prepared = connection.connection


def _flush() -> None:
    """SQLite: bring what was committed to the disk, after the lock was given back, so that nobody waits for the disk.

    In WAL mode a commit is durable as soon as the log is (sqlite.org/wal.html): this is what synchronous=FULL does,
    only outside of the lock. A checkpoint in between flushes the log itself before it starts it anew.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    path = getattr(_thread, "log", None)
    if path is None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone()[0] != "wal":
                raise DatabaseError("intake needs SQLite in WAL mode")
            cursor.execute("PRAGMA database_list")
            path = _thread.log = cursor.fetchone()[2] + "-wal"
    log_file = os.open(path, os.O_RDONLY)
    try:
        os.fdatasync(log_file)
    finally:
        os.close(log_file)


@contextmanager
def _short_naps() -> Iterator[None]:
    """SQLite answers "locked" at once inside."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        was = cursor.fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={int(was)}")


_subjects: dict[tuple[str, date], UUID] = {}


def _subject(account: str, day: date) -> UUID:
    known = _subjects.get((account, day))
    if known is None:
        known = _find_subject(account, day)
        if len(_subjects) > 200:
            _subjects.clear()
        _subjects[account, day] = known
    return known


def _find_subject(account: str, day: date) -> UUID:
    found = IntakeKey.objects.filter(account=account, day=day).values_list("subject", flat=True).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return IntakeKey.objects.create(account=account, day=day, subject=crypto.new_subject()).subject
    except IntegrityError:
        return IntakeKey.objects.values_list("subject", flat=True).get(account=account, day=day)


def forget_subjects() -> None:
    """Tests: forget which keys this process knows."""
    _subjects.clear()
