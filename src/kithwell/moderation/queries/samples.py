"""The weekly sample as its second reader sees it (blind), and what the weeks say about agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kithwell.kernel.principal import Principal
from kithwell.moderation import access, kinds, words
from kithwell.moderation.actions import quality
from kithwell.moderation.models import Report, Sample
from kithwell.moderation.rules import agreement

FEW = 5


@dataclass(frozen=True, slots=True)
class Blind:
    """What was decided is not in it, nor by whom."""

    id: UUID
    kind_title: str
    text: str
    categories: tuple[str, ...]
    crisis: str


@dataclass(frozen=True, slots=True)
class Week:
    """Agreement of one week. Of few readings the counts are told, never a measure."""

    week: date
    drawn: int
    read: int
    same: int
    alpha: float | None


def to_read(principal: Principal) -> Blind | None:
    """The next decision to read again. Three queries."""
    row = quality.next_sample(principal)
    if row is None:
        return None
    case = row.decision.case
    text = words.unseal(case.subject, case.evidence, "moderation_case", "evidence", case.id)
    told = Report.objects.filter(case=case).order_by("at").values_list("category", flat=True)[:20]
    return Blind(row.id, kinds.title(case.kind), text, tuple(dict.fromkeys(told)), case.crisis)


def weeks(principal: Principal, most: int = 12) -> tuple[Week, ...]:
    """The last weeks, newest first. One query."""
    access.reviewer(principal)
    rows = Sample.objects.order_by("-week").values_list(
        "week", "thing", "person", "decision__thing", "decision__person", "read_at"
    )[: most * quality.SIZE]
    found: dict[date, list[tuple[tuple[str, str], tuple[str, str]] | None]] = {}
    for week, thing, person, first_thing, first_person, read_at in rows:
        pair = ((first_thing, first_person), (thing, person)) if read_at else None
        found.setdefault(week, []).append(pair)
    return tuple(_week(week, pairs) for week, pairs in found.items())


def _week(week: date, pairs: list[tuple[tuple[str, str], tuple[str, str]] | None]) -> Week:
    read = [p for p in pairs if p is not None]
    alpha = agreement.alpha(read) if len(read) >= FEW else None
    return Week(week, len(pairs), len(read), sum(a == b for a, b in read), alpha)
