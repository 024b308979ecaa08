"""For members: what became of what I reported, and what was decided about me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.kernel.principal import Principal
from kithwell.moderation.models import Report
from kithwell.people import access as people


@dataclass(frozen=True, slots=True)
class Mine:
    """One report of mine. `outcome` "" while nobody has looked yet."""

    id: UUID
    kind: str
    category: str
    at: datetime
    outcome: str
    settled_at: datetime | None


def reports(principal: Principal) -> tuple[Mine, ...]:
    """My reports, newest first, at most 100. One query. What was done about somebody is not told, only that."""
    people.require(principal)
    rows = Report.objects.filter(reporter=principal.id).order_by("-at", "-id")[:100]
    return tuple(Mine(*r) for r in rows.values_list("id", "kind", "category", "at", "outcome", "settled_at"))
