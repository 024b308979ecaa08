"""Counting one day of the desk: the only place of this part that reads what was decided. Codes and times, no words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kithwell.moderation.models import Appeal, Case, Decision, Report, Signal
from kithwell.moderation.outside.models import Notice
from kithwell.moderation.rules import categories

GROUPS = (
    "notices", "reports", "cases", "things", "persons", "grounds", "automated", "thresholds", "appeals", "reversed",
)  # fmt: skip
APART = ("thresholds", "appeals")  # their rows do not add up to anything: no total is told
LISTS = ("hours", "appeal_hours")
MOST_HOURS = 24 * 60


def first_day() -> date | None:
    """The day of the first case there is."""
    found = Case.objects.order_by("created_at").values_list("created_at", flat=True).first()
    return found.astimezone(UTC).date() if found else None


def of_day(day: date) -> dict[str, Any]:
    """Everything that happened on a day (UTC), counted. Nine queries."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    span = (start, start + timedelta(days=1) - timedelta(microseconds=1))
    decided = list(
        Decision.objects.filter(
            starts_at__range=span, by__isnull=False, state__in=("active", "reversed")
        ).values_list("thing", "person", "rule", "automated_detection", "starts_at", "case__created_at")
    )
    answered = list(Appeal.objects.filter(decided_at__range=span).values_list("state", "decided_at", "at"))
    told = Report.objects.filter(at__range=span)
    hidden = Decision.objects.filter(source="threshold")
    return {
        "notices": _counted(_notices(span)),
        "reports": _counted(told.exclude(category=categories.WORRIED).values_list("category", flat=True)),
        "cases": _cases(span),
        "things": _counted(thing for thing, *_rest in decided),
        "persons": _counted(row[1] for row in decided),
        "grounds": _counted(row[2] for row in decided if row[2]),
        "automated": _counted(
            "kept" if (thing, person) == ("nothing", "nothing") else "acted"
            for thing, person, _rule, machine, *_rest in decided
            if machine
        ),
        "thresholds": {
            "hidden": hidden.filter(at__range=span).count(),
            "shown again": hidden.filter(until__range=span).exclude(case__decisions__thing="remove").count(),
        },
        "appeals": {
            "asked": Appeal.objects.filter(at__range=span).count(),
            **_counted(s for s, *_r in answered),
        },
        "reversed": {"decisions": Decision.objects.filter(reversed_at__range=span).count()},
        "hours": [_hours(made, at) for *_codes, at, made in decided],
        "appeal_hours": [_hours(asked, at) for _state, at, asked in answered],
    }


def _notices(span: tuple[datetime, datetime]) -> Iterable[str]:
    for ground, flagger in Notice.objects.filter(at__range=span).values_list("ground", "flagger"):
        yield f"{ground}, trusted" if flagger else ground


def _cases(span: tuple[datetime, datetime]) -> dict[str, int]:
    made = set(Case.objects.filter(created_at__range=span).values_list("id", flat=True))
    seen = set(Signal.objects.filter(case__in=made).values_list("case_id", flat=True))
    return {"found by machine": len(seen), "told by people": len(made - seen)}


def _hours(since: datetime, at: datetime | None) -> int:
    return min(MOST_HOURS, max(0, round((at - since).total_seconds() / 3600))) if at else 0


def _counted(codes: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(codes).items()))


def added(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Days added up."""
    sums: dict[str, Counter[str]] = {name: Counter() for name in GROUPS}
    lists: dict[str, list[int]] = {name: [] for name in LISTS}
    for data in rows:
        for name in GROUPS:
            sums[name].update(data.get(name, {}))
        for name in LISTS:
            lists[name] += data.get(name, [])
    return {**{name: dict(sorted(found.items())) for name, found in sums.items()}, **lists}
