"""Raw posts on the local disk: a sealed file for each batch, flushed with its folder before anybody says 200.

On SQLite every batch goes through here first, so that a provider never waits for the one writer a SQLite database has;
on PostgreSQL it is where posts stay while the database is away. The files move into the database within moments; what
a dead process left is moved by the sweep (`tasks.sweep_intake`). Sealed under a key made from the master key, because
the database and its keys may be away.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kithwell.channels.whatsapp import store
from kithwell.channels.whatsapp.store import Raw
from kithwell.kernel import conf, ids, logs

LEFT_BEHIND = 10.0  # seconds after which whoever wrote a file must have moved it
log = logs.get("channels.intake")


class NotDurable(Exception):
    """The disk did not take it."""


def folder() -> Path:
    found = Path(conf.get("data_dir")) / "intake"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def _cipher(master_hex: str) -> AESGCM:
    return AESGCM(hmac.digest(bytes.fromhex(master_hex), b"kithwell intake journal", "sha256"))


def keep(posts: Sequence[Raw]) -> Path:
    """Write posts into one sealed file and flush file and folder. Raises NotDurable."""
    packed = json.dumps([_packed(post) for post in posts]).encode()
    nonce = os.urandom(12)
    try:
        sealed = nonce + _cipher(conf.get("master_keys")[0]).encrypt(nonce, packed, b"intake")
        path = folder() / f"{ids.new_id()}.posts"
        _write_through(path, sealed)
    except (OSError, LookupError, ValueError) as error:
        raise NotDurable from error
    return path


def _packed(post: Raw) -> list[str]:
    body = base64.b64encode(post.body).decode()
    return [str(post.id), post.channel, post.account, post.fingerprint, post.received_at.isoformat(), body]


def _write_through(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    try:
        with open(part, "xb") as file:
            file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
        os.rename(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(older_than: float = LEFT_BEHIND) -> int:
    """Move files that were left behind into the database; returns how many posts. Raises what the database raises."""
    moved = 0
    for path in sorted(folder().glob("*.posts")):
        try:
            if time.time() - path.stat().st_mtime < older_than:
                continue
            posts = read(path)
        except FileNotFoundError:
            continue  # another process was faster
        except (InvalidTag, ValueError) as error:
            log.error("intake.file_unreadable", error=type(error).__name__)
            path.rename(path.with_suffix(".unreadable"))
            continue
        store.write(posts)
        path.unlink(missing_ok=True)
        moved += len(posts)
    if moved:
        log.info("intake.swept", count=moved)
    return moved


def read(path: Path) -> list[Raw]:
    """The posts of one file. Raises FileNotFoundError, InvalidTag when no master key opens it, ValueError."""
    sealed = path.read_bytes()
    for master in conf.get("master_keys"):
        try:
            packed = _cipher(master).decrypt(sealed[:12], sealed[12:], b"intake")
        except InvalidTag:
            continue
        return [
            Raw(c, a, base64.b64decode(body), fingerprint, datetime.fromisoformat(at), UUID(ident))
            for ident, c, a, fingerprint, at, body in json.loads(packed)
        ]
    raise InvalidTag


def waiting() -> int:
    """How many files lie here (operators)."""
    return sum(1 for _ in folder().glob("*.posts"))
