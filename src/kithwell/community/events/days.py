"""The awareness days of data/days.toml, by day and by country."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kithwell.community.events.rules import days as rules

DATA = Path(__file__).resolve().parent / "data" / "days.toml"


@dataclass(frozen=True, slots=True)
class Row:
    """A day, week or month that people keep. `place` is "" for everywhere; `checked` is "" while nobody has looked."""

    code: str
    name: str
    place: str
    rule: str
    holder: str
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Day:
    """A row in one year."""

    row: Row
    first: date
    last: date

    @property
    def long(self) -> bool:
        return self.last != self.first


@cache
def rows() -> tuple[Row, ...]:
    """All rows, as they stand in the file."""
    return tuple(Row(**raw) for raw in tomllib.loads(DATA.read_text(encoding="utf-8"))["day"])


def places() -> tuple[str, ...]:
    """Countries with days of their own."""
    return tuple(sorted({row.place for row in rows()} - {""}))


def between(first: date, last: date, countries: Iterable[str] = ()) -> tuple[Day, ...]:
    """Days that touch `first` to `last`, of everywhere and of `countries`; single days before long ones."""
    wanted = {"", *countries}
    found = []
    for row in rows():
        if row.place not in wanted:
            continue
        for year in range(first.year - 1, last.year + 1):  # one that began before New Year may still last
            span = rules.when(row.rule, year)
            if span.meets(first, last):
                found.append(Day(row, span.first, span.last))
    return tuple(sorted(found, key=lambda d: ((d.last - d.first).days > 20, d.first, d.row.name)))
