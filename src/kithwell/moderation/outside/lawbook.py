"""Law packs: what must be told to whom, how fast, and how long kept. Pure: data in, frozen values out.

An entry without a source, a day on which somebody looked, or a word on who reviewed it is refused: nobody shall take
our summary for more than it is.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

PACKS: Final = ("eu", "uk", "us")
KINDS: Final = (
    "report", "order", "notice", "reasons", "complaint", "out-of-court", "transparency", "retention", "children",
    "assessment", "duty", "flaggers", "misuse", "rights", "scope",
)  # fmt: skip
READ: Final = ("text", "excerpt", "memory")
_MUST: Final = ("code", "kind", "title", "text", "source", "reviewed")


class Refused(ValueError):
    """A law pack says something without saying where it stands."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty in plain words. `read` says how it was checked: "text", "excerpt" or "memory"."""

    code: str
    kind: str
    title: str
    text: str
    to: str
    within: str
    source: str
    url: str
    checked_on: date
    read: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The law of one place. `redress`: language -> what somebody can do against a decision."""

    code: str
    name: str
    countries: frozenset[str]
    reviewed: str
    entries: tuple[Entry, ...]
    redress: dict[str, tuple[str, ...]]

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == kind)


def load(text: str) -> Pack:
    """A pack from TOML. Raises Refused, naming the entry and what it lacks."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"not TOML: {error}") from None
    head = data.get("pack", {})
    if not head.get("code") or not head.get("reviewed"):
        raise Refused("a pack needs its code and a word on who reviewed it")
    rows = data.get("redress", [])
    languages = set().union(*rows) if rows else set()
    if any(set(row) != languages for row in rows) or not rows:
        raise Refused(f"{head['code']}: ways of redress must be told in the same languages")
    return Pack(
        code=str(head["code"]),
        name=str(head.get("name", "")),
        countries=frozenset(head.get("countries", ())),
        reviewed=str(head["reviewed"]),
        entries=tuple(_entry(row) for row in data.get("entry", [])),
        redress={language: tuple(str(row[language]) for row in rows) for language in sorted(languages)},
    )


def _entry(row: dict[str, Any]) -> Entry:
    name = row.get("code", "an entry")
    missing = [field for field in _MUST if not str(row.get(field, "")).strip()]
    if missing:
        raise Refused(f"{name} lacks {', '.join(missing)}")
    if not isinstance(row.get("checked_on"), date):
        raise Refused(f"{name} does not say when somebody looked")
    if row["kind"] not in KINDS or row.get("read") not in READ:
        raise Refused(f"{name} has a kind or a way of reading that nobody knows")
    url = str(row.get("url", ""))
    if not url.startswith("https://"):
        raise Refused(f"{name} does not say where to look it up")
    known = {field.name for field in fields(Entry)}
    return Entry(**{"to": "", "within": "", **{k: v for k, v in row.items() if k in known}})


@cache
def pack(code: str) -> Pack:
    """A shipped pack by its code. Raises KeyError for one there is not."""
    if code not in PACKS:
        raise KeyError(code)
    return load((resources.files(__package__) / "laws" / f"{code}.toml").read_text(encoding="utf-8"))


def for_country(country: str) -> Pack | None:
    """The pack whose law holds in a country (two letters), None where we ship none."""
    return next((pack(code) for code in PACKS if country.upper() in pack(code).countries), None)
