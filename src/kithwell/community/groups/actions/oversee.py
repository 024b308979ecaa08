"""What stewards do: look at proposals, name somebody for a group that lost its facilitator."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups.actions import common
from kithwell.community.groups.actions.join import enter
from kithwell.community.groups.models import Group, Membership
from kithwell.community.groups.rules import ages
from kithwell.kernel import audit, clock, events, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.people import roles


def _group(principal: Principal, group_id: UUID) -> Group:
    people_access.require(principal, roles.STEWARD, step_up=True)
    group = Group.objects.select_for_update().filter(id=group_id).first()
    if group is None:
        raise NotFound()
    return group


@transaction.atomic
def approve(principal: Principal, group_id: UUID, *, facilitator: str = "") -> None:
    """Open a proposed group. One for young people opens only with a facilitator by role named for it."""
    group = _proposal(principal, group_id)
    if facilitator.strip() or group.for_minors:
        _lead(group, facilitator)
    group.state, group.facilitator_seen_at = Group.State.OPEN, clock.now()
    group.settle()
    group.save()
    audit.record(principal, "group.approved", kind="group", id=group.id)
    events.publish("community.group.approved", group=str(group.id), account=str(group.proposed_by))
    common.notify(group.proposed_by, f"/g/{group.slug}/about", group, proposal=group.id)


@transaction.atomic
def decline(principal: Principal, group_id: UUID, reason: str) -> None:
    """Say no to a proposal, with a reason that the proposer reads."""
    group = _proposal(principal, group_id)
    said = texts.tidy(reason, 400, "reason")
    if len(said) < 10:
        raise Invalid(
            {"reason": _("Say why, in a sentence: it is read by somebody who put thought into this.")}
        )
    group.state, group.decision = Group.State.DECLINED, said
    group.settle()
    group.save()
    audit.record(principal, "group.declined", kind="group", id=group.id, reason=said)
    events.publish("community.group.declined", group=str(group.id), account=str(group.proposed_by))
    common.notify(group.proposed_by, f"/g/{group.slug}/about", group, proposal=group.id)


def _proposal(principal: Principal, group_id: UUID) -> Group:
    group = _group(principal, group_id)
    if group.state != Group.State.PROPOSED:
        raise Conflict(_("Somebody has looked at this proposal already."))
    return group


@transaction.atomic
def name_facilitator(principal: Principal, group_id: UUID, pseudonym: str) -> None:
    """Name somebody to lead a group, and wake it. In a group for young people: a facilitator by role."""
    group = _group(principal, group_id)
    account = _lead(group, pseudonym)
    Group.objects.filter(id=group.id).update(
        facilitator_seen_at=clock.now(), warned_at=None, co_warned_at=None, closed_at=None
    )
    subject = people.subjects([account])[account]
    audit.record(principal, "group.facilitator.named", kind="group", id=group.id, about=subject)


def _lead(group: Group, pseudonym: str) -> UUID:
    account = people.account_named(pseudonym[:80]) if pseudonym.strip() else None
    if account is None:
        raise Invalid({"pseudonym": _("Name somebody who has the role of facilitator.")})
    band = people.age_bands([account]).get(account, "")
    trained = roles.FACILITATOR in people.roles_of(account)
    if group.for_minors:
        fits = trained and ages.side(band) == "adult"
    else:
        fits = ages.may_join(group.age_band, band) or (trained and ages.may_know(group.age_band, band))
    if not fits:
        raise Invalid(
            {"pseudonym": _("This person cannot lead this group: look at their role and at their age.")}
        )
    stay = Membership.objects.filter(group=group, account=account, left_at__isnull=True).first()
    if stay is None:
        enter(group, account, role="facilitator")
    else:
        Membership.objects.filter(id=stay.id).update(role="facilitator", seen_at=clock.now())
    events.publish("community.group.role", group=str(group.id), account=str(account), role="facilitator")
    return account
