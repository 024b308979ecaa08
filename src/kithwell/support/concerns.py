"""Somebody wrote something elsewhere on this site that reads like a crisis: they are offered somebody to talk to.

Hears "moderation.concern". The offer is a conversation of the web channel, bound to the member's account: they find it
at /talk whenever they come, the desk finds it in its queue at its level, and from C4 on the on-call people are called
at once. What they wrote stays where it is. They need not answer; closing the conversation is a fine answer.

Hears "moderation.disclosure" as well: whoever tells of abuse is made the same offer, with a safeguarding flag and a
note.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel.principal import SYSTEM
from kithwell.moderation import concerns as moderation
from kithwell.moderation import kinds
from kithwell.people import queries as people
from kithwell.support import words
from kithwell.support.actions import common, person
from kithwell.support.models import Conversation, Flag, Message, Note
from kithwell.support.rules import levels

SCRIPT = "support.offer"
REASON = "offer"
AGAIN_AFTER = timedelta(hours=24)  # one offer a day, however much somebody writes
MOST_WORDS = 1000
MARKED = timedelta(days=30)  # how long a safeguarding flag set here stays


@events.subscribe("moderation.concern", durable=True, queue="crisis")
def offer(account: str, kind: str, ident: str, level: str, **_more: str) -> None:
    """Make the offer, or raise the one that stands to a higher level. Safe to repeat."""
    _offer(account, kind, ident, level)


@events.subscribe("moderation.disclosure", durable=True)
def disclosed(account: str, kind: str, ident: str, **_more: str) -> None:
    """They told of abuse: the same offer, and whoever takes it knows. Safe to repeat."""
    _offer(account, kind, ident, moderation.DISCLOSURE, abuse=True)


def _offer(account: str, kind: str, ident: str, level: str, *, abuse: bool = False) -> None:
    who = UUID(account)
    known = people.known([who]).get(who)
    if known is None or not people.names([who]).get(who):
        return  # gone meanwhile
    with transaction.atomic():
        opened = person.open_web(language=known.language, country="", account_id=who)
        rows = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
        conversation = rows.get(id=opened.conversation_id)
        now = clock.now()
        calm = not levels.is_crisis(conversation.level)
        raised = levels.rank(level) > levels.rank(conversation.level)
        stands = _stands(conversation, now)
        if abuse:
            _mark(conversation, now)
        if stands and not raised:
            return
        if raised:
            conversation.level = level
        _bring(conversation, now)
        if not stands:
            _say(conversation, now)
        _note(conversation, kind, ident, level, now, abuse=abuse)
        conversation.last_activity_at = now
        conversation.save()
        audit.record(
            SYSTEM,
            "support.offered",
            kind="conversation",
            id=conversation.id,
            about=conversation.contact.subject,
            level=level,
            cause=kind,
        )
        if calm and levels.is_crisis(conversation.level):
            common.alert(conversation)
        if not stands:
            events.publish(
                "support.offer.made", account=account, conversation=str(conversation.id), url="/talk/c"
            )
        events.publish("conversation.queued", conversation_id=str(conversation.id), level=conversation.level)
        common.tell(conversation, desks=[conversation.assigned_to], queue=conversation.in_queue)
        common.tell_everyone_on_shift()


def _stands(conversation: Conversation, now: datetime) -> bool:
    """Was an offer made in this conversation within the last day?"""
    said = Message.objects.filter(conversation=conversation, script=SCRIPT, created_at__gt=now - AGAIN_AFTER)
    return said.exists()


def _bring(conversation: Conversation, now: datetime) -> None:
    """Into the queue (in memory), unless somebody talks with them already."""
    if conversation.state == Conversation.State.HUMAN:
        return
    if conversation.state == Conversation.State.ASSISTANT:
        conversation.state = Conversation.State.WAITING
        if conversation.last_inbound_at is None:
            conversation.reason = REASON  # they did not ask: their wait is not counted as one
    common.enqueue(conversation, now)


def _say(conversation: Conversation, now: datetime) -> None:
    """The offer in reviewed words (docs/clinical/moderation.md); nothing to anybody who talks with a person now."""
    if conversation.state == Conversation.State.HUMAN:
        return
    with translation.override(conversation.language or "en"):
        text = _(
            "Something you wrote here made us want to ask how you are. What you wrote stays where it is, and you "
            "have done nothing wrong. If you would like to talk, write here: a person from our team reads it. You "
            "do not have to answer, and you can close this. If you are in danger right now, please call your local "
            "emergency number, or press “Help now” at the top of this page."
        )
    subject = conversation.contact.subject
    message = common.build(conversation, subject, Message.Author.ASSISTANT, text, now=now, script=SCRIPT)
    common.send(conversation, message)


def _mark(conversation: Conversation, now: datetime) -> None:
    """A safeguarding flag for whoever talks with them, unless there is one. It ends like every flag."""
    contact = conversation.contact
    live = Flag.objects.filter(contact=contact, kind=Flag.Kind.SAFEGUARDING, until__gt=now, removed_at=None)
    if live.exists():
        return
    row = Flag(
        id=ids.new_id(), contact=contact, kind=Flag.Kind.SAFEGUARDING, until=now + MARKED, created_at=now
    )
    text = _("They told of abuse in the community.")
    row.reason = words.seal_text(contact.subject, text, ("support_flag", "reason", row.id)) or b""
    row.save(force_insert=True)
    audit.record(
        SYSTEM, "contact.flagged", kind="flag", id=row.id, about=contact.subject, flag=Flag.Kind.SAFEGUARDING
    )


def _note(
    conversation: Conversation, kind: str, ident: str, level: str, now: datetime, *, abuse: bool = False
) -> None:
    """What the supporter needs to know: why this is here, and the words it is about."""
    seen = kinds.snippet(kind, ident)
    said = seen.text[:MOST_WORDS] if seen is not None else ""
    text = _(
        "They did not write to us: we made them an offer because of %(what)s in the community (%(level)s). Ask how "
        "they are before anything else, and take no for an answer."
    ) % {"what": kinds.title(kind), "level": level}
    if abuse:
        text = _(
            "They did not write to us: we made them an offer because they told of abuse (%(what)s in the "
            "community). Ask how they are and whether they are safe now. Let them choose what they tell, promise "
            "nothing you cannot keep, and follow your service's safeguarding steps."
        ) % {"what": kinds.title(kind)}
    row = Note(id=ids.new_id(), conversation=conversation, by=None, created_at=now)
    whole = f"{text}\n\n{said}" if said else text
    row.text = words.seal_text(conversation.contact.subject, whole, ("support_note", "text", row.id)) or b""
    row.save(force_insert=True)
