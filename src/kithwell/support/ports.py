"""What a channel and the desk say to each other. A channel is a folder that fills in these shapes.

Inwards a channel turns provider events into `Inbound` and calls `support.actions.receive`; it reports what became of
our messages with `support.actions.record_status`. Outwards the desk calls the channel's `ChannelAdapter` from a job.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.kernel.errors import Invalid

MESSAGE_KINDS = (
    "text", "image", "audio", "voice", "video", "document", "sticker", "location", "contacts", "button",
    "interactive", "reaction", "order", "system", "template", "edited", "deleted", "unknown",
)  # fmt: skip

SEND_ERRORS = ("retry", "window", "unreachable", "not_allowed", "content", "media", "account")


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a person, as the channel read it.

    `addresses` are (kind, value) pairs, the most specific first; all of them were stated together by the provider.
    `order` breaks ties of `provider_at` and depends only on the event itself, so any order of arrival gives the same
    transcript. `attachments` are dicts with any of: kind, mime, name, size, sha256, ref (the provider's media id).
    `provider_id` "" means the channel has none (then nothing can be deduplicated). `contact_id` names a contact
    already known to the channel (web chat). `raw_kind` is the provider's word for a kind we do not know.
    """

    channel: str
    account: str
    addresses: tuple[tuple[str, str], ...]
    provider_id: str
    provider_at: datetime
    order: int
    kind: str
    text: str
    attachments: tuple[dict[str, Any], ...] = ()
    button: str = ""
    reply_to: str = ""
    profile_name: str = ""  # never stored: people are shown by their handle
    language: str = ""
    country: str = ""
    contact_id: UUID | None = None
    raw_kind: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one Inbound. `message_id` is None only for an event whose person was erased meanwhile."""

    message_id: UUID | None
    conversation_id: UUID | None
    duplicate: bool
    attachments: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One status of one of our messages. `delivery_id` is the attempt's id where the provider echoes it back."""

    channel: str
    account: str
    provider_id: str
    status: str
    at: datetime
    error_class: str = ""
    error_code: str = ""
    delivery_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Button:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to send one message. `id` is unique per attempt: hand it to the provider where it can echo it.

    `addresses` are (kind, value) pairs, newest first, opened only for the adapter. Never log them.
    """

    id: UUID
    message_id: UUID
    conversation_id: UUID
    channel: str
    account: str
    addresses: tuple[tuple[str, str], ...] = field(repr=False)
    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    language: str = "en"
    attempt: int = 1
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    provider_id: str


class SendError(Exception):
    """A send that did not work, typed so that the desk knows what to do. `detail` never reaches logs or pages."""

    def __init__(self, cls: str, code: str = "", detail: str = "", retry_after: float | None = None) -> None:
        if cls not in SEND_ERRORS:
            raise ValueError(cls)
        super().__init__(f"{cls} {code}".strip())
        self.cls, self.code, self.detail, self.retry_after = cls, code, detail, retry_after


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters of text, caption and button title, and how many buttons; what a provider would refuse."""

    text: int = 4000
    caption: int = 1024
    button_title: int = 20
    max_buttons: int = 3
    text_with_buttons: int = 1024


@runtime_checkable
class ChannelAdapter(Protocol):
    """One channel's way out.

    `instant`: the person reads from our own store; nothing is sent, a stored message has arrived. `window_hours`:
    length of the provider's window for free words, None where there is none. `privacy_note_key` names the words that
    say who can read this channel. `check` raises kernel.errors.Invalid when a provider would refuse these words; it
    is called when they are written. `deliver` and `send_template` run in a worker thread, may block for seconds,
    return Sent or raise SendError, and are never called twice for one delivery id unless a worker died in between.
    """

    kind: str
    limits: Limits
    instant: bool
    window_hours: int | None
    privacy_note_key: str

    def check(self, text: str, buttons: tuple[Button, ...] = ()) -> None: ...
    def deliver(self, delivery: Delivery) -> Sent: ...
    def send_template(self, delivery: Delivery, template: str) -> Sent: ...


def check_limits(limits: Limits, text: str, buttons: tuple[Button, ...] = ()) -> None:
    """Raise Invalid when `text` or `buttons` go past `limits`; channels call this from `check`."""
    most = min(limits.text, limits.text_with_buttons) if buttons else limits.text
    if len(text) > most:
        said = _("This is %(length)d characters long; one message here has room for %(limit)d.")
        raise Invalid({"text": said % {"length": len(text), "limit": most}})
    if not text.strip():
        raise Invalid({"text": _("Write something first.")})
    if len(buttons) > limits.max_buttons:
        raise Invalid({"buttons": _("At most %(limit)d buttons fit here.") % {"limit": limits.max_buttons}})
    for button in buttons:
        if not button.title.strip() or len(button.title) > limits.button_title:
            said = _("A button has 1 to %(limit)d characters.")
            raise Invalid({"buttons": said % {"limit": limits.button_title}})


class StoredAdapter:
    """A channel whose people read from our own store (web chat): storing is delivering."""

    instant = True
    window_hours: int | None = None
    privacy_note_key = "web"
    limits = Limits(text=4000, caption=4000, button_title=40, max_buttons=6, text_with_buttons=4000)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def check(self, text: str, buttons: tuple[Button, ...] = ()) -> None:
        check_limits(self.limits, text, buttons)

    def deliver(self, delivery: Delivery) -> Sent:
        return Sent("")

    def send_template(self, delivery: Delivery, template: str) -> Sent:
        return Sent("")


_adapters: dict[str, ChannelAdapter] = {}


def register(adapter: ChannelAdapter) -> None:
    """Make a channel known; the last one registered for a kind stands."""
    _adapters[adapter.kind] = adapter


def adapter(kind: str) -> ChannelAdapter:
    """The adapter of a channel. Raises LookupError for a channel that is not installed."""
    try:
        return _adapters[kind]
    except KeyError:
        raise LookupError(f"no channel {kind!r} is installed") from None


def kinds() -> tuple[str, ...]:
    return tuple(sorted(_adapters))
