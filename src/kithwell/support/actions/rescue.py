"""Whether to call emergency services: one asks, another decides, both say why, and what was done is written down.

The product calls nobody and asks nobody for an address (safety invariant 8). Agreeing opens nothing by itself: the
address stays behind `reveal_address` with its own reason.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import access, house, tasks, words
from kithwell.support.actions import common
from kithwell.support.models import Conversation, Rescue

TABLE = "support_rescue"
DECIDERS = ("supervisor", "oncall")


def ask_rescue(principal: Principal, conversation_id: UUID, reason: str) -> UUID:
    """Ask a second person whether emergency services should be called. On-call people and supervisors are alerted.

    Raises Invalid without a reason, Conflict while another question is open.
    """
    with transaction.atomic():
        conversation = access.staffed(principal, conversation_id)
        if Rescue.objects.filter(conversation=conversation, state=Rescue.State.OPEN).exists():
            raise Conflict(_("A colleague has already asked. A second person decides now."))
        assert principal.id is not None
        rescue = Rescue(id=ids.new_id(), conversation=conversation, asked_by=principal.id)
        rescue.asked_at = clock.now()
        rescue.reason = _sealed(conversation, rescue.id, "reason", reason)
        rescue.save(force_insert=True)
        _record(principal, "rescue.asked", rescue, conversation)
        # as if somebody were in danger now, whatever level was called about before
        tasks.raise_alert.enqueue(conversation_id=str(conversation.id), level="C5")
        common.tell(conversation, desks=[conversation.assigned_to])
        return rescue.id


def decide_rescue(principal: Principal, rescue_id: UUID, agree: bool, reason: str) -> None:
    """The second person's yes or no. Raises Refused for whoever asked and for roles that do not decide."""
    with transaction.atomic():
        rescue, conversation = _open(principal, rescue_id)
        if rescue.asked_by == principal.id:
            raise Refused(_("You asked. Another person has to decide."))
        if not principal.has(*DECIDERS):
            raise Refused(_("A supervisor or an on-call person decides this."))
        rescue.state = Rescue.State.AGREED if agree else Rescue.State.DECLINED
        rescue.decided_by, rescue.decided_at = principal.id, clock.now()
        rescue.answer = _sealed(conversation, rescue.id, "answer", reason)
        rescue.save()
        _record(principal, f"rescue.{rescue.state}", rescue, conversation)
        common.tell(conversation, desks=[conversation.assigned_to])


def withdraw_rescue(principal: Principal, rescue_id: UUID) -> None:
    """Whoever asked takes the question back."""
    with transaction.atomic():
        rescue, conversation = _open(principal, rescue_id)
        if rescue.asked_by != principal.id:
            raise Refused(_("Whoever asked can take the question back."))
        rescue.state, rescue.decided_at = Rescue.State.WITHDRAWN, clock.now()
        rescue.save()
        _record(principal, "rescue.withdrawn", rescue, conversation)
        common.tell(conversation, desks=[conversation.assigned_to])


def record_rescue(principal: Principal, rescue_id: UUID, outcome: str) -> None:
    """What people did after agreeing: whom they rang, when, and what came of it. Written once."""
    with transaction.atomic():
        rescue, conversation = _of(principal, rescue_id)
        if rescue.state != Rescue.State.AGREED or rescue.outcome is not None:
            raise Conflict(_("There is nothing to write down here."))
        rescue.outcome = _sealed(conversation, rescue.id, "outcome", outcome)
        rescue.outcome_by, rescue.outcome_at = principal.id, clock.now()
        rescue.save()
        _record(principal, "rescue.outcome", rescue, conversation)
        common.tell(conversation, desks=[conversation.assigned_to])


def _of(principal: Principal, rescue_id: UUID) -> tuple[Rescue, Conversation]:
    rescue = Rescue.objects.select_for_update().filter(id=rescue_id).first()
    if rescue is None:
        raise NotFound()
    return rescue, access.staffed(principal, rescue.conversation_id)


def _open(principal: Principal, rescue_id: UUID) -> tuple[Rescue, Conversation]:
    rescue, conversation = _of(principal, rescue_id)
    if rescue.state != Rescue.State.OPEN:
        raise Conflict(_("This has been decided already."))
    return rescue, conversation


def _sealed(conversation: Conversation, ident: UUID, field: str, text: str) -> bytes:
    text = kernel_texts.tidy(text, house.MAX_NOTE, "reason")
    if not text:
        raise Invalid({"reason": _("Say why, in a sentence. It is kept with your name.")})
    return words.seal_text(conversation.contact.subject, text, (TABLE, field, ident)) or b""


def _record(principal: Principal, verb: str, rescue: Rescue, conversation: Conversation) -> None:
    audit.record(principal, verb, kind="rescue", id=rescue.id, about=conversation.contact.subject)
