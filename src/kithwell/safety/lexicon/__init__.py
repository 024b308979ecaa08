"""Rules as data: one file per subject, each rule with its examples. See docs/safety.md for the language."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from kithwell.safety.patterns import Book, Rule

MAIN = (
    "crisis_en", "crisis_other", "harm", "conduct", "hate", "abuse_es_pt_fr_de", "abuse_ar_hi", "personal"
)  # fmt: skip
TIMES = ("times",)
CUES = ("cues",)
EXCUSES = ("excuses",)


@cache
def book(names: tuple[str, ...]) -> Book:
    """The rules of these files as one book. Raises patterns.BadPattern or KeyError for a broken file."""
    rules: list[Rule] = []
    sets: dict[str, list[str]] = {}
    for name in names:
        content = tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))
        sets.update(content.get("sets", {}))
        rules += [_rule(row, content["category"]) for row in content["rule"]]
    return Book(tuple(rules), sets)


def _rule(row: dict[str, Any], category: str) -> Rule:
    return Rule(
        id=row["id"],
        category=row.get("category", category),
        kind=row["kind"],
        label=row["label"],
        weight=float(row.get("weight", 0.0)),
        lang=row.get("lang", "en"),
        patterns=tuple(row["any"]),
        unless=tuple(row.get("unless", ())),
        unless_here=tuple(row.get("unless_here", ())),
        needs=tuple(row.get("needs", ())),
        options=frozenset(row.get("options", ())),
        yes=tuple(row.get("yes", ())),
        no=tuple(row.get("no", ())),
    )


@cache
def digest() -> str:
    """The first characters of the hash over all rule files: part of every answer's version."""
    total = hashlib.sha256()
    for name in MAIN + TIMES + CUES + EXCUSES:
        total.update((resources.files(__package__) / f"{name}.toml").read_bytes())
    return total.hexdigest()[:12]
