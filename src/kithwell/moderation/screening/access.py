"""The only door to changes of rules: stewards, with a fresh sign-in."""

from __future__ import annotations

from uuid import UUID

from kithwell.kernel import ids
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation.screening.models import Change
from kithwell.people import access as people
from kithwell.people import roles


def steward(principal: Principal) -> UUID:
    """Raises SignInNeeded, StepUpNeeded or Refused."""
    people.require(principal, roles.STEWARD, step_up=True)
    assert principal.id is not None
    return principal.id


def change(principal: Principal, ident: UUID | str, *, lock: bool = False) -> Change:
    """A change, for a steward. Raises NotFound."""
    steward(principal)
    known = ids.parse(str(ident))
    rows = Change.objects.select_for_update() if lock else Change.objects.all()
    row = rows.filter(pk=known).first() if known else None
    if row is None:
        raise NotFound()
    return row
