"""Who may do what: roles are given and taken back by stewards, and each change is written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, conf, events
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.people import access, roles
from kithwell.people.models import Account, RoleGrant


def _may(principal: Principal) -> None:
    if principal.kind != "system":
        access.require(principal, roles.STEWARD, step_up=True)


def _account(account_id: UUID) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id, erased_at=None).first()
    if account is None:
        raise NotFound()
    return account


def grant_role(principal: Principal, account_id: UUID, role: str, *, until: datetime | None = None) -> UUID:
    """Give a role, until `until` or for good, and return the grant's id. Giving a role twice changes its end.

    With the setting `two_stewards`, a steward's role waits until a second steward agrees (`confirm_grant`).
    Raises Invalid for an unknown role or an end in the past, NotFound, Refused, StepUpNeeded.
    """
    _may(principal)
    now = clock.now()
    if role not in roles.GRANTABLE:
        raise Invalid({"role": _("There is no such role.")})
    if until is not None and until <= now:
        raise Invalid({"until": _("That day is over. Choose one that is still to come.")})
    with transaction.atomic():
        account = _account(account_id)
        alone = principal.kind == "system" or role != roles.STEWARD or not conf.get("two_stewards", False)
        grant = RoleGrant.objects.filter(account=account, role=role, closed_at=None).first()
        if grant is not None:
            grant.until = until
            grant.save(update_fields=["until"])
        else:
            grant = RoleGrant.objects.create(
                account=account,
                role=role,
                granted_by=principal.id,
                until=until,
                at=now,
                confirmed_at=now if alone else None,
            )
        audit.record(
            principal,
            "role.granted" if alone else "role.proposed",
            kind="account",
            id=account_id,
            about=account.subject,
            role=role,
            until=until.isoformat() if until else "",
        )
        events.publish("people.roles", account=str(account_id))
    return grant.pk


def confirm_grant(principal: Principal, grant_id: UUID) -> None:
    """A second steward agrees to a steward's role. Raises Refused for whoever proposed it, or receives it."""
    _may(principal)
    with transaction.atomic():
        grant = (
            RoleGrant.objects.select_for_update()
            .select_related("account")
            .filter(pk=grant_id, closed_at=None, confirmed_at=None)
            .first()
        )
        if grant is None:
            raise NotFound()
        if principal.id in (grant.granted_by, grant.account_id):
            raise Refused(_("Somebody else has to agree to this: two people decide who becomes a steward."))
        grant.confirmed_at, grant.confirmed_by = clock.now(), principal.id
        grant.save(update_fields=["confirmed_at", "confirmed_by"])
        audit.record(
            principal,
            "role.confirmed",
            kind="account",
            id=grant.account_id,
            about=grant.account.subject,
            role=grant.role,
        )
        events.publish("people.roles", account=str(grant.account_id))


def revoke_role(principal: Principal, account_id: UUID, role: str) -> None:
    """Take a role back; it ends with the person's next request. Raises Conflict when nobody would be steward."""
    _may(principal)
    with transaction.atomic():
        account = _account(account_id)
        grant = RoleGrant.objects.filter(account=account, role=role, closed_at=None).first()
        if grant is None:
            raise NotFound()
        if role == roles.STEWARD and grant.confirmed_at and _stewards() <= 1:
            raise Conflict(_("This is the last steward. Make somebody else a steward first."))
        grant.closed_at, grant.closed_by = clock.now(), principal.id
        grant.save(update_fields=["closed_at", "closed_by"])
        audit.record(
            principal, "role.revoked", kind="account", id=account_id, about=account.subject, role=role
        )
        events.publish("people.roles", account=str(account_id))


def _stewards() -> int:
    """How many are stewards now; the rows are locked so that two cannot take each other's role at once."""
    held = RoleGrant.objects.select_for_update().filter(
        role=roles.STEWARD, closed_at=None, confirmed_at__isnull=False, account__leaving_at=None
    )
    return sum(1 for grant in held if grant.until is None or grant.until > clock.now())
