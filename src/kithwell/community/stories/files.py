"""Files of stories: sealed in pieces under the author's key, in the data directory, so that a part can be read
alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from kithwell.kernel import conf, crypto

PIECE = 1 << 18  # bytes of one sealed piece
_SEALED_MORE = 1 + 12 + 16  # version, nonce and tag of crypto.seal


def _place(ident: UUID) -> Path:
    return Path(conf.get("data_dir")) / "stories" / ident.hex[-2:] / ident.hex


def _at(ident: UUID, n: int) -> tuple[str, str, str]:
    return ("community_story_media", "piece", f"{ident}:{n}")


def put(subject: UUID, ident: UUID, data: bytes) -> None:
    """Store sealed pieces durably; a half-written file is never seen under its name."""
    place = _place(ident)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_suffix(".part")
    with part.open("wb") as out:
        for n in range(0, max(1, -(-len(data) // PIECE))):
            out.write(crypto.seal(subject, data[n * PIECE : (n + 1) * PIECE], at=_at(ident, n)))
        out.flush()
        os.fsync(out.fileno())
    part.replace(place)


def read(subject: UUID, ident: UUID, first: int, last: int) -> Iterator[bytes]:
    """Bytes `first` to `last`, both with it, piece by piece. Raises FileNotFoundError or crypto.CryptoError."""
    with _place(ident).open("rb") as file:
        for n in range(first // PIECE, last // PIECE + 1):
            file.seek(n * (PIECE + _SEALED_MORE))
            piece = crypto.unseal_bytes(subject, file.read(PIECE + _SEALED_MORE), at=_at(ident, n))
            begin = max(first - n * PIECE, 0)
            yield piece[begin : last - n * PIECE + 1]


def there(ident: UUID) -> bool:
    return _place(ident).is_file()


def remove(ident: UUID) -> None:
    _place(ident).unlink(missing_ok=True)
