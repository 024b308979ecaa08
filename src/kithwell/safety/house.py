"""What a house changes about the rules for "is this unsafe for others?", and the tools to screen with it. Pure.

Only rules of harm and conduct can be changed, added or switched off. How need is heard (crisis, distress, severity,
guidance) comes out the same with any such change: the words and pairs the shipped rules and the scorer know, the crisis
rules, cues and blends are those that are shipped, and a test holds both answers beside each other.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from kithwell.safety import conduct, lexicon
from kithwell.safety.normal import View
from kithwell.safety.patterns import Book, Rule
from kithwell.safety.screening import Engine, Signals, engine, screen_with
from kithwell.safety.signals import Screening, Signal

EDITABLE = ("harm", "conduct")


@dataclass(frozen=True, slots=True)
class File:
    """One shipped file of rules."""

    name: str
    owner: str
    version: int
    rules: tuple[Rule, ...]


@cache
def shipped() -> tuple[File, ...]:
    """The files with rules a house may change, each with what it may change in it."""
    known = {rule.id: rule for rule in lexicon.book(lexicon.MAIN).rules}
    out = []
    for name in lexicon.MAIN:
        text = (resources.files(lexicon.__name__) / f"{name}.toml").read_text(encoding="utf-8")
        content = tomllib.loads(text)
        rules = tuple(known[row["id"]] for row in content["rule"])
        own = tuple(rule for rule in rules if is_editable(rule))
        if own:
            out.append(File(name, content["owner"], int(content["version"]), own))
    return tuple(out)


def is_editable(rule: Rule) -> bool:
    """May a house change it? Never how need is heard, and not which groups of people there are."""
    return rule.category in EDITABLE and rule.kind != conduct.NAMED


@cache
def kinds() -> dict[str, str]:
    """{kind: harm or conduct} of everything that can be flagged as unsafe for others."""
    return {rule.kind: rule.category for file in shipped() for rule in file.rules}


def sets() -> Mapping[str, Any]:
    """The named sets of words that patterns may use."""
    return lexicon.book(lexicon.MAIN).sets


@cache
def file_of(rule: str) -> File | None:
    """The shipped file that holds a rule; None for one of the house's own."""
    return next((file for file in shipped() for known in file.rules if known.id == rule), None)


def shipped_rule(ident: str) -> Rule | None:
    file = file_of(ident)
    return next((rule for rule in file.rules if rule.id == ident), None) if file else None


@dataclass(frozen=True)
class Changes:
    """Everything a house changed. `rules`: by id; None switches a rule off. `thresholds`: by kind."""

    rules: Mapping[str, Rule | None] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    number: int = 0

    def __bool__(self) -> bool:
        return bool(self.rules or self.thresholds)

    def with_rule(self, ident: str, rule: Rule | None) -> Changes:
        return replace(self, rules={**self.rules, ident: rule})

    def with_threshold(self, kind: str, value: float) -> Changes:
        return replace(self, thresholds={**self.thresholds, kind: value})

    @property
    def name(self) -> str:
        """Which changes these are, by number and hash: part of every answer's version."""
        return f"house.{self.number}.{self.digest[:8]}"

    @property
    def digest(self) -> str:
        """A hash of everything in it."""
        rows = [
            [ident, None if rule is None else as_dict(rule)] for ident, rule in sorted(self.rules.items())
        ]
        text = json.dumps([rows, sorted(self.thresholds.items())], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def as_dict(rule: Rule) -> dict[str, Any]:
    """A rule as it is kept."""
    return {
        "id": rule.id, "category": rule.category, "kind": rule.kind, "label": rule.label, "weight": rule.weight,
        "lang": rule.lang, "any": list(rule.patterns), "unless": list(rule.unless),
        "unless_here": list(rule.unless_here), "needs": list(rule.needs),
        "options": sorted(rule.options), "yes": list(rule.yes), "no": list(rule.no),
    }  # fmt: skip


def from_dict(row: Mapping[str, Any]) -> Rule:
    """The inverse of `as_dict`."""
    return Rule(
        id=row["id"],
        category=row["category"],
        kind=row["kind"],
        label=row["label"],
        weight=float(row["weight"]),
        lang=row["lang"],
        patterns=tuple(row["any"]),
        unless=tuple(row["unless"]),
        unless_here=tuple(row.get("unless_here", ())),
        needs=tuple(row["needs"]),
        options=frozenset(row["options"]),
        yes=tuple(row["yes"]),
        no=tuple(row["no"]),
    )


def tools(changes: Changes) -> Engine:
    """What is shipped, with these changes. Raises patterns.BadPattern, or ValueError for a change of another kind."""
    base = engine()
    if not changes:
        return base
    for ident, rule in changes.rules.items():
        before = next((known for known in base.main.rules if known.id == ident), None)
        if any(known is not None and not is_editable(known) for known in (before, rule)):
            raise ValueError(f"{ident} is not a rule about what is unsafe for others")
        if rule is not None and rule.id != ident:
            raise ValueError(f"{rule.id} stands under the name {ident}")
    kept = [changes.rules.get(rule.id, rule) for rule in base.main.rules]
    shipped_ids = {rule.id for rule in base.main.rules}
    added = [rule for ident, rule in sorted(changes.rules.items()) if ident not in shipped_ids]
    main = Book(tuple(rule for rule in (*kept, *added) if rule is not None), base.main.sets)
    moved = dict(changes.thresholds)
    return replace(
        base,
        main=main,
        keys=main.keys
        | base.keys,  # `known`, the words that undo a disguise, stay those of the shipped rules
        version=f"{base.version}+{changes.name}",
        flags=(lambda signals, scored: flagged(signals, scored, moved)) if moved else None,
    )


def check(rule: Rule | None) -> None:
    """Raises patterns.BadPattern for a rule that cannot be run, ValueError for one a house may not have."""
    if rule is None:
        return
    if not is_editable(rule):
        raise ValueError(f"{rule.id} is not a rule about what is unsafe for others")
    Book((rule,), sets())


def threshold(kind: str, scored: bool = True) -> float:
    """The shipped threshold of a kind; `scored`: where a scorer speaks (English), else that of the rules."""
    model = engine().model
    if scored and model is not None and kind in ("hate", "offensive"):
        return float(model.blends[kind].threshold)
    return conduct.FLAG_AT


def flagged(signals: Signals, scored: bool, thresholds: Mapping[str, float]) -> Signals:
    """These signals with the house's thresholds. What was excused (counter-speech, quotation) stays excused, and where
    only rules speak, the thresholds of the scorer's kinds stay those of the rules."""
    out = []
    for one in signals:
        at = thresholds.get(one.category)
        if at is None or (one.category in ("hate", "offensive") and not scored):
            out.append(one)
            continue
        excused = not one.flag and one.score >= threshold(one.category, scored)
        out.append(Signal(one.category, one.score, one.score >= at and not excused))
    return tuple(out)


def finds(rule: Rule, text: str) -> bool:
    """Does this rule, alone, find something in a text?"""
    return _finder(rule)(text)


def _finder(rule: Rule) -> Callable[[str], bool]:
    book, known = Book((rule,), sets()), engine().known

    def found(text: str) -> bool:
        view = View(text, known)
        return bool(book.find(view.line, view.features))

    return found


def _nothing(_text: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of a rule's own examples: those it should find and does not, those it finds and should not, and
    words by which people say that they need help and that it would call unsafe."""

    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    need: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not (self.missed or self.wrong or self.need)


@cache
def words_of_need() -> tuple[str, ...]:
    """What people say of themselves when they need help: the examples of the shipped crisis rules."""
    rules = lexicon.book(lexicon.MAIN).rules
    return tuple(dict.fromkeys(text for rule in rules if rule.category == "crisis" for text in rule.yes))


def test(rule: Rule) -> Tested:
    """Run a rule's examples, and hold it against words of need: being in crisis is never against the rules.

    What the shipped rule of the same name already finds among those words is not held against a change of it.
    """
    found = _finder(rule)
    before = shipped_rule(rule.id)
    had = _finder(before) if before is not None else _nothing
    return Tested(
        tuple(text for text in rule.yes if not found(text)),
        tuple(text for text in rule.no if found(text)),
        tuple(text for text in words_of_need() if found(text) and not had(text)),
    )


def hears_the_same(other: Engine, texts: tuple[str, ...] | None = None) -> bool:
    """Is need heard with these tools exactly as with what is shipped?"""
    for text in words_of_need() if texts is None else texts:
        one, two = screen_with(engine(), text), screen_with(other, text)
        if need_of(one) != need_of(two):
            return False
    return True


def need_of(seen: Screening) -> tuple[object, ...]:
    """Everything in an answer that speaks of need."""
    return (
        seen.lang, seen.crisis_level, seen.crisis_score, seen.crisis_flag, seen.crisis_severity,
        seen.distress_score, seen.distress_flag, seen.guidance, seen.validated,
    )  # fmt: skip
