"""Staying, pausing, leading and leaving. A group that is awake has somebody who leads it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import access
from kithwell.community.groups.actions import common, watch
from kithwell.community.groups.models import Group, Membership
from kithwell.community.groups.rules import ages
from kithwell.kernel import audit, clock, events
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.moderation import door
from kithwell.people import queries as people
from kithwell.people import roles

WRITINGS = ("keep", "anonymise", "delete")
BREAKS = (7, 14, 21)  # days
LEADING = access.LEADING


class Last(Conflict):
    """Nobody else leads the group."""

    code = "last"


def _own(principal: Principal, slug: str) -> tuple[Group, Membership]:
    group, place = access.locked(principal, slug)
    if place.membership is None:
        raise NotFound()
    return group, Membership.objects.select_for_update().get(id=place.membership.id)


@transaction.atomic
def leave(principal: Principal, slug: str, writing: str = "keep", *, anyway: bool = False) -> None:
    """Leave; `writing` says what becomes of one's posts there. Who leads alone hands over first, or, with `anyway`,
    lets the group rest until a steward finds somebody. Raises NotFound, Invalid, or Last.
    """
    if writing not in WRITINGS:
        raise Invalid({"writing": _("Choose what happens to what you wrote.")})
    group, own = _own(principal, slug)
    hand_on(group, own, anyway=anyway)
    end_stay(own, writing)


def end_stay(member: Membership, writing: str) -> None:
    """Close a stay and free its place."""
    Membership.objects.filter(id=member.id).update(
        left_at=clock.now(), role="member", welcomer=False, answers=None, break_until=None
    )
    common.give_place(member.group_id)
    events.publish(
        "community.group.left", group=str(member.group_id), account=str(member.account), choice=writing
    )


def hand_on(group: Group, own: Membership, *, anyway: bool) -> None:
    """Somebody stops leading: a co-facilitator steps in, or the group rests."""
    if own.role not in LEADING:
        return
    others = Membership.objects.filter(group=group, left_at__isnull=True, role__in=LEADING).exclude(id=own.id)
    if others.filter(role="facilitator").exists():
        return
    next_one = others.order_by("joined_at", "id").first()
    if own.role == "cofacilitator" and next_one is not None:
        return
    if next_one is not None:
        next_one.role = "facilitator"
        next_one.save(update_fields=["role"])
        events.publish(
            "community.group.role", group=str(group.id), account=str(next_one.account), role="facilitator"
        )
        return
    if group.archived_at is not None or group.state != Group.State.OPEN:
        return
    if not anyway:
        raise Last(
            _("You are the only one who leads this group. Name somebody first, or let the group rest until a"
              " steward finds somebody.")
        )  # fmt: skip
    rest_without_leader(group)


def rest_without_leader(group: Group) -> None:
    Group.objects.filter(id=group.id, closed_at__isnull=True).update(closed_at=clock.now())
    events.publish("community.group.orphaned", group=str(group.id))
    for steward in people.accounts_with_role(roles.STEWARD):
        common.notify(steward, "/groups/proposals", group, orphaned=group.id, day=clock.now().date())


@transaction.atomic
def take_break(principal: Principal, slug: str, days: int) -> None:
    """Nothing from this group for some days; one stays a member. Raises NotFound or Invalid."""
    if days not in BREAKS:
        raise Invalid({"days": _("Choose one from the list.")})
    _group, own = _own(principal, slug)
    own.break_until = clock.now() + timedelta(days=days)
    own.save(update_fields=["break_until"])


@transaction.atomic
def end_break(principal: Principal, slug: str) -> None:
    _group, own = _own(principal, slug)
    own.break_until = None
    own.save(update_fields=["break_until"])


@transaction.atomic
def offer_welcome(principal: Principal, slug: str, on: bool) -> None:
    """Offer, or stop offering, to welcome newcomers. Raises NotFound."""
    _group, own = _own(principal, slug)
    if on:
        door.enter(principal.id)
    own.welcomer = on
    own.save(update_fields=["welcomer"])


@transaction.atomic
def set_role(principal: Principal, slug: str, member_id: UUID, role: str) -> None:
    """Ask a member to lead along, or as a co-facilitator; or let them be a member again. Facilitators only; oneself
    steps down by `step_down`. Raises NotFound, Refused or Invalid.
    """
    if role not in Membership.Role.values:
        raise Invalid({"role": _("Choose one from the list.")})
    group, place = access.led(principal, slug)
    if place.membership is None or place.membership.role != "facilitator":
        raise Refused(_("Only a facilitator of this group can name others."))
    row = (
        Membership.objects.select_for_update().filter(id=member_id, group=group, left_at__isnull=True).first()
    )
    if row is None:
        raise NotFound()
    if row.account == principal.id:
        raise Invalid({"role": _("To stop leading yourself, choose to step down.")})
    if row.role == role:
        return
    if group.for_minors and role == "member" and not _fits(group, row.account):
        raise Refused(
            _("An adult who looks after a group for young people can leave it, but not stay as a member.")
        )
    row.role = role
    row.seen_at = clock.now() if role in LEADING else None
    row.save(update_fields=["role", "seen_at"])
    watch.touch(group.id, principal.id)
    subject = people.subjects([row.account]).get(row.account)
    audit.record(principal, "group.role", kind="group", id=group.id, about=subject, role=role)
    common.notify(row.account, f"/g/{group.slug}/about", group, role=role, day=clock.now().date())
    events.publish("community.group.role", group=str(group.id), account=str(row.account), role=role)


def _fits(group: Group, account: UUID) -> bool:
    return ages.may_join(group.age_band, people.age_bands([account]).get(account, ""))


@transaction.atomic
def step_down(principal: Principal, slug: str, *, anyway: bool = False) -> None:
    """Stop leading and stay a member. Raises NotFound, Refused, or Last."""
    group, own = _own(principal, slug)
    if own.role not in LEADING:
        return
    if group.for_minors and not _fits(group, own.account):
        raise Refused(
            _("An adult who looks after a group for young people can leave it, but not stay as a member.")
        )
    hand_on(group, own, anyway=anyway)
    own.role, own.seen_at = "member", None
    own.save(update_fields=["role", "seen_at"])
    audit.record(principal, "group.role", kind="group", id=group.id, role="member")


def apart(account: str) -> None:
    """Somebody said another age: their stays in groups of the other side end, and the groups are told only that they
    left. What they wrote stays as it is; they can still have it taken away with their account."""
    who = UUID(account)
    band = people.age_bands([who]).get(who, "")
    rows = Membership.objects.select_related("group").filter(account=who, left_at__isnull=True)
    for ident in [row.id for row in rows if not _may_stay(row, band)]:
        with transaction.atomic():
            own = Membership.objects.select_for_update().select_related("group").get(id=ident)
            if own.left_at is None:
                hand_on(own.group, own, anyway=True)
                end_stay(own, "keep")
                audit.record(
                    SYSTEM, "group.apart", kind="group", id=own.group_id, about=people.subjects([who])[who]
                )


def _may_stay(row: Membership, band: str) -> bool:
    if row.group.for_minors and row.role in LEADING:
        return ages.side(band) != "minor" or ages.may_know(row.group.age_band, band)
    return ages.may_know(row.group.age_band, band)
