"""Identifiers: time-ordered UUIDs for rows, unguessable tokens for links, short forms for URLs."""

from __future__ import annotations

import base64
import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits.

    Rows made together lie together in an index, and the id tells nothing but the time of its making.
    """
    millis = time.time_ns() // 1_000_000
    value = (millis & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def token(nbytes: int = 16) -> str:
    """An unguessable URL-safe word of `nbytes` random bytes."""
    return secrets.token_urlsafe(nbytes)


def short(ident: uuid.UUID) -> str:
    """The 22-character URL-safe form of a UUID."""
    return base64.urlsafe_b64encode(ident.bytes).rstrip(b"=").decode()


def parse(text: str) -> uuid.UUID | None:
    """A UUID from its short (22 characters) or ordinary form; None when it is neither."""
    try:
        if len(text) == 22:
            return uuid.UUID(bytes=base64.urlsafe_b64decode(text + "=="))
        return uuid.UUID(text)
    except (ValueError, TypeError):
        return None
