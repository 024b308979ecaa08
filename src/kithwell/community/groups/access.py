"""The only door to a group: fetch and authorise in one step. A group that is not for somebody is not there (NotFound).

    reader(principal, slug)        may read what is written in it; JoinFirst when only the group's page may be seen
    visitor(principal, slug)       may know the group (its page, its door)
    member(principal, slug)        belongs to it
    facilitator(principal, slug)   leads it
    place_by_id(principal, id)     as reader, by id: for a post that knows its group
    place_for_helper(principal, id)  for somebody of the team who answers one post there

Each takes at most three queries.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kithwell.community.groups import words
from kithwell.community.groups.models import Group, Invitation, Membership
from kithwell.community.groups.rules import ages, size
from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.people import roles

LEADING = ("facilitator", "cofacilitator")


class JoinFirst(Refused):
    """The group may be known, what is written in it is for members. A page sends people to `url` (the group's door)."""

    code = "join-first"

    def __init__(self, slug: str) -> None:
        super().__init__(_("What is written here is for the members of this group. You can ask to join."))
        self.url = f"/g/{slug}/about"


@dataclass(frozen=True, slots=True)
class GroupCard:
    """What others need to know of a group. No number of members: only its size in words."""

    id: UUID
    slug: str
    name: str
    purpose: str
    kind: str
    topic: str
    language: str
    country: str
    place: str
    timezone: str
    age_band: str
    joining: str
    reading: str
    indexable: bool
    allow_anonymous: bool
    show_typing: bool  # chosen and small enough
    size: str  # a code of words.SIZES
    room: str  # "open" | "nearly" | "full"
    help_text: str
    archived: bool
    asleep: bool  # closed softly: no facilitator came for a while
    state: str = "open"

    @property
    def url(self) -> str:
        return f"/g/{self.slug}"

    @property
    def for_minors(self) -> bool:
        return ages.is_for_minors(self.age_band)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's stay in a group."""

    id: UUID
    group: UUID
    account: UUID
    role: str  # "member" | "cofacilitator" | "facilitator"
    welcomer: bool
    joined_at: datetime
    break_until: datetime | None
    guidelines_version: int
    group_guidelines_version: int

    @property
    def leads(self) -> bool:
        return self.role in LEADING

    @property
    def on_break(self) -> bool:
        return self.break_until is not None and self.break_until > clock.now()


@dataclass(frozen=True, slots=True)
class Place:
    """A group as it is for one principal."""

    group: GroupCard
    membership: Member | None
    account: UUID | None = None
    band: str = ""  # the age band of the account, when it was looked up
    helps: bool = False  # no member: somebody of the team who was asked to answer one post here

    @property
    def is_member(self) -> bool:
        return self.membership is not None

    @property
    def may_facilitate(self) -> bool:
        return self.membership is not None and self.membership.leads

    @property
    def may_read(self) -> bool:
        return self.group.state == "open" and (self.is_member or self.group.reading == "everyone")

    @property
    def may_post(self) -> bool:
        return self.why_not == ""

    @property
    def why_not(self) -> str:
        """Why nobody, or not this person, may write here: "", "archived", "asleep", "member", or "state"."""
        if self.group.state != "open":
            return "state"
        if self.group.archived:
            return "archived"
        if self.helps:
            return ""
        if self.membership is None:
            return "member"
        if self.group.asleep and not self.membership.leads:
            return "asleep"
        return ""

    @property
    def why_not_words(self) -> str:
        """The same in words for the person; "" when they may write."""
        return str(words.WHY_NOT[self.why_not]) if self.why_not else ""


def card(group: Group) -> GroupCard:
    return GroupCard(
        id=group.id,
        slug=group.slug,
        name=group.name,
        purpose=group.purpose,
        kind=group.kind,
        topic=group.topic,
        language=group.language,
        country=group.country,
        place=group.place,
        timezone=group.timezone,
        age_band=group.age_band,
        joining=group.joining,
        reading=group.reading,
        indexable=group.indexable,
        allow_anonymous=group.allow_anonymous,
        show_typing=group.show_typing and size.is_small(group.member_n),
        size=size.word(group.member_n),
        room=size.room(group.member_n, group.capacity),
        help_text=group.help_text,
        archived=group.archived_at is not None,
        asleep=group.closed_at is not None,
        state=group.state,
    )


def as_member(row: Membership) -> Member:
    return Member(
        id=row.id,
        group=row.group_id,
        account=row.account,
        role=row.role,
        welcomer=row.welcomer,
        joined_at=row.joined_at,
        break_until=row.break_until,
        guidelines_version=row.guidelines_version,
        group_guidelines_version=row.group_guidelines_version,
    )


def may_know(
    principal: Principal, group: Group, membership: Membership | None, band: str, token: str = ""
) -> bool:
    """The one place that decides whether a group is there for somebody."""
    minor = group.for_minors
    if principal.has(roles.STEWARD) and principal.stepped_up:
        return True
    if minor and membership is not None and membership.role in LEADING:
        return True  # the trained grown-ups who keep a group for young people, named by a steward
    if not ages.may_know(group.age_band, band):
        return False
    if membership is not None:
        return True
    if group.state != Group.State.OPEN:
        return group.proposed_by is not None and group.proposed_by == principal.id
    if group.joining != Group.Joining.INVITE:
        return True
    return _is_invited(principal, group, token)


def digest(token: str) -> str:
    """What is kept of an invitation's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitations(account: UUID | None, token: str = "") -> QuerySet[Invitation]:
    """Invitations that open now for this account, or for whoever holds `token`."""
    mine = Q(pk__in=[])
    if account is not None:
        mine |= Q(account=account)
    if token:
        mine |= Q(digest=digest(token[:100]))
    return Invitation.objects.filter(mine, uses_left__gt=0, until__gt=clock.now(), ended_at__isnull=True)


def _is_invited(principal: Principal, group: Group, token: str) -> bool:
    account = principal.id if principal.is_account else None
    if account is None and not token:
        return False
    return invitations(account, token).filter(group=group).exists()


def _found(
    principal: Principal, by: dict[str, Any], *, lock: bool = False, token: str = ""
) -> tuple[Group, Place]:
    rows = Group.objects.select_for_update() if lock else Group.objects.all()
    group = next(
        iter(rows.filter(**by)), None
    )  # by what is unique: no order is asked for, which costs most of a query
    if group is None:
        raise NotFound()
    account = principal.id if principal.is_account else None
    membership, band = None, ""
    if account is not None:
        stays = Membership.objects.filter(group=group, account=account, left_at__isnull=True)
        membership = next(iter(stays), None)
        band = people.age_bands([account]).get(account, "")
    if not may_know(principal, group, membership, band, token):
        raise NotFound()
    return group, Place(card(group), as_member(membership) if membership else None, account, band)


def _readable(place: Place) -> Place:
    if not place.may_read:
        raise JoinFirst(place.group.slug)
    return place


def reader(principal: Principal, slug: str) -> Place:
    """The group, for somebody who may read it. Raises NotFound, or JoinFirst where only members may read."""
    return _readable(_found(principal, {"slug": slug})[1])


def place_by_id(principal: Principal, group_id: UUID) -> Place:
    """As `reader`, by the group's id."""
    return _readable(_found(principal, {"id": group_id})[1])


def place_for_helper(principal: Principal, group_id: UUID) -> Place:
    """The group for somebody of the team who was asked to answer a post in it; the caller decides who that is and shows
    that post alone. Raises NotFound where nothing is written any more."""
    group = Group.objects.filter(id=group_id, state=Group.State.OPEN, archived_at__isnull=True).first()
    if group is None or not principal.is_account:
        raise NotFound()
    return Place(card(group), None, principal.id, helps=True)


def visitor(principal: Principal, slug: str, token: str = "") -> Place:
    """The group, for somebody who may know that it is there, or holds an invitation's secret. Raises NotFound."""
    return _found(principal, {"slug": slug}, token=token)[1]


def member(principal: Principal, slug: str) -> Place:
    """The group, for its members. Raises SignInNeeded, NotFound, or JoinFirst."""
    people_access.require(principal)
    place = _found(principal, {"slug": slug})[1]
    if not place.is_member:
        raise JoinFirst(slug)
    return place


def facilitator(principal: Principal, slug: str) -> Place:
    """The group, for those who lead it. Raises SignInNeeded, NotFound, or Refused."""
    people_access.require(principal)
    return _leading(_found(principal, {"slug": slug})[1])


def _leading(place: Place) -> Place:
    if not place.may_facilitate:
        raise Refused(_("This page is for the facilitators of this group."))
    return place


# For this part's own actions: the row itself, locked.


def locked(principal: Principal, slug: str, token: str = "") -> tuple[Group, Place]:
    """The row and the place of somebody who may know the group. Inside a transaction."""
    people_access.require(principal)
    return _found(principal, {"slug": slug}, lock=True, token=token)


def row(principal: Principal, slug: str, token: str = "") -> tuple[Group, Place]:
    """As `visitor`, with the row, for this part's own reads."""
    return _found(principal, {"slug": slug}, token=token)


def led(principal: Principal, slug: str) -> tuple[Group, Place]:
    """The row and the place of somebody who leads the group and may act now. Inside a transaction."""
    group, place = locked(principal, slug)
    _leading(place)
    door.enter(principal.id)
    return group, place
