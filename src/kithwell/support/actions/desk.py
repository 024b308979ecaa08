"""A supporter's own desk: shift, breaks, and "Take the next person"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kithwell.kernel import audit, clock
from kithwell.kernel.errors import Conflict, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import access, house
from kithwell.support.actions import common
from kithwell.support.models import Conversation, HandOver, Shift, SupporterState
from kithwell.support.rules import care

URGENT = ("C3", "C4", "C5")
NOT_AGAIN = timedelta(
    minutes=30
)  # whoever gave somebody back is not given them again while a colleague is free
LOOK_AT = 25  # waiting people looked at for one take; those ahead may be for another language or team

WHY_NOT = {
    "off_shift": gettext_lazy("Start your shift first."),
    "on_break": gettext_lazy("You are on a break. End it first, and take the time you need."),
    "cooling_down": gettext_lazy(
        "That was a hard one. Take a moment; the next person comes to you after your pause."
    ),
    "break_due": gettext_lazy(
        "You have worked long enough without a break. Take one now; people are being looked after."
    ),
    "at_cap": gettext_lazy("You are already with as many people as is good for them and for you."),
    "no_role": gettext_lazy("Taking the next person is for supporters. A steward can give you that role."),
}


def own_state(account: UUID) -> SupporterState:
    """This supporter's row, locked: it orders everything one supporter does at the same time."""
    state = SupporterState.objects.select_for_update().filter(account=account).first()
    if state is None:
        SupporterState.objects.bulk_create([SupporterState(account=account)], ignore_conflicts=True)
        state = SupporterState.objects.select_for_update().get(account=account)
    return state


def carer(state: SupporterState, load: int, hard_load: int) -> care.Carer:
    """A supporter as the rules see them."""
    return care.Carer(
        on_shift=state.on_shift_since is not None,
        on_break=state.break_since is not None,
        load=load,
        hard_load=hard_load,
        cooldown_until=state.cooldown_until,
        worked_since=state.worked_since,
        shift_ends=state.shift_ends_at,
        hard_contacts=tuple(datetime.fromisoformat(t) for t in state.hard_contacts),
        cap=state.personal_cap,
    )


def loads(accounts: Sequence[UUID] | None = None) -> dict[UUID, tuple[int, int]]:
    """(conversations held, of them C4-C5) by supporter; all supporters when `accounts` is None."""
    rows = Conversation.objects.filter(state="human", assigned_to__isnull=False)
    if accounts is not None:
        rows = rows.filter(assigned_to__in=accounts)
    counted = rows.values("assigned_to").annotate(
        held=Count("id"), hard=Count("id", filter=Q(level__in=("C4", "C5")))
    )
    return {r["assigned_to"]: (r["held"], r["hard"]) for r in counted}


def take_next(principal: Principal, holding: int | None = None) -> UUID | None:
    """Take the person who needs somebody most. None when nobody waits for this supporter.

    `holding` is how many the asking page showed with this supporter. With more by now the button was pressed twice:
    the answer is then whoever came last, and nobody new.
    Raises Refused with kind words while the supporter may not take anybody (`care.refusal` as the error's code).
    Two supporters never get the same person: the change is conditional on the queue place still being there.
    """
    if not principal.has("supporter"):
        raise Refused(WHY_NOT["no_role"], code="no_role")
    account = access.need_role(principal, "supporter")
    now, limits = clock.now(), house.limits()
    with transaction.atomic():
        state = own_state(account)
        me = carer(state, *loads([account]).get(account, (0, 0)))
        if holding is not None and me.load > holding:
            held = Conversation.objects.filter(assigned_to=account, state="human")
            return held.order_by("-assigned_at").values_list("id", flat=True).first()
        why = care.refusal(me, limits, now)
        if why:
            raise Refused(WHY_NOT[why], code=why)
        free = _free_others(account, limits, now)
        others = [hard for hard, _ in free]
        looked_at = _candidates(
            state, urgent_only=not care.room_for(me, False, limits), free=[colleague for _, colleague in free]
        )
        given_back = _given_back(account, now) if free else {}
        for conversation in looked_at:
            back = given_back.get(conversation.id)
            if back and not (conversation.level in URGENT and now - back >= limits.fair_share_wait):
                continue  # a colleague first, but nobody in danger waits long for that
            waited = now - (conversation.waiting_since or now)
            if care.may_take(me, conversation.level, waited, others, limits, now) and _take(
                conversation.id, principal, account, now, limits
            ):
                return conversation.id
    return None


def waiting_for(state: SupporterState, free: Sequence[SupporterState] = ()) -> QuerySet[Conversation]:
    """Everybody in the queue whom this supporter may be given, in no order.

    People are kept for colleagues who serve their team or speak their language, while such a one is on shift; at C3 and
    above only for one of `free`, the colleagues who could take somebody this moment. Whoever is still with the one who
    handed them over waits for the team alone.
    """
    rows: QuerySet[Conversation] = Conversation.objects.filter(in_queue=True).exclude(
        assigned_to=state.account
    )
    rows = rows.filter(~Q(contact__account=state.account) | Q(contact__account__isnull=True))
    here = SupporterState.objects.filter(on_shift_since__isnull=False, break_since__isnull=True)
    served, spoken = _said_of(here.exclude(account=state.account))
    free_served, free_spoken = _said_of(free)
    nobody = Q(assigned_to__isnull=True)
    team = Q(team__isnull=True) | Q(team__slug__in=state.teams) | (nobody & ~Q(team__slug__in=served))
    rows = rows.filter(team | (nobody & Q(level__in=URGENT) & ~Q(team__slug__in=free_served)))
    if state.languages:
        understood = Q(language__in=[*state.languages, ""]) | ~Q(language__in=spoken)
        rows = rows.filter(understood | (Q(level__in=URGENT) & ~Q(language__in=free_spoken)))
    return rows


def _said_of(colleagues: Iterable[SupporterState]) -> tuple[list[str], list[str]]:
    """The teams they serve and the languages they speak."""
    teams: set[str] = set()
    languages: set[str] = set()
    for colleague in colleagues:
        teams.update(colleague.teams)
        languages.update(colleague.languages)
    return sorted(teams), sorted(languages)


def _candidates(
    state: SupporterState, *, urgent_only: bool, free: Sequence[SupporterState]
) -> list[Conversation]:
    """Those at the head of the queue whom this supporter can help, in order. Not locked: looking takes nobody away
    from a colleague who looks at the same moment; `_take` decides."""
    rows = waiting_for(state, free)
    if urgent_only:  # the last place is kept for them
        rows = rows.filter(level__in=URGENT)
    mine = list(rows.order_by("band", "effective_since", "waiting_since", "id")[:LOOK_AT])
    # A promised follow-up goes to the one who promised it, when they are the one asking.
    return (
        sorted(mine, key=lambda c: (c.band, c.preferred != state.account))
        if any(c.preferred for c in mine)
        else mine
    )


def _given_back(account: UUID, now: datetime) -> dict[UUID, datetime]:
    """Whom this supporter gave back lately, and when: a free colleague comes to them first."""
    lately = HandOver.objects.filter(from_account=account, to_kind="queue", created_at__gte=now - NOT_AGAIN)
    return dict(lately.order_by("created_at").values_list("conversation_id", "created_at"))


def _free_others(account: UUID, limits: care.Limits, now: datetime) -> list[tuple[int, SupporterState]]:
    """Each colleague who could take somebody now, with how many hard contacts they had lately."""
    fresh = now - limits.lease
    rows = list(
        SupporterState.objects.filter(on_shift_since__isnull=False, last_heartbeat__gte=fresh).exclude(
            account=account
        )
    )
    held = loads([r.account for r in rows])
    people = [(carer(r, *held.get(r.account, (0, 0))), r) for r in rows]
    return [
        (len(care.recent_hard(c.hard_contacts, limits, now)), colleague)
        for c, colleague in people
        if not care.refusal(c, limits, now) and c.hard_load < limits.hard_cap
    ]


def _take(
    conversation_id: UUID, principal: Principal, account: UUID, now: datetime, limits: care.Limits
) -> bool:
    """Claim by conditional update, then do what goes with it on the row as it is now."""
    queued = Conversation.objects.filter(id=conversation_id, in_queue=True).exclude(assigned_to=account)
    if not queued.update(in_queue=False):
        return False
    locked = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
    conversation = locked.get(id=conversation_id)
    giver = conversation.assigned_to
    _settle_team_offer(conversation, account, now)
    common.assign(conversation, account, now, limits.lease)
    common.announce(
        conversation, "handed_over" if giver else "human_joined", now=now, name=common.name_of(account)
    )
    conversation.save()
    audit.record(
        principal,
        "conversation.taken",
        kind="conversation",
        id=conversation.id,
        about=conversation.contact.subject,
    )
    common.tell(conversation, desks=[account, giver], queue=True)
    return True


def _settle_team_offer(conversation: Conversation, account: UUID, now: datetime) -> None:
    HandOver.objects.filter(conversation=conversation, state=HandOver.State.OFFERED, to_kind="team").update(
        state=HandOver.State.ACCEPTED, to_account=account, settled_at=now
    )
    common.withdraw_offers(conversation, now)


def release(principal: Principal, conversation_id: UUID) -> None:
    """Give a person back to the queue, with their place."""
    with transaction.atomic():
        conversation = access.held(principal, conversation_id)
        _must_be_open(conversation)
        now = clock.now()
        common.back_to_queue(conversation, now)
        HandOver.objects.create(
            conversation=conversation,
            from_account=principal.id,
            to_kind="queue",
            state=HandOver.State.ACCEPTED,
            created_at=now,
            settled_at=now,
        )
        audit.record(
            principal,
            "conversation.released",
            kind="conversation",
            id=conversation.id,
            about=conversation.contact.subject,
        )
    common.tell_everyone_on_shift()


def _must_be_open(conversation: Conversation) -> None:
    if conversation.state != Conversation.State.HUMAN:
        raise Conflict(_("This conversation is already over."))


def heartbeat(principal: Principal) -> None:
    """The supporter's page is alive: their leases hold for another while."""
    account = access.need_role(principal, *access.STAFF)
    now = clock.now()
    SupporterState.objects.filter(account=account).update(last_heartbeat=now)
    Conversation.objects.filter(assigned_to=account, state="human").update(
        lease_until=now + house.limits().lease
    )


def start_shift(principal: Principal, until: datetime | None = None) -> None:
    """Come on duty, by plan or not; `until` is the planned end. Doing it twice changes nothing."""
    account = access.need_role(principal, "supporter", "supervisor")
    now = clock.now()
    with transaction.atomic():
        state = own_state(account)
        if state.on_shift_since is not None and _is_stale(state, now):
            close_shift(state, "silent", now)  # yesterday's, which nobody ended
        state.last_heartbeat = now
        if state.on_shift_since is None:
            state.on_shift_since = state.worked_since = now
            state.break_since = None
            planned = Shift.objects.filter(
                account=account,
                started_at__isnull=True,
                planned_start__lte=now + timedelta(hours=1),
                planned_end__gt=now,
            ).first()
            if planned is None:
                Shift.objects.create(account=account, planned_end=until, started_at=now)
            else:
                Shift.objects.filter(id=planned.id).update(started_at=now)
            state.shift_ends_at = until or (planned.planned_end if planned else None)
        state.save()
        common.tell(desks=[account])


def _is_stale(state: SupporterState, now: datetime) -> bool:
    return state.last_heartbeat is None or state.last_heartbeat <= now - house.SILENT_SHIFT


def end_shift(principal: Principal) -> int:
    """Go off duty. Whoever is still with this supporter goes back to the queue with their place; returns how many."""
    account = access.need_role(principal, "supporter", "supervisor")
    with transaction.atomic():
        return close_shift(own_state(account), "self", clock.now())


def close_shift(state: SupporterState, how: str, now: datetime) -> int:
    """End the shift of a locked state; `how` is self | silent | planned."""
    held = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
    returned = 0
    for conversation in held.filter(assigned_to=state.account, state="human").order_by("id"):
        common.back_to_queue(conversation, now)
        returned += 1
    Shift.objects.filter(account=state.account, started_at__isnull=False, ended_at__isnull=True).update(
        ended_at=now, ended_how=how
    )
    state.on_shift_since = state.shift_ends_at = state.break_since = state.worked_since = None
    state.save()
    common.tell(desks=[state.account])
    return returned


def _break_seconds(state: SupporterState, now: datetime) -> int:
    return int((now - state.break_since).total_seconds()) if state.break_since else 0


def start_break(principal: Principal) -> None:
    """Pause: nobody new. People already here stay until handed over or their lease runs out."""
    account = access.need_role(principal, "supporter", "supervisor")
    with transaction.atomic():
        state = own_state(account)
        if state.on_shift_since is None:
            raise Conflict(WHY_NOT["off_shift"])
        state.break_since = state.break_since or clock.now()
        state.last_heartbeat = clock.now()
        state.save()
        common.tell(desks=[account])


def end_break(principal: Principal) -> None:
    """Back from a pause. Only one of full length resets the time worked."""
    account = access.need_role(principal, "supporter", "supervisor")
    now = clock.now()
    with transaction.atomic():
        state = own_state(account)
        if state.break_since is None:
            return
        if care.is_full_break(state.break_since, now, house.limits()):
            state.worked_since = now
        length = _break_seconds(state, now)
        for shift in Shift.objects.filter(account=account, started_at__isnull=False, ended_at__isnull=True):
            Shift.objects.filter(id=shift.id).update(break_seconds=shift.break_seconds + length)
        state.break_since = None
        state.last_heartbeat = now
        state.save()
        common.tell(desks=[account])


def set_my_languages(principal: Principal, languages: Sequence[str]) -> None:
    """The languages this supporter talks in; none means any."""
    account = access.need_role(principal, "supporter", "supervisor")
    with transaction.atomic():
        state = own_state(account)
        state.languages = sorted({language[:12] for language in languages if language})
        state.save()


def sweep_leases() -> int:
    """Return conversations whose supporter fell silent, and end shifts nobody is at. Returns how many moved."""
    now = clock.now()
    moved = 0
    silent = Conversation.objects.filter(state="human", lease_until__lte=now).values_list("id", flat=True)
    for ident in list(silent[:200]):
        with transaction.atomic():
            found = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
            conversation = found.filter(id=ident, state="human", lease_until__lte=now).first()
            if conversation is not None:
                common.back_to_queue(conversation, now)
                moved += 1
    gone = SupporterState.objects.filter(
        on_shift_since__isnull=False, last_heartbeat__lte=now - house.SILENT_SHIFT
    ).values_list("account", flat=True)
    for account in list(gone[:200]):
        with transaction.atomic():
            state = own_state(account)
            if state.on_shift_since is not None and _is_stale(state, now):
                moved += close_shift(state, "silent", now)
    if moved:
        common.tell_everyone_on_shift()
    return moved


def after_hard(state: SupporterState, level: str, now: datetime) -> None:
    """Begin the cool-down that `level` asks for."""
    until = care.cooldown_after(level, house.limits(), now)
    if until is not None:
        state.cooldown_until = max(until, state.cooldown_until or until)
