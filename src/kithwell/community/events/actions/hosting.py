"""Making an event, changing it, beginning and ending it, calling it off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.events import access, texts, words, zones
from kithwell.community.events.actions import common, seats
from kithwell.community.events.models import Event
from kithwell.community.events.rules import series
from kithwell.kernel import audit, clock, crypto, events, ids
from kithwell.kernel.errors import Conflict, Invalid, Refused
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy
from kithwell.moderation import door
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.people import roles

TITLE_MAX, ABOUT_MAX, WHERE_MAX = 120, 4000, 300
LONGEST = timedelta(hours=12)
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an event is to be. `starts` is wall-clock time in `zone`."""

    kind: str
    title: str
    starts: datetime
    minutes: int = 60
    about: str = ""
    where: str = ""
    zone: str = "UTC"
    audience: str = "everyone"
    group: UUID | None = None
    speaker: str = ""  # the pseudonym of a professional
    capacity: int | None = None
    language: str = "en"


@transaction.atomic
def make(principal: Principal, wanted: Wanted) -> UUID:
    """Make an event. Raises SignInNeeded, StepUpNeeded, Refused or Invalid."""
    account = common.account_of(principal)
    people_access.require(principal, step_up=True)
    if not access.may_make(principal, wanted.group):
        raise Refused(
            _("Events are made by professionals and stewards, and by facilitators for their groups.")
        )
    door.write(account)
    event = Event(id=ids.new_id(), subject=crypto.new_subject(), host=account, created_at=clock.now())
    _fill(event, wanted)
    if event.starts_at <= clock.now():
        raise Invalid({"starts": _("Choose a time that is still to come.")})
    event.save(force_insert=True)
    audit.record(principal, "event.made", kind="event", id=event.id, what=event.kind)
    events.publish(
        "community.event.made", ident=str(event.id), group=str(event.group) if event.group else None
    )
    return event.id


@transaction.atomic
def make_series(principal: Principal, wanted: Wanted, every: str, times: int) -> tuple[UUID, ...]:
    """Make an event again and again: all of them or none. Each has places, questions and changes of its own. Raises as
    `make` does."""
    try:
        found = series.starts(wanted.starts, every, times)
    except ValueError:
        raise Invalid({"times": _("From 2 to %(most)s times.") % {"most": series.MOST}}) from None
    return tuple(make(principal, replace(wanted, starts=at)) for at in found)


@transaction.atomic
def change(principal: Principal, ident: UUID | str, wanted: Wanted) -> None:
    """Change an event that is still to come; more places let people in who wait. Another time or another way to get
    there is told to everybody who has a place or waits for one."""
    event = access.hosted(principal, ident, lock=True)
    if event.state not in (Event.State.PLANNED, Event.State.LIVE):
        raise Conflict(_("This event is over. What was said stays as it is."))
    if wanted.group != event.group:
        raise Invalid({"group": _("An event stays with its group.")})
    before = (event.starts_at, event.ends_at)
    way = words.open_(event, "where")
    _fill(event, wanted)
    moved = (event.starts_at, event.ends_at) != before
    if moved and event.state == Event.State.PLANNED and event.starts_at <= clock.now():
        raise Invalid({"starts": _("Choose a time that is still to come.")})
    event.save()
    common.touched(event)
    if moved:
        seats.forget_reminders(event)
    seats.fill(event)
    common.moved(event)
    if moved or way != words.open_(event, "where"):
        revision = Event.objects.values_list("revision", flat=True).get(pk=event.pk)
        for account in seats.everybody(event):
            events.publish(
                "community.event.moved", ident=str(event.id), account=str(account), revision=revision
            )


def _fill(event: Event, wanted: Wanted) -> None:
    wrong: dict[str, str] = {}
    for name, value, allowed in (
        ("kind", wanted.kind, texts.KINDS),
        ("audience", wanted.audience, texts.AUDIENCES),
    ):
        if value not in allowed:
            wrong[name] = _("Choose one from the list.")
    if wanted.group is not None and wanted.audience != "group":
        wrong["audience"] = _("An event of a group is for its members.")
    if wanted.group is None and (wanted.audience == "group" or wanted.kind == "session"):
        wrong["audience"] = _("A group session is made from its group's page.")
    if len(wanted.title.strip()) < 3:
        wrong["title"] = _("Give the event a name of three letters or more.")
    if not zones.known(wanted.zone):
        wrong["zone"] = _("Choose one from the list.")
    if not 5 <= wanted.minutes <= LONGEST.total_seconds() // 60:
        wrong["minutes"] = _("From 5 minutes to 12 hours.")
    if wanted.capacity is not None and not 2 <= wanted.capacity <= MOST:
        wrong["capacity"] = _("A number from 2 up, or nothing.")
    if wrong:
        raise Invalid(wrong)
    event.kind, event.audience, event.group = wanted.kind, wanted.audience, wanted.group
    event.speaker = _speaker(wanted.speaker)
    event.zone, event.capacity, event.language = wanted.zone, wanted.capacity, wanted.language[:12]
    event.starts_at = _moment(wanted.starts, wanted.zone)
    event.ends_at = event.starts_at + timedelta(minutes=wanted.minutes)
    event.title = words.seal(event, "title", tidy(wanted.title, TITLE_MAX, "title"))
    event.about = words.seal(event, "about", tidy(wanted.about, ABOUT_MAX, "about"))
    event.where = words.seal(event, "where", tidy(wanted.where, WHERE_MAX, "where"))


def _moment(wall: datetime, zone: str) -> datetime:
    """A time on a clock as a moment. Raises Invalid for an hour that the clocks leap over."""
    moment = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise Invalid(
            {
                "starts": _(
                    "The clocks go forward at that time, so that hour does not exist there. Choose another."
                )
            }
        )
    return moment


def _speaker(name: str) -> UUID | None:
    if not name.strip():
        return None
    found = people.account_named(name.strip()[:200])
    if found is None or roles.PROFESSIONAL not in people.roles_of(found):
        raise Invalid({"speaker": _("There is no professional here with that name.")})
    return found


@transaction.atomic
def begin(principal: Principal, ident: UUID | str) -> None:
    """The event is on."""
    event = access.queue(principal, ident, lock=True)
    if event.state != Event.State.PLANNED:
        raise Conflict(_("This event has begun, or is over."))
    _become(event, Event.State.LIVE)


@transaction.atomic
def end(principal: Principal, ident: UUID | str) -> None:
    """The event is over; what was answered stays to be read."""
    event = access.queue(principal, ident, lock=True)
    if event.state not in (Event.State.LIVE, Event.State.PLANNED):
        raise Conflict(_("This event is over."))
    _become(event, Event.State.ENDED)


@transaction.atomic
def ask_no_more(principal: Principal, ident: UUID | str, taking: bool) -> None:
    """Take questions, or stop."""
    event = access.queue(principal, ident, lock=True)
    Event.objects.filter(pk=event.pk).update(asking=taking)
    common.moved(event)


@transaction.atomic
def call_off(principal: Principal, ident: UUID | str) -> None:
    """It does not take place. Whoever had a place is told."""
    event = access.hosted(principal, ident, lock=True)
    if event.state == Event.State.ENDED:
        raise Conflict(_("This event is over."))
    if event.state == Event.State.CANCELLED:
        return
    _become(event, Event.State.CANCELLED)
    common.touched(event)
    audit.record(principal, "event.called_off", kind="event", id=event.id)
    for account in seats.everybody(event):
        events.publish("community.event.called-off", ident=str(event.id), account=str(account))


def _become(event: Event, state: str) -> None:
    event.state = state
    Event.objects.filter(pk=event.pk).update(state=state)
    common.moved(event)


@transaction.atomic
def sweep() -> int:
    """What is long over is over: a job ends events whose host forgot to. Returns how many."""
    rows = Event.objects.select_for_update().filter(
        state__in=(Event.State.PLANNED, Event.State.LIVE), ends_at__lt=clock.now() - timedelta(hours=1)
    )
    count = 0
    for event in rows[:200]:
        _become(event, Event.State.ENDED)
        count += 1
    return count
