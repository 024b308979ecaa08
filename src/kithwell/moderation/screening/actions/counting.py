"""Counting what the screening saw, by day, place and language; and looking for weeks out of the ordinary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from kithwell.kernel import audit, clock, ids
from kithwell.kernel.principal import Principal
from kithwell.moderation.screening import access
from kithwell.moderation.screening.actions import agreeing, beside
from kithwell.moderation.screening.models import Count, Drift, Shadow
from kithwell.moderation.screening.rules import cells, drift
from kithwell.safety.signals import Screening

ALL, HELP = "", "help"
KEPT = timedelta(days=400)


def heard(kind: str, ident: str, community: str, seen: Screening) -> None:
    """Something was screened: count it. After the commit; whoever calls takes care that nothing fails by it."""
    flagged = [one.category for one in (*seen.harm, *seen.conduct) if one.flag]
    found = [ALL, *flagged, *([HELP] if seen.crisis_flag else [])]
    with transaction.atomic():
        for category in found:
            add(clock.now().date(), community or kind, seen.lang, category)
    beside.ask(kind, ident)


def add(day: date, place: str, language: str, category: str, n: int = 1) -> None:
    """One more (or `n`) of a count; made where there is none."""
    key = {"day": day, "place": place[:64], "language": language[:8], "category": category[:24]}
    if Count.objects.filter(**key).update(n=F("n") + n):
        return
    try:
        with transaction.atomic():
            Count.objects.create(**key, n=n)
    except IntegrityError:  # somebody else made it a moment ago
        Count.objects.filter(**key).update(n=F("n") + n)


Series = dict[tuple[str, str, str], dict[date, int]]


def weekly(since: date, until: date) -> Series:
    """{(place, language, category): {Monday: n}} of whole weeks, with "" as the place for everywhere. One query."""
    rows = Count.objects.filter(day__gte=since, day__lt=until).values_list(
        "place", "language", "category", "day"
    )
    out: Series = defaultdict(lambda: defaultdict(int))
    for place, language, category, day, n in rows.annotate(total=Sum("n")):
        week = cells.monday(day)
        out[place, language, category][week] += n
        out["", language, category][week] += n
    return out


def look_for_drift() -> int:
    """Hold the last whole week against those before it; what is out of the ordinary is kept and told to stewards.

    Publishes a letter to each steward. Returns how many. Doing it again finds nothing new.
    """
    this = cells.monday(clock.now().date())
    last = this - timedelta(days=7)
    series = weekly(last - timedelta(weeks=drift.WEEKS), this)
    found = [row for row in _drifts(series, last)]
    fresh = 0
    with transaction.atomic():
        for row in found:
            _row, made = Drift.objects.get_or_create(
                week=row.week, place=row.place, language=row.language, category=row.category,
                defaults={"flagged": row.flagged, "texts": row.texts, "usual": row.usual, "far": row.far},
            )  # fmt: skip
            fresh += made
        if fresh:
            audit.record(
                Principal("system"), "screening.drifted", kind="week", id=last.isoformat(), found=fresh
            )
            agreeing.tell_stewards("/moderation/screening/rates", {"week": last.isoformat()})
        for old in (Count, Shadow):
            old.objects.filter(day__lt=clock.now().date() - KEPT).delete()
        Drift.objects.filter(week__lt=clock.now().date() - KEPT).delete()
    return fresh


def _drifts(series: Series, last: date) -> Iterable[Drift]:
    weeks = [last - timedelta(weeks=n) for n in range(drift.WEEKS, 0, -1)]
    for (place, language, category), flagged in list(series.items()):
        if category == ALL:
            continue
        texts = series.get((place, language, ALL), {})
        past = [drift.Week(texts.get(week, 0), flagged.get(week, 0)) for week in weeks]
        now = drift.Week(texts.get(last, 0), flagged.get(last, 0))
        verdict = drift.judge(now, past)
        if verdict is not None and verdict.drifted:
            yield Drift(
                id=ids.new_id(), week=last, place=place, language=language, category=category,
                flagged=now.flagged, texts=now.texts, usual=verdict.usual, far=verdict.far,
            )  # fmt: skip


def seen(principal: Principal, ident: UUID) -> None:
    """A steward has looked into it."""
    me = access.steward(principal)
    with transaction.atomic():
        rows = Drift.objects.filter(pk=ident, seen_at=None)
        if rows.update(seen_by=me, seen_at=clock.now()):
            audit.record(principal, "screening.drift_seen", kind="drift", id=ident)
