"""What may be told of small numbers, which times are reported, and what a notice needs: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

FEW: Final = 5
SHOWN, FEWER, KEPT = "shown", "fewer", "kept"
MOST: Final = {"what": 300, "address": 2000, "why": 5000, "name": 200, "email": 254}
GROUNDS: Final = ("illegal", "rules")
_EMAIL: Final = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")
_ID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One number as it may be published. `how`: "shown" (`n` is it), "fewer" (than 5) or "kept" (to hide others)."""

    how: str
    n: int | None = None


def masked(counts: Mapping[str, int]) -> tuple[dict[str, Cell], Cell]:
    """(cells, total) of a table whose parts add up to a total, so that no small part can be worked out.

    Parts of 1 to 4 are "fewer than 5". Where the total would give one of them away, the smallest other parts are kept
    back as well, and where there are none left, the total is.
    """
    few = {key for key, n in counts.items() if 0 < n < FEW}
    kept: set[str] = set()
    total = sum(counts.values())
    spare = sorted((key for key, n in counts.items() if n >= FEW), key=lambda key: (counts[key], key))
    while few and not _hidden(counts, few, kept):
        if not spare:
            told = (
                FEWER if total < FEW and len(few) < FEW - 1 else KEPT
            )  # four parts of less than five: one each
            return {key: _cell(counts, key, few, kept) for key in counts}, Cell(told)
        kept.add(spare.pop(0))
    shown = Cell(FEWER) if 0 < total < FEW else Cell(SHOWN, total)
    return {key: _cell(counts, key, few, kept) for key in counts}, shown


def apart(counts: Mapping[str, int]) -> tuple[dict[str, Cell], None]:
    """The cells of a table whose rows stand each for themselves, and no total."""
    return {key: Cell(FEWER) if 0 < n < FEW else Cell(SHOWN, n) for key, n in counts.items()}, None


def _cell(counts: Mapping[str, int], key: str, few: set[str], kept: set[str]) -> Cell:
    return Cell(FEWER) if key in few else Cell(KEPT) if key in kept else Cell(SHOWN, counts[key])


def _hidden(counts: Mapping[str, int], few: set[str], kept: set[str]) -> bool:
    """Could each small part be another number, for somebody who knows the total and all parts that are shown?"""
    left = sum(counts[key] for key in few | kept)
    high = min(FEW - 1, left - (len(few) - 1) - FEW * len(kept))
    low = 1 if kept else max(1, left - (FEW - 1) * (len(few) - 1))
    return low < high


def share(part: Cell, whole: Cell | None) -> float | None:
    """A share, only of numbers that are shown and large enough to say something."""
    if part.n is None or whole is None or whole.n is None or whole.n < 4 * FEW:
        return None
    return part.n / whole.n


def median(values: Sequence[float]) -> float | None:
    """The middle, or None when there are too few values to tell."""
    if len(values) < FEW:
        return None
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


# Quarters that are over. They never overlap and never grow, so no two reports can be subtracted from each other.


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    n: int

    @property
    def code(self) -> str:
        return f"{self.year}-Q{self.n}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.n - 2, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.next.first

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.n // 4, self.n % 4 + 1)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year - (self.n == 1), (self.n - 2) % 4 + 1)


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarter(code: str) -> Quarter | None:
    """A quarter from "2026-Q3", None for anything else."""
    found = re.fullmatch(r"(20[0-9]{2})-Q([1-4])", code, re.ASCII)
    return Quarter(int(found[1]), int(found[2])) if found else None


def finished(first: date, today: date, most: int = 12) -> tuple[Quarter, ...]:
    """Quarters that began on or after `first`'s quarter and are over, newest first."""
    found: list[Quarter] = []
    now = quarter_of(today).before
    while len(found) < most and now >= quarter_of(first):
        found.append(now)
        now = now.before
    return tuple(found)


def days(first: date, end: date) -> tuple[date, ...]:
    """Each day from `first` up to but without `end`."""
    return tuple(first + timedelta(days=n) for n in range((end - first).days))


# Notices


def missing(form: Mapping[str, str], *, ground: str, category: str) -> dict[str, str]:
    """What a notice lacks, by field: a code each. Name and e-mail are asked for where the law names them (DSA 16(2)):
    for illegal content, but never for the abuse of a child, and never of somebody who says that it is not safe.
    """
    out: dict[str, str] = {}
    for name in ("what", "address", "why"):
        if not form.get(name, "").strip():
            out[name] = "empty"
    for name, most in MOST.items():
        if len(form.get(name, "")) > most:
            out[name] = "long"
    address = form.get("address", "").strip()
    if address and "address" not in out and "/" not in address:
        out["address"] = "address"
    if ground not in GROUNDS:
        out["ground"] = "choose"
    email = form.get("email", "").strip()
    if email and "email" not in out and not _EMAIL.fullmatch(email):
        out["email"] = "email"
    if form.get("good_faith", "") != "1":
        out["good_faith"] = "good_faith"
    if named(ground, category) and not form.get("unsafe"):
        for name in ("name", "email"):
            if not form.get(name, "").strip():
                out.setdefault(name, "named")
    return out


def named(ground: str, category: str) -> bool:
    """Does the law ask who is telling us?"""
    return ground == "illegal" and category != "minor"


def ids_in(address: str) -> tuple[str, ...]:
    """Ids of things that an address names, the last first (a reply stands after its post); at most five."""
    found = [match.group().lower() for match in _ID.finditer(address[: MOST["address"]])]
    return tuple(dict.fromkeys(reversed(found)))[:5]
