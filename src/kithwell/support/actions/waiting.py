"""People who wait where no page shows them their place (WhatsApp and the like) hear that they are not forgotten.

At most three times: when five, fifteen and forty-five minutes have passed. What was said is read off the stored
messages, so nothing else has to be remembered. Whoever is with a human, has written STOP, or last wrote so long ago
that the provider takes no free words, hears nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from kithwell.kernel import clock, logs
from kithwell.support import bridge, ports
from kithwell.support.actions import common
from kithwell.support.models import Conversation, Message
from kithwell.support.queries import openness
from kithwell.support.rules import waiting, window

log = logs.get("support.waiting")

BATCH = 200  # people told in one run at each of the steps; those who wait longest come first
CLOSING = "assistant.closing"


def tell_waiting() -> int:
    """Tell those whose next step has come. Returns how many were told. One transaction for each person."""
    now = clock.now()
    told = 0
    for step, until in waiting.TELL_BETWEEN:
        due = _due(now, timedelta(minutes=step), timedelta(minutes=until))
        for ident, version in due.values_list("id", "controller_version")[:BATCH]:
            try:
                told += tell_one(ident, version, now, timedelta(minutes=step))
            except Exception as error:  # one person's trouble must not silence the others
                log.error("waiting.failed", conversation_id=str(ident), error=type(error).__name__)
    return told


def _due(now: datetime, step: timedelta, until: timedelta) -> QuerySet[Conversation]:
    """Those who have waited for `step` and not yet for `until`, and have heard nothing of it since `step`."""
    found = _may_hear().filter(waiting_since__lte=now - step, waiting_since__gt=now - until)
    return found.filter(~Exists(_said(step))).order_by("waiting_since", "id")


def _may_hear() -> QuerySet[Conversation]:
    channels = [kind for kind in ports.kinds() if not ports.adapter(kind).instant]
    found = Conversation.objects.filter(
        in_queue=True,
        state=Conversation.State.WAITING,
        controller=Conversation.Controller.ASSISTANT,
        channel__in=channels,
        contact__opted_out_at__isnull=True,
        contact__erased_at__isnull=True,
    )
    if openness.open_state().staffed:
        return found
    # Nobody is on duty: that is said once, by whichever step comes first, and not again.
    return found.filter(~Exists(Message.objects.filter(conversation=OuterRef("pk"), script=CLOSING)))


def _said(step: timedelta) -> QuerySet[Message]:
    since = ExpressionWrapper(OuterRef("waiting_since") + step, output_field=DateTimeField())
    about_waiting = Q(script__startswith="assistant.queue.") | Q(script=CLOSING)
    return Message.objects.filter(about_waiting, conversation=OuterRef("pk"), created_at__gte=since)


def tell_one(conversation_id: UUID, version: int, now: datetime, step: timedelta) -> bool:
    """Tell one person where they stand. False: something changed since they were found, or nothing is to be said."""
    with transaction.atomic():
        # Whoever holds the row is changing something about it (taking it, most likely): the next run looks again.
        # Locked first and asked afterwards, so that the answers are those of now and not of before the lock.
        locked = Conversation.objects.select_for_update(of=("self",), skip_locked=True)
        if locked.filter(id=conversation_id, controller_version=version).first() is None:
            return False
        found = _may_hear().filter(~Exists(_said(step)), id=conversation_id, controller_version=version)
        conversation = found.select_related("contact").first()
        if conversation is None or not _window_open(conversation, now):
            return False
        return _say(conversation, now)


def _say(conversation: Conversation, now: datetime) -> bool:
    """Put the assistant's words about waiting into the outbox of a locked conversation."""
    turn = bridge.tell_place(conversation)
    if not turn.lines:
        return False
    conversation.assistant_state = turn.state
    for line in turn.lines:
        message = common.build(
            conversation,
            conversation.contact.subject,
            Message.Author.ASSISTANT,
            line.text,
            now=now,
            buttons=line.buttons,
            script=line.script,
        )
        common.send(conversation, message)
    conversation.save(update_fields=["assistant_state", "last_n"])
    common.tell(conversation)
    return True


def _window_open(conversation: Conversation, now: datetime) -> bool:
    adapter = common.adapter_of(conversation.channel)
    return adapter is not None and window.state(adapter.window_hours, conversation.last_inbound_at, now).open
