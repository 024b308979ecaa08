"""What facilitators see: who belongs, who waits, which invitations are open, how the group fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kithwell.community.groups import access, health
from kithwell.community.groups.access import Place
from kithwell.community.groups.actions.join import REQUEST_ANSWERS, open_answers
from kithwell.community.groups.actions.shape import Wanted
from kithwell.community.groups.models import Group, Invitation, JoinRequest, Membership
from kithwell.community.groups.rules import mood
from kithwell.kernel import clock, crypto, ids
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.people import roles

PAGE = 50
HEALTH_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the group, as a facilitator sees them: no age, no break, nothing of other groups."""

    id: UUID
    name: str
    role: str
    welcomer: bool
    joined_at: datetime
    me: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    id: UUID
    name: str
    asked_at: datetime
    answers: tuple[tuple[str, str], ...]  # (question, answer)


@dataclass(frozen=True, slots=True)
class Open:
    """An invitation that still opens."""

    id: UUID
    name: str  # "" for a link
    uses_left: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Members:
    place: Place
    people: tuple[Person, ...]
    more: UUID | None
    waiting: tuple[Waiting, ...]
    invitations: tuple[Open, ...]


def people_of(principal: Principal, slug: str, after: str = "") -> Members:
    """The group's people, a page of them, and who waits at its door. At most eleven queries. Raises Refused for those
    who do not lead it."""
    place = access.facilitator(principal, slug)
    group = Group.objects.get(id=place.group.id)
    rows = Membership.objects.filter(group=group, left_at__isnull=True)
    start = ids.parse(after) if after else None
    if start is not None:
        rows = rows.filter(id__gt=start)
    found = list(rows.order_by("id")[: PAGE + 1])
    asked = list(JoinRequest.objects.filter(group=group, state="waiting").order_by("asked_at", "id")[:PAGE])
    invited = list(
        Invitation.objects.filter(group=group, ended_at__isnull=True, uses_left__gt=0, until__gt=clock.now())
        .order_by("made_at")
        .values_list("id", "account", "uses_left", "until")[:100]
    )
    accounts = (
        {row.account for row in found} | {row.account for row in asked} | {a for _i, a, *_r in invited if a}
    )
    names = people.names(accounts)
    return Members(
        place=place,
        people=tuple(
            Person(r.id, names.get(r.account, ""), r.role, r.welcomer, r.joined_at, r.account == principal.id)
            for r in found[:PAGE]
        ),
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        waiting=_waiting(group, asked, names),
        invitations=tuple(
            Open(ident, names.get(account, "") if account else "", left, until)
            for ident, account, left, until in invited
        ),
    )


def _waiting(group: Group, asked: list[JoinRequest], names: dict[UUID, str]) -> tuple[Waiting, ...]:
    if not asked:
        return ()
    subjects = people.subjects(row.account for row in asked)
    crypto.load_keys(subjects.values())
    told = []
    for row in asked:
        answers = open_answers(subjects.get(row.account), row.answers, REQUEST_ANSWERS, row.id)
        pairs = tuple(zip(group.questions, answers, strict=False))
        told.append(Waiting(row.id, names.get(row.account, ""), row.asked_at, pairs))
    return tuple(told)


def settings(principal: Principal, slug: str) -> tuple[Place, Wanted]:
    """What the group is, for the form that changes it. Raises Refused for those who do not lead it."""
    place = access.facilitator(principal, slug)
    group = Group.objects.get(id=place.group.id)
    lines: dict[str, Any] = {"questions": "\n".join(group.questions), "prompts": "\n".join(group.prompts)}
    plain: dict[str, Any] = {
        field: getattr(group, field) for field in Wanted.__dataclass_fields__ if field not in lines
    }
    return place, Wanted(**plain, **lines)


def blank(language: str) -> Wanted:
    """What the form for a new group begins with."""
    return Wanted(name="", purpose="", language=language)


@dataclass(frozen=True, slots=True)
class Health:
    place: Place
    figures: health.Figures
    mood: dict[str, int | None]
    waiting: int  # requests at the door
    leads: int
    welcomers: int
    quiet_hours: int
    seen_at: datetime
    since: datetime


def health_of(principal: Principal, slug: str) -> Health:
    """How the group fares, for those who lead it. A fixed number of queries: seven, and those of the source."""
    place = access.facilitator(principal, slug)
    group = Group.objects.get(id=place.group.id)
    now = clock.now()
    since = now - timedelta(weeks=HEALTH_WEEKS)
    figures = health.ask(group.id, since, now)
    stays = Membership.objects.filter(group=group, left_at__isnull=True)
    return Health(
        place=place,
        figures=figures,
        mood=mood.shown(figures.mood),
        waiting=JoinRequest.objects.filter(group=group, state="waiting").count(),
        leads=stays.filter(role__in=access.LEADING).count(),
        welcomers=stays.filter(welcomer=True).count(),
        quiet_hours=group.quiet_hours,
        seen_at=group.facilitator_seen_at,
        since=since,
    )


def joined_since(group_id: UUID, since: datetime) -> dict[UUID, datetime]:
    """Who joined since then and is still here, with when: for the source of figures (newcomers' second visit). One
    query."""
    rows = Membership.objects.filter(
        group_id=group_id, left_at__isnull=True, joined_at__gte=since, role="member"
    )
    return dict(rows.values_list("account", "joined_at"))


@dataclass(frozen=True, slots=True)
class Proposal:
    id: UUID
    slug: str
    name: str
    purpose: str
    about: str
    by: str
    language: str
    topic: str
    age_band: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Oversight:
    proposals: tuple[Proposal, ...]
    resting: tuple[access.GroupCard, ...]


def oversight(principal: Principal) -> Oversight:
    """For stewards: proposals, and groups that rest. Three queries. Raises Refused."""
    people_access.require(principal, roles.STEWARD, step_up=True)
    rows = list(Group.objects.filter(state="proposed").order_by("created_at")[:50])
    names = people.names(row.proposed_by for row in rows if row.proposed_by)
    resting = Group.objects.filter(closed_at__isnull=False, archived_at__isnull=True, state="open")
    return Oversight(
        tuple(
            Proposal(
                r.id, r.slug, r.name, r.purpose, r.about, names.get(r.proposed_by, "") if r.proposed_by else "",
                r.language, r.topic, r.age_band, r.created_at,
            )
            for r in rows
        ),
        tuple(access.card(row) for row in resting.order_by("closed_at")[:50]),
    )  # fmt: skip
