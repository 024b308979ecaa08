"""A simulated chat in the shape the interface's bubbles take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kithwell.channels.whatsapp.simulator.api import buttons_of, text_of
from kithwell.channels.whatsapp.simulator.engine import Engine, Row
from kithwell.kernel import conf

__all__ = ["Card", "Line", "buttons_of", "card", "lines"]


@dataclass(frozen=True, slots=True)
class Card:
    """A phone: `known_by` is what the provider tells about its owner."""

    id: str
    name: str
    known_by: str
    has_number: bool
    blocked: bool
    off: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    kind: str
    name: str
    size: int
    url: str
    mime: str


@dataclass(frozen=True, slots=True)
class Button:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message, in the field names of the bubble component; `buttons` carry the message they belong to."""

    n: int
    id: str
    author: str
    name: str
    text: str
    at: datetime
    status: str
    kind: str
    attachments: tuple[Attachment, ...]
    buttons: tuple[Button, ...]
    level: str = ""


def sender() -> str:
    """Whose name stands on the phone: the organisation's, or the site's while nobody has set one."""
    name = str(conf.get("organisation", ""))
    return name if name not in ("", "this service") else str(conf.get("site_name", "Kithwell"))


def card(row: Any) -> Card:
    known = f"+{row['phone']}" if row["phone"] else f"@{row['username']}"
    return Card(row["id"], row["name"], known, bool(row["phone"]), bool(row["blocked"]), bool(row["off"]))


def lines(engine: Engine, person: str, since: int = 0) -> tuple[Line, ...]:
    """What changed since `since`, in the order of the chat."""
    return tuple(_line(person, row) for row in engine.chat(person, since))


def _line(person: str, row: Row) -> Line:
    files: tuple[Attachment, ...] = ()
    if row.kind in ("image", "sticker", "audio", "video", "document") and row.content.get("id"):
        url = f"/sim/p/{person}/file/{row.content['id']}"
        files = (Attachment(row.kind, "", 0, url, str(row.content.get("mime_type", ""))),)
    return Line(
        n=row.n,
        id=row.id.removeprefix("wamid."),
        author="person" if row.up else "supporter",
        name="" if row.up else sender(),
        text=text_of(row),
        at=row.at,
        status={"accepted": "sending"}.get(row.status, row.status) if row.up else "",
        kind=row.kind,
        attachments=files,
        buttons=tuple(Button(f"{row.id}|{b['id']}", b["title"]) for b in buttons_of(row))
        if not row.up
        else (),
    )
