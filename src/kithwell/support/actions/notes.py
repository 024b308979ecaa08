"""What staff write beside a conversation: notes, flags with an end, the level they judge right."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import access, house, words
from kithwell.support.actions import common
from kithwell.support.models import Conversation, Flag, Note
from kithwell.support.rules import levels

LONGEST_FLAG = timedelta(days=90)


def add_note(principal: Principal, conversation_id: UUID, text: str) -> UUID:
    """A private note. The person can read it in their export, so write it as if they did."""
    with transaction.atomic():
        conversation = access.staffed(principal, conversation_id)
        text = kernel_texts.tidy(text, house.MAX_NOTE, "text")
        if not text:
            raise Invalid({"text": _("Write something first.")})
        note = Note(id=ids.new_id(), conversation=conversation, by=principal.id, created_at=clock.now())
        sealed = words.seal_text(conversation.contact.subject, text, ("support_note", "text", note.id))
        note.text = sealed or b""
        note.save(force_insert=True)
        common.tell(conversation, desks=[conversation.assigned_to])
        return note.id


def set_flag(principal: Principal, conversation_id: UUID, kind: str, until: datetime, reason: str) -> UUID:
    """Tell the next supporter something about this person until a day at most 90 days off."""
    now = clock.now()
    if kind not in Flag.Kind.values:
        raise Invalid({"kind": _("Choose one of the kinds.")})
    if not now < until <= now + LONGEST_FLAG:
        raise Invalid({"until": _("A flag ends within 90 days; it can be set again.")})
    with transaction.atomic():
        conversation = access.staffed(principal, conversation_id)
        text = kernel_texts.tidy(reason, 500, "reason")
        if not text:
            raise Invalid({"reason": _("Say why, in words the person could read.")})
        flag = Flag(
            id=ids.new_id(),
            contact=conversation.contact,
            kind=kind,
            until=until,
            by=principal.id,
            created_at=now,
        )
        flag.reason = (
            words.seal_text(conversation.contact.subject, text, ("support_flag", "reason", flag.id)) or b""
        )
        flag.save(force_insert=True)
        audit.record(
            principal,
            "contact.flagged",
            kind="flag",
            id=flag.id,
            about=conversation.contact.subject,
            flag=kind,
        )
        common.tell(conversation, desks=[conversation.assigned_to])
        return flag.id


def remove_flag(principal: Principal, flag_id: UUID) -> None:
    """Take a flag off before its end: who set it, or a supervisor."""
    with transaction.atomic():
        flag = Flag.objects.select_related("contact").filter(id=flag_id, removed_at__isnull=True).first()
        if flag is None:
            raise NotFound()
        if flag.by != principal.id and not principal.has("supervisor"):
            if not access.holds_person(principal, flag.contact):
                raise NotFound()
            raise Refused(_("Whoever set this flag, or a supervisor, can take it off."))
        Flag.objects.filter(id=flag.id).update(removed_at=clock.now())
        audit.record(principal, "contact.unflagged", kind="flag", id=flag.id, about=flag.contact.subject)


def set_level(principal: Principal, conversation_id: UUID, level: str, reason: str = "") -> None:
    """A human's judgement of how serious it is, with a reason. It may lower what the screening said; new words raise it
    again if they are more serious."""
    if level not in levels.LEVELS:
        raise Invalid({"level": _("Choose one of C0 to C5.")})
    with transaction.atomic():
        conversation = access.staffed(principal, conversation_id)
        before = conversation.level
        conversation.level, conversation.level_by, conversation.screening_failed = level, principal.id, False
        if conversation.state == Conversation.State.ASSISTANT and levels.wants_lines(level):
            conversation.state = Conversation.State.WAITING
        if conversation.in_queue or conversation.state == Conversation.State.WAITING:
            common.enqueue(conversation, clock.now())
        conversation.save()
        audit.record(
            principal,
            "conversation.level",
            kind="conversation",
            id=conversation.id,
            about=conversation.contact.subject,
            reason=reason,
            before=before,
            after=level,
        )
        if levels.is_crisis(level) and not levels.is_crisis(before):
            common.alert(conversation)
            _count_exposure(conversation)
        common.tell(conversation, desks=[conversation.assigned_to], queue=conversation.in_queue)


def _count_exposure(conversation: Conversation) -> None:
    if conversation.state == Conversation.State.HUMAN and conversation.assigned_to is not None:
        common.note_hard_contact(conversation.assigned_to, clock.now())
