"""A good end: a short summary, a next step, a promise that is kept, and a rest for whoever carried it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import access, house, words
from kithwell.support.actions import common, desk
from kithwell.support.models import Conversation, Debrief, FollowUp, SupporterState
from kithwell.support.rules import control, levels


def end(
    principal: Principal,
    conversation_id: UUID,
    summary: str,
    next_step: str,
    follow_up_at: datetime | None = None,
    call_back_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """End a conversation one holds, or write the summary of one the person closed. Pressed twice, it is done once.

    Raises Invalid without a summary or with a promise in the past, Conflict when hands changed since `version`.
    After C4-C5 a debrief is offered and the cool-down begins.
    """
    account = access.need_role(principal, *access.STAFF)
    now = clock.now()
    with transaction.atomic():
        state = desk.own_state(account)
        if _ended_by(account, conversation_id):
            return
        conversation = access.held(principal, conversation_id)
        was_open = conversation.state == Conversation.State.HUMAN
        if was_open and version is not None and version != conversation.controller_version:
            raise Conflict(
                _("This conversation changed hands while you wrote. What you wrote was kept for you.")
            )
        _write_summary(conversation, summary, next_step)
        _promise(conversation, principal, follow_up_at, call_back_at, now)
        if was_open:
            common.withdraw_offers(conversation, now)
            close(conversation, "supporter", account, now)
            common.announce(conversation, "ended", now=now)
        _after(conversation, state, account, now)
        conversation.save()
        audit.record(
            principal,
            "conversation.ended",
            kind="conversation",
            id=conversation.id,
            about=conversation.contact.subject,
        )
        common.tell(conversation, desks=[account])


def _ended_by(account: UUID, conversation_id: UUID) -> bool:
    mine = Conversation.objects.filter(id=conversation_id, ended_by="supporter", ended_by_account=account)
    return mine.exists()


def _after(conversation: Conversation, state: SupporterState, account: UUID, now: datetime) -> None:
    """What a hard contact is followed by: a debrief, and a rest."""
    if levels.is_crisis(conversation.level):
        Debrief.objects.get_or_create(
            account=account,
            conversation=conversation.id,
            defaults={"level": conversation.level, "created_at": now},
        )
    desk.after_hard(state, conversation.level, now)
    state.last_heartbeat = now
    state.save()


def _write_summary(conversation: Conversation, summary: str, next_step: str) -> None:
    text = kernel_texts.tidy(summary, house.MAX_SUMMARY, "summary")
    if not text:
        raise Invalid(
            {"summary": _("A sentence or two, so that the next person does not have to start from scratch.")}
        )
    subject, table = conversation.contact.subject, words.CONVERSATION
    conversation.summary = words.seal_text(subject, text, (table, "summary", conversation.id))
    step = kernel_texts.tidy(next_step, 500, "next_step")
    conversation.next_step = words.seal_text(subject, step, (table, "next_step", conversation.id))


def _promise(
    conversation: Conversation,
    principal: Principal,
    follow_up_at: datetime | None,
    call_back_at: datetime | None,
    now: datetime,
) -> None:
    for kind, due in (("follow_up", follow_up_at), ("call_back", call_back_at)):
        if due is None:
            continue
        if due <= now:
            raise Invalid({f"{kind}_at": _("That time has already passed.")})
        if conversation.contact.opted_out_at is not None:
            raise Invalid({f"{kind}_at": _("They asked us not to write first, so we cannot promise this.")})
        FollowUp.objects.get_or_create(
            conversation=conversation, kind=kind, due_at=due, defaults={"by": principal.id, "created_at": now}
        )


def close(conversation: Conversation, by: str, account: UUID | None, now: datetime) -> None:
    """End a locked conversation (in memory, but for alerts); `assigned_to` stays as a record of who held it."""
    conversation.state = Conversation.State.ENDED
    conversation.ended_at, conversation.ended_by, conversation.ended_by_account = now, by, account
    conversation.lease_until = None
    common.leave_queue(conversation)
    common.hand_to(conversation, control.NOBODY)
    if by == "supporter":
        common.settle_alerts(conversation, now)
    events.publish("conversation.closed", conversation_id=str(conversation.id), by=by)


MOODS = ("fine", "heavy", "talk")


QUIET = timedelta(hours=24)


def close_quiet() -> int:
    """End talks with the assistant that nobody has touched for a day. Never one at C2 or above, never one in the
    queue, never one with a human: those end by people alone. Returns how many."""
    now = clock.now()
    quiet = Conversation.objects.filter(
        state="assistant",
        in_queue=False,
        level__in=("C0", "C1"),
        last_n__gt=0,
        last_activity_at__lte=now - QUIET,
    )
    done = 0
    for ident in list(quiet.values_list("id", flat=True)[:500]):
        with transaction.atomic():
            found = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
            conversation = found.filter(
                id=ident, state="assistant", last_activity_at__lte=now - QUIET
            ).first()
            if conversation is not None:
                close(conversation, "quiet", None, now)
                conversation.save()
                common.tell(conversation)
                done += 1
    return done


def debrief(principal: Principal, conversation_id: UUID, mood: str, text: str) -> None:
    """How the supporter is after a hard contact: fine, heavy, or talk (would like to). The words are for themself
    alone; that somebody would like to talk is what a supervisor sees."""
    account = access.need_role(principal, *access.STAFF)
    if mood not in MOODS:
        raise Invalid({"mood": _("Choose one of them.")})
    with transaction.atomic():
        row = (
            Debrief.objects.select_for_update().filter(account=account, conversation=conversation_id).first()
        )
        if row is None:
            raise NotFound()
        words_given = kernel_texts.tidy(text, house.MAX_NOTE, "text")
        row.text = words.seal_text(_own_subject(account), words_given, ("support_debrief", "text", row.id))
        row.mood, row.wants_talk, row.state, row.done_at = mood, mood == "talk", "done", clock.now()
        row.save()
        common.tell(desks=[account])


def skip_debrief(principal: Principal, conversation_id: UUID) -> None:
    """Not now. Nobody has to."""
    account = access.need_role(principal, *access.STAFF)
    with transaction.atomic():
        Debrief.objects.filter(account=account, conversation=conversation_id, state="due").update(
            state="skipped", done_at=clock.now()
        )
        common.tell(desks=[account])


def _own_subject(account: UUID) -> UUID:
    from django.contrib.auth import get_user_model

    subject: UUID = get_user_model().objects.values_list("subject", flat=True).get(pk=account)
    return subject


def settle_follow_up(principal: Principal, follow_up_id: UUID, outcome: str) -> None:
    """A promise was kept ("done") or is not wanted any more ("dropped")."""
    if outcome not in ("done", "dropped"):
        raise Invalid({"outcome": _("Choose one of them.")})
    account = access.need_role(principal, *access.STAFF)
    with transaction.atomic():
        row = (
            FollowUp.objects.select_related("conversation")
            .filter(id=follow_up_id, state__in=("planned", "at_desk"))
            .first()
        )
        if row is None or not (row.by == account or principal.has("supervisor")):
            raise NotFound()
        FollowUp.objects.filter(id=row.id).update(
            state="done" if outcome == "done" else "cancelled", settled_at=clock.now()
        )
        audit.record(principal, "follow_up.settled", kind="follow_up", id=row.id, outcome=outcome)
        common.tell(desks=[account])


def bring_follow_ups() -> int:
    """Promises that are due reach the desk as a conversation in the queue. Returns how many."""
    now = clock.now()
    brought = 0
    due = (
        FollowUp.objects.filter(state="planned", due_at__lte=now)
        .order_by("due_at")
        .values_list("id", flat=True)
    )
    for ident in list(due[:200]):
        try:
            with transaction.atomic():
                brought += _bring(ident, now)
        except IntegrityError:
            continue  # the person wrote in this very moment: next round finds their open conversation
    if brought:
        common.tell_everyone_on_shift()
    return brought


def _bring(follow_up_id: UUID, now: datetime) -> int:
    row = FollowUp.objects.select_for_update(of=("self",)).filter(id=follow_up_id, state="planned").first()
    if row is None:
        return 0
    last = Conversation.objects.select_related("contact").get(id=row.conversation_id)
    contact = last.contact
    if contact.erased_at is not None or contact.opted_out_at is not None:
        FollowUp.objects.filter(id=row.id).update(state="cancelled", settled_at=now)
        return 0
    open_one = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("contact")
        .filter(contact=contact, channel=last.channel, account=last.account)
        .exclude(state="ended")
        .first()
    )
    conversation = open_one or _begin_again(last, row, now)
    if open_one is not None and open_one.state == Conversation.State.ASSISTANT:
        open_one.state = Conversation.State.WAITING
        open_one.reason, open_one.preferred = row.kind, row.by
        common.enqueue(open_one, now)
        open_one.save()
    FollowUp.objects.filter(id=row.id).update(state="at_desk", reached=conversation)
    events.publish("conversation.queued", conversation_id=str(conversation.id), level=conversation.level)
    common.tell(conversation, desks=[row.by], queue=True)
    return 1


def _begin_again(last: Conversation, row: FollowUp, now: datetime) -> Conversation:
    """A new conversation we start, in the queue, controlled by nobody until a person takes it."""
    conversation = Conversation(
        id=ids.new_id(),
        contact=last.contact,
        channel=last.channel,
        account=last.account,
        state=Conversation.State.WAITING,
        controller=control.ASSISTANT,
        language=last.language,
        country=last.country,
        level=last.level if not levels.is_crisis(last.level) else "C3",  # planned, so nobody is paged
        reason=row.kind,
        preferred=row.by,
        last_inbound_at=last.last_inbound_at,
        created_at=now,
        last_activity_at=now,
        assistant_state={"follow_up": True},
    )
    common.enqueue(conversation, now)
    conversation.save(force_insert=True)
    return conversation
