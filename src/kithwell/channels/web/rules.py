"""Small decisions of the web chat. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

VISIT: Final = timedelta(
    hours=24
)  # the browser opens the conversation by itself for this long after it was used
DEVICE: Final = timedelta(days=180)  # the link works in this browser for this long
FORGOTTEN_AFTER: Final = timedelta(days=365)  # rows of visitors who were not here for this long go
MOST_CHARS: Final = 4000
HELPED: Final = ("yes", "some", "no")
_KEY = re.compile(r"[A-Za-z0-9_.:-]{6,64}\Z")


def message_id(contact: str, client_key: str, extra: str = "") -> str:
    """The id under which one sending is known: the same form sent twice is one message, whoever else used the key.

    "" (never a duplicate) when the browser sent no usable key.
    """
    return f"{contact}:{client_key}{':' + extra if extra else ''}"[:190] if _KEY.match(client_key) else ""


def place(ahead: int) -> str:
    """Where somebody stands, in words that do not change every minute: "" | next | few | some | many."""
    if ahead < 0:
        return ""
    return "next" if ahead == 0 else "few" if ahead <= 3 else "some" if ahead <= 10 else "many"


def told_minutes(minutes: int) -> int:
    """A wait in steps, never shorter than it is (7 becomes 10); 0 when nobody can say."""
    if minutes < 0:
        return 0
    return next((step for step in (5, 10, 15, 20, 30, 45, 60, 90, 120, 180) if minutes <= step), 240)


def safe_key(text: str) -> str:
    """A client key as it came, or "" when it is not one."""
    return text if _KEY.match(text) else ""
