"""What kinds of message there are, and what of each a person at the desk reads. Pure.

Names follow `support.ports.MESSAGE_KINDS`. A kind we do not know is kept as "unknown" under the provider's own word,
with whatever text it holds. Words that are not the person's (field names, separators) are kept to a minimum, because
they cannot be translated here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LONGEST = 65_536  # characters kept of one message; far above what the provider allows
# Marks that turn the reading direction round (UAX #9): "photo<RLO>gnp.exe" would be read as a picture.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MEDIA = ("image", "audio", "video", "document", "sticker")


@dataclass(frozen=True, slots=True)
class Content:
    """`about` is the id of another message this one is about (reaction, edit, deletion)."""

    kind: str
    text: str = ""
    raw_kind: str = ""
    attachments: tuple[dict[str, Any], ...] = ()
    button: str = ""
    about: str = ""


def read(part: dict[str, Any]) -> Content:
    """The content of one message object, whatever its kind; never raises on strange values."""
    raw = word(part.get("type"))
    inner = part.get(raw) if raw else None
    inner = inner if isinstance(inner, dict) else {}
    if raw in _MEDIA:
        return _media(raw, inner)
    reader = _READERS.get(raw)
    return reader(part, inner) if reader else _unknown(part, raw, inner)


def _unknown(part: dict[str, Any], raw: str, inner: dict[str, Any]) -> Content:
    said = next((t for key in ("body", "text", "caption", "title") if (t := _words(inner.get(key)))), "")
    return Content("unknown", said, raw_kind=raw or "nothing")


def _plain(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    if not isinstance(inner.get("body"), str):
        return _unknown(part, "text", inner)
    return Content("text", _words(inner["body"]))


def _media(raw: str, inner: dict[str, Any]) -> Content:
    kind = "voice" if raw == "audio" and inner.get("voice") is True else raw
    ref = word(inner.get("id"))
    if not ref:
        return Content("unknown", _words(inner.get("caption")), raw_kind=raw)
    file = {
        "kind": kind,
        "ref": ref[:200],
        "mime": word(inner.get("mime_type")).split(";")[0].strip()[:100],
        "name": _TURNING.sub("", _words(inner.get("filename")))[:200],
        "sha256": word(inner.get("sha256"))[:64],
    }
    return Content(kind, _words(inner.get("caption")), attachments=(file,))


def _location(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    where = [_words(inner.get("name")), _words(inner.get("address"))]
    point = [str(v) for v in (inner.get("latitude"), inner.get("longitude")) if isinstance(v, (int, float))]
    where.append(", ".join(point) if len(point) == 2 else "")
    return Content("location", "\n".join(w for w in where if w))


def _contacts(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    lines = []
    for card in _list(part.get("contacts")):
        card = card if isinstance(card, dict) else {}
        name = card.get("name")
        known = _words(name.get("formatted_name")) if isinstance(name, dict) else ""
        phones = [word(p.get("phone")) for p in _list(card.get("phones")) if isinstance(p, dict)]
        lines.append(": ".join(w for w in (known, ", ".join(p for p in phones if p)) if w))
    return Content("contacts", _words("\n".join(line for line in lines if line)))


def _button(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    return Content("button", _words(inner.get("text")), button=word(inner.get("payload"))[:256])


def _interactive(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    raw = word(inner.get("type"))
    reply = inner.get(raw) if raw else None
    reply = reply if isinstance(reply, dict) else {}
    if raw in ("button_reply", "list_reply"):
        return Content("interactive", _words(reply.get("title")), button=word(reply.get("id"))[:256])
    if raw == "nfm_reply":
        return Content(
            "interactive", _form(reply), raw_kind="nfm_reply", button=word(reply.get("name"))[:256]
        )
    return Content("interactive", _words(reply.get("body")), raw_kind=raw[:40])


def _form(reply: dict[str, Any]) -> str:
    """A filled-in form (Flow): one line for each answer; bookkeeping of the provider left out."""
    try:
        answers = json.loads(str(reply.get("response_json")))
    except (ValueError, RecursionError):
        answers = None
    if not isinstance(answers, dict):
        return _words(reply.get("body"))
    lines = [
        f"{key}: {value if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False)}"
        for key, value in answers.items()
        if key != "flow_token"
    ]
    return _words("\n".join(lines))


def _reaction(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    return Content("reaction", _words(inner.get("emoji")), about=word(inner.get("message_id")))


def _order(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    items = [i for i in _list(inner.get("product_items")) if isinstance(i, dict)]
    lines = [f"{i.get('quantity', 1)} × {word(i.get('product_retailer_id'))}" for i in items]
    return Content("order", _words("\n".join([_words(inner.get("text")), *lines])).strip())


def _system(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    # The provider's sentence quotes phone numbers, which a supporter must not see: only the kind is kept.
    return Content("system", raw_kind=(word(inner.get("type")) or "system")[:40])


def _edit(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    message = inner.get("message")
    now = read(message) if isinstance(message, dict) else Content("unknown")
    about = word(inner.get("original_message_id") or inner.get("message_id"))
    return Content("edited", now.text, attachments=now.attachments, about=about)


def _revoke(part: dict[str, Any], inner: dict[str, Any]) -> Content:
    return Content("deleted", about=word(inner.get("original_message_id") or inner.get("message_id")))


_READERS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Content]] = {
    "text": _plain,
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "unsent": _revoke,
}


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which no database takes (the latter become a question mark)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _words(value: Any) -> str:
    return storable(value[:LONGEST]) if isinstance(value, str) else ""


def word(value: Any) -> str:
    """An identifier or code of the provider as text; "" for anything else."""
    if isinstance(value, str):
        return storable(value[:1000])
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
