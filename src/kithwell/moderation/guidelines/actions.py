"""Changes: accepting guidelines."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kithwell.kernel.errors import Invalid
from kithwell.kernel.principal import Principal
from kithwell.moderation.guidelines import queries
from kithwell.moderation.guidelines.models import Acceptance
from kithwell.people import access


def accept(principal: Principal, version: int | str) -> int:
    """Somebody says yes to the guidelines that hold now. Saying it twice is fine. Returns the version."""
    access.require(principal)
    now = queries.current().version
    if str(version) != str(now):
        raise Invalid({"version": _("The guidelines have changed meanwhile. Please read them once more.")})
    Acceptance.objects.get_or_create(account=principal.id, version=now)
    return now
