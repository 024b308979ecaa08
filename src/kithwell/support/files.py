"""Files that came with messages: sealed under the person's key, in the data directory, named by the attachment's id."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from kithwell.kernel import conf, crypto


def _place(attachment_id: UUID) -> Path:
    name = attachment_id.hex
    return Path(conf.get("data_dir")) / "files" / name[-2:] / name


def put(subject: UUID, attachment_id: UUID, data: bytes) -> None:
    """Store sealed bytes durably; a half-written file is never seen under its name."""
    place = _place(attachment_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    sealed = crypto.seal(subject, data, at=("support_attachment", "file", attachment_id))
    part = place.with_suffix(".part")
    with part.open("wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    part.replace(place)


def get(subject: UUID, attachment_id: UUID) -> bytes | None:
    """The bytes, or None when they are gone. Raises crypto.Tampered."""
    try:
        sealed = _place(attachment_id).read_bytes()
    except FileNotFoundError:
        return None
    try:
        return crypto.unseal_bytes(subject, sealed, at=("support_attachment", "file", attachment_id))
    except crypto.Erased:
        return None


def remove(attachment_id: UUID) -> None:
    _place(attachment_id).unlink(missing_ok=True)
