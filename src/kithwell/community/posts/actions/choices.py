"""What a group's facilitators choose about its posts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import access as groups
from kithwell.community.posts import unanswered
from kithwell.community.posts.rules.health import HOURS
from kithwell.kernel import audit
from kithwell.kernel.errors import Invalid
from kithwell.kernel.principal import Principal
from kithwell.moderation import door


@transaction.atomic
def set_unanswered_hours(principal: Principal, slug: str, hours: int) -> None:
    """After how many hours those who welcome hear of a post without an answer. Raises Refused, NotFound, Invalid."""
    place = groups.facilitator(principal, slug)
    door.enter(principal.id)
    if hours not in HOURS:
        raise Invalid({"hours": _("Choose one from the list.")})
    unanswered.set_hours(place.group.id, hours)
    audit.record(principal, "group.unanswered.set", kind="group", id=place.group.id, hours=hours)
