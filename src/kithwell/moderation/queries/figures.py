"""Figures for stewards: how old cases are, how soon they are decided, what appeals change. Counts of things, not of
people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format

from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.moderation import access
from kithwell.moderation.models import Appeal, Case, Decision
from kithwell.moderation.queries import samples

DAYS = 28
AGES = (
    ("under an hour", timedelta(hours=1)),
    ("under 6 hours", timedelta(hours=6)),
    ("under a day", timedelta(days=1)),
    ("under 3 days", timedelta(days=3)),
    ("longer", timedelta.max),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last four weeks, but for `open_by_age`, which is of now. Shares come as counts: the page decides."""

    open_by_age: tuple[tuple[str, int], ...]
    decided: int
    within_day: int
    median_hours: float | None
    by_day: tuple[tuple[str, float | None], ...]
    by_outcome: tuple[tuple[str, str, int], ...]
    restricting: int
    appeals: int
    granted: int
    late: int
    hidden: int
    restored: int
    weeks: tuple[samples.Week, ...]


def figures(principal: Principal) -> Figures:
    """Six queries."""
    access.reviewer(principal)
    now = clock.now()
    since = now - timedelta(days=DAYS)
    waiting = Case.objects.filter(state__in=("open", "claimed")).values_list("waiting_since", flat=True)
    rows = list(
        Decision.objects.filter(
            at__gte=since, by__isnull=False, state__in=("active", "reversed")
        ).values_list("at", "case__created_at", "thing", "person")[:50_000]
    )
    asked = list(
        Appeal.objects.filter(at__gte=since).values_list("state", "answer_by", "decided_at")[:50_000]
    )
    hidden = Decision.objects.filter(at__gte=since, source="threshold")
    hours = sorted((at - made).total_seconds() / 3600 for at, made, _t, _p in rows)
    return Figures(
        open_by_age=_ages(list(waiting[:50_000]), now),
        decided=len(rows),
        within_day=sum(h <= 24 for h in hours),
        median_hours=_median(hours),
        by_day=_by_day([(at, made) for at, made, _t, _p in rows], since.date()),
        by_outcome=tuple(
            (thing, person, n)
            for (thing, person), n in Counter((t, p) for _a, _m, t, p in rows).most_common(12)
        ),
        restricting=sum((t, p) != ("nothing", "nothing") for _a, _m, t, p in rows),
        appeals=len(asked),
        granted=sum(state == "granted" for state, _by, _at in asked),
        late=sum((decided or now) > by for _state, by, decided in asked),
        hidden=hidden.count(),
        restored=hidden.filter(case__hidden_at=None, case__state="decided")
        .exclude(case__decisions__thing="remove", case__decisions__state="active")
        .count(),
        weeks=samples.weeks(principal),
    )


def _ages(waiting: list[datetime], now: datetime) -> tuple[tuple[str, int], ...]:
    counts = dict.fromkeys((name for name, _limit in AGES), 0)
    for since in waiting:
        counts[next(name for name, limit in AGES if now - since < limit)] += 1
    return tuple(counts.items())


def _median(values: list[float]) -> float | None:
    """The middle of a sorted list."""
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _by_day(rows: list[tuple[datetime, datetime]], first: date) -> tuple[tuple[str, float | None], ...]:
    """Median hours to a decision, by the day it was made; None where nothing was decided."""
    found: dict[date, list[float]] = {}
    for at, made in rows:
        found.setdefault(at.date(), []).append((at - made).total_seconds() / 3600)
    out = []
    for n in range(DAYS + 1):
        day = first + timedelta(days=n)
        middle = _median(sorted(found.get(day, [])))
        out.append((date_format(day, "j M"), round(middle, 1) if middle is not None else None))
    return tuple(out)
