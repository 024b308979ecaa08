"""What every change shares: a message appended, a change of hands, a place in the queue, and who is told."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.kernel import clock, events, ids, live
from kithwell.kernel.errors import Refused
from kithwell.support import house, ports, tasks, texts, words
from kithwell.support.models import Alert, Contact, Conversation, Delivery, HandOver, Message, SupporterState
from kithwell.support.rules import care, control, levels, status, triage


def pulse() -> int:
    """A number that grows, for topics that only say "look again" (desk, queue, supervisor)."""
    return time.time_ns() // 1_000_000


def tell(
    conversation: Conversation | None = None, *, desks: Iterable[UUID | None] = (), queue: bool = False
) -> None:
    """Push, on commit, what may look different now."""
    if conversation is not None:
        live.publish(f"conversation:{conversation.id}", conversation.last_n)
    n = pulse()
    for desk in {d for d in desks if d is not None}:
        live.publish(f"desk:{desk}", n)
    if queue:
        live.publish("queue", n)
    live.publish("supervisor", n)


def tell_everyone_on_shift() -> None:
    """Somebody waits: every desk on shift may want to look (they see only that somebody waits)."""
    n = pulse()
    for account in SupporterState.objects.filter(on_shift_since__isnull=False).values_list(
        "account", flat=True
    )[:500]:
        live.publish(f"desk:{account}", n)


def adapter_of(channel: str) -> ports.ChannelAdapter | None:
    try:
        return ports.adapter(channel)
    except LookupError:
        return None


def build(
    conversation: Conversation,
    subject: UUID,
    author: str,
    text: str,
    *,
    now: datetime,
    account: UUID | None = None,
    buttons: Sequence[ports.Button] = (),
    script: str = "",
    kind: str = "text",
    client_key: str | None = None,
    state: str = status.PENDING,
) -> Message:
    """The next outgoing message of a locked conversation, not saved; raises its last_n."""
    conversation.last_n += 1
    message = Message(
        id=ids.new_id(),
        conversation=conversation,
        n=conversation.last_n,
        channel=conversation.channel,
        account=conversation.account,
        provider_at=now,
        order=conversation.last_n,
        created_at=now,
        author=author,
        author_account=account,
        client_key=client_key,
        kind=kind,
        script=script,
        status=state,
    )
    message.body = words.seal_body(subject, message.id, text, buttons)
    return message


def outgoing(
    conversation: Conversation, message: Message, *, state: str = status.PENDING, template: str = ""
) -> Delivery:
    """The first attempt to send `message`, not saved."""
    return Delivery(
        message=message,
        conversation=conversation,
        n=message.n,
        channel=conversation.channel,
        account=conversation.account,
        author=message.author,
        controller_version=conversation.controller_version,
        state=state,
        template=template,
        created_at=message.created_at,
        queue="crisis" if levels.is_urgent(conversation.level) else "normal",
    )


def send(conversation: Conversation, message: Message, *, template: str = "") -> Delivery | None:
    """Save `message` and write its delivery into the outbox; on a stored channel it has arrived by that."""
    adapter = adapter_of(conversation.channel)
    if adapter is not None and adapter.instant:
        message.status = status.DELIVERED
        message.save(force_insert=True)
        return None
    message.save(force_insert=True)
    delivery = outgoing(conversation, message, template=template)
    delivery.save(force_insert=True)
    tasks.deliver.enqueue(delivery_id=str(delivery.id), queue=delivery.queue)
    return delivery


def announce(
    conversation: Conversation, script: str, *, now: datetime | None = None, **params: str
) -> Message:
    """Tell the person about a change, as the system; saves the message, not the conversation."""
    text = texts.say(script, conversation.language, **params)
    subject = conversation.contact.subject
    message = build(
        conversation, subject, Message.Author.SYSTEM, text, now=now or clock.now(), script=f"support.{script}"
    )
    send(conversation, message)
    return message


def hand_to(conversation: Conversation, controller: str) -> None:
    """Change who speaks (in memory) and take back what the assistant has not said yet."""
    changed = control.hand_to(
        control.Control(conversation.controller, conversation.controller_version), controller
    )
    conversation.controller, conversation.controller_version = changed.controller, changed.version
    cancel_assistant(conversation)
    events.publish(
        "conversation.controller",
        conversation_id=str(conversation.id),
        controller=changed.controller,
        version=changed.version,
    )


def cancel_assistant(conversation: Conversation) -> int:
    """Cancel what the assistant wrote and no provider has yet. Those being sent right now count as said."""
    unsent = Delivery.objects.filter(conversation=conversation, author="assistant", state=status.PENDING)
    messages = list(unsent.values_list("message_id", flat=True))
    if not messages:
        return 0
    unsent.update(state=status.CANCELLED, settled_at=clock.now())
    Message.objects.filter(id__in=messages).update(status=status.CANCELLED)
    return len(messages)


def need(conversation: Conversation) -> triage.Need:
    level = conversation.level
    if conversation.screening_failed and levels.rank(level) < levels.DOUBT_RANK:
        level = levels.UNKNOWN
    return triage.Need(
        level, conversation.self_rating, conversation.asked_for_person, conversation.carried_over
    )


def enqueue(conversation: Conversation, now: datetime) -> None:
    """Give a conversation its place (in memory). A place once had is kept: waiting_since never moves forward."""
    if not conversation.in_queue:
        conversation.in_queue = True
        conversation.queued_at = now
    if conversation.waiting_since is None:
        conversation.waiting_since = now
    wanted = need(conversation)
    conversation.band = triage.band(wanted.level)
    conversation.queue = "crisis" if conversation.band == triage.BAND_CRISIS else "normal"
    conversation.effective_since = triage.effective(wanted, conversation.waiting_since)


def leave_queue(conversation: Conversation) -> None:
    conversation.in_queue = False
    conversation.effective_since = None


def assign(conversation: Conversation, account: UUID, now: datetime, lease: timedelta) -> None:
    """Give a locked conversation to a supporter (in memory, but for alerts, hand-over and exposure).

    Raises Refused when it is their own: supporters are people too, and somebody else talks with them.
    """
    if conversation.contact.account == account:
        raise Refused(_("This is their own conversation. Somebody else has to talk with them."))
    conversation.state = Conversation.State.HUMAN
    conversation.assigned_to = account
    conversation.assigned_at = now
    conversation.lease_until = now + lease
    if conversation.first_taken_at is None:
        conversation.first_taken_at = now
    leave_queue(conversation)
    hand_to(conversation, control.HUMAN)
    settle_alerts(conversation, now)
    if levels.is_crisis(conversation.level):
        note_hard_contact(account, now)
    events.publish("conversation.assigned", conversation_id=str(conversation.id), account_id=str(account))


def settle_alerts(conversation: Conversation, now: datetime) -> None:
    Alert.objects.filter(conversation=conversation, settled_at__isnull=True).update(settled_at=now)


def note_hard_contact(account: UUID, now: datetime) -> None:
    """Count a C4-C5 contact for this carer, so that the next one can go to somebody else."""
    state = SupporterState.objects.select_for_update().filter(account=account).first()
    if state is None:
        state = SupporterState(account=account)
    kept = care.recent_hard([datetime.fromisoformat(t) for t in state.hard_contacts], house.limits(), now)
    state.hard_contacts = [t.isoformat() for t in (*kept, now)][-50:]
    state.save()


def withdraw_offers(conversation: Conversation, now: datetime) -> None:
    HandOver.objects.filter(conversation=conversation, state=HandOver.State.OFFERED).update(
        state=HandOver.State.WITHDRAWN, settled_at=now
    )


def back_to_queue(conversation: Conversation, now: datetime) -> None:
    """A conversation whose supporter is gone returns to the queue with its place; the person is told. Saves it."""
    was = conversation.assigned_to
    conversation.state = Conversation.State.WAITING
    conversation.assigned_to = conversation.assigned_at = conversation.lease_until = None
    conversation.carried_over = True
    withdraw_offers(conversation, now)
    enqueue(conversation, now)
    hand_to(conversation, control.ASSISTANT)
    announce(conversation, "human_left", now=now)
    conversation.save()
    if levels.is_crisis(conversation.level):
        alert(conversation)
    events.publish("conversation.queued", conversation_id=str(conversation.id), level=conversation.level)
    tell(conversation, desks=[was], queue=True)


def alert(conversation: Conversation) -> None:
    """Call the on-call people, as a durable job on the crisis queue."""
    tasks.raise_alert.enqueue(conversation_id=str(conversation.id), level=conversation.level)
    events.publish("crisis.alert", conversation_id=str(conversation.id), level=conversation.level)


def name_of(account: UUID | None) -> str:
    """A supporter's pseudonym, for words to the person."""
    if account is None:
        return ""
    from kithwell.people import queries as people

    return people.names([account]).get(account, "")


def roots(contacts: Sequence[Contact]) -> set[UUID]:
    return {c.merged_into_id or c.id for c in contacts}


def changed_fields(conversation: Conversation, before: dict[str, Any]) -> dict[str, Any]:
    """The columns that differ from `before` (a copy of __dict__)."""
    return {
        f.attname: getattr(conversation, f.attname)
        for f in Conversation._meta.concrete_fields
        if getattr(conversation, f.attname) != before.get(f.attname)
    }
