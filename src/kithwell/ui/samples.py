"""Invented content for the style guide. Nobody here is real, and no text comes from anywhere but this file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

BASE = datetime(2026, 3, 14, 19, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Attachment:
    id: str
    kind: str
    name: str
    state: str = "arriving"


@dataclass(frozen=True, slots=True)
class Message:
    n: int
    id: str
    author: str
    name: str
    text: str
    at: datetime
    status: str = ""
    kind: str = "text"
    attachments: tuple[Attachment, ...] = ()
    level: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    phone: str
    sms: str
    chat_url: str
    website: str
    hours: str
    languages: str
    grade: str


@dataclass(frozen=True, slots=True)
class Pick:
    id: str
    title: str


LINE = Line(
    "Night Line",
    "0800 000 000",
    "85 000",
    "/styleguide",
    "/styleguide",
    "Every day, 24 hours",
    "English",
    "A",
)
_TALK: tuple[tuple[str, str, str, str, str], ...] = (
    ("person", "Quiet Heron", "i cant sleep again. everything feels too much tonight", "read", "C1"),
    (
        "assistant",
        "",
        "I am a computer. I lead to people: somebody here will read this and answer.\n\nHow bad is it right now?",
        "",
        "",
    ),
    ("person", "Quiet Heron", "like 7", "read", ""),
    ("person", "Quiet Heron", "sometimes i wish i could just not wake up", "read", "C2"),
    ("system", "", "Sam from the team has joined.", "", ""),
    ("supporter", "Sam", "Hello. I'm Sam, and I have time for you. Thank you for telling us.", "read", ""),
    ("supporter", "Sam", "Do you want to tell me what tonight has been like?", "delivered", ""),
    ("note", "Sam", "Said in January that nights are worst. Likes to be asked about the dog.", "", ""),
    ("person", "Quiet Heron", "my brother left and the flat is so quiet", "delivered", ""),
)
_RTL: tuple[tuple[str, str, str, str, str], ...] = (
    ("person", "Quiet Heron", "لا أستطيع النوم مرة أخرى الليلة", "read", "C1"),
    ("supporter", "Sam", "مرحبًا، أنا هنا ولدي وقت لك.", "read", ""),
    ("person", "Quiet Heron", "شكرا", "sent", ""),
)


def messages(rtl: bool = False) -> list[Message]:
    """A short conversation."""
    rows = _RTL if rtl else _TALK
    found = [
        Message(n, f"s{n}", author, name, text, BASE + timedelta(minutes=2 * n), status, level=level)
        for n, (author, name, text, status, level) in enumerate(rows, 1)
    ]
    late = BASE + timedelta(minutes=24)
    note = (Attachment("a1", "voice", "Voice message"),)
    found.append(Message(90, "s90", "person", "Quiet Heron", "", late, "failed", "voice", note))
    return found


def everything(rtl: bool = False) -> dict[str, Any]:
    """What the style guide's templates show."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return {
        "messages": messages(rtl),
        "at": BASE,
        "line": LINE,
        "waits": list(zip(days, (4.2, 3.1, 3.8, 2.9, 5.6, 7.4, 4.9), strict=True)),
        "levels": [("C0–C1", 41), ("C2", 18), ("C3", 9, "warn"), ("C4–C5", 3, "danger")],
        "text": "sometimes i wish i could just not wake up",
        "spans": [Span(12, 24, "wish"), Span(25, 41, "not to be alive")],
        "picks": [Pick("3", "Hard"), Pick("7", "Very hard"), Pick("10", "I am not safe")],
    }
