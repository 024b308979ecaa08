"""Standing beside a supporter: join, whisper, take over, reassign; and the on-call people's answer to an alert."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people
from kithwell.people import queries as who
from kithwell.support import access, house, tasks
from kithwell.support.actions import common, deliveries
from kithwell.support.models import Alert, Conversation, Message, Presence, SupporterState
from kithwell.support.rules import levels, status

MISSED_AFTER = timedelta(seconds=30)  # a call takes seconds; whoever was not called by then never will be
ESCALATE_AFTER = (
    120.0  # seconds an alert may lie unanswered, or answered and not taken up, before supervisors are called
)


def _record(principal: Principal, verb: str, conversation: Conversation, reason: str = "") -> None:
    audit.record(
        principal,
        verb,
        kind="conversation",
        id=conversation.id,
        about=conversation.contact.subject,
        reason=reason,
    )


def join(principal: Principal, conversation_id: UUID) -> None:
    """Be present in a conversation; the person is told. Doing it twice changes nothing."""
    with transaction.atomic():
        conversation = access.supervised(principal, conversation_id)
        if conversation.state == Conversation.State.ENDED:
            raise Conflict(_("This conversation is over."))
        if Presence.objects.filter(
            conversation=conversation, account=principal.id, left_at__isnull=True
        ).exists():
            return
        Presence.objects.create(conversation=conversation, account=principal.id, joined_at=clock.now())
        common.announce(conversation, "supervisor_joined", name=common.name_of(principal.id))
        conversation.save(update_fields=["last_n"])
        _record(principal, "conversation.joined", conversation)
        common.tell(conversation, desks=[conversation.assigned_to])


def leave(principal: Principal, conversation_id: UUID) -> None:
    """Not present any more."""
    with transaction.atomic():
        conversation = access.conversation(principal, conversation_id).conversation
        Presence.objects.filter(conversation=conversation, account=principal.id, left_at__isnull=True).update(
            left_at=clock.now()
        )
        common.tell(conversation, desks=[conversation.assigned_to])


def whisper(principal: Principal, conversation_id: UUID, text: str) -> UUID:
    """Words for staff only, in the transcript beside the conversation. They never leave the desk."""
    with transaction.atomic():
        conversation = access.staffed(principal, conversation_id)
        text = kernel_texts.tidy(text, house.MAX_NOTE, "text")
        if not text:
            raise Invalid({"text": _("Write something first.")})
        message = common.build(
            conversation,
            conversation.contact.subject,
            Message.Author.NOTE,
            text,
            now=clock.now(),
            account=principal.id,
            state=status.READ,
            kind="whisper",
        )
        message.save(force_insert=True)
        conversation.save(update_fields=["last_n"])
        common.tell(conversation, desks=[conversation.assigned_to])
        return message.id


def take_over(principal: Principal, conversation_id: UUID, reason: str = "") -> None:
    """Take a conversation from whoever holds it, or out of the queue. The person is told; a reason is kept.

    A supervisor, or an on-call person who was alerted. Caps do not hold them back: somebody may be in danger.
    """
    with transaction.atomic():
        conversation = access.supervised(principal, conversation_id)
        _give(principal, conversation, principal.id, reason, "conversation.taken_over")


def reassign(principal: Principal, conversation_id: UUID, to_account: UUID, reason: str) -> None:
    """A supervisor gives a conversation to a supporter who is on shift."""
    access.need_role(principal, "supervisor")
    with transaction.atomic():
        conversation = access.supervised(principal, conversation_id)
        if not SupporterState.objects.filter(account=to_account, on_shift_since__isnull=False).exists():
            raise Invalid({"to": _("This colleague is not on shift now.")})
        _give(principal, conversation, to_account, reason, "conversation.reassigned")


def _give(principal: Principal, conversation: Conversation, to: UUID | None, reason: str, verb: str) -> None:
    if conversation.state == Conversation.State.ENDED or to is None:
        raise Conflict(_("This conversation is over."))
    if conversation.assigned_to == to and conversation.state == Conversation.State.HUMAN:
        return
    now = clock.now()
    giver = conversation.assigned_to
    common.withdraw_offers(conversation, now)
    common.assign(conversation, to, now, house.limits().lease)
    script = "handed_over" if giver else "human_joined"
    common.announce(conversation, script, now=now, name=common.name_of(to))
    conversation.save()
    Presence.objects.filter(conversation=conversation, account=to, left_at__isnull=True).update(left_at=now)
    _record(principal, verb, conversation, reason)
    common.tell(conversation, desks=[giver, to], queue=True)


def reveal_address(principal: Principal, conversation_id: UUID, reason: str) -> str:
    """The address behind a conversation, for somebody in it who gives a reason; every time is in the audit.

    Returns the newest address as "kind: value". Raises Invalid without a reason, NotFound where the channel has none.
    """
    with transaction.atomic():
        conversation = access.staffed(principal, conversation_id)
        why = kernel_texts.tidy(reason, 300, "reason")
        if len(why) < 10:
            raise Invalid({"reason": _("Say in a sentence why you need it; it is kept with your name.")})
        known = deliveries.addresses_of(conversation)
        _record(principal, "address.revealed", conversation, why)
        if not known:
            raise NotFound(_("This channel has no address: they can only be reached here."))
        phones = [pair for pair in known if pair[0] == "phone"]
        kind, value = (phones or known)[0]
        return f"{kind}: {value}"


def raise_alert(conversation_id: UUID, level: str) -> int:
    """Call the on-call people; with none, everybody on shift and the supervisors. Returns how many are called."""
    with transaction.atomic():
        conversation = Conversation.objects.filter(id=conversation_id).first()
        if conversation is None or conversation.state == Conversation.State.ENDED:
            return 0
        called = list(who.accounts_with_role("oncall"))
        if not called:
            on_shift = SupporterState.objects.filter(on_shift_since__isnull=False).values_list(
                "account", flat=True
            )
            called = list({*who.accounts_with_role("supervisor"), *on_shift})
        if not called:
            called = list(who.accounts_with_role("steward"))
        count = _call(conversation, called, level, 1)
        tasks.escalate_alert.enqueue(conversation_id=str(conversation_id), level=level, delay=ESCALATE_AFTER)
        return count


def find_missed_alerts() -> int:
    """Call about those in danger whose call was never written (the job table was out of order). Returns how many."""
    since = clock.now() - MISSED_AFTER
    missed = Conversation.objects.filter(in_queue=True, queued_at__lte=since, alerts__isnull=True)
    found = list(missed.filter(level__in=("C4", "C5")).values_list("id", "level")[:50])
    for ident, level in found:
        tasks.raise_alert.enqueue(conversation_id=str(ident), level=level, key=f"missed:{ident}:{level}")
    return len(found)


def _call(conversation: Conversation, accounts: list[UUID], level: str, round_: int) -> int:
    now = clock.now()
    taken = conversation.state == Conversation.State.HUMAN
    Alert.objects.bulk_create(
        [
            Alert(
                conversation=conversation,
                account=account,
                level=level,
                round=round_,
                created_at=now,
                settled_at=now if taken and conversation.assigned_to == account else None,
            )
            for account in accounts
        ],
        ignore_conflicts=True,
    )
    # Called before about this conversation, then settled, and now back in danger (its supporter is gone).
    Alert.objects.filter(
        conversation=conversation, account__in=accounts, level=level, settled_at__isnull=False
    ).exclude(settled_at=now).update(settled_at=None, acknowledged_at=None, created_at=now)
    common.tell(conversation, desks=accounts)
    people.call_to_desk(a for a in accounts if not (taken and a == conversation.assigned_to))
    return len(accounts)


def escalate_alert(conversation_id: UUID, level: str) -> int:
    """Nobody answered, or somebody did and nobody came: call the supervisors too. Returns how many were called."""
    with transaction.atomic():
        conversation = Conversation.objects.filter(id=conversation_id).first()
        if conversation is None or conversation.state in (Conversation.State.ENDED, Conversation.State.HUMAN):
            return 0
        if not levels.is_crisis(conversation.level):
            return 0
        answered = Alert.objects.filter(conversation=conversation).aggregate(at=Max("acknowledged_at"))["at"]
        patience = timedelta(seconds=ESCALATE_AFTER)
        if answered is not None and clock.now() - answered < patience:
            later = (answered + patience - clock.now()).total_seconds()
            tasks.escalate_alert.enqueue(conversation_id=str(conversation_id), level=level, delay=later)
            return 0
        return _call(conversation, list(who.accounts_with_role("supervisor")), level, 2)


def acknowledge_alert(principal: Principal, alert_id: UUID) -> UUID:
    """ "I have seen it." Returns the conversation's id; the alert stays on other desks until somebody takes it."""
    account = access.need_role(principal, *access.STAFF)
    with transaction.atomic():
        alert = (
            Alert.objects.select_related("conversation__contact").filter(id=alert_id, account=account).first()
        )
        if alert is None:
            raise NotFound()
        Alert.objects.filter(id=alert.id, acknowledged_at__isnull=True).update(acknowledged_at=clock.now())
        _record(principal, "alert.acknowledged", alert.conversation)
        common.tell(desks=[account])
        return alert.conversation_id
