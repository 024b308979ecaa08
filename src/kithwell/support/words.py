"""Sealing and opening what people wrote. Text and button titles lie together in one sealed body."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from kithwell.kernel import crypto
from kithwell.support.ports import Button

_SPLIT = "\x00"  # tidy() takes control characters out of text, so this never occurs in it

CONVERSATION, MESSAGE, ADDRESS = "support_conversation", "support_message", "support_contactaddress"


def seal_body(subject: UUID, message_id: UUID, text: str, buttons: Sequence[Button] = ()) -> bytes:
    packed = text.replace(_SPLIT, "")
    if buttons:
        packed += _SPLIT + json.dumps([[b.id, b.title] for b in buttons], ensure_ascii=False)
    return crypto.seal(subject, packed, at=(MESSAGE, "body", message_id))


def open_body(subject: UUID, message_id: UUID, blob: bytes | None) -> tuple[str, tuple[Button, ...]]:
    """Text and buttons; ("", ()) when the words were taken out or the person's key is gone."""
    text = open_text(subject, blob, (MESSAGE, "body", message_id))
    text, _, packed = text.partition(_SPLIT)
    return text, tuple(Button(i, t) for i, t in json.loads(packed)) if packed else ()


def open_text(subject: UUID, blob: bytes | None, at: tuple[str, str, object]) -> str:
    """One sealed text; "" when there is none or it was erased. Tampering is not hidden: it raises."""
    if not blob:
        return ""
    try:
        return crypto.unseal(subject, bytes(blob), at=at)
    except crypto.Erased:
        return ""


def seal_text(subject: UUID, text: str, at: tuple[str, str, object]) -> bytes | None:
    return crypto.seal(subject, text, at=at) if text else None
