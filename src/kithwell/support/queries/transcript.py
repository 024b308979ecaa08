"""The transcript, for the person and for staff: the same words, and for staff what lies beside them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kithwell.kernel import crypto
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import access, files, reasons, words
from kithwell.support.models import Attachment, Conversation, Delivery, Message
from kithwell.support.queries import common
from kithwell.support.queries.views import (
    AttachmentRow,
    ButtonRow,
    MessageRow,
    ScreeningRow,
    SpanRow,
    Transcript,
)
from kithwell.support.rules import levels, status

FIELDS = (
    "id", "n", "author", "author_account", "kind", "body", "script", "status", "level", "provider_at", "order",
    "provider_id", "reply_to", "redacted_at",
)  # fmt: skip
HIDDEN_FROM_PERSON = ("cancelled",)
PUBLIC_STATUS = {"held": "pending", "sending": "pending", "expired": "failed"}


def transcript(principal: Principal, conversation_id: UUID, since: int = 0) -> Transcript:
    """Messages that arrived after number `since`, in display order. Reading by staff is audited. Raises NotFound."""
    seen = access.conversation(principal, conversation_id)
    if not seen.is_person:
        common.note_reading(principal, seen.conversation)
    return build(principal, seen, since)


def build(principal: Principal, seen: access.Access, since: int = 0) -> Transcript:
    """The transcript of a conversation that was opened already. At most five queries."""
    conversation = seen.conversation
    rows = Message.objects.filter(conversation=conversation, n__gt=since)
    if seen.is_person:
        rows = rows.exclude(author=Message.Author.NOTE).exclude(status__in=HIDDEN_FROM_PERSON)
    found = list(rows.order_by("provider_at", "order", "provider_id", "n").values(*FIELDS))
    names = common.names({r["author_account"] for r in found} | {conversation.assigned_to})
    attached = _attachments(conversation, [r["id"] for r in found])
    errors = {} if seen.is_person else _errors([r["id"] for r in found if status.is_loud(r["status"])])
    answered = _answered(conversation, found)
    human = conversation.state == Conversation.State.HUMAN
    return Transcript(
        conversation_id=conversation.id,
        messages=tuple(_row(r, seen, principal, names, attached, errors, answered) for r in found),
        n=conversation.last_n,
        state=conversation.state,
        controller=conversation.controller,
        version=conversation.controller_version,
        handle=conversation.contact.handle,
        language=conversation.language,
        channel=conversation.channel,
        with_name=names.get(conversation.assigned_to, "") if human and conversation.assigned_to else "",
        ended_at=conversation.ended_at,
        can_write=seen.is_person or (seen.role == "holder" and human),
    )


def _row(
    row: dict[str, Any],
    seen: access.Access,
    principal: Principal,
    names: dict[UUID, str],
    attached: dict[UUID, tuple[AttachmentRow, ...]],
    errors: dict[UUID, str],
    answered: dict[str, UUID],
) -> MessageRow:
    person, contact = seen.is_person, seen.conversation.contact
    text, buttons = words.open_body(contact.subject, row["id"], row["body"])
    author = row["author"]
    mine = author == "person" if person else row["author_account"] == principal.id and author != "person"
    return MessageRow(
        n=row["n"],
        id=row["id"],
        author=author,
        name=contact.handle if author == "person" else names.get(row["author_account"], ""),
        text=text,
        at=row["provider_at"],
        status=PUBLIC_STATUS.get(row["status"], row["status"]) if person else row["status"],
        kind=row["kind"],
        attachments=attached.get(row["id"], ()),
        level="" if person or author != "person" else row["level"],
        buttons=tuple(ButtonRow(b.id, b.title) for b in buttons),
        script=row["script"],
        mine=mine,
        redacted=row["redacted_at"] is not None,
        loud=not person and author == "supporter" and status.is_loud(row["status"]),
        error_class=errors.get(row["id"], ""),
        reply_to=answered.get(row["reply_to"]) if row["reply_to"] else None,
    )


def _answered(conversation: Conversation, rows: Sequence[dict[str, Any]]) -> dict[str, UUID]:
    """Our ids of the messages these answer to, by the provider's ids."""
    wanted = {r["reply_to"] for r in rows if r["reply_to"]}
    if not wanted:
        return {}
    theirs = Message.objects.filter(conversation=conversation, provider_id__in=wanted)
    ours = Delivery.objects.filter(conversation=conversation, provider_id__gt="", provider_id__in=wanted)
    return dict(theirs.values_list("provider_id", "id")) | dict(ours.values_list("provider_id", "message_id"))


def _attachments(
    conversation: Conversation, messages: Sequence[UUID]
) -> dict[UUID, tuple[AttachmentRow, ...]]:
    if not messages:
        return {}
    subject = conversation.contact.subject
    rows = Attachment.objects.filter(conversation=conversation).order_by("created_at", "id")
    found: dict[UUID, list[AttachmentRow]] = defaultdict(list)
    wanted = set(messages)
    for ident, message, kind, mime, name, size, state in rows.values_list(
        "id", "message_id", "kind", "mime", "name", "size", "state"
    ):
        if message in wanted:
            shown = words.open_text(subject, name, ("support_attachment", "name", ident))
            found[message].append(AttachmentRow(ident, kind, mime, shown, size, state))
    return {message: tuple(some) for message, some in found.items()}


def _errors(messages: Sequence[UUID]) -> dict[UUID, str]:
    if not messages:
        return {}
    rows = Delivery.objects.filter(message_id__in=messages).order_by("attempt")
    return dict(rows.values_list("message_id", "error_class"))


def screening(conversation: Conversation) -> ScreeningRow | None:
    """Why the level is what it is: the screening of the most serious message. One query."""
    row = (
        Message.objects.filter(conversation=conversation, author="person", screening__isnull=False)
        .order_by("-level", "n")
        .values("id", "n", "level", "screening", "spans")
        .first()
    )
    if row is None:
        return None
    subject = conversation.contact.subject
    sealed = words.open_text(subject, row["spans"], (words.MESSAGE, "spans", row["id"]))
    spans = tuple(_span(found) for found in json.loads(sealed)) if sealed else ()
    scores = row["screening"]
    crisis, distress = scores.get("crisis") or {}, scores.get("distress") or {}
    return ScreeningRow(
        level=row["level"] or levels.UNKNOWN,
        score=float(crisis.get("score", scores.get("crisis_score", 0)) or 0),
        distress=float(distress.get("score", scores.get("distress_score", 0)) or 0),
        lang=scores.get("lang") or "",
        validated=bool(scores.get("validated", False)),
        version=str(scores.get("version", "")),
        message_n=row["n"],
        spans=spans,
        harm=_flagged(scores.get("harm")),
        conduct=_flagged(scores.get("conduct")),
        failed=conversation.screening_failed,
    )


def _span(found: dict[str, Any]) -> SpanRow:
    label = found["label"]
    return SpanRow(found["text"], reasons.in_words(label), float(found["weight"]), label == reasons.WEIGHED)


def _flagged(signals: Any) -> tuple[str, ...]:
    return tuple(s["category"] for s in signals or () if s.get("flag") and "category" in s)


@dataclass(frozen=True, slots=True)
class AttachmentFile:
    """One file for somebody who may read its conversation. Show images blurred until asked for."""

    content: bytes = field(repr=False)
    mime: str
    name: str
    is_image: bool


_MIME = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*", re.ASCII)
SAFE_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")


def attachment(principal: Principal, conversation_id: UUID, attachment_id: UUID) -> AttachmentFile:
    """A file's bytes. Raises NotFound when it is not theirs, not here yet, or gone."""
    seen = access.conversation(principal, conversation_id)
    row = Attachment.objects.filter(
        id=attachment_id, conversation=seen.conversation, state=Attachment.State.READY
    ).first()
    if row is None:
        raise NotFound()
    if not seen.is_person:
        common.note_reading(principal, seen.conversation)
    subject = seen.conversation.contact.subject
    try:
        content = files.get(subject, row.id)
    except crypto.Erased:
        content = None
    if content is None:
        raise NotFound()
    name = words.open_text(subject, row.name, ("support_attachment", "name", row.id))
    mime = (
        row.mime if _MIME.fullmatch(row.mime) else "application/octet-stream"
    )  # a sender's word, in a header
    return AttachmentFile(content, mime, name, mime in SAFE_INLINE)
