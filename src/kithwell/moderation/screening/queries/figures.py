"""How much is flagged, where and in which language; what a threshold would cost; what candidates say. Counts only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from django.db.models import Sum

from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import kinds
from kithwell.moderation.screening import access
from kithwell.moderation.screening.actions import counting, editing
from kithwell.moderation.screening.models import Change, Drift, Shadow, Survey
from kithwell.moderation.screening.rules import cells, curves
from kithwell.moderation.screening.rules.cells import Cell
from kithwell.moderation.screening.rules.curves import Point
from kithwell.safety import house, linear

WEEKS = 12


@dataclass(frozen=True, slots=True)
class DriftLine:
    id: UUID
    week: date
    place: str
    language: str
    category: str
    cell: Cell
    usual: float
    more: bool
    seen: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """One series of weekly shares, the choices, a table of the last whole week, and weeks out of the ordinary."""

    places: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    categories: tuple[str, ...]
    place: str
    language: str
    category: str
    weeks: tuple[tuple[date, Cell], ...]
    now: tuple[tuple[str, str, Cell], ...]  # (place's name, language, cell) of the last whole week
    drifts: tuple[DriftLine, ...]


def rates(principal: Principal, place: str = "", language: str = "", category: str = "") -> Rates:
    """Weekly shares of the last twelve whole weeks. Three queries and one for names."""
    access.steward(principal)
    this = cells.monday(clock.now().date())
    weeks = [this - timedelta(weeks=n) for n in range(WEEKS, 0, -1)]
    series = counting.weekly(weeks[0], this)
    places = sorted({key[0] for key in series if key[0]})
    languages = sorted(
        {key[1] for key in series}, key=lambda code: -sum(series.get(("", code, ""), {}).values())
    )
    categories = ["help", *house.kinds()]
    place = place if place in places else ""
    language = language if language in languages else (languages[0] if languages else "en")
    category = category if category in categories else "harassment"
    names = _names(places, principal)
    last = weeks[-1]

    def one(where: str, tongue: str, week: date) -> Cell:
        return cells.cell(
            series.get((where, tongue, ""), {}).get(week, 0),
            series.get((where, tongue, category), {}).get(week, 0),
        )

    rows = [
        (names[p], tongue, one(p, tongue, last))
        for p in places
        for tongue in languages
        if (p, tongue, "") in series
    ]
    return Rates(
        tuple(sorted(names.items(), key=lambda item: item[1])),
        tuple(languages),
        tuple(categories),
        place,
        language,
        category,
        tuple((week, one(place, language, week)) for week in weeks),
        tuple(sorted(rows, key=lambda row: (-row[2].texts, row[0]))[:100]),
        _drifts(principal),
    )  # fmt: skip


def _names(places: list[str], principal: Principal) -> dict[str, str]:
    """What places are called: a community's name, or the kind of thing."""
    known = kinds.places(places)
    out = {}
    for place in places:
        title = kinds.title(place)
        out[place] = known.get(place) or title[:1].upper() + title[1:]
    return out


def _drifts(principal: Principal) -> tuple[DriftLine, ...]:
    rows = list(Drift.objects.order_by("-week", "place", "category")[:30])
    names = _names([row.place for row in rows if row.place], principal)
    return tuple(
        DriftLine(
            row.id, row.week, names.get(row.place, ""), row.language, row.category,
            cells.cell(row.texts, row.flagged), row.usual, row.far > 0, row.seen_at is not None,
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What each threshold of a category would find, miss and cost, by what is known of it."""

    kind: str
    now: float
    shipped: float
    scored: bool  # a scorer answers, not rules alone
    house: tuple[Point, ...]  # of what people here decided, and the texts of the last 30 days
    shipped_figures: tuple[
        Point, ...
    ]  # of tweets the weights had not seen; a_week: of a thousand everyday comments
    of_other_weights: bool
    tweets: int  # how many those figures are of
    comments: int
    texts: int
    decided: int
    surveyed_at: datetime | None
    open: UUID | None


def thresholds(principal: Principal, kind: str) -> Thresholds:
    """Raises NotFound for a category there is none of. Three queries."""
    access.steward(principal)
    if kind not in house.kinds():
        raise NotFound()
    row = Survey.objects.order_by("-at").first()
    pairs = row.decided.get(kind, []) if row else []
    right, wrong = [p[0] for p in pairs] or [0] * curves.BINS, [p[1] for p in pairs] or [0] * curves.BINS
    scores = row.scores.get(kind) if row else None
    figures = _figures()
    fold = figures["kinds"].get(kind) if figures else None
    model = linear.load()
    return Thresholds(
        kind=kind,
        now=editing.threshold_now(kind, editing.holds(f"threshold.{kind}")),
        shipped=house.threshold(kind),
        scored=kind in ("hate", "offensive"),
        house=curves.curve(scores, right, wrong, row.days / 7) if row and scores else (),
        shipped_figures=_of_folds(fold) if fold else (),
        of_other_weights=bool(fold) and (model is None or figures["weights"] != model.digest),
        tweets=sum(fold["right"]) + sum(fold["wrong"]) if fold else 0,
        comments=sum(fold["everyday"]) if fold else 0,
        texts=row.texts if row else 0,
        decided=sum(right) + sum(wrong),
        surveyed_at=row.at if row else None,
        open=Change.objects.filter(rule=f"threshold.{kind}", state__in=editing.OPEN)
        .values_list("id", flat=True)
        .first(),
    )


def _of_folds(fold: dict[str, Any]) -> tuple[Point, ...]:
    every = sum(fold["everyday"])
    per_thousand = [n * 1000 / every for n in fold["everyday"]]
    return curves.curve(per_thousand, fold["right"], fold["wrong"], 1)


@cache
def _figures() -> dict[str, Any]:
    """The shipped counts, {} where they are missing."""
    try:
        text = (resources.files("kithwell.safety") / "data" / "curves.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
    except (OSError, ValueError):
        return {}
    return found if found.get("bins") == curves.BINS else {}


@dataclass(frozen=True, slots=True)
class Beside:
    """One candidate on one category: how often both say the same. Sums of the time it ran."""

    candidate: str
    category: str
    texts: int
    both: int
    only_now: int
    only_candidate: int
    neither: int
    first: date
    last: date
    languages: tuple[tuple[str, int, int], ...]  # (language, texts, how many are answered otherwise)

    @property
    def same(self) -> float:
        return (self.both + self.neither) / self.texts if self.texts else 1.0


def beside(principal: Principal, days: int = 60) -> tuple[Beside, ...]:
    """All candidates of the last weeks. One query."""
    access.steward(principal)
    since = clock.now().date() - timedelta(days=days)
    rows = (
        Shadow.objects.filter(day__gte=since)
        .values("candidate", "category", "language", "day")
        .annotate(b=Sum("both"), n=Sum("only_now"), c=Sum("only_candidate"), x=Sum("neither"))
    )
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row["candidate"], row["category"]), []).append(row)
    out = []
    for (candidate, category), parts in sorted(found.items()):
        total = {key: sum(part[key] for part in parts) for key in "bncx"}
        tongues: dict[str, list[int]] = {}
        for part in parts:
            line = tongues.setdefault(part["language"], [0, 0])
            line[0] += part["b"] + part["n"] + part["c"] + part["x"]
            line[1] += part["n"] + part["c"]
        out.append(
            Beside(
                candidate, category, sum(total.values()), total["b"], total["n"], total["c"], total["x"],
                min(part["day"] for part in parts), max(part["day"] for part in parts),
                tuple((code, n, other) for code, (n, other) in sorted(tongues.items(), key=lambda item: -item[1][0])),
            )
        )  # fmt: skip
    return tuple(out)
