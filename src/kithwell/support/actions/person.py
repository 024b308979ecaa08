"""What the person themself does besides writing: open a web chat, rate, ask for a human, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import clock, crypto, ids
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import access, bridge, handles
from kithwell.support.actions import answer, common, ending
from kithwell.support.models import Contact, Conversation
from kithwell.support.rules import levels

WEB = WEB_ACCOUNT = "web"


@dataclass(frozen=True, slots=True)
class Opened:
    """`contact_id` is the visitor's identity: put it in their secret link or session and nowhere else."""

    conversation_id: UUID
    contact_id: UUID
    handle: str


def open_web(*, language: str, country: str, account_id: UUID | None = None) -> Opened:
    """A visitor comes to the web chat. A member who is signed in keeps their contact from before.

    The conversation is empty and in nobody's queue until the first message.
    """
    with transaction.atomic():
        contact = None
        if account_id is not None:
            found = Contact.objects.select_for_update().filter(account=account_id, erased_at__isnull=True)
            contact = found.order_by("created_at").first()
        if contact is None:
            contact = Contact.objects.create(
                id=ids.new_id(),
                subject=crypto.new_subject(),
                handle=handles.new(),
                language=language[:12],
                country=country[:2].upper(),
                account=account_id,
            )
        conversation, _ = (
            Conversation.objects.exclude(state="ended")
            .select_for_update()
            .get_or_create(
                contact=contact,
                channel=WEB,
                account=WEB_ACCOUNT,
                defaults={"language": language[:12], "country": country[:2].upper()},
            )
        )
        return Opened(conversation.id, contact.id, contact.handle)


def _own(by: Principal | None, conversation_id: UUID) -> Conversation:
    """The person's conversation, locked. `by` None: the channel has proved who they are (link, signature)."""
    if by is not None:
        return access.own(by, conversation_id)
    found = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
    conversation = found.filter(id=conversation_id).first()
    if conversation is None:
        raise NotFound()
    return conversation


def rate(conversation_id: UUID, n: int, by: Principal | None = None) -> None:
    """How bad it is right now, 0 (fine) to 10 (as bad as it gets). It can only move the person forward."""
    if not 0 <= n <= 10:
        raise Invalid({"rating": _("Choose a number from 0 to 10.")})
    _own_turn(by, conversation_id, bridge.Heard("", "", "C0", rating=n))


def ask_human(conversation_id: UUID, by: Principal | None = None) -> None:
    """A person, please. Always granted a place in the queue."""
    _own_turn(by, conversation_id, bridge.Heard("", "", "C0", asked="human"))


def _own_turn(by: Principal | None, conversation_id: UUID, heard: bridge.Heard) -> None:
    now = clock.now()
    with transaction.atomic():
        conversation = _own(by, conversation_id)
        if conversation.state == Conversation.State.ENDED:
            return
        before, calm = conversation.in_queue, not levels.is_crisis(conversation.level)
        if heard.rating is not None:
            conversation.self_rating = heard.rating
        if heard.asked == "human":
            conversation.asked_for_person = True
            if conversation.state == Conversation.State.ASSISTANT:
                conversation.state = Conversation.State.WAITING
        if conversation.state == Conversation.State.WAITING:
            common.enqueue(conversation, now)
        if conversation.controller == Conversation.Controller.ASSISTANT:
            _let_assistant_answer(conversation, heard, now)
        conversation.last_activity_at = now
        conversation.save()
        if calm and levels.is_crisis(conversation.level):
            common.alert(conversation)
        common.tell(
            conversation, desks=[conversation.assigned_to], queue=not before and conversation.in_queue
        )


def _let_assistant_answer(conversation: Conversation, heard: bridge.Heard, now: datetime) -> None:
    turn = bridge.converse(
        conversation.assistant_state,
        [heard],
        lang=conversation.language or "en",
        channel=conversation.channel,
        country=conversation.country,
        level=conversation.level,
        place=conversation,
    )
    answer.take_turn(conversation, turn, now)
    for line in turn.lines:
        message = common.build(
            conversation,
            conversation.contact.subject,
            "assistant",
            line.text,
            now=now,
            buttons=line.buttons,
            script=line.script,
        )
        common.send(conversation, message)


def close_by_person(conversation_id: UUID, by: Principal | None = None) -> None:
    """The person closes. They can always write again; whoever held it still writes the summary.

    An alert about somebody in danger stays open: closing the window is no sign of safety.
    """
    now = clock.now()
    with transaction.atomic():
        conversation = _own(by, conversation_id)
        if conversation.state == Conversation.State.ENDED:
            return
        common.withdraw_offers(conversation, now)
        holder = conversation.assigned_to
        ending.close(conversation, "person", None, now)
        common.announce(conversation, "ended_by_you", now=now)
        conversation.save()
        if holder is not None and levels.is_crisis(conversation.level):
            from kithwell.support.actions import desk

            state = desk.own_state(holder)
            desk.after_hard(state, conversation.level, now)
            state.save()
        common.tell(conversation, desks=[holder], queue=True)
