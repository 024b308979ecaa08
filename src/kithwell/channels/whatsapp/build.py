"""What we send, in the provider's words, and the limits it keeps. Pure.

Sources: WhatsApp Cloud API, messages endpoint (text, interactive, template, media) and business-scoped user ids; read
November 2026. A phone goes into `to`; a business-scoped user id goes into `recipient`, because in `to` it is accepted
and then silently dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TEXT, CAPTION, BODY, BUTTON_TITLE, BUTTONS, ROWS, ROW_TITLE, ROW_ID, CALLBACK = (
    4096,
    1024,
    1024,
    20,
    3,
    10,
    24,
    200,
    512,
)
Address = tuple[str, str]


def length(text: str) -> int:
    """Characters as the provider may count them: UTF-16 units, so an emoji is two. Never less than it counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def address_for(addresses: Sequence[Address]) -> Address | None:
    """Where to send: a phone where one is known (it works everywhere), else the newest business-scoped user id."""
    for kind in ("phone", "bsuid"):
        for address in addresses:
            if address[0] == kind and address[1]:
                return address
    return None


def _message(to: Address, kind: str, content: Any, callback: str = "", reply_to: str = "") -> dict[str, Any]:
    kind_of, value = to
    made: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": kind,
        kind: content,
    }
    made["recipient" if kind_of == "bsuid" else "to"] = value
    if callback:
        made["biz_opaque_callback_data"] = callback[:CALLBACK]
    if reply_to:
        made["context"] = {"message_id": reply_to}
    return made


def text(to: Address, body: str, *, callback: str = "", reply_to: str = "") -> dict[str, Any]:
    return _message(to, "text", {"body": body, "preview_url": False}, callback, reply_to)


def buttons(
    to: Address, body: str, choices: Sequence[tuple[str, str]], *, callback: str = "", reply_to: str = ""
) -> dict[str, Any]:
    """Up to 3 reply buttons, (id, title) each."""
    action = {"buttons": [{"type": "reply", "reply": {"id": i, "title": t}} for i, t in choices]}
    return _message(
        to, "interactive", {"type": "button", "body": {"text": body}, "action": action}, callback, reply_to
    )


def rows(
    to: Address, body: str, open_label: str, choices: Sequence[tuple[str, str]], *, callback: str = ""
) -> dict[str, Any]:
    """A list of up to 10 rows behind one button, for more than 3 choices."""
    section = {"title": open_label, "rows": [{"id": i, "title": t} for i, t in choices]}
    content = {
        "type": "list",
        "body": {"text": body},
        "action": {"button": open_label, "sections": [section]},
    }
    return _message(to, "interactive", content, callback)


def template(
    to: Address, name: str, language: str, parameters: Sequence[str] = (), *, callback: str = ""
) -> dict[str, Any]:
    content: dict[str, Any] = {"name": name, "language": {"code": language}}
    if parameters:
        given = [{"type": "text", "text": p} for p in parameters]
        content["components"] = [{"type": "body", "parameters": given}]
    return _message(to, "template", content, callback)


def media(
    to: Address, kind: str, media_id: str, *, caption: str = "", name: str = "", callback: str = ""
) -> dict[str, Any]:
    """A file uploaded before. Only images, videos and documents carry a caption, only documents a name."""
    content: dict[str, Any] = {"id": media_id}
    if caption and kind in ("image", "video", "document"):
        content["caption"] = caption
    if name and kind == "document":
        content["filename"] = name
    return _message(to, kind, content, callback)
