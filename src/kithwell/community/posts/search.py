"""Search inside a group, while the words lie sealed: each word of a piece is kept as a keyed hash that differs from
group to group. Equal words of one group have equal hashes, and nobody without the installation's key can try words out.

The interface is `index`, `drop` and `find`; what stands behind it could be another one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count

from kithwell.community.posts.models import Word
from kithwell.community.posts.rules import folding
from kithwell.kernel import crypto


def _key(group: UUID) -> bytes:
    return crypto.blind_index("posts.search", str(group)).encode()


def _hashes(group: UUID, words: Iterable[str]) -> list[int]:
    key = _key(group)
    return [
        int.from_bytes(hmac.digest(key, word.encode(), hashlib.sha256)[:8], "big", signed=True)
        for word in words
    ]


def index(group: UUID, post: UUID, piece: UUID, text: str) -> None:
    """Make a piece findable by its words, those of an earlier version forgotten. Inside a transaction."""
    drop([piece])
    rows = [Word(hash=h, post=post, piece=piece) for h in _hashes(group, folding.words(text))]
    Word.objects.bulk_create(rows, ignore_conflicts=True)


def drop(pieces: Iterable[UUID]) -> None:
    """These pieces are found no more."""
    Word.objects.filter(piece__in=list(pieces)).delete()


def find(group: UUID, asked: str, *, before: UUID | None = None, limit: int = 20) -> list[UUID]:
    """Posts whose words, together with those of their replies, hold all words asked for; newest first. One query; none
    where there is nothing to look for."""
    hashes = _hashes(group, folding.words(asked)[: folding.ASKED_MOST])
    if not hashes:
        return []
    rows = Word.objects.filter(hash__in=hashes)
    if before is not None:
        rows = rows.filter(post__lt=before)
    found = rows.values("post").annotate(kinds=Count("hash", distinct=True)).filter(kinds=len(hashes))
    return list(found.order_by("-post").values_list("post", flat=True)[:limit])
