"""What the page needs to screen by itself: rules, word lists, tables of characters and weights, as one JSON.

The TypeScript twin (`ui/ts/screen/`) holds the steps, this file the data, made from the very lists the server reads, so
that both read the same. `./dev setup` writes it beside the bundles; a page fetches it from its own server, once.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from kithwell.safety import (
    conduct,
    context,
    crisis,
    language,
    levels,
    lexicon,
    linear,
    normal,
    patterns,
    personal,
    screening,
    signals,
)

NAME = "screening.json"


def data() -> dict[str, Any]:
    """Everything, ready for `json.dumps`. Raises ValueError where the twin could not do the same."""
    books = {
        "main": lexicon.MAIN,
        "times": lexicon.TIMES,
        "cues": lexicon.CUES,
        "excuses": lexicon.EXCUSES,
    }
    out = {
        "version": screening.version(),
        "letters": _ranges(str.isalpha),
        "alnum": _ranges(str.isalnum),
        "digits": _ranges(str.isdecimal),
        "fold": _fold(),
        "lookalike": normal._LOOKALIKE,
        "written": normal._WRITTEN,
        "common": sorted(patterns._COMMON),
        "books": {name: _book(files) for name, files in books.items()},
        "language": {
            "stops": {code: sorted(words) for code, words in language._STOPS.items()},
            "hints": {code: sorted(words) for code, words in language._HINTS.items()},
            "hinglish": sorted(language._HINGLISH),
            "validated": sorted(language.VALIDATED),
        },
        "context": {
            "self": sorted(context._SELF),
            "other": sorted(context._OTHER),
            "you": sorted(context._YOU),
            "connect": sorted(context._CONNECT),
            "self_inside": context._SELF_INSIDE.pattern,
            "self_said": context._SELF_SAID.pattern,
            "attribution": context._ATTRIBUTION.pattern,
            "then": context._THEN.pattern,
            "now": context._NOW.pattern,
            "starts": context._STARTS.pattern,
            "meant": context._MEANT.pattern,
            "near": context._NEAR,
        },
        "levels": {"base": levels.BASE, "less": levels.LESS, "ideation": sorted(levels.IDEATION)},
        "crisis": {
            "scores": crisis.RULE_SCORES,
            "severity": crisis.RULE_SEVERITY,
            "floors": crisis.FLOORS,
            "masked": sorted(crisis.MASKED),
        },
        "conduct": {"always": signals.CONDUCT_ALWAYS, "harm": sorted(conduct._HARM)},
        "personal": {
            "shapes": [{"label": one.label, "regex": one.regex.pattern} for one in personal.shapes()],
            "words": {name: sorted(words) for name, words in personal._data()[1].items()},
            "weights": personal._WEIGHTS,
        },
        "weights": _weights(),
    }
    rest = json.dumps({name: value for name, value in out.items() if name != "fold"}, ensure_ascii=False)
    if any(ord(char) > 0xFFFF for char in rest):
        raise ValueError(
            "a rule or weight with a character beyond the basic plane: the twin stands such in by others"
        )
    return out


def _ranges(asked: Callable[[str], bool]) -> list[int]:
    """Code points for which it is true: begin, length, distance to the next begin, length ..."""
    out: list[int] = []
    last, begin = 0, -1
    for code in range(0x110001):
        inside = code < 0x110000 and asked(chr(code))
        if inside and begin < 0:
            begin = code
        elif not inside and begin >= 0:
            out += [begin - last, code - begin]
            last, begin = begin, -1
    return out


def _fold() -> list[list[Any]]:
    """[[code points one after another, as distances], their plain forms; "" where dropped]"""
    table = sorted(normal._fold_table().items())
    codes = [code for code, _ in table]
    return [[b - a for a, b in zip([0, *codes], codes, strict=False)], [plain or "" for _, plain in table]]


def _book(files: Iterable[str]) -> dict[str, Any]:
    book = lexicon.book(tuple(files))
    if len({rule.id for rule in book.rules}) != len(book.rules):
        raise ValueError("two rules of one name")
    return {"sets": book.sets, "rules": [_rule(rule) for rule in book.rules]}


def _rule(rule: patterns.Rule) -> dict[str, Any]:
    row: dict[str, Any] = {"id": rule.id, "category": rule.category, "kind": rule.kind, "any": rule.patterns}
    if rule.lang != "en":
        row["lang"] = rule.lang
    for name in ("weight", "unless", "unless_here", "needs"):
        if value := getattr(rule, name):
            row[name] = value
    if rule.options:
        row["options"] = sorted(rule.options)
    return row


def _weights() -> dict[str, Any] | None:
    if linear.load() is None:
        return None
    raw = (resources.files("kithwell.safety") / "data" / linear.FILE).read_bytes()
    content: dict[str, Any] = json.loads(gzip.decompress(raw))
    return {name: content[name] for name in ("heads", "bias", "words", "weights", "blends")} | {
        "scale": linear.SCALE
    }


def write(folder: Path) -> str:
    """Writes it into `folder` under a name with its hash; gives that name."""
    body = json.dumps(data(), ensure_ascii=False, separators=(",", ":")).encode()
    name = f"{Path(NAME).stem}-{hashlib.sha256(body).hexdigest()[:8].upper()}.json"
    (folder / name).write_bytes(body)
    return name
