"""Profiles: there for those they are meant for, and for nobody else; badges; who one knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kithwell.boundaries import queries as boundaries
from kithwell.community.groups import queries as groups
from kithwell.community.peers import words
from kithwell.community.peers.models import Badge, Buddying, Follow, Profile
from kithwell.community.peers.rules import matching
from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access
from kithwell.people import queries as people


@dataclass(frozen=True, slots=True)
class BadgeShown:
    id: UUID
    kind: str
    vouched: str
    until: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody's profile for one reader."""

    account: UUID
    name: str
    pieces: dict[str, str]
    badges: tuple[BadgeShown, ...]
    mine: bool
    may_follow: bool
    follow: UUID | None
    follow_state: str  # "" | "asked" | "yes"


def badges_of(accounts: Iterable[UUID]) -> dict[UUID, tuple[BadgeShown, ...]]:
    """Badges that hold now, for whoever shows names. One query."""
    rows = Badge.objects.filter(account__in=set(accounts), ended_at=None, until__gt=clock.now())
    found: dict[UUID, tuple[BadgeShown, ...]] = {}
    for row in rows.order_by("kind"):
        badge = BadgeShown(row.pk, row.kind, row.vouched, row.until)
        found[row.account] = (*found.get(row.account, ()), badge)
    return found


def there_for(principal: Principal, other: UUID) -> bool:
    """May this person know that `other` is here? Not across a line somebody drew, not between adults and minors."""
    if not principal.is_account or principal.id is None:
        return False
    if principal.id == other:
        return True
    if boundaries.blocked_between(principal.id, other):
        return False
    bands = people.age_bands([principal.id, other])
    mine, theirs = (matching.side(bands.get(one, "")) for one in (principal.id, other))
    return mine == theirs or {mine, theirs} == {"", "adult"}


def profile(principal: Principal, pseudonym: str) -> Shown:
    """The page of somebody. NotFound where there is nobody, where it is not for this reader, and where nothing was
    chosen to be shown to them: all three look the same. Eleven queries at most."""
    access.require(principal)
    other = people.account_named(pseudonym[:200])
    if other is None or not there_for(principal, other):
        raise NotFound()
    return _shown(principal, other)


def _shown(principal: Principal, other: UUID) -> Shown:
    assert principal.id is not None
    mine = principal.id == other
    near = mine or groups.shared(principal.id, other) or _know(principal.id, other)
    row = Profile.objects.filter(pk=other).first()
    seen = {"members"} | ({"groups"} if near else set())
    held = {}
    if row is not None and not (row.hidden and not mine):
        pieces = (
            words.opened(people.subjects([other])[other], row.pieces, (words.PROFILE, "pieces", other)) or {}
        )
        held = {p: v for p, v in pieces.items() if v and (row.seen_by.get(p) in seen)}
    if not near and not held:
        raise NotFound()
    follow = Follow.objects.filter(follower=principal.id, followed=other).first()
    name = people.names([other]).get(other, "")
    if not name:
        raise NotFound()
    return Shown(
        account=other,
        name=name,
        pieces=held,
        badges=badges_of([other]).get(other, ()),
        mine=mine,
        may_follow=not mine and near,
        follow=follow.pk if follow else None,
        follow_state=follow.state if follow else "",
    )


def _know(a: UUID, b: UUID) -> bool:
    rows = Buddying.objects.filter(Q(a=a, b=b) | Q(a=b, b=a), state__in=("open", "paused"))
    return (
        rows.exists() or Follow.objects.filter(follower__in=(a, b), followed__in=(a, b), state="yes").exists()
    )


@dataclass(frozen=True, slots=True)
class Own:
    name: str
    pieces: dict[str, str]
    seen_by: dict[str, str]
    badges: tuple[BadgeShown, ...]
    hidden: bool


def own_profile(principal: Principal) -> Own:
    """One's own, to change. Three queries."""
    account = access.own_account(principal)
    row = Profile.objects.filter(pk=account.pk).first()
    pieces = words.opened(account.subject, row.pieces, (words.PROFILE, "pieces", account.pk)) if row else None
    return Own(
        account.pseudonym,
        pieces or {},
        dict(row.seen_by) if row else {},
        badges_of([account.pk]).get(account.pk, ()),
        bool(row and row.hidden),
    )


@dataclass(frozen=True, slots=True)
class Known:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class MyPeople:
    """Whom I follow, who follows me, who asks. Never a number."""

    asking: tuple[Known, ...]
    following: tuple[Known, ...]
    waiting: tuple[Known, ...]
    followers: tuple[Known, ...]


def my_people(principal: Principal) -> MyPeople:
    """Three queries and the boundaries."""
    access.require(principal)
    assert principal.id is not None
    me = principal.id
    drawn = boundaries.of(me)
    rows = [
        row
        for row in Follow.objects.filter(Q(follower=me) | Q(followed=me)).order_by("at")
        if (row.followed if row.follower == me else row.follower) not in drawn.blocked
    ]
    names = people.names(row.followed if row.follower == me else row.follower for row in rows)

    def known(row: Follow) -> Known:
        return Known(row.pk, names.get(row.followed if row.follower == me else row.follower, ""))

    return MyPeople(
        asking=tuple(
            known(r) for r in rows if r.followed == me and r.state == "asked" and r.declined_at is None
        ),
        following=tuple(known(r) for r in rows if r.follower == me and r.state == "yes"),
        waiting=tuple(known(r) for r in rows if r.follower == me and r.state == "asked"),
        followers=tuple(known(r) for r in rows if r.followed == me and r.state == "yes"),
    )


def followers_in(author: UUID, group: UUID) -> tuple[UUID, ...]:
    """Who follows somebody and belongs to this group. Two queries."""
    followers = set(Follow.objects.filter(followed=author, state="yes").values_list("follower", flat=True))
    if not followers:
        return ()
    return tuple(member.account for member in groups.members(group) if member.account in followers)


def badges_given(principal: Principal) -> tuple[BadgeShown, ...]:
    """All badges that hold, for those who may give them, by name. Two queries."""
    rows = list(Badge.objects.filter(ended_at=None, until__gt=clock.now()).order_by("until")[:500])
    names = people.names(row.account for row in rows)
    return tuple(
        BadgeShown(row.pk, row.kind, row.vouched, row.until, names.get(row.account, "")) for row in rows
    )
