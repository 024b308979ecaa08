"""What guidelines are, and what may be published: pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

URL: Final = "/guidelines"
RULES_MAX: Final = 30
TITLE_MAX: Final = 120
TEXT_MAX: Final = 1500
EXAMPLE_MAX: Final = 300
EXAMPLES_MAX: Final = 8
NEVER_DROPPED: Final = ("crisis",)  # safety.md 1 and 2: being in crisis is never a violation, in every house


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `code` is what decisions quote; `categories` are the report categories it answers."""

    code: str
    title: str
    text: str
    fine: tuple[str, ...] = ()
    not_fine: tuple[str, ...] = ()
    why: str = ""
    categories: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, for the table and for exports."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Guidelines:
    """One version in one language. `language` is the one the text is really in."""

    version: int
    rules: tuple[Rule, ...]
    url: str = URL
    language: str = "en"
    intro: str = ""
    own: bool = False  # made by this house, not the shipped ones

    def rule(self, code: str) -> Rule | None:
        """The rule with this code, if this version has it."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def for_category(self, category: str) -> Rule | None:
        """The rule that answers a report of this category, else the last one."""
        return next((rule for rule in self.rules if category in rule.categories), None)


def rule_of(row: Mapping[str, Any]) -> Rule:
    """A rule from data. Raises ValueError with what is missing."""
    for name in ("code", "title", "text"):
        if not str(row.get(name, "")).strip():
            raise ValueError(f"a rule lacks its {name}")
    return Rule(
        code=str(row["code"]),
        title=str(row["title"]),
        text=str(row["text"]),
        fine=tuple(row.get("fine", ())),
        not_fine=tuple(row.get("not_fine", ())),
        why=str(row.get("why", "")),
        categories=tuple(row.get("categories", ())),
    )


def load(text: str) -> Guidelines:
    """Guidelines from the TOML of the package. Raises ValueError."""
    data = tomllib.loads(text)
    rules = tuple(rule_of(row) for row in data["rule"])
    check(rules)
    return Guidelines(int(data["version"]), rules, URL, str(data["language"]), str(data.get("intro", "")))


def check(rules: Sequence[Rule]) -> None:
    """Raise ValueError where rules may not be published: doubled codes, or without what every house keeps."""
    codes = [rule.code for rule in rules]
    if len(set(codes)) != len(codes):
        raise ValueError("two rules have the same code")
    for code in NEVER_DROPPED:
        if code not in codes:
            raise ValueError(f"the rule {code} is missing")
