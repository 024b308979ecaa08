"""What the desk holds about a member, told and taken away through `people`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import ngettext

from kithwell.kernel.principal import SYSTEM
from kithwell.people import erasure, export
from kithwell.support import words
from kithwell.support.actions import erase as erasing
from kithwell.support.models import Contact, Conversation, Debrief, FollowUp, Message, Note, Rescue


def _contacts(subject: UUID, account: UUID | None) -> list[Contact]:
    own = Contact.objects.filter(erased_at__isnull=True)
    if account is not None:
        return list(own.filter(account=account))
    return list(own.filter(subject=subject))


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """Every conversation with its words, summary and the notes about it, as one file each; one's own debriefs."""
    for contact in _contacts(subject, account):
        for conversation in Conversation.objects.filter(contact=contact, last_n__gt=0).order_by("created_at"):
            yield (
                f"conversations/{conversation.id}.json",
                export.as_json(_conversation(contact, conversation)),
            )
    if account is not None:
        debriefs = [
            {
                "at": d.done_at,
                "mood": d.mood,
                "text": words.open_text(subject, d.text, ("support_debrief", "text", d.id)),
            }
            for d in Debrief.objects.filter(account=account).order_by("created_at")
        ]
        if debriefs:
            yield "debriefs.json", export.as_json(debriefs)


def _conversation(contact: Contact, conversation: Conversation) -> dict[str, object]:
    key, table = contact.subject, words.CONVERSATION
    messages = (
        Message.objects.filter(conversation=conversation)
        .exclude(author="note")
        .order_by("provider_at", "order", "n")
    )
    return {
        "handle": contact.handle,
        "channel": conversation.channel,
        "began": conversation.created_at,
        "ended": conversation.ended_at,
        "level": conversation.level,
        "self_rating": conversation.self_rating,
        "summary": words.open_text(key, conversation.summary, (table, "summary", conversation.id)),
        "next_step": words.open_text(key, conversation.next_step, (table, "next_step", conversation.id)),
        "messages": [
            {
                "at": m.provider_at,
                "from": m.author,
                "text": words.open_body(key, m.id, m.body)[0],
                "kind": m.kind,
                "screening": m.screening,
                "taken_out": m.redacted_why,
            }
            for m in messages
        ],
        **_beside(contact, conversation),
    }


def _beside(contact: Contact, conversation: Conversation) -> dict[str, object]:
    """Notes, flags and promises about a conversation."""
    key = contact.subject
    return {
        "notes": [
            words.open_text(key, n.text, ("support_note", "text", n.id))
            for n in Note.objects.filter(conversation=conversation).order_by("created_at")
        ],
        "flags": [
            {
                "kind": f.kind,
                "reason": words.open_text(key, f.reason, ("support_flag", "reason", f.id)),
                "until": f.until,
            }
            for f in contact.flags.order_by("created_at")
        ],
        "emergency_services": [
            {
                "state": r.state,
                "at": r.asked_at,
                **{
                    name: words.open_text(key, getattr(r, name), ("support_rescue", name, r.id))
                    for name in ("reason", "answer", "outcome")
                },
            }
            for r in Rescue.objects.filter(conversation=conversation).order_by("asked_at")
        ],
        "follow_ups": list(
            FollowUp.objects.filter(conversation=conversation).values("kind", "due_at", "state")
        ),
    }


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    contacts = _contacts(subject, account)
    count = Conversation.objects.filter(contact__in=contacts, last_n__gt=0).count()
    if count:
        yield ngettext("%(n)s conversation with supporters", "%(n)s conversations with supporters", count) % {
            "n": count
        }


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Conversations are between two people in confidence: they go whatever the choice about writing."""
    rows = 0
    for contact in _contacts(subject, account):
        receipt = erasing.erase_contact(SYSTEM, contact.id, "asked by the person")
        rows += receipt.messages + receipt.conversations + receipt.addresses + receipt.contacts
    if account is not None:
        rows += Debrief.objects.filter(account=account).delete()[0]
    return rows


def register() -> None:
    export.register("support", tell)
    erasure.register("support", describe, erase)
