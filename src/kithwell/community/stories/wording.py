"""Safe wording: where a text that many will read could hurt somebody, why, and what to write instead.

Pure, and in a shape that campaigns and other public texts can use: `check(text, language)` gives notes with places;
`stops(notes)` says whether a reviewer may let it pass. The rules are data, in wording.toml, each with its source.

The writer gets advice and nothing else: nobody's own words are ever refused while they write. Only a reviewer is
stopped, and only where a method, a place, or a way of hiding stands in detail.

This finds words, not meaning. It misses what is said in other words, and it sometimes marks what is harmless; a person
reads every story whatever it says.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "wording.toml"
LANGUAGES = ("en", "es")
_SENTENCE = re.compile(r"[.!?…\n]+")


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    language: str
    weight: str  # "advise" | "stop"
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    why: str
    instead: str
    source: str
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One place: characters `start` to `end` (exclusive) of the text as it was given."""

    start: int
    end: int
    code: str
    weight: str
    why: str
    instead: str
    source: str


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, as they stand in the file. Raises on a mistake in it: a broken rule must be seen at the start."""
    raw = tomllib.loads(DATA.read_text(encoding="utf-8"))
    sources = raw["sources"]
    return tuple(
        Rule(
            r["code"],
            r["language"],
            r["weight"],
            tuple(re.compile(rf"\b(?:{p})(?!\w)", re.IGNORECASE) for p in r["patterns"]),
            tuple(re.compile(rf"\b(?:{p})\b", re.IGNORECASE) for p in r.get("unless", ())),
            r["why"],
            r["instead"],
            sources[r["source"]],
            tuple(r["yes"]),
            tuple(r["no"]),
        )
        for r in raw["rule"]
    )


def folded(text: str) -> str:
    """`text` without accents, one character for one: places stay where they are."""
    return "".join(_bare(ch) for ch in text)


def _bare(ch: str) -> str:
    if ch == "’":
        return "'"
    base = unicodedata.normalize("NFD", ch)[:1] if ord(ch) > 127 else ch
    return base or ch


def check(text: str, language: str = "") -> tuple[Note, ...]:
    """Notes on `text`, in its order. Rules of `language` count, those of all languages where it is not known to us."""
    base = language.split("-")[0].lower()
    plain = folded(text)
    found: dict[tuple[int, int, str], Note] = {}
    for rule in rules():
        if base in LANGUAGES and rule.language != base:
            continue
        for pattern in rule.patterns:
            for hit in pattern.finditer(plain):
                if not _excused(rule, plain, hit.start(), hit.end()):
                    key = (hit.start(), hit.end(), rule.code)
                    found[key] = Note(*key, rule.weight, rule.why, rule.instead, rule.source)
    return _widest(found.values())


def _excused(rule: Rule, text: str, start: int, end: int) -> bool:
    if not rule.unless:
        return False
    ends = [m.end() for m in _SENTENCE.finditer(text, 0, start)]
    first = ends[-1] if ends else 0
    after = _SENTENCE.search(text, end)
    sentence = text[first : after.start() if after else len(text)]
    return any(p.search(sentence) for p in rule.unless)


def _widest(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Without notes of one rule that lie inside another of the same rule."""
    kept: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.start, -n.end, n.code)):
        if not any(k.code == note.code and k.start <= note.start and note.end <= k.end for k in kept):
            kept.append(note)
    return tuple(kept)


def stops(notes: Iterable[Note]) -> bool:
    """Is there something a reviewer may not publish?"""
    return any(note.weight == "stop" for note in notes)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, with the note on it or None: for showing a text with its places marked."""

    text: str
    note: Note | None


def pieces(text: str, notes: Iterable[Note]) -> tuple[Piece, ...]:
    """The text in stretches, joined they are the text again. Of notes that overlap, the first is marked."""
    found: list[Piece] = []
    at = 0
    for note in sorted(notes, key=lambda n: (n.start, -n.end)):
        if note.start < at:
            continue
        if note.start > at:
            found.append(Piece(text[at : note.start], None))
        found.append(Piece(text[note.start : note.end], note))
        at = note.end
    if at < len(text):
        found.append(Piece(text[at:], None))
    return tuple(found)
