"""Places at an event. The row of the event is locked first, so that two people never take one place."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from kithwell.community.events import access
from kithwell.community.events.actions import common
from kithwell.community.events.models import Event, Seat
from kithwell.community.events.rules import seats as rules
from kithwell.kernel import clock, events
from kithwell.kernel.errors import Conflict
from kithwell.kernel.principal import Principal
from kithwell.moderation import door

DAY, HOUR = 1, 2
AHEAD = {DAY: timedelta(hours=24), HOUR: timedelta(hours=1)}


@transaction.atomic
def take(principal: Principal, ident: UUID | str) -> str:
    """Sign up: "going", or "waiting" where all places are taken. Twice is no mistake."""
    account = common.account_of(principal)
    seen = access.event(principal, ident, lock=True)
    event = seen.event
    if seen.seat:
        return seen.seat
    door.enter(account)
    if event.state in (Event.State.ENDED, Event.State.CANCELLED):
        raise Conflict(_("This event is over, or was called off."))
    before = counts(event)
    state = rules.place_for(before[0], event.capacity)
    Seat.objects.create(event=event, account=account, state=state, at=clock.now())
    _tell_host(event, before)
    return state


@transaction.atomic
def leave(principal: Principal, ident: UUID | str) -> None:
    """Give the place back. Nothing of it is kept; whoever waited longest moves up."""
    account = common.account_of(principal)
    give_up(access.event(principal, ident, lock=True).event, account)


def give_up(event: Event, account: UUID) -> int:
    """Somebody's place goes, whoever waited longest moves up; the event is locked already."""
    before = counts(event)
    gone = Seat.objects.filter(event=event, account=account).delete()[0]
    fill(event)
    _tell_host(event, before)
    return gone


@transaction.atomic
def left_group(group: UUID, account: UUID) -> int:
    """Who left a group, or was asked to, has no place at what is still to come there. Gives how many went."""
    rows = Event.objects.select_for_update().filter(
        group=group, seats__account=account, state__in=(Event.State.PLANNED, Event.State.LIVE)
    )
    return sum(give_up(event, account) for event in rows.order_by("id"))


def counts(event: Event) -> tuple[int, int]:
    """How many have a place, and how many wait."""
    found = dict(Seat.objects.filter(event=event).order_by().values_list("state").annotate(count=Count("id")))
    return found.get(Seat.State.GOING, 0), found.get(Seat.State.WAITING, 0)


def _tell_host(event: Event, before: tuple[int, int]) -> None:
    """The host's page is fetched anew when it says something else, and only then: a number that moved with each
    person who signs up would tell the moment of each, and a careful count."""
    if [rules.roughly(n) for n in before] != [rules.roughly(n) for n in counts(event)]:
        common.queue_moved(event)


def fill(event: Event) -> int:
    """Give free places to those who wait longest, and tell them. The event is locked already."""
    if event.state not in (Event.State.PLANNED, Event.State.LIVE):
        return 0
    waiting = list(
        Seat.objects.filter(event=event, state=Seat.State.WAITING)
        .order_by("at", "id")
        .values_list("id", flat=True)
    )
    lucky = rules.promoted(counts(event)[0], event.capacity, waiting)
    for seat in Seat.objects.filter(id__in=lucky):
        seat.state = Seat.State.GOING
        seat.save(update_fields=["state"])
        events.publish("community.event.place", ident=str(event.id), account=str(seat.account))
    return len(lucky)


def everybody(event: Event) -> tuple[UUID, ...]:
    """Accounts to be told that something changed; for events upwards alone."""
    return tuple(Seat.objects.filter(event=event).order_by("at", "id").values_list("account", flat=True))


def forget_reminders(event: Event) -> None:
    Seat.objects.filter(event=event).update(reminded=0)


def remind(limit: int = 5000) -> int:
    """Tell those who have a place that it is soon: a day before, and an hour before. Safe to repeat; `limit` people for
    each of the two at once, the others with the next run."""
    done = 0
    now = clock.now()
    for step, ahead in sorted(AHEAD.items(), reverse=True):
        rows = Seat.objects.filter(
            state=Seat.State.GOING,
            reminded__lt=step,
            event__state__in=(Event.State.PLANNED, Event.State.LIVE),
            event__starts_at__gt=now,
            event__starts_at__lte=now + ahead,
        )
        for ident in list(rows.order_by("id").values_list("id", flat=True)[:limit]):
            done += _remind(ident, step)
    return done


@transaction.atomic
def _remind(ident: UUID, step: int) -> int:
    seat = Seat.objects.select_for_update().filter(id=ident, reminded__lt=step).first()
    if seat is None:
        return 0
    seat.reminded = step
    seat.save(update_fields=["reminded"])
    events.publish(
        "community.event.soon",
        ident=str(seat.event_id),
        account=str(seat.account),
        when="hour" if step == HOUR else "day",
    )
    return 1
