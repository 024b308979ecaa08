"""Inviting: a secret link with an end, or somebody by their pseudonym."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.boundaries import queries as boundaries
from kithwell.community.groups import access
from kithwell.community.groups.actions import common, watch
from kithwell.community.groups.models import Group, Invitation, Membership
from kithwell.community.groups.rules import ages
from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people

USES_MAX, OPEN_LINKS_MAX = 100, 20
DAYS = (1, 7, 30)
NAMED_FOR = timedelta(days=30)


@transaction.atomic
def make_link(principal: Principal, slug: str, *, uses: int, days: int) -> str:
    """A new secret for a link; it is shown this once and kept as a digest. Raises Invalid, Refused or NotFound."""
    group, _place = access.led(principal, slug)
    _open(group)
    if not 1 <= uses <= USES_MAX:
        raise Invalid({"uses": _("A number from 1 to %(most)d.") % {"most": USES_MAX}})
    if days not in DAYS:
        raise Invalid({"days": _("Choose one from the list.")})
    now = clock.now()
    links = Invitation.objects.filter(
        group=group, digest__isnull=False, ended_at__isnull=True, until__gt=now, uses_left__gt=0
    )
    if links.count() >= OPEN_LINKS_MAX:
        raise Conflict(_("There are many open links already. End some of them first."))
    token = ids.token(18)
    Invitation.objects.create(
        group=group,
        digest=access.digest(token),
        uses_left=uses,
        until=now + timedelta(days=days),
        made_by=principal.id,
    )
    watch.touch(group.id, principal.id)
    audit.record(principal, "group.link.made", kind="group", id=group.id, uses=uses, days=days)
    return token


@transaction.atomic
def invite(principal: Principal, slug: str, pseudonym: str) -> None:
    """Invite somebody by name. Whether it reached them is not told: not their age, not whom they blocked."""
    group, _place = access.led(principal, slug)
    _open(group)
    account = people.account_named(pseudonym[:80]) if pseudonym.strip() else None
    if account is None:
        raise Invalid({"pseudonym": _("Nobody here has this name. Please check the spelling.")})
    watch.touch(group.id, principal.id)
    if not _reaches(principal, group, account):
        return
    made = Invitation.objects.create(
        group=group, account=account, until=clock.now() + NAMED_FOR, made_by=principal.id
    )
    common.notify(account, f"/g/{group.slug}/about", group, invitation=made.id, by=principal.id)
    events.publish("community.group.invited", group=str(group.id), account=str(account), by=str(principal.id))


def _open(group: Group) -> None:
    if group.state != Group.State.OPEN or group.archived_at is not None:
        raise Conflict(_("This group is not taking anybody in now."))


def _reaches(principal: Principal, group: Group, account: UUID) -> bool:
    band = people.age_bands([account]).get(account, "")
    if not ages.may_know(group.age_band, band):
        return False
    if Membership.objects.filter(group=group, account=account, left_at__isnull=True).exists():
        return False
    if access.invitations(account).filter(group=group).exists():
        return False
    assert principal.id is not None
    # To be asked into a group is not to be written to: only a block, or wanting to hear from nobody, stands against it.
    return boundaries.may_contact(principal.id, account, shared_group=True)


@transaction.atomic
def end_invitation(principal: Principal, slug: str, invitation_id: UUID) -> None:
    """Take an invitation back. Raises NotFound or Refused."""
    group, _place = access.led(principal, slug)
    rows = Invitation.objects.filter(id=invitation_id, group=group)
    if not rows.exists():
        raise NotFound()
    rows.filter(ended_at__isnull=True).update(ended_at=clock.now())


@transaction.atomic
def decline_invitation(principal: Principal, slug: str) -> None:
    """Say no to being invited; nobody is told."""
    group, _place = access.locked(principal, slug)
    access.invitations(principal.id).filter(group=group, account=principal.id).update(ended_at=clock.now())
