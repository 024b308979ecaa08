"""Reads. `of` is what every page that shows others' words asks first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db.models import Q, Sum

from kithwell.boundaries import rules
from kithwell.boundaries.models import Line, NudgeDay, Wishes
from kithwell.boundaries.rules import NOBODY, Boundaries
from kithwell.kernel import clock, crypto
from kithwell.kernel.principal import Principal
from kithwell.people import access
from kithwell.people import queries as people

WORDS_AT = ("boundaries_wishes", "words")
LABEL_AT = ("boundaries_line", "label")


def of(account: UUID | None) -> Boundaries:
    """Everything this account asked for. Two queries, none without an account (a muted word may fetch its key)."""
    if account is None:
        return NOBODY
    blocked, muted = set(), set()
    for owner, other, kind in _lines(account):
        if kind == Line.Kind.MUTE:
            muted.add(other)
        else:
            blocked.add(other if owner == account else owner)
    wishes = Wishes.objects.filter(pk=account).first()
    return Boundaries(
        blocked=frozenset(blocked),
        muted=frozenset(muted),
        words=tuple(folded for _typed, folded in words_of(wishes)),
        filters=MappingProxyType(dict(wishes.filters) if wishes else {}),
        contact=wishes.contact if wishes else rules.DEFAULT_CONTACT,
        me=account,
    )


def _lines(account: UUID) -> Iterable[tuple[UUID, UUID, str]]:
    mine, theirs = Q(account=account), Q(other=account, kind=Line.Kind.BLOCK)
    return Line.objects.filter(mine | theirs).values_list("account", "other", "kind")


def words_of(wishes: Wishes | None) -> list[tuple[str, str]]:
    """(as typed, folded) of somebody's muted words, in the order they were added."""
    if wishes is None or wishes.words is None:
        return []
    opened = crypto.unseal(wishes.subject, bytes(wishes.words), at=(*WORDS_AT, wishes.account))
    return [(typed, folded) for typed, folded in json.loads(opened)]


def blocked_between(a: UUID, b: UUID) -> bool:
    """Did one of the two block the other? One query."""
    rows = Line.objects.filter(kind=Line.Kind.BLOCK)
    return rows.filter(Q(account=a, other=b) | Q(account=b, other=a)).exists()


def may_contact(sender: UUID, receiver: UUID, *, shared_group: bool) -> bool:
    """May `sender` write to `receiver` for the first time? At most two queries."""
    if sender == receiver or blocked_between(sender, receiver):
        return False
    chosen = Wishes.objects.filter(pk=receiver).values_list("contact", flat=True).first()
    return rules.may_write(chosen or rules.DEFAULT_CONTACT, shared_group=shared_group)


def on_break(account: UUID) -> bool:
    """Is this person taking a break now: no notifications, not suggested to others? One query."""
    return bool(on_break_of([account]))


def on_break_of(accounts: Iterable[UUID]) -> frozenset[UUID]:
    """Those of `accounts` who take a break now. One query."""
    rows = Wishes.objects.filter(pk__in=set(accounts), break_until__gt=clock.now())
    return frozenset(rows.values_list("pk", flat=True))


def silent_towards(receivers: Iterable[UUID], author: UUID) -> frozenset[UUID]:
    """Those of `receivers` who shall hear nothing about `author` (blocked either way, or muted). One query."""
    wanted = set(receivers)
    mine = Q(account__in=wanted, other=author)
    theirs = Q(account=author, other__in=wanted, kind=Line.Kind.BLOCK)
    rows = Line.objects.filter(mine | theirs).values_list("account", "other")
    return frozenset(other if account == author else account for account, other in rows)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line on one's own page."""

    other: UUID
    kind: str
    name: str  # "" for somebody who left
    anonymous: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Own:
    """One's own page."""

    blocked: tuple[Drawn, ...]
    muted: tuple[Drawn, ...]
    words: tuple[str, ...]
    filters: dict[str, str]
    contact: str
    break_until: datetime | None


def own(principal: Principal) -> Own:
    """What one asked for oneself, to look at and to undo. Four queries."""
    account = access.own_account(principal)
    rows = list(Line.objects.filter(account=account.pk).order_by("-at", "-id"))
    names = people.names(row.other for row in rows)
    drawn = [_drawn(row, names, account.subject) for row in rows]
    wishes = Wishes.objects.filter(pk=account.pk).first()
    chosen: dict[str, str] = wishes.filters if wishes else {}
    running = (
        wishes.break_until if wishes and wishes.break_until and wishes.break_until > clock.now() else None
    )
    return Own(
        blocked=tuple(line for line in drawn if line.kind == Line.Kind.BLOCK),
        muted=tuple(line for line in drawn if line.kind == Line.Kind.MUTE),
        words=tuple(typed for typed, _folded in words_of(wishes)),
        filters={topic: chosen.get(topic, rules.DEFAULT_FILTER) for topic in rules.WARNINGS},
        contact=wishes.contact if wishes else rules.DEFAULT_CONTACT,
        break_until=running,
    )


def _drawn(row: Line, names: dict[UUID, str], subject: UUID) -> Drawn:
    label = crypto.unseal(subject, bytes(row.label), at=(*LABEL_AT, row.pk)) if row.label else ""
    return Drawn(row.other, row.kind, names.get(row.other, label), row.other not in names, row.at)


def block_target(principal: Principal, handle: str) -> UUID | None:
    """Whom a name typed on one's own page means. Somebody who blocked this person is not there, as everywhere."""
    found = people.account_named(handle[:200])
    if found is None or principal.id is None:
        return None
    hidden = Line.objects.filter(account=found, other=principal.id, kind=Line.Kind.BLOCK).exists()
    return None if hidden else found


@dataclass(frozen=True, slots=True)
class Nudges:
    """What came of the nudge in one language. `accepted` is None while nobody has answered."""

    language: str
    shown: int
    rephrased: int
    as_is: int

    @property
    def left(self) -> int:
        """Neither sent: looked at and let be."""
        return max(0, self.shown - self.rephrased - self.as_is)

    @property
    def accepted(self) -> float | None:
        """The share that did not go out as it was: said another way, or not said."""
        return (self.shown - min(self.as_is, self.shown)) / self.shown if self.shown else None


def nudges(days: int = 28) -> tuple[Nudges, ...]:
    """Counts of the last `days` by language, the busiest first. One query."""
    since = clock.now().date() - timedelta(days=days)
    rows = NudgeDay.objects.filter(day__gt=since).values_list("language")
    totals = rows.annotate(Sum("shown"), Sum("rephrased"), Sum("as_is"))
    return tuple(sorted((Nudges(*row) for row in totals), key=lambda row: (-row.shown, row.language)))
