"""A second, slower look at words that the first one was unsure about. Only ever raises: what was heard stands.

It runs as a job after the words are stored, answered and in the queue, so nobody waits for it, and where the second
stage is not installed or breaks, nothing is missing but its opinion.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kithwell.kernel import clock, events, logs
from kithwell.support import bridge, words
from kithwell.support.actions import common
from kithwell.support.models import Conversation, Message
from kithwell.support.rules import levels

log = logs.get("support.look_again")


def look_again(message_id: UUID) -> bool:
    """Both stages on one message of a person. True when it, and so perhaps its conversation, was raised."""
    found = Message.objects.filter(id=message_id, author=Message.Author.PERSON, body__isnull=False)
    message = found.select_related("conversation__contact").first()
    if message is None or message.conversation.state == Conversation.State.ENDED:
        return False
    subject = message.conversation.contact.subject
    text = words.open_body(subject, message.id, message.body)[0]
    seen = bridge.screen_again(text, _before(message), message.conversation.language, message.id)
    if seen.failed or levels.rank(seen.level) <= levels.rank(message.level):
        return False
    with transaction.atomic():
        return _raise(message.conversation_id, message_id, seen)


def _before(message: Message) -> str:
    """What the same person wrote just before."""
    rows = Message.objects.filter(
        conversation_id=message.conversation_id,
        author=Message.Author.PERSON,
        n__lt=message.n,
        n__gt=message.n - 4,
        body__isnull=False,
    )
    last = rows.order_by("-n").first()
    if last is None:
        return ""
    return words.open_body(message.conversation.contact.subject, last.id, last.body)[0]


def _raise(conversation_id: UUID, message_id: UUID, seen: bridge.Screened) -> bool:
    locked = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
    conversation = locked.filter(id=conversation_id).first()
    message = Message.objects.filter(id=message_id, body__isnull=False).first()
    if conversation is None or message is None or levels.rank(seen.level) <= levels.rank(message.level):
        return False
    message.level, message.screening = seen.level, seen.scores
    message.save(update_fields=["level", "screening"])
    log.info("look_again.raised", message_id=str(message_id), level=seen.level)
    if conversation.level_by is None and conversation.state != Conversation.State.ENDED:
        _act(conversation, seen.level)
    return True


def _act(conversation: Conversation, level: str) -> None:
    """What the first look would have done at this level: a place in the queue by need, and local lines."""
    now, was_queued = clock.now(), conversation.in_queue
    had_lines = levels.wants_lines(conversation.level)
    conversation.level = levels.highest([conversation.level, level])
    if conversation.state in (Conversation.State.ASSISTANT, Conversation.State.WAITING):
        conversation.state = Conversation.State.WAITING
        common.enqueue(conversation, now)
    alone = conversation.controller == Conversation.Controller.ASSISTANT
    if alone and levels.wants_lines(conversation.level) and not had_lines:
        lines = bridge.help_lines(conversation.language, conversation.country, conversation.channel)
        for line in lines:
            said = common.build(
                conversation,
                conversation.contact.subject,
                Message.Author.ASSISTANT,
                line.text,
                now=now,
                buttons=line.buttons,
                script=line.script,
            )
            common.send(conversation, said)
    conversation.save()
    if conversation.in_queue and not was_queued:
        events.publish("conversation.queued", conversation_id=str(conversation.id), level=conversation.level)
    common.tell(conversation, desks=[conversation.assigned_to], queue=True)
