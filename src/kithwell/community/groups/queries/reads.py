"""Groups by id, by name, and those that suit somebody."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kithwell.community.groups.access import GroupCard
from kithwell.community.groups.access import card as as_card
from kithwell.community.groups.models import Group, Membership
from kithwell.community.groups.rules import ages
from kithwell.kernel import clock
from kithwell.people import queries as people

DRAWN_FROM: Final = 5_000


def card(slug: str) -> GroupCard | None:
    """A group by its name in addresses; authorises nothing. One query."""
    row = Group.objects.filter(slug=slug).first()
    return as_card(row) if row else None


def groups_by_id(ids: Iterable[UUID]) -> dict[UUID, GroupCard]:
    """Cards by id; authorises nothing. One query, none for no ids."""
    wanted = set(ids)
    return {row.id: as_card(row) for row in Group.objects.filter(id__in=wanted)} if wanted else {}


def suitable(
    account: UUID,
    *,
    languages: Sequence[str] = (),
    topics: Sequence[str] = (),
    leave_out: Collection[str] = (),
    limit: int = 12,
) -> tuple[GroupCard, ...]:
    """Groups this account may join and does not belong to, in one of `languages` (all, when none is named), those about
    one of `topics` first, none about a topic of `leave_out` that is not among them. Which of many alike are named is
    drawn, the same ones for a person all week, so that no name or age of a group wins for ever. Nothing
    for somebody who has not said their age band. At most five queries."""
    band = people.age_bands([account]).get(account, "")
    bands = [group for group in ages.GROUP_BANDS if ages.may_join(group, band)]
    if not bands:
        return ()
    mine = Membership.objects.filter(account=account, left_at__isnull=True).values_list("group_id", flat=True)
    rows = Group.objects.filter(listed=True, side=ages.side(band), age_band__in=bands, closed_at__isnull=True)
    rows = rows.exclude(id__in=list(mine)).filter(Q(capacity__isnull=True) | Q(member_n__lt=F("capacity")))
    if languages:
        rows = rows.filter(language__in=list(languages))
    dice = random.Random(f"{account}:{clock.now():%G-%V}")  # a draw, no secret
    chosen = _drawn(rows.filter(topic__in=list(topics)), limit, dice) if topics else []
    if len(chosen) < limit:
        chosen += _drawn(rows.exclude(topic__in=[*topics, *leave_out]), limit - len(chosen), dice)
    cards = groups_by_id(chosen)
    return tuple(cards[ident] for ident in chosen if ident in cards)


def _drawn(rows: QuerySet[Group], most: int, dice: random.Random) -> list[UUID]:
    """Some of these groups' ids. Looks at ids alone, and at no more than a few thousand of them."""
    ids = list(rows.order_by("name_key", "id").values_list("id", flat=True)[:DRAWN_FROM])
    return dice.sample(ids, min(most, len(ids)))
