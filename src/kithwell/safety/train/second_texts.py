"""Texts of the second stage's training and the labels that are not in the corpora. Needs nothing installed."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

from kithwell.safety.train import corpora
from kithwell.safety.train.corpora import TRAIN, Row

MARKS = Path(__file__).parent / "second_marks.json"
TAUGHT = 300
"""Everyday comments the encoder was trained with: the first ones of the shuffled train part."""


@dataclass(frozen=True)
class Marked:
    """A post with what is known of it: its grade 0..6, and whether the writer is distressed; None where not."""

    row: Row
    grade: int | None
    stress: int | None


def key(text: str) -> str:
    """A text by its hash, so that a label can be kept without the text."""
    return corpora.hashed(text)


def everyday(base: Path) -> list[Row]:
    """The train part of the everyday comments in an order of its own."""
    rows = [row for row in corpora.everyday(base) if row.part == TRAIN]
    random.Random(5).shuffle(rows)
    return rows


def marked(base: Path) -> list[Marked]:
    """Posts of users with weak labels that were graded afterwards, one by one: see the model card."""
    known = json.loads(MARKS.read_text(encoding="utf-8"))
    graded = {corpora._key(row.text) for row in corpora.severity(base)}
    rows = [row for row in corpora.risk_users(base) if corpora._key(row.text) not in graded]
    return [Marked(row, *known[key(row.text)]) for row in rows if key(row.text) in known]
