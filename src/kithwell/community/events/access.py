"""The only door to an event: fetch and authorise in one step. What is not for somebody is not there (NotFound)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.community.events.models import Event, Question, Seat
from kithwell.community.groups import access as groups
from kithwell.kernel import crypto, ids
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import access as people
from kithwell.people import roles

MAKERS = (roles.PROFESSIONAL, roles.STEWARD)


@dataclass(frozen=True, slots=True)
class Admission:
    """An event, and how this principal stands to it. `seat` is "" | "going" | "waiting": one's own, nobody else's."""

    event: Event
    seat: str
    hosts: bool
    speaks: bool

    @property
    def may_ask(self) -> bool:
        """Questions are taken from everybody with an account, in an event of few places from those who have one."""
        return self.event.capacity is None or self.seat == Seat.State.GOING

    @property
    def in_queue(self) -> bool:
        return self.hosts or self.speaks


def _ident(ident: str | UUID) -> UUID:
    found = ident if isinstance(ident, UUID) else ids.parse(ident)
    if found is None:
        raise NotFound()
    return found


def event(principal: Principal, ident: str | UUID, *, lock: bool = False) -> Admission:
    """The event, for somebody who may know of it. Raises NotFound for everybody else, or SignInNeeded."""
    rows: Any = Event.objects.select_for_update() if lock else Event.objects
    row = rows.filter(id=_ident(ident)).first()
    if row is None:
        raise NotFound()
    leads = _may_see(principal, row)
    hosts = principal.is_account and (
        leads or principal.id == row.host or (row.group is None and principal.has(roles.STEWARD))
    )
    speaks = principal.is_account and row.speaker is not None and principal.id == row.speaker
    seat = ""
    if principal.is_account:
        seat = (
            Seat.objects.filter(event=row, account=principal.id).values_list("state", flat=True).first() or ""
        )
    return Admission(row, seat, hosts, speaks)


def _may_see(principal: Principal, row: Event) -> bool:
    """Raises NotFound or SignInNeeded; True when the event is a group's and the principal leads the group."""
    if row.audience == Event.Audience.EVERYONE:
        return False
    if not principal.is_account:
        if row.audience == Event.Audience.MEMBERS:
            people.require(principal)
        raise NotFound()
    if row.audience == Event.Audience.MEMBERS:
        return False
    if row.speaker is not None and row.speaker == principal.id:
        return False
    assert row.group is not None
    try:
        place = groups.place_by_id(principal, row.group)
    except Refused:
        raise NotFound() from None
    if not place.is_member:
        raise NotFound()
    return place.may_facilitate


def hosted(principal: Principal, ident: str | UUID, *, lock: bool = False) -> Event:
    """The event, for who hosts it: maker, facilitators of its group, a steward. Raises NotFound or Refused."""
    people.require(principal, step_up=True)
    seen = event(principal, ident, lock=lock)
    if not seen.hosts:
        raise Refused(_("This page is for those who host this event."))
    if lock:
        door.enter(principal.id)  # who locks it is about to act
    return seen.event


def queue(principal: Principal, ident: str | UUID, *, lock: bool = False) -> Event:
    """The event, for who sees its questions: hosts and the person who answers."""
    people.require(principal, step_up=True)
    seen = event(principal, ident, lock=lock)
    if not seen.in_queue:
        raise Refused(_("This page is for those who host this event."))
    if lock:
        door.enter(principal.id)
    return seen.event


def question(row: Event, ident: str | UUID, *, lock: bool = False) -> Question:
    """A question of this event. Raises NotFound."""
    rows: Any = Question.objects.select_for_update() if lock else Question.objects
    found = rows.filter(id=_ident(ident), event=row).first()
    if found is None:
        raise NotFound()
    assert isinstance(found, Question)
    return found


def mark(row: Event | UUID, account: UUID) -> str:
    """By what somebody's questions and wishes at one event are known: a keyed hash. Two events have two marks."""
    event_id = row.id if isinstance(row, Event) else row
    return crypto.blind_index("event-mark", f"{event_id}:{account}")


def may_make(principal: Principal, group: UUID | None) -> bool:
    """Professionals and stewards make events for everybody, facilitators for their groups."""
    if not principal.is_account:
        return False
    if group is None:
        return principal.has(*MAKERS)
    try:
        return groups.place_by_id(principal, group).may_facilitate
    except (NotFound, Refused):
        return False
