"""Who belongs where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from kithwell.community.groups.access import GroupCard, Member, as_member, card
from kithwell.community.groups.models import Membership
from kithwell.community.groups.rules import ages
from kithwell.kernel import clock
from kithwell.people import queries as people


@dataclass(frozen=True, slots=True)
class Belonging:
    """One of somebody's groups."""

    group: GroupCard
    member: Member


def memberships(account: UUID, *, band: str | None = None) -> tuple[Belonging, ...]:
    """The groups somebody belongs to now, by name; archived ones too. One query (two when `band` is not handed in:
    a group of the other side of invariant 15 is left out, also when the person told their age only later)."""
    rows = Membership.objects.filter(account=account, left_at__isnull=True, group__state="open")
    if band is None:
        band = people.age_bands([account]).get(account, "")
    found = rows.select_related("group").order_by("group__name_key", "group_id")
    return tuple(
        Belonging(card(row.group), as_member(row))
        for row in found
        if ages.may_know(row.group.age_band, band) or (row.group.for_minors and row.role != "member")
    )


def members(group_id: UUID, roles: Iterable[str] = ()) -> tuple[Member, ...]:
    """Who belongs to a group now, those with `roles` only when some are named; longest stay first. One query."""
    rows = Membership.objects.filter(group_id=group_id, left_at__isnull=True)
    wanted = tuple(roles)
    if wanted:
        rows = rows.filter(role__in=wanted)
    return tuple(as_member(row) for row in rows.order_by("joined_at", "id"))


def welcomers(group_id: UUID) -> tuple[UUID, ...]:
    """Accounts that offered to welcome newcomers in this group, facilitators after them; nobody on a break. One
    query."""
    rows = Membership.objects.filter(group_id=group_id, left_at__isnull=True).exclude(
        role="member", welcomer=False
    )
    rows = rows.exclude(break_until__gt=clock.now())
    found = rows.order_by("-welcomer", "joined_at", "id").values_list("account", flat=True)
    return tuple(found)


def shared(a: UUID, b: UUID) -> bool:
    """Do these two belong to one group now? One query."""
    theirs = Membership.objects.filter(account=b, left_at__isnull=True).values("group_id")
    return Membership.objects.filter(account=a, left_at__isnull=True, group_id__in=theirs).exists()
