"""What guidelines are, what may be published, and what changed between two versions: pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any, Final

URL: Final = "/guidelines"
RULES_MAX: Final = 30
TITLE_MAX: Final = 120
TEXT_MAX: Final = 1500
EXAMPLE_MAX: Final = 300
EXAMPLES_MAX: Final = 8
INTRO_MAX: Final = 1000
NEVER_DROPPED: Final = ("crisis",)  # safety.md 1 and 2: being in crisis is never a violation, in any house
CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
FIELDS: Final = ("title", "text", "why", "fine", "not_fine")


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
        """The rule that answers a report of this category, if one does."""
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
    if problem := next(iter(problems({"x": rules})), ""):
        raise ValueError(problem)
    return Guidelines(int(data["version"]), rules, URL, str(data["language"]), str(data.get("intro", "")))


def problems(texts: Mapping[str, Sequence[Rule]]) -> tuple[str, ...]:
    """Why rules in all their languages may not be published: codes of problems, none when they may."""
    found: list[str] = []
    if not texts:
        return ("empty",)
    shapes = [tuple(rule.code for rule in rules) for rules in texts.values()]
    if any(len(set(codes)) != len(codes) for codes in shapes):
        found.append("twice")
    if any(code not in codes for codes in shapes for code in NEVER_DROPPED):
        found.append("crisis")
    if len(set(shapes)) > 1:
        found.append("languages")
    if any(not rule.title.strip() or not rule.text.strip() for rules in texts.values() for rule in rules):
        found.append("gaps")
    if any(not CODE.fullmatch(code) for codes in shapes for code in codes):
        found.append("code")
    if max(map(len, shapes)) > RULES_MAX:
        found.append("many")
    return tuple(found)


def asked_again(accepted: int | None, versions: Sequence[tuple[int, bool]]) -> bool:
    """Must somebody who accepted this version be asked once more? `versions`: (number, changes meaning), any order."""
    if accepted is None:
        return True
    return any(number > accepted and meaning for number, meaning in versions)


Part = tuple[str, str]  # ("", "ins" or "del"; a stretch of text)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one rule. `kind` is "added", "dropped" or "changed"; `fields`: (name of the field, its parts)."""

    kind: str
    code: str
    title: str
    fields: tuple[tuple[str, tuple[Part, ...]], ...] = ()


def words_changed(before: str, after: str) -> tuple[Part, ...]:
    """The two texts as one, word by word: what stayed, what went, what came."""
    a, b = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    parts: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("", "".join(a[i:j])))
            continue
        if i < j:
            parts.append(("del", "".join(a[i:j])))
        if k < m:
            parts.append(("ins", "".join(b[k:m])))
    return tuple(parts)


def changes(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[Change, ...]:
    """What is different, rule by rule, in the order of the new ones; dropped rules come last."""
    old = {rule.code: rule for rule in before}
    found = []
    for rule in after:
        was = old.get(rule.code)
        if was is None:
            found.append(Change("added", rule.code, rule.title, _fields(None, rule)))
        elif fields := _fields(was, rule):
            found.append(Change("changed", rule.code, rule.title, fields))
    kept = {rule.code for rule in after}
    dropped = [rule for rule in before if rule.code not in kept]
    return (*found, *(Change("dropped", rule.code, rule.title) for rule in dropped))


def _fields(before: Rule | None, after: Rule) -> tuple[tuple[str, tuple[Part, ...]], ...]:
    found = []
    for name in FIELDS:
        was, is_ = _said(before, name), _said(after, name)
        if was != is_:
            found.append((name, words_changed(was, is_)))
    return tuple(found)


def _said(rule: Rule | None, name: str) -> str:
    value = getattr(rule, name, "") if rule else ""
    return value if isinstance(value, str) else "\n".join(value)
