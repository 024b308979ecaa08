"""What people write comes in. Saved first, looked at second, answered third: all in one transaction for a batch.

Few queries whatever the size of the batch. A provider's redelivery is recognised by the database's unique key; who is
who is decided by addresses under a lock on the contact, so two workers with the same person wait for each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Q

from kithwell.kernel import clock, crypto, events, ids, live, logs
from kithwell.support import bridge, house, tasks, words
from kithwell.support.actions import answer, common, identify
from kithwell.support.actions.person import WEB, WEB_ACCOUNT
from kithwell.support.models import Attachment, Contact, Conversation, Delivery, Forgotten, Message
from kithwell.support.ports import Inbound, Received
from kithwell.support.rules import levels, order, silence, status

log = logs.get("support.receive")
TRIES = 4


def receive(inbounds: Sequence[Inbound]) -> tuple[Received, ...]:
    """Store a batch of messages from people and act on them; one Received per Inbound, in the same order.

    Safe to repeat: what is known already comes back as a duplicate. A clash with another worker starts the batch
    again; nothing is half done. `message_id` None: the person was erased, the message is not kept.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            with transaction.atomic():
                return Batch(inbounds, clock.now()).run()
        except IntegrityError:
            if not left:
                raise
            log.info("receive.again", size=len(inbounds))
    raise AssertionError("unreachable")


@dataclass(slots=True)
class Talk:
    """One conversation while a batch works on it: what was, what is new, what will be said."""

    conversation: Conversation
    contact: Contact
    fresh: bool
    before: dict[str, Any]
    context: str = ""
    new: list[tuple[int, Inbound]] = field(default_factory=list)
    stored: list[Message] = field(default_factory=list)
    out: list[Message] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    was_queued: bool = False
    alarm: bool = False


def _homed(inbound: Inbound) -> Inbound:
    """The web chat has one account, whatever a page calls it."""
    if inbound.channel == WEB and inbound.account != WEB_ACCOUNT:
        return replace(inbound, account=WEB_ACCOUNT)
    return inbound


class Batch:
    """One transaction's work. `results[i]` answers `inbounds[i]`."""

    def __init__(self, inbounds: Sequence[Inbound], now: datetime) -> None:
        self.inbounds = [_homed(inbound) for inbound in inbounds]
        self.now = now
        self.results: list[Received | None] = [None] * len(inbounds)
        self.talks: dict[tuple[UUID, str, str], Talk] = {}
        self.messages: list[Message] = []
        self.attachments: list[Attachment] = []
        self.unsure: list[UUID] = []

    def run(self) -> tuple[Received, ...]:
        who = identify.contacts(self.inbounds, self.now)
        todo = self._without_known()
        todo = [i for i in todo if self._has_contact(i, who)]
        self._open_talks(todo, who)
        self._contexts()
        for talk in self.talks.values():
            self._take_in(talk)
        self._store()
        self._afterwards(who)
        return tuple(r if r is not None else Received(None, None, False) for r in self.results)

    def _has_contact(self, i: int, who: dict[int, Contact]) -> bool:
        if i in who:
            return True
        self.results[i] = Received(None, None, False)
        return False

    # -- what is known already -------------------------------------------------------------------------------

    def _without_known(self) -> list[int]:
        """Indexes of inbounds that are new; fills in the results of those that are not."""
        by_account: dict[tuple[str, str], set[str]] = defaultdict(set)
        for inbound in self.inbounds:
            if inbound.provider_id:
                by_account[inbound.channel, inbound.account].add(inbound.provider_id)
        known: dict[tuple[str, str, str], tuple[UUID | None, UUID | None]] = {}
        for (channel, account), provider_ids in by_account.items():
            rows = Message.objects.filter(channel=channel, account=account, provider_id__in=provider_ids)
            for message, conversation, provider_id in rows.values_list(
                "id", "conversation_id", "provider_id"
            ):
                known[channel, account, provider_id] = (message, conversation)
        known |= self._forgotten(by_account)
        fresh: list[int] = []
        twins: dict[tuple[str, str, str], int] = {}
        self.twins: dict[int, int] = {}
        for i, inbound in enumerate(self.inbounds):
            key = (inbound.channel, inbound.account, inbound.provider_id)
            if key in known:
                self.results[i] = Received(*known[key], duplicate=True)
            elif inbound.provider_id and key in twins:
                self.twins[i] = twins[key]
            else:
                twins[key] = i
                fresh.append(i)
        return fresh

    def _forgotten(
        self, by_account: dict[tuple[str, str], set[str]]
    ) -> dict[tuple[str, str, str], tuple[None, None]]:
        keys = {
            identify.forgotten_key(channel, account, provider_id): (channel, account, provider_id)
            for (channel, account), provider_ids in by_account.items()
            for provider_id in provider_ids
        }
        found = Forgotten.objects.filter(key__in=list(keys)).values_list("key", flat=True) if keys else ()
        return {keys[key]: (None, None) for key in found}

    # -- conversations ---------------------------------------------------------------------------------------

    def _open_talks(self, todo: list[int], who: dict[int, Contact]) -> None:
        contacts = {who[i].id: who[i] for i in todo}
        if not contacts:
            return
        rows = Conversation.objects.select_for_update().filter(contact_id__in=contacts).exclude(state="ended")
        for conversation in rows.order_by("id"):
            contact = contacts[conversation.contact_id]
            conversation.contact = contact
            key = (contact.id, conversation.channel, conversation.account)
            self.talks[key] = Talk(
                conversation, contact, False, dict(conversation.__dict__), was_queued=conversation.in_queue
            )
        mute = {who[i].id: who[i] for i in todo if self.inbounds[i].kind in silence.MUTE}
        for i in sorted(
            todo, key=lambda i: self.inbounds[i].kind in silence.MUTE
        ):  # what begins a talk first
            inbound, contact = self.inbounds[i], who[i]
            key = (contact.id, inbound.channel, inbound.account)
            if key not in self.talks and contact.id in mute and inbound.kind in silence.MUTE:
                self._reopen_nothing(mute)
                mute = {}
            if key not in self.talks:
                self.talks[key] = Talk(self._begin(inbound, contact), contact, True, {})
            self.talks[key].new.append((i, inbound))
        self.talks = {key: talk for key, talk in self.talks.items() if talk.new}
        crypto.load_keys(talk.contact.subject for talk in self.talks.values())

    def _reopen_nothing(self, contacts: dict[UUID, Contact]) -> None:
        """What is no words, and comes while nothing is open, goes to the last conversation and leaves it ended."""
        rows = Conversation.objects.select_for_update().filter(contact_id__in=contacts, state="ended")
        for conversation in rows.order_by("contact_id", "-ended_at", "id"):
            contact = contacts[conversation.contact_id]
            conversation.contact = contact
            key = (contact.id, conversation.channel, conversation.account)
            if key not in self.talks:
                self.talks[key] = Talk(conversation, contact, False, dict(conversation.__dict__))

    def _begin(self, inbound: Inbound, contact: Contact) -> Conversation:
        return Conversation(
            contact=contact,
            channel=inbound.channel,
            account=inbound.account,
            language=inbound.language or contact.language,
            country=inbound.country or contact.country,
            created_at=self.now,
            last_activity_at=self.now,
        )

    def _contexts(self) -> None:
        """What each person wrote just before, so that the screening does not read one line alone."""
        known = {t.conversation.id: t for t in self.talks.values() if not t.fresh}
        if not known:
            return
        rows = Message.objects.filter(
            conversation_id__in=known,
            author="person",
            n__gt=F("conversation__last_n") - 4,
            body__isnull=False,
        )
        for ident, conversation, body in rows.order_by("n").values_list("id", "conversation_id", "body"):
            talk = known[conversation]
            try:
                talk.context = words.open_body(talk.contact.subject, ident, body)[0]
            except crypto.CryptoError:
                log.error("receive.context_unreadable", message_id=str(ident))

    # -- one conversation ------------------------------------------------------------------------------------

    def _take_in(self, talk: Talk) -> None:
        talk.new.sort(key=lambda pair: order.key(pair[1]))
        seen: list[tuple[Inbound, bridge.Screened]] = []
        for i, inbound in talk.new:
            message = self._message(talk, inbound)
            screened = bridge.screen(inbound.text, talk.context, talk.conversation.language, message.id)
            self._keep_screening(talk, message, screened)
            if screened.again:
                self.unsure.append(message.id)
            talk.context = inbound.text or talk.context
            seen.append((inbound, screened))
            files = self._files(talk, message, inbound)
            self.results[i] = Received(message.id, talk.conversation.id, False, files)
        before = levels.rank(talk.conversation.level)
        try:
            answer.react(talk, seen, self.now)
        except Exception as error:
            # Fail open: whatever broke, the words are stored and a person will see them.
            log.error(
                "receive.react_failed", conversation_id=str(talk.conversation.id), error=type(error).__name__
            )
            answer.fall_back(talk, seen, self.now)
        talk.alarm = levels.is_crisis(talk.conversation.level) and before < 4

    def _message(self, talk: Talk, inbound: Inbound) -> Message:
        conversation = talk.conversation
        conversation.last_n += 1
        conversation.last_activity_at = self.now
        at = inbound.provider_at
        if inbound.kind not in silence.NO_WORDS:
            conversation.unanswered += 1
            if conversation.last_inbound_at is None or at > conversation.last_inbound_at:
                conversation.last_inbound_at = at
        message = Message(
            id=ids.new_id(),
            conversation=conversation,
            n=conversation.last_n,
            channel=inbound.channel,
            account=inbound.account,
            provider_id=inbound.provider_id,
            provider_at=at,
            order=inbound.order,
            created_at=self.now,
            author=Message.Author.PERSON,
            kind=inbound.kind[:20],
            raw_kind=inbound.raw_kind[:40],
            reply_to=inbound.reply_to,
            meta={"button": inbound.button} if inbound.button else {},
        )
        message.body = words.seal_body(talk.contact.subject, message.id, inbound.text[: house.MAX_INBOUND])
        self.messages.append(message)
        talk.stored.append(message)
        return message

    def _keep_screening(self, talk: Talk, message: Message, screened: bridge.Screened) -> None:
        message.level = screened.level
        message.screening = screened.scores
        if screened.spans:
            message.spans = words.seal_text(
                talk.contact.subject, screened.spans, (words.MESSAGE, "spans", message.id)
            )

    def _files(self, talk: Talk, message: Message, inbound: Inbound) -> tuple[UUID, ...]:
        made: list[UUID] = []
        for given in inbound.attachments:
            ident = ids.new_id()
            subject = talk.contact.subject
            at = ("support_attachment", "name", ident)
            self.attachments.append(
                Attachment(
                    id=ident,
                    message=message,
                    conversation=talk.conversation,
                    kind=str(given.get("kind") or inbound.kind)[:20],
                    mime=str(given.get("mime") or "")[:100],
                    name=words.seal_text(subject, str(given.get("name") or ""), at),
                    provider_ref=words.seal_text(
                        subject, str(given.get("ref") or ""), ("support_attachment", "provider_ref", ident)
                    ),
                    sha256=str(given.get("sha256") or "")[:64],
                    size=int(given.get("size") or 0),
                    created_at=self.now,
                )
            )
            made.append(ident)
        return tuple(made)

    # -- writing ---------------------------------------------------------------------------------------------

    def _store(self) -> None:
        fresh = [talk.conversation for talk in self.talks.values() if talk.fresh]
        if fresh:
            Conversation.objects.bulk_create(fresh)
        for talk in self.talks.values():
            if not talk.fresh:
                changed = common.changed_fields(talk.conversation, talk.before)
                Conversation.objects.filter(id=talk.conversation.id).update(**changed)
            self.messages.extend(talk.out)
        Message.objects.bulk_create(self.messages)
        deliveries = [d for talk in self.talks.values() for d in talk.deliveries]
        if deliveries:
            Delivery.objects.bulk_create(deliveries)
        if self.attachments:
            Attachment.objects.bulk_create(self.attachments)
        for i, first in self.twins.items():
            told = self.results[first]
            self.results[i] = Received(
                told.message_id if told else None, told.conversation_id if told else None, True
            )

    def _afterwards(self, who: dict[int, Contact]) -> None:
        """Who is called and told. A job table out of order must not undo what is stored: sweeps make up for it."""
        try:
            with transaction.atomic():
                self._release_held(who)
                self._tell()
        except IntegrityError:
            raise
        except DatabaseError as error:
            log.error("receive.tell_failed", count=len(self.talks), error=error)

    def _release_held(self, who: dict[int, Contact]) -> None:
        """Their words opened the window, or ended a silence they asked for: what waited goes out now."""
        written = {
            talk.contact.id
            for talk in self.talks.values()
            if talk.contact.opted_out_at != self.now  # STOP is no wish to read what waits
            and any(inbound.kind not in silence.NO_WORDS for _, inbound in talk.new)
            and not ((adapter := common.adapter_of(talk.conversation.channel)) and adapter.instant)
        }
        if written:
            release(written)

    def _tell(self) -> None:
        for talk in self.talks.values():
            conversation = talk.conversation
            if talk.deliveries:  # one job a conversation: it sends them in order
                first = talk.deliveries[0]
                tasks.deliver.enqueue(delivery_id=str(first.id), queue=first.queue)
            if talk.alarm:
                common.alert(conversation)
            live.publish(f"conversation:{conversation.id}", conversation.last_n)
            if conversation.assigned_to is not None:
                live.publish(f"desk:{conversation.assigned_to}", common.pulse())
            if conversation.in_queue and not talk.was_queued:
                events.publish(
                    "conversation.queued", conversation_id=str(conversation.id), level=conversation.level
                )
        for message in self.messages:
            if message.author == Message.Author.PERSON:
                events.publish(
                    "message.received",
                    conversation_id=str(message.conversation_id),
                    message_id=str(message.id),
                    level=message.level,
                )
        for ident in self.unsure:
            tasks.look_again.enqueue(message_id=str(ident))
        if self.talks:
            live.publish("queue", common.pulse())
            live.publish("supervisor", common.pulse())


def release(contact_ids: Iterable[UUID]) -> int:
    """Put held replies to these people into the outbox, in order. Returns how many."""
    people = Q(conversation__contact_id__in=list(contact_ids))
    held = Delivery.objects.filter(people, state=status.HELD).order_by("conversation_id", "n")
    rows = list(held.values_list("id", "message_id", "conversation_id", "queue"))
    if not rows:
        return 0
    Delivery.objects.filter(id__in=[r[0] for r in rows], state=status.HELD).update(
        state=status.PENDING, held_until=None
    )
    Message.objects.filter(id__in=[r[1] for r in rows]).update(status=status.PENDING)
    for delivery, _message, _conversation, queue in rows:
        tasks.deliver.enqueue(delivery_id=str(delivery), queue=queue)
    return len(rows)
