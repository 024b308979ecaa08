"""Sealing what came with a file, and words for codes."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kithwell.kernel import crypto

RAW = "imports_import"
PERSON = "imports_person"
ITEM = "imports_item"

FAULTS = {
    "empty": gettext_lazy("There is nothing in this file."),
    "not-a-chat": gettext_lazy(
        "This does not look like a chat that a phone exported. In WhatsApp: open the group, then More, Export chat, "
        "without media."
    ),
    "not-json": gettext_lazy("This is not the JSON file that Discourse writes."),
    "no-topics": gettext_lazy("There are no topics in this file. A category or topic export has them."),
    "dates": gettext_lazy("There is no way to read the dates in this chat that fits them all."),
    "too-large": gettext_lazy("What is inside this file is too large."),
    "zip": gettext_lazy("There is no chat in this zip file."),
}

LEFT = {
    "media": gettext_lazy("pictures, recordings and files"),
    "system": gettext_lazy("notices of the old place itself"),
    "deleted": gettext_lazy("messages that were taken back"),
    "place": gettext_lazy("places on a map"),
    "contact-card": gettext_lazy("contact cards"),
    "hidden": gettext_lazy("posts that were hidden there"),
    "private": gettext_lazy("private messages"),
    "empty": gettext_lazy("empty messages"),
    "here": gettext_lazy("lines that came with an earlier file"),
}


def masks() -> dict[str, str]:
    """What stands for something that leads to a person."""
    return {
        "number": _("[number]"),
        "mail": _("[e-mail]"),
        "link": _("[link]"),
        "person": _("[somebody]"),
    }


def mark(group: UUID, key: str) -> str:
    """By what a line is known within a group, whatever file it comes with; "" for none."""
    return crypto.blind_index("imports.line", f"{group}:{key}")[:40] if key else ""


def opened(subject: UUID, blob: bytes | memoryview | None, at: tuple[str, str, object]) -> str:
    if not blob:
        return ""
    try:
        return crypto.unseal(subject, bytes(blob), at=at)
    except crypto.Erased:
        return ""
