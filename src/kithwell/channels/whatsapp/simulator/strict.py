"""What the provider refuses, checked as strictly as it does or a little more. Pure.

Each check gives None or a refusal (HTTP status, error code, details). Source: WhatsApp Cloud API reference of the
messages endpoint and list of error codes, read November 2026.
"""

from __future__ import annotations

from typing import Any

Refusal = tuple[int, int, str]

_TOP = {
    "messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data",
    "text", "interactive", "template", "image", "audio", "video", "document", "sticker", "reaction", "location",
}  # fmt: skip
_MEDIA = ("image", "audio", "video", "document", "sticker")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def message(payload: Any) -> Refusal | None:
    """The shape of a send, whoever it is for."""
    if not isinstance(payload, dict):
        return 400, 100, "body is no object"
    if payload.get("messaging_product") != "whatsapp":
        return 400, 100, "messaging_product must be whatsapp"
    if unknown := sorted(set(payload) - _TOP):
        return 400, 100, "unknown parameter " + unknown[0]
    if bool(payload.get("to")) == bool(payload.get("recipient")):
        return 400, 131008, "one of to and recipient is needed"
    if len(str(payload.get("biz_opaque_callback_data", ""))) > 512:
        return 400, 100, "biz_opaque_callback_data is longer than 512"
    kind = payload.get("type", "text")
    if kind not in ("text", "interactive", "template", "reaction", "location", *_MEDIA):
        return 400, 131051, f"type {kind} is not supported"
    content = payload.get(kind)
    if not isinstance(content, dict):
        return 400, 131008, f"{kind} is needed"
    checks = {"text": _text, "interactive": _interactive, "template": _template}
    if kind in checks:
        return checks[kind](content)
    return _media(kind, content) if kind in _MEDIA else None


def _text(content: dict[str, Any]) -> Refusal | None:
    return _length("text.body", content.get("body"), 4096)


def _length(name: str, value: Any, most: int) -> Refusal | None:
    if not isinstance(value, str) or not value.strip():
        return 400, 131008, f"{name} is needed"
    return (400, 100, f"{name} must be at most {most} characters long") if units(value) > most else None


def _interactive(content: dict[str, Any]) -> Refusal | None:
    body, action = content.get("body"), content.get("action")
    if not isinstance(body, dict) or not isinstance(action, dict):
        return 400, 131008, "interactive needs body and action"
    if refused := _length("interactive.body.text", body.get("text"), 1024):
        return refused
    if content.get("type") == "button":
        return _buttons(action.get("buttons"))
    return _rows(action) if content.get("type") == "list" else (400, 131009, "interactive.type")


def _buttons(buttons: Any) -> Refusal | None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        return 400, 131009, "1 to 3 buttons"
    replies = [b.get("reply") for b in buttons if isinstance(b, dict) and isinstance(b.get("reply"), dict)]
    if len(replies) != len(buttons):
        return 400, 131009, "a button needs a reply"
    titles, idents = [r.get("title") for r in replies], [r.get("id") for r in replies]
    for title, ident in zip(titles, idents, strict=True):
        if refused := _length("button title", title, 20) or _length("button id", ident, 256):
            return 400, 131009, refused[2]
    twice = len(set(titles)) < len(titles) or len(set(idents)) < len(idents)
    return (400, 131009, "button titles and ids must be unique") if twice else None


def _rows(action: dict[str, Any]) -> Refusal | None:
    if refused := _length("action.button", action.get("button"), 20):
        return 400, 131009, refused[2]
    sections = action.get("sections")
    rows = (
        [r for s in sections if isinstance(s, dict) for r in s.get("rows", [])]
        if isinstance(sections, list)
        else []
    )
    if not 1 <= len(rows) <= 10:
        return 400, 131009, "1 to 10 rows"
    for row in rows:
        if refused := _length("row title", row.get("title"), 24) or _length("row id", row.get("id"), 200):
            return 400, 131009, refused[2]
    return None


def _template(content: dict[str, Any]) -> Refusal | None:
    language = content.get("language")
    if not content.get("name") or not isinstance(language, dict) or not language.get("code"):
        return 400, 131008, "template needs name and language.code"
    return None


def _media(kind: str, content: dict[str, Any]) -> Refusal | None:
    if bool(content.get("id")) == bool(content.get("link")):
        return 400, 131008, f"{kind} needs id or link"
    if "caption" in content:
        if kind in ("audio", "sticker"):
            return 400, 100, f"{kind} takes no caption"
        return _length("caption", content["caption"], 1024)
    return None
