"""Founding a group, and changing what it is."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import access
from kithwell.community.groups.actions import common, shape, watch
from kithwell.community.groups.actions.join import enter
from kithwell.community.groups.actions.shape import Wanted
from kithwell.community.groups.models import Group
from kithwell.community.groups.rules import ages
from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel.errors import Conflict, Invalid, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.people import roles

FOUNDERS = (roles.FACILITATOR, roles.STEWARD)
PROPOSALS_MAX = 3  # of one person that wait at the same time


@transaction.atomic
def found(principal: Principal, wanted: Wanted) -> UUID:
    """Found a group and lead it. Facilitators and stewards by role found at once; a member's is a proposal that a
    steward looks at. Raises SignInNeeded, Refused, Conflict or Invalid."""
    people_access.require(principal)
    account = principal.id
    assert account is not None
    door.write(account)
    at_once = principal.has(*FOUNDERS)
    _age(account, wanted.age_band, at_once)
    shape.check(wanted)
    if not at_once:
        waiting = Group.objects.filter(state=Group.State.PROPOSED, proposed_by=account)
        if waiting.count() >= PROPOSALS_MAX:
            raise Conflict(_("Your earlier proposals wait for a steward. Thank you for your patience."))
    group = Group(id=ids.new_id(), age_band=wanted.age_band, proposed_by=account, created_at=clock.now())
    group.state = Group.State.OPEN if at_once else Group.State.PROPOSED
    group.facilitator_seen_at = clock.now()
    shape.put(group, wanted)
    group.slug = common.slug_for(group.name)
    group.save(force_insert=True)
    common.index_words(group)
    enter(group, account, role="facilitator")
    if not at_once:
        events.publish("community.group.proposed", group=str(group.id), account=str(account))
        for steward in people.accounts_with_role(roles.STEWARD):
            common.notify(steward, "/groups/proposals", proposal=group.id)
    return group.id


def _age(account: UUID, band: str, at_once: bool) -> None:
    own = people.age_bands([account]).get(account, "")
    if not ages.side(own):
        raise Invalid(
            {"age_band": _("Say your age first: adults and young people meet in groups of their own.")}
        )
    if ages.may_know(band, own) or (at_once and ages.is_for_minors(band) and ages.side(own) == "adult"):
        return
    raise Refused(_("A group is led by people of the age it is for."))


@transaction.atomic
def change(principal: Principal, slug: str, wanted: Wanted) -> None:
    """Change what a group is. Its age stays. Raises NotFound, Refused or Invalid."""
    group, _place = access.led(principal, slug)
    wanted = replace(wanted, age_band=group.age_band)
    shape.check(wanted, group.member_n)
    shape.put(group, wanted)
    group.save()
    common.index_words(group)
    watch.touch(group.id, principal.id)
    audit.record(principal, "group.changed", kind="group", id=group.id)


@transaction.atomic
def archive(principal: Principal, slug: str, on: bool) -> None:
    """Close a group for good, readable as before, or open it again. Raises NotFound or Refused."""
    group, place = access.led(principal, slug)
    if place.membership is None or place.membership.role != "facilitator":
        raise Refused(_("Only a facilitator of this group can do this."))
    group.archived_at = clock.now() if on else None
    group.facilitator_seen_at = clock.now()
    group.settle()
    group.save()
    audit.record(principal, "group.archived" if on else "group.reopened", kind="group", id=group.id)
    events.publish("community.group.archived" if on else "community.group.awake", group=str(group.id))
