"""Taking words away: redacting with a reason, erasing one message, one conversation, one person; and letting go by age.

Redacting keeps the place where words were and who took them out. Erasing keeps nothing but counts in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, conf, crypto, ids
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.support import access, files
from kithwell.support.actions import common, identify
from kithwell.support.models import (
    Attachment,
    Contact,
    ContactAddress,
    ContactMerge,
    Conversation,
    Debrief,
    Delivery,
    Flag,
    FollowUp,
    Forgotten,
    Message,
    Note,
    Rescue,
)

REDELIVERED_FOR = timedelta(days=8)  # providers redeliver for up to seven days


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased: counts, never content. `id` is the audit entry's number."""

    id: int
    at: datetime
    messages: int
    conversations: int
    files: int
    addresses: int
    contacts: int


def redact(principal: Principal, message_id: UUID, reason: str) -> None:
    """Take one message's words out, with a reason that is kept. Supervisors only; nobody deletes evidence silently."""
    access.need_role(principal, "supervisor")
    why = kernel_texts.tidy(reason, 200, "reason")
    if len(why) < 5:
        raise Invalid({"reason": _("Say why; it is kept with your name.")})
    with transaction.atomic():
        message = Message.objects.filter(id=message_id).first()
        if message is None:
            raise NotFound()
        conversation = access.supervised(principal, message.conversation_id)
        _blank([message.id])
        Message.objects.filter(id=message.id).update(
            redacted_at=clock.now(), redacted_by=principal.id, redacted_why=why
        )
        audit.record(
            principal,
            "message.redacted",
            kind="message",
            id=message.id,
            about=conversation.contact.subject,
            reason=why,
        )
        common.tell(conversation, desks=[conversation.assigned_to])


def _blank(message_ids: list[UUID]) -> int:
    """Take words, scores and files out of these messages; returns how many files went."""
    Message.objects.filter(id__in=message_ids).update(body=None, spans=None, screening=None, meta={})
    return _remove_files(Attachment.objects.filter(message_id__in=message_ids).values_list("id", flat=True))


def _remove_files(attachment_ids: object) -> int:
    wanted = list(attachment_ids)  # type: ignore[call-overload]
    Attachment.objects.filter(id__in=wanted).update(
        state=Attachment.State.REMOVED, name=None, provider_ref=None, size=0, sha256=""
    )
    for ident in wanted:
        transaction.on_commit(lambda i=ident: files.remove(i))
    return len(wanted)


def _may_erase(principal: Principal, contact: Contact) -> None:
    if access.is_own(principal, contact) or principal == SYSTEM or principal.has("supervisor", "steward"):
        return
    raise Refused(_("Only the person, a supervisor or a steward can do this."))


def _remember_forgotten(messages: list[tuple[str, str, str]], now: datetime) -> None:
    """So that a provider's late redelivery does not bring back what was erased."""
    keys = {identify.forgotten_key(*triple) for triple in messages if triple[2]}
    Forgotten.objects.bulk_create(
        [Forgotten(key=key, until=now + REDELIVERED_FOR) for key in keys], ignore_conflicts=True
    )


def _receipt(
    principal: Principal,
    verb: str,
    kind: str,
    ident: UUID,
    about: UUID,
    counts: dict[str, int],
    reason: str = "",
) -> Receipt:
    seq = audit.record(principal, verb, kind=kind, id=ident, about=about, reason=reason, **counts)
    return Receipt(
        seq,
        clock.now(),
        counts.get("messages", 0),
        counts.get("conversations", 0),
        counts.get("files", 0),
        counts.get("addresses", 0),
        counts.get("contacts", 0),
    )


def erase_message(principal: Principal, message_id: UUID, reason: str = "") -> Receipt:
    """Erase one message: its place stays as an empty one, so that the numbering holds."""
    with transaction.atomic():
        message = Message.objects.select_related("conversation__contact").filter(id=message_id).first()
        if message is None:
            raise NotFound()
        contact = message.conversation.contact
        _may_erase(principal, contact)
        now = clock.now()
        _remember_forgotten([(message.channel, message.account, message.provider_id)], now)
        gone = _blank([message.id])
        Message.objects.filter(id=message.id).update(
            redacted_at=now, redacted_why="erased", provider_id="", reply_to="", level=""
        )
        common.tell(message.conversation, desks=[message.conversation.assigned_to])
        return _receipt(
            principal,
            "message.erased",
            "message",
            message_id,
            contact.subject,
            {"messages": 1, "files": gone},
            reason,
        )


def erase_conversation(principal: Principal, conversation_id: UUID, reason: str = "") -> Receipt:
    """Erase one conversation with everything in it. An open one ends by that."""
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update(of=("self",))
            .select_related("contact")
            .filter(id=conversation_id)
            .first()
        )
        if conversation is None:
            raise NotFound()
        _may_erase(principal, conversation.contact)
        counts = _erase_rows([conversation_id])
        common.tell(desks=[conversation.assigned_to], queue=True)
        return _receipt(
            principal,
            "conversation.erased",
            "conversation",
            conversation_id,
            conversation.contact.subject,
            counts,
            reason,
        )


def _erase_rows(conversation_ids: list[UUID]) -> dict[str, int]:
    messages = Message.objects.filter(conversation_id__in=conversation_ids)
    triples = list(messages.exclude(provider_id="").values_list("channel", "account", "provider_id"))
    _remember_forgotten(triples, clock.now())
    count = messages.count()
    gone = _remove_files(
        Attachment.objects.filter(conversation_id__in=conversation_ids).values_list("id", flat=True)
    )
    Conversation.objects.filter(id__in=conversation_ids).delete()
    return {"messages": count, "conversations": len(conversation_ids), "files": gone}


def erase_contact(principal: Principal, contact_id: UUID, reason: str = "") -> Receipt:
    """Erase one person: conversations, addresses, flags, and their key, so that back-ups hold nothing readable."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(id=contact_id).first()
        if contact is None:
            raise NotFound()
        _may_erase(principal, contact)
        group = list(Contact.objects.filter(Q(id=contact.id) | Q(merged_into=contact)))
        counts = {"messages": 0, "conversations": 0, "files": 0, "addresses": 0, "contacts": 0}
        for one in group:
            for key, value in _erase_one(one).items():
                counts[key] += value
        return _receipt(principal, "contact.erased", "contact", contact.id, contact.subject, counts, reason)


def _erase_one(contact: Contact) -> dict[str, int]:
    conversations = list(Conversation.objects.filter(contact=contact).values_list("id", flat=True))
    counts = _erase_rows(conversations)
    counts["addresses"] = ContactAddress.objects.filter(contact=contact).delete()[0]
    Flag.objects.filter(contact=contact).delete()
    Contact.objects.filter(id=contact.id).update(
        erased_at=clock.now(), handle="", account=None, language="", country="", merged_into=None
    )
    crypto.erase_subject(contact.subject)
    counts["contacts"] = 1
    return counts


def merge_contacts(principal: Principal, source_id: UUID, target_id: UUID, evidence: str) -> UUID:
    """A supervisor joins two contacts that are one person, with the evidence. Can be undone."""
    access.need_role(principal, "supervisor")
    with transaction.atomic():
        found = {c.id: c for c in Contact.objects.select_for_update().filter(id__in=[source_id, target_id])}
        if len(found) != 2 or found[target_id].merged_into_id is not None:
            raise NotFound()
        if Conversation.objects.filter(contact_id=source_id).exclude(state="ended").exists():
            raise Invalid(
                {"source": _("They are talking with us right now. Join them after that has ended.")}
            )
        identify.merge(found[source_id], found[target_id])
        ContactMerge.objects.filter(source_id=source_id, target_id=target_id, state="proposed").delete()
        row = ContactMerge.objects.create(
            id=ids.new_id(),
            source_id=source_id,
            target_id=target_id,
            evidence=evidence[:60],
            state="done",
            by=principal.id,
        )
        audit.record(principal, "contact.merged", kind="merge", id=row.id, about=found[target_id].subject)
        return row.id


def undo_merge(principal: Principal, merge_id: UUID) -> None:
    """Two people after all: part them again. Nothing was mixed, so nothing has to be sorted out."""
    access.need_role(principal, "supervisor")
    with transaction.atomic():
        row = (
            ContactMerge.objects.select_related("source", "target")
            .filter(id=merge_id)
            .exclude(state="undone")
            .first()
        )
        if row is None:
            raise NotFound()
        Contact.objects.filter(id=row.source_id, merged_into=row.target_id).update(merged_into=None)
        ContactMerge.objects.filter(id=row.id).update(state="undone", undone_at=clock.now())
        audit.record(principal, "contact.merge_undone", kind="merge", id=row.id, about=row.target.subject)


def _days(name: str, default: int) -> timedelta:
    return timedelta(days=int(conf.get(name, default)))


def retain(limit: int = 500) -> dict[str, int]:
    """Let go of what is older than each class of data is kept; counts by class. Safe to run at any time."""
    now = clock.now()
    done: dict[str, int] = {}
    with transaction.atomic():
        old = Message.objects.filter(created_at__lte=now - _days("retention_screening_days", 90)).exclude(
            screening__isnull=True, spans__isnull=True
        )
        ids_ = list(old.values_list("id", flat=True)[:limit])
        done["screening"] = Message.objects.filter(id__in=ids_).update(screening=None, spans=None)
    with transaction.atomic():
        ended = now - _days("retention_messages_days", 365)
        spoken = Message.objects.filter(conversation__ended_at__lte=ended, body__isnull=False)
        ids_ = list(spoken.values_list("id", flat=True)[:limit])
        _blank(ids_)
        done["messages"] = Message.objects.filter(id__in=ids_).update(
            redacted_at=now, redacted_why="kept time over"
        )
    with transaction.atomic():
        ended = now - _days("retention_summaries_days", 730)
        told = Conversation.objects.filter(ended_at__lte=ended).exclude(
            summary__isnull=True, next_step__isnull=True
        )
        ids_ = list(told.values_list("id", flat=True)[:limit])
        done["summaries"] = Conversation.objects.filter(id__in=ids_).update(summary=None, next_step=None)
        Note.objects.filter(conversation__ended_at__lte=ended).delete()
        Rescue.objects.filter(conversation__ended_at__lte=ended).delete()
    with transaction.atomic():
        unseen = now - _days("retention_addresses_days", 365)
        quiet = ContactAddress.objects.filter(contact__last_seen_at__lte=unseen).exclude(
            contact__conversations__follow_ups__state="planned"
        )
        ids_ = list(quiet.values_list("id", flat=True)[:limit])
        done["addresses"] = ContactAddress.objects.filter(id__in=ids_).delete()[0]
    done |= _retain_small(now, limit)
    return done


def _retain_small(now: datetime, limit: int) -> dict[str, int]:
    """The classes that are few."""
    done: dict[str, int] = {}
    done["debriefs"] = Debrief.objects.filter(
        created_at__lte=now - _days("retention_debriefs_days", 365)
    ).delete()[0]
    done["flags"] = Flag.objects.filter(until__lte=now - timedelta(days=30)).delete()[0]
    Forgotten.objects.filter(until__lte=now).delete()
    empty = Conversation.objects.filter(last_n=0, created_at__lte=now - timedelta(days=1), reason="")
    done["empty"] = empty.filter(id__in=list(empty.values_list("id", flat=True)[:limit])).delete()[0]
    Delivery.objects.filter(settled_at__lte=now - timedelta(days=90), state="cancelled").delete()
    FollowUp.objects.filter(state="cancelled", settled_at__lte=now - timedelta(days=30)).delete()
    return done
