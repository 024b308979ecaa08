"""Sealing and opening what people wrote here."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from kithwell.community.posts.rules import writing
from kithwell.kernel import crypto

POST, REPLY, POLL, DRAFT, PICTURE, VEIL, EARLIER = (
    "posts_post",
    "posts_reply",
    "posts_poll",
    "posts_draft",
    "posts_picture",
    "posts_veil",
    "posts_earlier",
)


def seal_body(subject: UUID, table: str, ident: UUID, text: str, own_warning: str = "") -> bytes:
    return crypto.seal(subject, writing.pack(text, own_warning), at=(table, "body", ident))


def open_body(subject: UUID, table: str, ident: UUID, body: bytes | memoryview | None) -> tuple[str, str]:
    """Text and own warning; ("", "") when the words or the key are gone. Tampering raises."""
    return writing.unpack(open_text(subject, body, (table, "body", ident)))


def open_text(subject: UUID, blob: bytes | memoryview | None, at: tuple[str, str, object]) -> str:
    if not blob:
        return ""
    try:
        return crypto.unseal(subject, bytes(blob), at=at)
    except crypto.Erased:
        return ""


def seal_json(subject: UUID, value: Any, at: tuple[str, str, object]) -> bytes:
    return crypto.seal(subject, json.dumps(value, ensure_ascii=False), at=at)


def open_json(subject: UUID, blob: bytes | memoryview | None, at: tuple[str, str, object]) -> Any:
    """What lies there, None when it is gone."""
    text = open_text(subject, blob, at)
    return json.loads(text) if text else None
