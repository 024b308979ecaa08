"""A rule as a steward writes it: what is asked of it, what is wrong with it, and what differs from before. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kithwell.safety.patterns import BadPattern, Rule, compile_pattern

LANGUAGES: Final = ("en", "es", "fr", "de", "pt", "ar", "hi")
LISTS: Final = ("any", "unless", "unless_here", "needs", "yes", "no")
PATTERNS, EXAMPLES = ("any", "unless", "unless_here", "needs"), ("yes", "no")
MOST_LINES: Final = {"any": 60, "unless": 60, "unless_here": 60, "needs": 20, "yes": 60, "no": 60}
MOST_CHARS: Final = {"any": 2000, "unless": 2000, "unless_here": 2000, "needs": 2000, "yes": 300, "no": 300}
MOST_GAPS: Final = 5  # gaps in one pattern: each lets the search go on from more places
WEIGHTS: Final = tuple(n / 20 for n in range(2, 20))  # .10 to .95
LABEL: Final = 80


def lines(text: str) -> tuple[str, ...]:
    """One entry a line, without those that are empty or said twice."""
    return tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: a code, and the line it is about."""

    code: str
    line: str = ""


def faults(rule: Rule, sets: Mapping[str, Sequence[str]]) -> dict[str, Fault]:
    """What has to be put right before a rule can be tried, by field of the form."""
    out: dict[str, Fault] = {}
    if not rule.label or len(rule.label) > LABEL:
        out["label"] = Fault("label")
    if rule.lang not in LANGUAGES:
        out["lang"] = Fault("choose")
    if rule.weight not in WEIGHTS:
        out["weight"] = Fault("choose")
    for name, rows in _rows(rule).items():
        if len(rows) > MOST_LINES[name]:
            out[name] = Fault("many")
            continue
        for row in rows:
            code = _wrong(row, sets) if name in PATTERNS else ""
            if len(row) > MOST_CHARS[name]:
                code = "long"
            if code:
                out[name] = Fault(code, row)
                break
    if not rule.patterns:
        out.setdefault("any", Fault("empty"))
    if not rule.yes:
        out.setdefault("yes", Fault("example"))
    if not rule.no:
        out.setdefault("no", Fault("example"))
    return out


def _wrong(source: str, sets: Mapping[str, Sequence[str]]) -> str:
    if source.count("<") > MOST_GAPS:
        return "gaps"
    try:
        compile_pattern(source, sets)
    except BadPattern:
        return "pattern"
    return ""


def _rows(rule: Rule) -> dict[str, tuple[str, ...]]:
    return {
        "any": rule.patterns, "unless": rule.unless, "unless_here": rule.unless_here, "needs": rule.needs,
        "yes": rule.yes, "no": rule.no,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """What one field has that it had not, and the other way round."""

    field: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def differences(before: Rule | None, after: Rule | None) -> tuple[Difference, ...]:
    """What changes from one rule to another; None is a rule that is not there."""
    old, new = _said(before), _said(after)
    out = []
    for name in (*LISTS, "label", "lang", "weight"):
        was, now = old.get(name, ()), new.get(name, ())
        added = tuple(one for one in now if one not in was)
        removed = tuple(one for one in was if one not in now)
        if added or removed:
            out.append(Difference(name, added, removed))
    return tuple(out)


def _said(rule: Rule | None) -> dict[str, tuple[str, ...]]:
    if rule is None:
        return {}
    return {**_rows(rule), "label": (rule.label,), "lang": (rule.lang,), "weight": (f"{rule.weight:g}",)}
