"""Reads: following a notice, the desk's list of notices, law, and figures for the public."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kithwell.kernel import clock, conf, ids
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import access
from kithwell.moderation.models import Report
from kithwell.moderation.outside import actions, figures, lawbook, letters, rules
from kithwell.moderation.outside.letters import Said
from kithwell.moderation.outside.models import DayFigures, Flagger, Notice
from kithwell.moderation.outside.rules import Cell, Quarter
from kithwell.people import access as people_access
from kithwell.people import roles

SCHEMA = "kithwell-transparency/1"


# -- notices


@dataclass(frozen=True, slots=True)
class Followed:
    """What whoever gave notice sees of it. No name, no word of anybody else's."""

    at: datetime
    ground: str
    category: str
    address: str
    outcome: str
    settled_at: datetime | None
    again_at: datetime | None
    may_contest: bool
    country: str


def follow(secret: str) -> Followed:
    """A notice by its link. Raises NotFound. Two queries."""
    row = actions.by_secret(secret)
    live = Report.objects.filter(id=row.report).values_list("outcome", flat=True).first()
    outcome = (live or row.outcome) if row.settled_at else ""
    late = row.settled_at is not None and clock.now() > row.settled_at + timedelta(days=183)
    return Followed(
        at=row.at,
        ground=row.ground,
        category=row.category,
        address=letters.opened(row).address,
        outcome=outcome,
        settled_at=row.settled_at,
        again_at=row.again_at,
        may_contest=bool(row.settled_at) and row.again_at is None and not late,
        country=row.country,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the desk's list: no words."""

    id: UUID
    at: datetime
    ground: str
    category: str
    kind: str
    trusted: str
    outcome: str
    contested: bool


def notices(principal: Principal, *, waiting: bool = True, most: int = 100) -> tuple[Listed, ...]:
    """Notices that wait (those that go first on top), or those that were settled. One query."""
    access.reviewer(principal)
    rows = Notice.objects.filter(settled_at__isnull=waiting).select_related("flagger")
    ordered = rows.order_by("at" if waiting else "-settled_at", "id")[:most]
    found = [
        Listed(
            row.id,
            row.at,
            row.ground,
            row.category,
            row.kind,
            row.flagger.name if row.flagger else "",
            row.outcome,
            row.again_at is not None,
        )
        for row in ordered
    ]
    return tuple(sorted(found, key=lambda row: not row.trusted)) if waiting else tuple(found)


@dataclass(frozen=True, slots=True)
class Opened:
    """One notice as the desk reads it. Name and e-mail are empty unless asked for."""

    row: Listed
    said: Said
    country: str
    gone: bool


def notice(principal: Principal, ident: str, *, who: bool = False) -> Opened:
    """A notice with its words, for the desk; with `who`, also who wrote it. Recorded by the page. Raises NotFound."""
    access.reviewer(principal)
    known = ids.parse(ident)
    row = Notice.objects.select_related("flagger").filter(id=known).first() if known else None
    if row is None:
        raise NotFound()
    said = letters.opened(row)
    if not who:
        said = Said(said.what, said.address, said.why, "", "", said.again)
    line = Listed(
        row.id,
        row.at,
        row.ground,
        row.category,
        row.kind,
        row.flagger.name if row.flagger else "",
        row.outcome,
        row.again_at is not None,
    )
    return Opened(line, said, row.country, row.words is None)


@dataclass(frozen=True, slots=True)
class FlaggerLine:
    """Somebody whose notices go first, and how often they were right."""

    id: UUID
    name: str
    expertise: str
    official: bool
    until: datetime
    open: bool
    notices: int
    acted: int
    kept: int


def flaggers(principal: Principal) -> tuple[FlaggerLine, ...]:
    """Everybody who was ever named, the present ones first. Two queries."""
    people_access.require(principal, roles.STEWARD, step_up=True)
    outcomes: dict[UUID, list[str]] = {}
    for flagger, outcome in Notice.objects.filter(flagger__isnull=False).values_list("flagger_id", "outcome"):
        outcomes.setdefault(flagger, []).append(outcome)
    now = clock.now()
    rows = []
    for row in Flagger.objects.order_by("name", "id"):
        had = outcomes.get(row.id, [])
        rows.append(
            FlaggerLine(
                row.id,
                row.name,
                row.expertise,
                row.official,
                row.until,
                row.closed_at is None and row.until > now,
                len(had),
                had.count("acted"),
                had.count("kept"),
            )
        )
    return tuple(sorted(rows, key=lambda row: not row.open))


# -- law


def law(principal: Principal, code: str) -> lawbook.Pack:
    """A law pack, by its code or a country's. Raises NotFound."""
    access.reviewer(principal)
    found = (
        lawbook.pack(code) if code in lawbook.PACKS else lawbook.for_country(code) if len(code) == 2 else None
    )
    if found is None:
        raise NotFound()
    return found


def redress(country: str, language: str = "en") -> tuple[str, ...]:
    """What somebody in a country can do against a decision, in their language (English where there is none).

    Where we ship no law for a country, what always holds here. No query.
    """
    pack = lawbook.for_country(country)
    if pack is None:
        always = lawbook.pack("eu").redress
        return always.get(language, always["en"])[:1]
    return pack.redress.get(language, pack.redress["en"])


# -- figures for the public


@dataclass(frozen=True, slots=True)
class Table:
    """A table of counts as it may be published."""

    name: str
    rows: dict[str, Cell]
    total: Cell | None  # None: the rows do not add up to anything


@dataclass(frozen=True, slots=True)
class Published:
    """A quarter in numbers."""

    quarter: Quarter
    tables: tuple[Table, ...]
    median_hours: float | None
    appeal_hours: float | None
    by_machine: float | None
    machine_right: float | None
    days: int

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)


def quarters() -> tuple[Quarter, ...]:
    """Quarters that can be published, newest first. One query."""
    first = DayFigures.objects.order_by("day").values_list("day", flat=True).first()
    return rules.finished(first, clock.now().date()) if first else ()


def report(quarter: Quarter) -> Published:
    """A finished quarter. Raises NotFound for one that is not over, or of which nothing was counted. One query."""
    if quarter.end > clock.now().date():
        raise NotFound()
    rows = DayFigures.objects.filter(day__gte=quarter.first, day__lt=quarter.end)
    days = list(rows.values_list("data", flat=True))
    if not days:
        raise NotFound()
    sums = figures.added(days)
    tables = []
    for name in figures.GROUPS:
        cells, total = rules.masked(sums[name]) if name not in figures.APART else rules.apart(sums[name])
        tables.append(Table(name, cells, total))
    by = {table.name: table for table in tables}
    nothing = Cell(rules.SHOWN, 0)
    return Published(
        quarter=quarter,
        tables=tuple(tables),
        median_hours=rules.median(sums["hours"]),
        appeal_hours=rules.median(sums["appeal_hours"]),
        by_machine=rules.share(by["cases"].rows.get("found by machine", nothing), by["cases"].total),
        machine_right=rules.share(by["automated"].rows.get("acted", nothing), by["automated"].total),
        days=len(days),
    )


def said(cell: Cell) -> int | str:
    """A cell for a program: a number, or a word for why there is none."""
    return cell.n if cell.n is not None else "fewer than 5" if cell.how == rules.FEWER else "not shown"


def as_data(found: Published) -> dict[str, Any]:
    """The report for programs. Counts are numbers, "fewer than 5", or "not shown" (to protect a small one)."""
    return {
        "schema": SCHEMA,
        "service": str(conf.get("site_name", "Kithwell")),
        "period": {"code": found.quarter.code, "from": found.quarter.first, "to": _last(found.quarter)},
        "days_counted": found.days,
        "tables": {
            table.name: {
                "rows": {key: said(cell) for key, cell in table.rows.items()},
                "total": said(table.total) if table.total else None,
            }
            for table in found.tables
        },
        "median_hours_to_decision": found.median_hours,
        "median_hours_to_appeal_outcome": found.appeal_hours,
        "share_of_cases_found_by_machine": _rounded(found.by_machine),
        "share_of_machine_findings_acted_on": _rounded(found.machine_right),
    }


def _last(quarter: Quarter) -> date:
    return quarter.end - timedelta(days=1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def as_csv(found: Published) -> str:
    """The same as lines of period, table, row, value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["period", "table", "row", "value"])
    data = as_data(found)
    for name, table in data["tables"].items():
        for key, value in table["rows"].items():
            writer.writerow([found.quarter.code, name, key, value])
        if table["total"] is not None:
            writer.writerow([found.quarter.code, name, "total", table["total"]])
    for name in ("median_hours_to_decision", "median_hours_to_appeal_outcome"):
        writer.writerow([found.quarter.code, "times", name, "" if data[name] is None else data[name]])
    for name in ("share_of_cases_found_by_machine", "share_of_machine_findings_acted_on"):
        writer.writerow([found.quarter.code, "shares", name, "" if data[name] is None else data[name]])
    return out.getvalue()
