"""Badges: what somebody learned, who vouches for it, until when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.peers import words
from kithwell.community.peers.actions.buddies import notice
from kithwell.community.peers.models import Badge
from kithwell.kernel import audit, clock
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access, roles
from kithwell.people import queries as people

LONGEST = timedelta(days=3 * 366)
WARN = timedelta(days=30)
GIVERS = (roles.STEWARD, roles.PROFESSIONAL, roles.FACILITATOR)


def give_badge(principal: Principal, pseudonym: str, kind: str, until: date | None) -> UUID:
    """Vouch for somebody. One badge of a kind at a time: a new one takes the place of the old. Raises Invalid."""
    access.require(principal, *GIVERS, step_up=True)
    account = people.account_named(pseudonym[:200])
    wrong: dict[str, str] = {}
    if account is None:
        wrong["name"] = _("There is nobody with that name here. Please check the spelling.")
    elif account == principal.id:
        wrong["name"] = _("Somebody else has to vouch for you.")
    if kind not in words.BADGES:
        wrong["kind"] = _("Please choose one of these.")
    now = clock.now()
    end = datetime.combine(until, time(), ZoneInfo("UTC")) if until else None
    if end is None or not now < end <= now + LONGEST:
        wrong["until"] = _("Choose a day within the next three years.")
    if wrong or account is None or end is None:
        raise Invalid(wrong)
    vouched = next(role for role in GIVERS if principal.has(role))
    with transaction.atomic():
        Badge.objects.filter(account=account, kind=kind, ended_at=None).update(
            ended_at=now, ended_by=principal.id
        )
        row = Badge.objects.create(
            account=account, kind=kind, given_by=principal.id, vouched=vouched, since=now, until=end
        )
        audit.record(
            principal, "badge.given", kind="badge", id=row.pk, about=people.subjects([account])[account]
        )
        notice(account, "badge", "/me/profile", {"badge": str(row.pk)})
    return row.pk


def end_badge(principal: Principal, ident: UUID) -> None:
    """Whoever may give badges may end one; so may the person who has it. Raises NotFound."""
    access.require(principal)
    with transaction.atomic():
        row = Badge.objects.select_for_update().filter(pk=ident, ended_at=None).first()
        if row is None or (row.account != principal.id and not principal.has(*GIVERS)):
            raise NotFound()
        if row.account != principal.id:
            access.require(principal, *GIVERS, step_up=True)
        row.ended_at, row.ended_by = clock.now(), principal.id
        row.save(update_fields=["ended_at", "ended_by"])
        audit.record(principal, "badge.ended", kind="badge", id=ident)


def tidy_badges() -> int:
    """Those whose time is over end; those whose time is near are said to whoever has them. Called by a job."""
    now = clock.now()
    near = Badge.objects.filter(ended_at=None, warned_at=None, until__lte=now + WARN, until__gt=now)
    for row in list(near[:500]):
        with transaction.atomic():
            if Badge.objects.filter(pk=row.pk, warned_at=None).update(warned_at=now):
                notice(row.account, "badge-ends", "/me/profile", {"badge": str(row.pk)})
    return Badge.objects.filter(ended_at=None, until__lte=now).update(ended_at=now)
