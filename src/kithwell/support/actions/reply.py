"""A supporter's words: written once, sent once, held when the provider's window is shut."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import access, house, ports, tasks, texts
from kithwell.support.actions import common, silence
from kithwell.support.models import Conversation, Delivery, Message
from kithwell.support.rules import control, status, window

TEMPLATE_WAITING = "reply_waiting"


def reply(
    principal: Principal,
    conversation_id: UUID,
    text: str,
    *,
    client_key: str,
    version: int,
    buttons: Sequence[ports.Button] = (),
) -> UUID:
    """Say `text` to the person. Returns the message's id; the same `client_key` returns the same message again.

    `version` is the controller version the writer saw. Raises Conflict when hands changed since, Invalid when the
    channel would refuse these words, Refused or NotFound when the conversation is not theirs.
    """
    if not client_key or len(client_key) > 64 or not client_key.isprintable():
        raise Invalid({"client_key": _("A key of 1 to 64 characters is needed.")})
    with transaction.atomic():
        seen = access.conversation(principal, conversation_id, lock=True)
        known = Message.objects.filter(conversation=seen.conversation, client_key=client_key).first()
        if known is not None and known.author_account == principal.id:
            return known.id
        if seen.role != "holder" or seen.conversation.state != Conversation.State.HUMAN:
            raise Conflict(_("This conversation is no longer with you. What you wrote was kept for you."))
        conversation = seen.conversation
        held_by = control.Control(conversation.controller, conversation.controller_version)
        if known is not None or not control.may_send(held_by, "supporter", version):
            raise Conflict(
                _("This conversation changed hands while you wrote. Look at it again; your words were kept.")
            )
        return _say(principal, conversation, text, client_key, tuple(buttons))


def _say(
    principal: Principal,
    conversation: Conversation,
    text: str,
    client_key: str,
    buttons: tuple[ports.Button, ...],
) -> UUID:
    now = clock.now()
    adapter = common.adapter_of(conversation.channel)
    most = adapter.limits.text if adapter else ports.Limits().text
    text = kernel_texts.tidy(text, most, "text")
    if adapter is not None:
        adapter.check(text, buttons)
    message = common.build(
        conversation,
        conversation.contact.subject,
        Message.Author.SUPPORTER,
        text,
        now=now,
        account=principal.id,
        buttons=buttons,
        client_key=client_key,
    )
    open_ = adapter is None or window.state(adapter.window_hours, conversation.last_inbound_at, now).open
    if open_ and not silence.wanted(conversation):
        common.send(conversation, message)
    else:
        hold(conversation, message, now)
    if conversation.first_reply_at is None:
        conversation.first_reply_at, conversation.first_reply_by = now, principal.id
    conversation.unanswered = 0
    conversation.last_activity_at = now
    conversation.lease_until = now + house.limits().lease
    conversation.save()
    events.publish("message.sent", conversation_id=str(conversation.id), message_id=str(message.id))
    common.tell(conversation, desks=[conversation.assigned_to])
    return message.id


def hold(conversation: Conversation, message: Message, now: datetime) -> Delivery:
    """Keep `message` until they write again, and ask them to with one approved template (conversation not saved).

    Nothing is sent to somebody who said STOP; the reply waits all the same.
    """
    message.status = status.HELD
    if message._state.adding:
        message.save(force_insert=True)
    else:
        Message.objects.filter(id=message.id).update(status=status.HELD)
    delivery = common.outgoing(conversation, message, state=status.HELD)
    delivery.attempt = Delivery.objects.filter(message=message).count() + 1
    delivery.held_until = now + house.held_for()
    delivery.save(force_insert=True)
    asked = Delivery.objects.filter(conversation=conversation, template=TEMPLATE_WAITING)
    if conversation.last_inbound_at is not None:
        asked = asked.filter(created_at__gt=conversation.last_inbound_at)
    if conversation.contact.opted_out_at is None and not asked.exclude(state=status.FAILED).exists():
        nudge = common.build(
            conversation,
            conversation.contact.subject,
            Message.Author.SYSTEM,
            texts.say(TEMPLATE_WAITING, conversation.language),
            now=now,
            kind="template",
            script=f"support.{TEMPLATE_WAITING}",
        )
        common.send(conversation, nudge, template=TEMPLATE_WAITING)
    return delivery


def retry(principal: Principal, message_id: UUID) -> UUID:
    """Send a message that failed once more, as a new attempt with its own provider id. Returns the attempt's id."""
    with transaction.atomic():
        message = _own_message(principal, message_id)
        attempts = Delivery.objects.select_for_update().filter(message=message)
        last = attempts.order_by("-attempt").first()
        if last is None or not status.is_loud(message.status):
            raise Conflict(_("This message did not fail, so there is nothing to send again."))
        attempt = again(last, clock.now())
        Message.objects.filter(id=message.id).update(status=status.PENDING)
        common.tell(message.conversation, desks=[principal.id])
        return attempt.id


def again(last: Delivery, now: datetime, *, delay: float = 0.0) -> Delivery:
    """A new attempt after `last`, due in `delay` seconds, in the outbox."""
    from datetime import timedelta

    attempt = Delivery(
        id=ids.new_id(),
        message_id=last.message_id,
        conversation_id=last.conversation_id,
        n=last.n,
        channel=last.channel,
        account=last.account,
        author=last.author,
        controller_version=last.controller_version,
        template=last.template,
        queue=last.queue,
        attempt=last.attempt + 1,
        created_at=now,
        not_before=now + timedelta(seconds=delay) if delay else None,
    )
    attempt.save(force_insert=True)
    tasks.deliver.enqueue(delivery_id=str(attempt.id), queue=attempt.queue, delay=delay or None)
    return attempt


def cancel_held(principal: Principal, message_id: UUID) -> None:
    """Take back a reply that still waits for the person to write."""
    with transaction.atomic():
        message = _own_message(principal, message_id)
        taken = Delivery.objects.filter(message=message, state=status.HELD).update(
            state=status.CANCELLED, settled_at=clock.now()
        )
        if not taken:
            raise Conflict(_("This message is not waiting any more."))
        Message.objects.filter(id=message.id).update(status=status.CANCELLED)
        audit.record(principal, "message.cancelled", kind="message", id=message.id)
        common.tell(message.conversation, desks=[principal.id])


def _own_message(principal: Principal, message_id: UUID) -> Message:
    message = Message.objects.filter(id=message_id, author=Message.Author.SUPPORTER).first()
    if message is None:
        raise NotFound()
    message.conversation = access.held(principal, message.conversation_id)
    return message
