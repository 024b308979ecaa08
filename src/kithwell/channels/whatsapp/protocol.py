"""The provider's webhook, read without trust: challenge, signature, envelope, messages, statuses, notices. Pure.

Written from the public documentation of the WhatsApp Business Cloud API (webhooks, messages, statuses, business-scoped
user ids; read November 2026). Nothing here raises on strange input: a part that cannot be read becomes `Unreadable`
with a reason, and everything else in the same post is still read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kithwell.channels.whatsapp import kinds
from kithwell.channels.whatsapp.countries import country_of
from kithwell.channels.whatsapp.kinds import word

PHONE, BSUID = "phone", "bsuid"
STATUSES = ("sent", "delivered", "read", "played", "failed")
_LATEST_YEAR = 2200


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer to the subscription's GET; None means 403."""
    given = query.get("hub.verify_token", "")
    right = bool(verify_token) and hmac.compare_digest(given.encode(), verify_token.encode())
    return query.get("hub.challenge", "") if right and query.get("hub.mode") == "subscribe" else None


def sign(body: bytes, app_secret: str) -> str:
    """The value of X-Hub-Signature-256 for these raw bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str, app_secret: str) -> bool:
    """Does `header` (X-Hub-Signature-256) fit these raw bytes? Compared in constant time."""
    return bool(app_secret) and hmac.compare_digest(
        header.encode("utf-8", "replace"), sign(body, app_secret).encode()
    )


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a person. `at` None: the provider's time could not be read. `order`: its place in the post."""

    number_id: str
    provider_id: str
    at: datetime | None
    order: int
    addresses: tuple[tuple[str, str], ...]
    kind: str
    text: str
    raw_kind: str = ""
    attachments: tuple[dict[str, Any], ...] = ()
    button: str = ""
    reply_to: str = ""
    profile_name: str = ""
    country: str = ""
    referral: str = ""
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a message of ours. `callback` is what we gave along when sending (our attempt's id)."""

    number_id: str
    provider_id: str
    status: str
    at: datetime | None
    error_code: str = ""
    callback: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the account or a template; `facts` holds codes and names of ours, never a person's words."""

    number_id: str
    kind: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part that could not be read, and why. The raw body is kept until somebody has looked."""

    reason: str


@dataclass(frozen=True, slots=True)
class Post:
    """Everything in one webhook post."""

    messages: tuple[Message, ...] = ()
    statuses: tuple[Status, ...] = ()
    notices: tuple[Notice, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


Part = Message | Status | Notice | Unreadable


def read(body: bytes) -> Post:
    """All parts of a post, at all three levels (entry, changes, value)."""
    try:
        root = json.loads(body)
    except (ValueError, RecursionError):
        return Post(unreadable=(Unreadable("not JSON"),))
    if not isinstance(root, dict) or not isinstance(root.get("entry"), list):
        return Post(unreadable=(Unreadable("no entry"),))
    found: list[Part] = []
    for entry in root["entry"]:
        if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
            found.append(Unreadable("entry without changes"))
            continue
        for change in entry["changes"]:
            if isinstance(change, dict) and isinstance(change.get("value"), dict):
                found.extend(_change(str(change.get("field") or ""), change["value"]))
            else:
                found.append(Unreadable("change without value"))
    return Post(
        tuple(p for p in found if isinstance(p, Message)),
        tuple(p for p in found if isinstance(p, Status)),
        tuple(p for p in found if isinstance(p, Notice)),
        tuple(p for p in found if isinstance(p, Unreadable)),
    )


def _change(name: str, value: dict[str, Any]) -> Iterator[Part]:
    number = word(_dict(value.get("metadata")).get("phone_number_id"))
    known = False
    for key, reader in _READERS.items():
        if key not in value:
            continue
        known = True
        parts = value[key]
        if not isinstance(parts, list):
            yield Unreadable(f"{key} is no list")
            continue
        for index, part in enumerate(parts):
            if not isinstance(part, dict):
                yield Unreadable(f"{key} holds something that is no object")
                continue
            try:
                yield reader(number, value, part, index)
            except Exception as error:  # a reader's bug must not take the rest of the post with it
                yield Unreadable(f"{key}: {type(error).__name__}")
    if not known:
        yield _notice(number, name, value)


# -- messages ------------------------------------------------------------------------------------------------


def _message(number: str, value: dict[str, Any], part: dict[str, Any], index: int) -> Part:
    ident = word(part.get("id"))
    addresses, profile = _sender(value, part)
    if not addresses:
        return Unreadable("message without a sender")
    if not ident:
        return Unreadable("message without an id")
    content = kinds.read(part)
    extra = _system_addresses(part) if content.kind == "system" else ()
    addresses = tuple(dict.fromkeys((*addresses, *extra)))
    context = _dict(part.get("context"))
    return Message(
        number_id=number,
        provider_id=ident[:200],
        at=moment(part.get("timestamp")),
        order=index,
        addresses=addresses,
        kind=content.kind,
        text=content.text,
        raw_kind=content.raw_kind or ("group" if part.get("group_id") else ""),
        attachments=content.attachments,
        button=content.button,
        reply_to=(content.about or word(context.get("id")))[:200],
        profile_name=profile,
        country=country_of(addresses),
        referral=word(_dict(part.get("referral")).get("source_id")),
        error_code=_error_code(part.get("errors")),
    )


def _call(number: str, value: dict[str, Any], part: dict[str, Any], index: int) -> Part:
    """Somebody called. Kept and shown, because nobody here answers calls."""
    if part.get("event") not in ("connect", None):
        return Notice(number, "call", {"event": word(part.get("event"))[:40]})
    return _message(number, value, {**part, "type": "call"}, index)


def _sender(value: dict[str, Any], part: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Addresses the provider states for this sender, the most specific first, and the profile's name.

    A person with a username has no phone here: `from` is absent, `from_user_id` stands in its place.
    """
    phone = digits(part.get("from"))
    bsuid = word(part.get("from_user_id"))
    contact = _contact(value, phone, bsuid)
    phone = phone or digits(contact.get("wa_id"))
    bsuid = bsuid or word(contact.get("user_id"))
    found = [(BSUID, bsuid[:140])] if bsuid else []
    found += [(PHONE, phone)] if phone else []
    return tuple(found), word(_dict(contact.get("profile")).get("name"))[:200]


def _contact(value: dict[str, Any], phone: str, bsuid: str) -> dict[str, Any]:
    contacts = [c for c in _list(value.get("contacts")) if isinstance(c, dict)]
    for contact in contacts:
        if (phone and digits(contact.get("wa_id")) == phone) or (bsuid and contact.get("user_id") == bsuid):
            return contact
    # One contact and a sender who says nothing: the provider means this one.
    return contacts[0] if len(contacts) == 1 and not phone and not bsuid else {}


def _system_addresses(part: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """A change of number or of id states the old and the new address together."""
    system = _dict(part.get("system"))
    phone = digits(system.get("wa_id") or system.get("new_wa_id"))
    bsuid = word(system.get("user_id"))
    return (*(((BSUID, bsuid[:140]),) if bsuid else ()), *(((PHONE, phone),) if phone else ()))


# -- statuses and notices ------------------------------------------------------------------------------------


def _status(number: str, value: dict[str, Any], part: dict[str, Any], index: int) -> Part:
    ident, status = word(part.get("id")), word(part.get("status"))
    if not ident:
        return Unreadable("status without an id")
    if status not in STATUSES:
        return Notice(number, "status", {"status": status[:40]})
    return Status(
        number_id=number,
        provider_id=ident[:200],
        status=status,
        at=moment(part.get("timestamp")),
        error_code=_error_code(part.get("errors")),
        callback=word(part.get("biz_opaque_callback_data"))[:200],
    )


def _error(number: str, value: dict[str, Any], part: dict[str, Any], index: int) -> Part:
    return Notice(number, "error", {"code": _error_code([part])})


_FACTS = (
    "event", "message_template_id", "message_template_name", "message_template_language", "reason", "current_limit",
    "decision", "alert_type", "alert_severity", "previous_category", "new_category", "new_quality_score",
)  # fmt: skip


def _notice(number: str, name: str, value: dict[str, Any]) -> Notice:
    facts = {key: word(value[key])[:120] for key in _FACTS if key in value}
    ban = _dict(value.get("ban_info"))
    if ban:
        facts["ban"] = word(ban.get("waba_ban_state"))[:40]
    return Notice(number, (name or "unknown")[:60], facts)


_READERS = {"messages": _message, "statuses": _status, "errors": _error, "calls": _call}


# -- small readers -------------------------------------------------------------------------------------------


def moment(value: Any) -> datetime | None:
    """The provider's time (seconds since 1970, as text or number); None when it is none."""
    try:
        found = datetime.fromtimestamp(int(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if 2009 <= found.year < _LATEST_YEAR else None


def digits(value: Any) -> str:
    """A phone number as the provider writes it: digits only, 5 to 20 of them, else ""."""
    found = "".join(c for c in str(value or "") if c in "0123456789")
    return found if 5 <= len(found) <= 20 else ""


def _error_code(errors: Any) -> str:
    for error in _list(errors):
        code = _dict(error).get("code")
        if isinstance(code, int) or (isinstance(code, str) and code.isdigit()):
            return str(code)[:20]
    return ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
