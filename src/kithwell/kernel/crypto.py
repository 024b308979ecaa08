"""Encryption at rest, one key per person, bound to the row it lies in.

Envelope: a master key (settings `master_keys`, the first is current) wraps each person's data key; the data key
seals text with AES-256-GCM (NIST SP 800-38D, random 96-bit nonce). The associated data names table, column, row and
person, so that a ciphertext moved to another row does not open. Erasing a person's key makes everything ever sealed
for them unreadable, in back-ups too (crypto-erasure).

An unwrapped key is kept in the process for KEY_KEPT seconds at most: after an erasure other processes may still
open that person's data for this long.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
import time
from collections.abc import Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from kithwell.kernel import clock, conf, ids

KEY_KEPT = 30.0  # seconds
_KEPT_AT_MOST = 20_000
_VERSION = b"\x01"

At = tuple[str, str, object]


class CryptoError(Exception):
    """Something sealed cannot be opened."""


class Erased(CryptoError):
    """The person's key was erased: the data is gone by their wish."""


class Tampered(CryptoError):
    """The ciphertext was changed, moved to another row, or sealed for somebody else."""


class NoMasterKey(CryptoError):
    """No master key is configured, or none that wrapped this person's key."""


_lock = threading.Lock()
_keys: dict[UUID, tuple[float, AESGCM]] = {}
_index_key: bytes | None = None


def forget_cached_keys() -> None:
    """Drop every unwrapped key this process holds (tests; after rotation or erasure)."""
    global _index_key
    with _lock:
        _keys.clear()
        _index_key = None


def fingerprint(master: bytes) -> str:
    """The public name of a master key: 16 hex characters of a hash of it."""
    return hashlib.sha256(b"kithwell master key" + master).hexdigest()[:16]


def _masters() -> dict[str, bytes]:
    """Master keys by fingerprint, current one first. Raises NoMasterKey."""
    raw = [bytes.fromhex(key) for key in conf.get("master_keys", [])]
    if not raw:
        raise NoMasterKey("no master key is configured; run `kithwell init`")
    return {fingerprint(key): key for key in raw}


def _wrap(key: bytes, name: str) -> tuple[bytes, str]:
    master_name, master = next(iter(_masters().items()))
    nonce = os.urandom(12)
    return nonce + AESGCM(master).encrypt(nonce, key, name.encode()), master_name


def _unwrap(wrapped: bytes, name: str, master_name: str) -> bytes:
    master = _masters().get(master_name)
    if master is None:
        raise NoMasterKey(f"the master key {master_name} that wrapped {name} is not configured")
    try:
        return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], name.encode())
    except InvalidTag:
        raise Tampered(f"the wrapped key of {name} was changed") from None


def new_subject() -> UUID:
    """Make a data key for a new person and return the person's subject id."""
    return new_subjects(1)[0]


def new_subjects(count: int) -> list[UUID]:
    """Make `count` data keys with one insert."""
    from kithwell.kernel.models import Subject

    rows = []
    for _ in range(count):
        subject = ids.new_id()
        key = AESGCM.generate_key(256)
        wrapped, master = _wrap(key, f"subject:{subject}")
        rows.append(Subject(id=subject, wrapped_key=wrapped, master=master))
        _keep(subject, AESGCM(key))
    Subject.objects.bulk_create(rows)
    return [row.id for row in rows]


def _keep(subject: UUID, cipher: AESGCM) -> None:
    with _lock:
        if len(_keys) >= _KEPT_AT_MOST:
            _keys.clear()
        _keys[subject] = (time.monotonic() + KEY_KEPT, cipher)


def load_keys(subjects: Iterable[UUID]) -> None:
    """Unwrap the keys of many people with one query; those erased are left out without a word."""
    from kithwell.kernel.models import Subject

    now = time.monotonic()
    with _lock:
        missing = [s for s in set(subjects) if s not in _keys or _keys[s][0] < now]
    if not missing:
        return
    rows = Subject.objects.filter(id__in=missing, wrapped_key__isnull=False)
    for subject, wrapped, master in rows.values_list("id", "wrapped_key", "master"):
        _keep(subject, AESGCM(_unwrap(bytes(wrapped or b""), f"subject:{subject}", master)))


def _cipher(subject: UUID) -> AESGCM:
    with _lock:
        kept = _keys.get(subject)
    if kept is None or kept[0] < time.monotonic():
        with _lock:
            _keys.pop(subject, None)
        load_keys([subject])
        with _lock:
            kept = _keys.get(subject)
        if kept is None:
            raise Erased(f"the key of {subject} is gone")
    return kept[1]


def _associated(subject: UUID, at: At) -> bytes:
    table, column, pk = at
    return f"{table}\x1f{column}\x1f{pk}\x1f{subject}".encode()


def seal(subject: UUID, text: str | bytes, *, at: At) -> bytes:
    """Encrypt `text` for one person and one place `at` = (table, column, primary key). Raises Erased."""
    data = text.encode() if isinstance(text, str) else text
    nonce = os.urandom(12)
    return _VERSION + nonce + _cipher(subject).encrypt(nonce, data, _associated(subject, at))


def unseal_bytes(subject: UUID, blob: bytes, *, at: At) -> bytes:
    """The bytes sealed at `at`. Raises Erased when the key is gone, Tampered when the blob does not belong here."""
    blob = bytes(blob)
    if blob[:1] != _VERSION:
        raise Tampered("not a sealed value of a known version")
    try:
        return _cipher(subject).decrypt(blob[1:13], blob[13:], _associated(subject, at))
    except (InvalidTag, ValueError):
        raise Tampered(f"what lies at {at[0]}.{at[1]} {at[2]} does not belong there") from None


def unseal(subject: UUID, blob: bytes, *, at: At) -> str:
    """The text sealed at `at`. Raises like `unseal_bytes`."""
    return unseal_bytes(subject, blob, at=at).decode()


def erase_subject(subject: UUID) -> None:
    """Destroy a person's key. There is no way back. Doing it twice is no error."""
    from kithwell.kernel.models import Subject

    Subject.objects.filter(id=subject, erased_at__isnull=True).update(
        wrapped_key=None, erased_at=clock.now(), master=""
    )
    with _lock:
        _keys.pop(subject, None)
    transaction.on_commit(lambda: _forget(subject))


def _forget(subject: UUID) -> None:
    with _lock:
        _keys.pop(subject, None)


def rotate_master(batch: int = 500) -> int:
    """Wrap every key that an older master wrapped with the current one; returns how many were wrapped anew.

    Add the new master key in front of `master_keys`, restart, call this (`kithwell keys rotate`), and only then
    take the old one out. It may be interrupted and run again.
    """
    from kithwell.kernel.models import Subject, SystemKey

    current = next(iter(_masters()))
    done = 0
    for row in SystemKey.objects.exclude(master=current):
        key = _unwrap(bytes(row.wrapped_key), f"system:{row.name}", row.master)
        row.wrapped_key, row.master = _wrap(key, f"system:{row.name}")
        row.save(update_fields=["wrapped_key", "master"])
        done += 1
    while True:
        with transaction.atomic():
            rows = list(
                Subject.objects.select_for_update()
                .filter(wrapped_key__isnull=False)
                .exclude(master=current)
                .order_by("id")[:batch]
            )
            for subject in rows:
                name = f"subject:{subject.id}"
                key = _unwrap(bytes(subject.wrapped_key or b""), name, subject.master)
                subject.wrapped_key, subject.master = _wrap(key, name)
            Subject.objects.bulk_update(rows, ["wrapped_key", "master"])
        done += len(rows)
        if not rows:
            return done


def blind_index(kind: str, value: str) -> str:
    """A keyed hash (HMAC-SHA-256, 64 hex characters) by which an encrypted value can be looked up.

    Equal values of one `kind` give equal hashes; without the installation's key nobody can try values out.
    """
    global _index_key
    if _index_key is None:
        _index_key = _system_key("blind-index")
    return hmac.new(_index_key, f"{kind}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def _system_key(name: str) -> bytes:
    from kithwell.kernel.models import SystemKey

    row = SystemKey.objects.filter(name=name).first()
    if row is None:
        wrapped, master = _wrap(AESGCM.generate_key(256), f"system:{name}")
        SystemKey.objects.bulk_create(
            [SystemKey(name=name, wrapped_key=wrapped, master=master)], ignore_conflicts=True
        )
        row = SystemKey.objects.get(name=name)
    return _unwrap(bytes(row.wrapped_key), f"system:{name}", row.master)
