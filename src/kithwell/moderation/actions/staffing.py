"""The published hours in which somebody looks at reports."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, ids
from kithwell.kernel.errors import Invalid
from kithwell.kernel.principal import Principal
from kithwell.moderation.models import StaffedHours
from kithwell.moderation.rules.hours import Stretch, valid
from kithwell.people import access as people
from kithwell.people import roles


def set_hours(principal: Principal, week: Sequence[Stretch]) -> None:
    """The whole week anew. Stewards only. Raises Invalid."""
    people.require(principal, roles.STEWARD, step_up=True)
    for stretch in week:
        if not valid(stretch):
            raise Invalid({"hours": _("Each day begins before it ends, within one day.")})
        try:
            ZoneInfo(stretch.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Invalid({"zone": _("Choose a time zone, like Europe/Berlin.")}) from None
    with transaction.atomic():
        StaffedHours.objects.all().delete()
        StaffedHours.objects.bulk_create(
            StaffedHours(id=ids.new_id(), weekday=s.weekday, start=s.start, end=s.end, zone=s.zone)
            for s in dict.fromkeys(week)
        )
        audit.record(principal, "hours.set", kind="hours", id="week", stretches=len(week))
