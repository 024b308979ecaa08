"""The corpora, cleaned of what belongs to their forum, and split once and for all.

Figures come from `FOLDS` outer folds (`Row.fold`): what is said about a text comes from weights, curves and thresholds
made without its fold. Near duplicates, cases made from one template and posts of one user always share a fold. Folds
are hashes of the content with a fixed salt, so they are the same on every machine. `Row.part` is the older split in
three: the rules were written with sight of `train` and `tune` only, so figures on `test` flatter least.
"""

from __future__ import annotations

import csv
import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TRAIN, TUNE, TEST = "train", "tune", "test"
FOLDS = 5
_SALT = "kithwell-2026"
_SHARES = {TRAIN: 0.6, TUNE: 0.2, TEST: 0.2}
RISK = {"Supportive": 0, "Indicator": 1, "Ideation": 2, "Behavior": 3, "Attempt": 4}
SAD = frozenset({"disappointment", "embarrassment", "fear", "grief", "nervousness", "remorse", "sadness"})
UNHAPPY = SAD | {"anger", "annoyance", "disgust", "disapproval", "confusion"}

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_USER = re.compile(r"(?:^|(?<=\W))(?:RT\s+)?@\w+:?|(?:^|(?<=\W))/?[ur]/\w+|\bRT\b|\[NAME\]|\[RELIGION\]")
_END_TITLE = re.compile(r"\s+title\s*$", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]+")


class NoData(FileNotFoundError):
    """The corpora are not here; the message says where they were looked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its label. Rows with one `group` belong together: they share a fold."""

    text: str
    label: int
    part: str
    tag: str = ""
    group: str = ""

    @property
    def fold(self) -> int:
        """The outer fold, 0 to FOLDS - 1: everything that is said about this text is made without that fold."""
        return fold_of(self.group, "outer", FOLDS)


def fold_of(group: str, salt: str, folds: int) -> int:
    """Which of so many folds a group falls into; other salts give other, unrelated folds."""
    return int(hashlib.sha256(f"{_SALT}:{salt}:{group}".encode()).hexdigest()[:8], 16) % folds


def home(root: Path | None = None) -> Path:
    """The folder of the corpora beside the repository. Raises NoData."""
    base = (root or Path(__file__).resolve().parents[4]).parent / "shared" / "data"
    if not (base / "suicide_severity.csv").exists():
        raise NoData(f"no corpora in {base.name}/ beside the repository")
    return base


def clean(text: str) -> str:
    """Without links, user names, forum marks and mark-up: nothing that tells which forum a text is from."""
    text = html.unescape(html.unescape(text))
    text = _USER.sub(" ", _LINK.sub(" ", text))
    return _END_TITLE.sub("", text).replace("#", " ").strip()


def part_of(key: str) -> str:
    """Which part a group of texts falls into."""
    point = int(hashlib.sha256(f"{_SALT}:{key}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    total = 0.0
    for part, share in _SHARES.items():
        total += share
        if point < total:
            return part
    return TEST


def hashed(text: str) -> str:
    """A text by its hash: to keep a label or an answer without the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _key(text: str) -> str:
    """Near duplicates share their first forty letters."""
    return "".join(_LETTERS.findall(text.lower()))[:40]


def _rows(path: Path) -> Iterable[dict[str, str]]:
    csv.field_size_limit(1 << 30)
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def severity(base: Path) -> list[Row]:
    """Posts with a human severity 0..6."""
    out = []
    for row in _rows(base / "suicide_severity.csv"):
        text = clean(row["content"])
        out.append(Row(text, int(row["severity"]), part_of(_key(text)), "severity", _key(text)))
    return _distinct(out)


def risk_users(base: Path) -> list[Row]:
    """Posts of users with one of five risk labels: weak labels, used for training only."""
    out = []
    for row in _rows(base / "suicide_risk_users.csv"):
        posts = re.split(r"""['"], ['"]""", row["Post"].strip("[]'\""))
        user, label = row["User"], RISK[row["Label"]]
        out += [Row(clean(post), label, TRAIN, user, user) for post in posts if len(post) > 40]
    return _distinct(out)


def everyday(base: Path) -> list[Row]:
    """Everyday comments; label 2 sad or afraid, 1 otherwise unhappy, 0 neither. The dev file is the test part."""
    names = (base / "everyday_comments_labels.txt").read_text(encoding="utf-8").split()
    out = []
    for file in ("train", "dev"):
        for line in (base / f"everyday_comments_{file}.tsv").read_text(encoding="utf-8").splitlines():
            text, ids, _ = line.split("\t")
            feelings = {names[int(number)] for number in ids.split(",")}
            label = 2 if feelings & SAD else (1 if feelings & UNHAPPY else 0)
            part = TEST if file == "dev" else (TUNE if part_of(_key(text)) == TUNE else TRAIN)
            out.append(Row(clean(text), label, part, "everyday", _key(text)))
    return _distinct(out)


def tweets(base: Path) -> list[Row]:
    """Tweets: 0 hate, 1 offensive, 2 neither."""
    out = []
    for row in _rows(base / "offensive_tweets.csv"):
        text = clean(row["tweet"])
        out.append(Row(text, int(row["class"]), part_of(_key(text)), "tweet", _key(text)))
    return _distinct(out)


def hatecheck(base: Path) -> list[Row]:
    """Functional cases: 1 hateful, 0 not. All cases of a template fall into one part."""
    out = []
    for row in _rows(base / "hatecheck.csv"):
        kind = row["functionality"]
        key = f"{kind}:{row['templ_id']}" if row["templ_id"] else f"{kind}:{row['case_id']}"
        out.append(Row(row["test_case"], int(row["label_gold"] == "hateful"), part_of(key), kind, key))
    return _distinct(out)


def _distinct(rows: list[Row]) -> list[Row]:
    """Each text once; where copies disagree on the part, the first decides."""
    seen: dict[str, Row] = {}
    for row in rows:
        if row.text:
            seen.setdefault(row.text.lower(), row)
    return list(seen.values())
