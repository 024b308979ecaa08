"""Groups by id, by name, and those that suit somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from kithwell.community.groups.access import GroupCard
from kithwell.community.groups.access import card as as_card
from kithwell.community.groups.models import Group, Membership
from kithwell.community.groups.rules import ages
from kithwell.people import queries as people


def card(slug: str) -> GroupCard | None:
    """A group by its name in addresses; authorises nothing. One query."""
    row = Group.objects.filter(slug=slug).first()
    return as_card(row) if row else None


def groups_by_id(ids: Iterable[UUID]) -> dict[UUID, GroupCard]:
    """Cards by id; authorises nothing. One query, none for no ids."""
    wanted = set(ids)
    return {row.id: as_card(row) for row in Group.objects.filter(id__in=wanted)} if wanted else {}


def suitable(
    account: UUID, *, languages: Sequence[str] = (), topics: Sequence[str] = (), limit: int = 12
) -> tuple[GroupCard, ...]:
    """Groups this account may join and does not belong to, in one of `languages` (all, when none is named), those about
    one of `topics` first. Nothing for somebody who has not said their age band. At most four queries."""
    band = people.age_bands([account]).get(account, "")
    bands = [group for group in ages.GROUP_BANDS if ages.may_join(group, band)]
    if not bands:
        return ()
    mine = Membership.objects.filter(account=account, left_at__isnull=True).values_list("group_id", flat=True)
    rows = Group.objects.filter(listed=True, side=ages.side(band), age_band__in=bands, closed_at__isnull=True)
    rows = rows.exclude(id__in=list(mine)).order_by("name_key", "id")
    if languages:
        rows = rows.filter(language__in=list(languages))
    found = list(rows.filter(topic__in=list(topics))[: limit * 2]) if topics else []
    if len(found) < limit:
        found += list(rows.exclude(topic__in=list(topics))[: limit * 2])
    return tuple(one for row in found if (one := as_card(row)).room != "full")[:limit]
