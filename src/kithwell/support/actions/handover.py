"""Passing a conversation on: one transaction each step, the sender keeps it until somebody accepts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import access, house, words
from kithwell.support.actions import common, desk
from kithwell.support.models import Conversation, HandOver, SupporterState, Team
from kithwell.support.rules import care, control, levels

NOTE = "support_handover"


def hand_over(principal: Principal, conversation_id: UUID, to: str, note: str, version: int) -> UUID:
    """Offer the conversation to "colleague:<uuid>", "team:<slug>" or "assistant". Returns the hand-over's id.

    A colleague or team sees transcript and note before accepting; until then nothing changes for the person but, for
    a team, an announcement. To the assistant it changes hands at once. Raises Conflict on an old `version`.
    """
    kind, _colon, target = to.partition(":")
    now = clock.now()
    with transaction.atomic():
        conversation = access.held(principal, conversation_id)
        if conversation.state != Conversation.State.HUMAN or conversation.controller_version != version:
            raise Conflict(
                _("This conversation changed while you were looking at it. Please look again first.")
            )
        text = kernel_texts.tidy(note, house.MAX_NOTE, "note")
        offer = HandOver(id=ids.new_id(), conversation=conversation, from_account=principal.id, to_kind=kind)
        offer.created_at = now
        offer.note = words.seal_text(conversation.contact.subject, text, (NOTE, "note", offer.id))
        common.withdraw_offers(conversation, now)
        if kind == "colleague":
            _to_colleague(offer, target, principal, conversation)
        elif kind == "team":
            _to_team(offer, target, conversation, principal, now)
        elif kind == "assistant":
            _to_assistant(offer, conversation, now)
        else:
            raise Invalid({"to": _("Choose a colleague, a team or the assistant.")})
        offer.save(force_insert=True)
        conversation.save()
        audit.record(
            principal,
            "conversation.hand_over",
            kind="conversation",
            id=conversation.id,
            about=conversation.contact.subject,
            to=kind,
        )
        common.tell(conversation, desks=[principal.id, offer.to_account], queue=kind == "team")
        return offer.id


def _to_colleague(offer: HandOver, target: str, principal: Principal, conversation: Conversation) -> None:
    account = ids.parse(target)
    there = (
        account is not None
        and SupporterState.objects.filter(account=account, on_shift_since__isnull=False).exists()
    )
    if not there or account in (principal.id, conversation.contact.account):
        raise Invalid({"to": _("This colleague is not on shift now.")})
    offer.to_account = account


def _to_team(
    offer: HandOver, slug: str, conversation: Conversation, principal: Principal, now: datetime
) -> None:
    """The team's members find it in their queue, with its place; the sender stays until one of them takes it."""
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise Invalid({"to": _("There is no such team.")})
    serving = SupporterState.objects.exclude(teams=[]).values_list("teams", flat=True)
    if not any(slug in teams for teams in serving):
        raise Invalid({"to": _("Nobody serves this team yet.")})
    offer.to_team = team
    conversation.team = team
    conversation.carried_over = True
    common.enqueue(conversation, now)
    common.announce(conversation, "to_team", now=now, name=common.name_of(principal.id))


def _to_assistant(offer: HandOver, conversation: Conversation, now: datetime) -> None:
    if levels.is_urgent(conversation.level):
        raise Invalid(
            {"to": _("Somebody this close to danger stays with people: a colleague, a team or the queue.")}
        )
    offer.state, offer.settled_at = HandOver.State.ACCEPTED, now
    conversation.state = Conversation.State.ASSISTANT
    conversation.assigned_to = conversation.assigned_at = conversation.lease_until = None
    conversation.asked_for_person = False
    conversation.unanswered = 0
    common.leave_queue(conversation)
    common.hand_to(conversation, control.ASSISTANT)
    common.announce(conversation, "to_assistant", now=now)


def _offer(principal: Principal, conversation_id: UUID) -> tuple[HandOver, Conversation]:
    """An open offer to this principal with its conversation, locked."""
    seen = access.conversation(principal, conversation_id, lock=True)
    offer = HandOver.objects.filter(
        conversation_id=conversation_id, state=HandOver.State.OFFERED, to_account=principal.id
    ).first()
    if offer is None:
        raise Conflict(_("This offer was taken back, or somebody else accepted it."))
    return offer, seen.conversation


def accept_hand_over(principal: Principal, conversation_id: UUID) -> UUID:
    """Take over what a colleague offered; caps and breaks hold here too. Returns the conversation's id."""
    account = access.need_role(principal, "supporter", "supervisor")
    now, limits = clock.now(), house.limits()
    with transaction.atomic():
        state = desk.own_state(account)
        offer, conversation = _offer(principal, conversation_id)
        me = desk.carer(state, *desk.loads([account]).get(account, (0, 0)))
        why = care.refusal(me, limits, now)
        if why:
            raise Refused(desk.WHY_NOT[why], code=why)
        giver = conversation.assigned_to
        HandOver.objects.filter(id=offer.id).update(state=HandOver.State.ACCEPTED, settled_at=now)
        common.assign(conversation, account, now, limits.lease)
        common.announce(conversation, "handed_over", now=now, name=common.name_of(account))
        conversation.save()
        audit.record(
            principal,
            "conversation.accepted",
            kind="conversation",
            id=conversation.id,
            about=conversation.contact.subject,
        )
        common.tell(conversation, desks=[account, giver])
        return conversation.id


def decline_hand_over(principal: Principal, conversation_id: UUID) -> None:
    """Say no to an offer; the sender still holds the conversation."""
    with transaction.atomic():
        offer, conversation = _offer(principal, conversation_id)
        HandOver.objects.filter(id=offer.id).update(state=HandOver.State.DECLINED, settled_at=clock.now())
        common.tell(conversation, desks=[principal.id, offer.from_account])


def withdraw_hand_over(principal: Principal, conversation_id: UUID) -> None:
    """Take one's own offer back."""
    with transaction.atomic():
        conversation = access.held(principal, conversation_id)
        offer = HandOver.objects.filter(conversation=conversation, state=HandOver.State.OFFERED).first()
        if offer is None:
            raise NotFound()
        common.withdraw_offers(conversation, clock.now())
        if offer.to_kind == "team":
            common.leave_queue(conversation)
            conversation.team = None
            conversation.save()
        common.tell(conversation, desks=[principal.id, offer.to_account])
