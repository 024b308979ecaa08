"""Personal data by its shape: phone numbers and mail addresses in the text as it was typed. Pure.

A hit is one's own, another's, or simply there, by the nearest words before it; a helpline's or an office's is not
counted.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

KIND = "personal_data"
OWN, OTHER = "own contact details", "someone else's contact details"
_WEIGHTS = {OWN: 0.6, OTHER: 0.7}
_BEFORE, _AFTER = 60, 30
_MOST = 8
_LONGEST = 20_000
_WORD = re.compile(r"[\w\u0900-\u0963]+")
_DIGITS = re.compile(r"\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")
_PLAIN_DIGITS = b"0123456789"


@dataclass(frozen=True)
class Shape:
    id: str
    label: str
    regex: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` has such a shape."""

    start: int
    end: int
    label: str
    weight: float


@cache
def _data() -> tuple[tuple[Shape, ...], dict[str, frozenset[str]]]:
    file = resources.files("kithwell.safety.lexicon") / "personal.toml"
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    shapes = tuple(
        Shape(row["id"], row["label"], re.compile(row["regex"]), tuple(row["yes"]), tuple(row["no"]))
        for row in content["shape"]
    )
    return shapes, {name: frozenset(words.split()) for name, words in content["shapes"].items()}


def shapes() -> tuple[Shape, ...]:
    return _data()[0]


def find(text: str) -> list[Found]:
    """What looks like personal data, at most a handful."""
    if "@" not in text:
        raw = text.encode() if text.isascii() else b""
        if (
            raw and len(raw) - len(raw.translate(None, _PLAIN_DIGITS)) < 4
        ):  # the quick look: most texts end here
            return []
        if not _DIGITS.search(text, 0, _LONGEST):
            return []
    known, words = _data()
    out: list[Found] = []
    for shape in known:
        for found in shape.regex.finditer(text, 0, _LONGEST):
            before = _WORD.findall(text[max(0, found.start() - _BEFORE) : found.start()].lower())
            after = _WORD.findall(text[found.end() : found.end() + _AFTER].lower())
            if words["public"].isdisjoint(before) and words["public"].isdisjoint(after):
                label = _whose(before, words) or shape.label
                out.append(Found(found.start(), found.end(), label, _WEIGHTS.get(label, 0.4)))
            if len(out) == _MOST:
                return out
    return out


def _whose(before: list[str], words: dict[str, frozenset[str]]) -> str:
    for word in reversed(before):
        if word in words["theirs"]:
            return OTHER
        if word in words["mine"]:
            return OWN
    return ""
