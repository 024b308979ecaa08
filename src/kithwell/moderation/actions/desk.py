"""A reviewer's desk: the next case, a claim with an end, giving it back or on, notes, and what was shown counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids, texts
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, words
from kithwell.moderation.actions import cases
from kithwell.moderation.models import Case, Exposure, Note, Reading, Watch
from kithwell.moderation.rules import exposure, priority
from kithwell.people import queries as people
from kithwell.people import roles

NOTE = ("moderation_note", "text")
MOST_NOTE = 2000


class Rest(Refused):
    """This reviewer has read enough for now. `until` is None when it is enough for today."""

    status, code = 403, "rest"

    def __init__(self, until: datetime | None) -> None:
        super().__init__(_("Time for a break. Others can take the cases in the meantime."))
        self.until = until


def stand(account: UUID, *, lock: bool = False) -> tuple[Watch, exposure.Stand]:
    """One reviewer's row and what it says. Two queries, one more the first time."""
    if lock:
        Watch.objects.get_or_create(account=account)
    rows = Watch.objects.select_for_update() if lock else Watch.objects.all()
    watch = rows.filter(account=account).first() or Watch(account=account)
    today = dict(Exposure.objects.filter(account=account, day=clock.now().date()).values_list("gravity", "n"))
    return watch, exposure.Stand(watch.since, watch.load, watch.last_at, watch.break_until, today)


def take_next(principal: Principal) -> UUID | None:
    """The case that needs somebody most, claimed for a while; the one already held first. None: nothing waits.

    Nobody chooses between cases, and nobody gets what they wrote, reported or decided. Raises Rest.
    """
    me = access.reviewer(principal)
    now = clock.now()
    with transaction.atomic():
        watch, where = stand(me, lock=True)
        held = Case.objects.filter(state="claimed", claimed_by=me).first()
        if held is not None:
            return UUID(str(held.id))
        told = exposure.answer(where, now)
        if told.how != "ready":
            if told.until is not None and told.until != watch.break_until:
                watch.break_until = told.until
                watch.save()
            raised = Rest(told.until)
        else:
            return _claim(principal, me, now)
    raise raised


def _claim(principal: Principal, me: UUID, now: datetime) -> UUID | None:
    free = Q(state="open") | Q(claimed_until__lte=now)
    rows = Case.objects.select_for_update(skip_locked=True).filter(access.takeable(principal) & free)
    case = rows.order_by("effective_since", "id").first()
    if case is None:
        return None
    case.state, case.claimed_by = Case.State.CLAIMED, me
    case.claimed_until = priority.claim_until(now)
    case.kept_for = case.kept_until = None
    case.save()
    audit.record(principal, "case.taken", kind="case", id=case.id, stage=case.stage)
    return UUID(str(case.id))


def shown(principal: Principal, case: Case, what: str) -> None:
    """This reviewer sees the words of a case (`what`: snippet or context). Recorded and counted once each."""
    me = access.reviewer(principal)
    now = clock.now()
    with transaction.atomic():
        _, fresh = Reading.objects.get_or_create(case=case, account=me, what=what, defaults={"at": now})
        if not fresh:
            return
        gravity = case.gravity
        count_reading(me, gravity)
        audit.record(principal, f"case.{what}_seen", kind="case", id=case.id, gravity=gravity)


def count_reading(account: UUID, gravity: int, things: int = 1) -> None:
    """Count what this person was shown, by how heavy it is. Inside a transaction."""
    now = clock.now()
    watch, stands = stand(account, lock=True)
    for _n in range(things):
        stands = exposure.after(stands, gravity, now)
    watch.since, watch.load, watch.last_at, watch.break_until = (
        stands.since,
        stands.load,
        stands.last_at,
        stands.break_until,
    )
    watch.save()
    row, _made = Exposure.objects.get_or_create(account=account, day=now.date(), gravity=gravity)
    Exposure.objects.filter(pk=row.pk).update(n=F("n") + things)


def check_rest(account: UUID) -> None:
    """Raises Rest for somebody who has read enough for now."""
    told = exposure.answer(stand(account)[1], clock.now())
    if told.how != "ready":
        raise Rest(told.until)


def release(principal: Principal, case_id: UUID) -> None:
    """Back to the queue with its place. No reason is asked for."""
    with transaction.atomic():
        case = access.case(principal, case_id, lock=True)
        cases.back_to_queue(case, case.stage, clock.now())
        case.save()
        audit.record(principal, "case.released", kind="case", id=case.id)


def take_break(principal: Principal) -> None:
    """A break now, because one wants it."""
    me = access.reviewer(principal)
    with transaction.atomic():
        watch, _where = stand(me, lock=True)
        watch.break_until = clock.now() + exposure.BREAK
        watch.save()


def colleagues(principal: Principal, case: Case) -> dict[UUID, str]:
    """Moderators a case can be handed to. Three queries."""
    found = [a for a in people.accounts_with_role(roles.MODERATOR) if a != principal.id]
    names = people.names(a for a in found if not case.author_key or access.author_key(a) != case.author_key)
    return dict(sorted(names.items(), key=lambda item: item[1]))


def hand_over(principal: Principal, case_id: UUID, to: UUID, note: str) -> None:
    """Keep the case for a colleague for a day, with a note. After that anybody may take it."""
    text = texts.tidy(note, MOST_NOTE, "note")
    now = clock.now()
    with transaction.atomic():
        case = access.case(principal, case_id, lock=True)
        if to not in colleagues(principal, case) or not access.impartial(to, case):
            raise Invalid({"to": _("Choose a colleague who may look at this.")})
        if text:
            _note(principal, case, text)
        cases.back_to_queue(case, case.stage, now)
        case.kept_for, case.kept_until = to, now + priority.KEPT
        case.save()
        audit.record(principal, "case.handed_over", kind="case", id=case.id, to=str(to))


def add_note(principal: Principal, case_id: UUID, note: str) -> None:
    """A private note for whoever looks at this next."""
    text = texts.tidy(note, MOST_NOTE, "note")
    if not text:
        raise Invalid({"note": _("Write something first.")})
    with transaction.atomic():
        case = access.case(principal, case_id, lock=True)
        _note(principal, case, text)
        audit.record(principal, "case.noted", kind="case", id=case.id)


def _note(principal: Principal, case: Case, text: str) -> None:
    row = Note(id=ids.new_id(), case=case, by=principal.id, at=clock.now())
    sealed = words.seal(case.subject, text, *NOTE, row.id)
    if sealed is None:
        raise NotFound()
    row.text = sealed
    row.save(force_insert=True)
