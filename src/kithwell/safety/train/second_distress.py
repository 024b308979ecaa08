"""Distress for the second stage: a question to the encoder, then one logistic line over its answer, the rules, and
who is spoken of.

Fitted where half of the texts are distressed, as in forums for help: there its chance means what it says. What the
product says is pooled with the first stage's distress (`decide.pooled`), and so are the figures here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kithwell.safety import screen
from kithwell.safety.second import decide, opinion
from kithwell.safety.train import corpora, evaluate, measure, second_fit, second_texts
from kithwell.safety.train.corpora import TEST, Row
from kithwell.safety.train.second_fit import Floats, Whole

SHARE = {"marked": 0.6, "comments": 0.15, "joined": 0.25}
"""How much each source weighs in all; within a source the distressed and the others weigh the same."""
KINDS = (
    "kind distress",
    "kind other",
    "kind loss",
    "kind passive",
    "kind active",
    "kind selfharm",
    "level 0",
)
NAMES = ("encoder stress", "encoder line", "voice me", "voice you", "long", *KINDS)
QUESTION = 0.001
"""How freely the question to the encoder may follow its examples (C of the logistic line over 1,152 numbers)."""
AT = 0.4
"""The threshold. Where half are distressed and chances are true, F1 is best near half of its own best value."""
COMMENTS, JOINED = 1500, 400
Line = tuple[Floats, float]


@dataclass
class Source:
    """Texts of one kind: what the encoder reads, what else blends may look at, and the labels."""

    read: Floats
    seen: list[dict[str, float]]
    label: Whole
    fold: Whole
    first: Floats
    """What the first stage says of distress."""
    asked: Floats
    """The answer to the question, from a question fitted without the text's fold."""


def source(reader: Any, rows: list[Row], labels: list[int]) -> Source:
    read = reader.read([row.text for row in rows])
    said = reader.said(read)
    seen = [
        {**one, **opinion.ruled(row.text).found, **opinion.voice(row.text)}
        for row, one in zip(rows, said, strict=True)
    ]
    fold = np.array([row.fold for row in rows])
    first = np.array([screen(row.text).distress_score for row in rows])
    return Source(read, seen, np.array(labels), fold, first, np.zeros(len(rows)))


def sources(base: Path, reader: Any) -> dict[str, Source]:
    """The texts to fit on: none of them was graded for the encoder."""
    marked = [one for one in second_texts.marked(base) if one.stress is not None]
    free = [row for row in second_texts.everyday(base)[second_texts.TAUGHT :] if row.label != 1]
    comments, rest = free[:COMMENTS], free[COMMENTS:]
    joined = evaluate.put_together(rest, JOINED)
    found = {
        "marked": source(reader, [one.row for one in marked], [one.stress or 0 for one in marked]),
        "comments": source(reader, comments, [int(row.label == 2) for row in comments]),
        "joined": source(reader, joined, [int(row.label == 2) for row in joined]),
    }
    for fold in second_fit.folds():
        line = question(found, fold)
        for one in found.values():
            at = one.fold == fold
            one.asked[at] = one.read[at] @ line[0] + line[1]
    return found


def _weights(found: Mapping[str, Source], without: int | None) -> list[Floats]:
    out = []
    for name, one in found.items():
        label = one.label[one.fold != without]
        each = np.zeros(len(label))
        for value in {int(number) for number in label}:
            at = label == value
            each[at] = 1.0 / at.sum()
        out.append(each / each.sum() * SHARE[name] * 1000)
    return out


def _labels(found: Mapping[str, Source], without: int | None) -> Whole:
    return np.concatenate([one.label[one.fold != without] for one in found.values()])


def question(found: Mapping[str, Source], without: int | None = None) -> Line:
    """What to ask the encoder."""
    x = np.concatenate([one.read[one.fold != without] for one in found.values()])
    weight = np.concatenate(_weights(found, without))
    return second_fit.chance(x, _labels(found, without), weight, QUESTION)


def fit(found: Mapping[str, Source], without: int | None = None) -> Line:
    """The line over its answer and the rest."""
    x = np.concatenate([columns(one)[one.fold != without] for one in found.values()])
    return second_fit.chance(x, _labels(found, without), np.concatenate(_weights(found, without)))


def columns(one: Source) -> Floats:
    rows = [{**seen, "encoder stress": float(asked)} for seen, asked in zip(one.seen, one.asked, strict=True)]
    return second_fit.columns(rows, NAMES)


def chances(one: Source, line: Line) -> Floats:
    return 1.0 / (1.0 + np.exp(-(columns(one) @ line[0] + line[1])))


def pooled(one: Source, second: Floats) -> Floats:
    return np.array([decide.pooled(float(a), float(b)) for a, b in zip(one.first, second, strict=True)])


def figures(base: Path, reader: Any, found: Mapping[str, Source]) -> dict[str, Any]:
    """Marked posts out of fold, as they are and were half of them distressed; comments of the dev file."""
    marked = found["marked"]
    out = np.zeros(len(marked.label))
    for fold in second_fit.folds():
        at = marked.fold == fold
        out[at] = chances(marked, fit(found, fold))[at]
    out = pooled(marked, out)
    shown: dict[str, Any] = {"marked posts": len(out), "of them distressed": int(marked.label.sum())}
    shown.update(_shown("marked", out, marked.label))
    calm = [row for row in corpora.everyday(base) if row.part == TEST and row.label != 1]
    asked, line = question(found), fit(found)
    for name, rows in (("comments", calm[:COMMENTS]), ("joined", evaluate.put_together(calm, JOINED))):
        one = source(reader, rows, [int(row.label == 2) for row in rows])
        one.asked = one.read @ asked[0] + asked[1]
        shown.update(_shown(name, pooled(one, chances(one, line)), one.label))
    return shown


def _shown(name: str, chance: Floats, label: Whole) -> dict[str, float]:
    recall, wrong = float((chance[label == 1] >= AT).mean()), float((chance[label == 0] >= AT).mean())
    scores, labels = list(map(float, chance)), list(map(int, label))
    return {
        f"{name}: auc": round(measure.auc(scores, labels), 3),
        f"{name}: f1": round(measure.f1([score >= AT for score in scores], labels), 3),
        f"{name}: f1 were half distressed": round(2 * recall / (recall + wrong + 1), 3),
        f"{name}: ece were half distressed": round(_even_error(chance, label), 3),
        f"{name}: found": round(recall, 3),
        f"{name}: wrongly flagged": round(wrong, 3),
    }


def _even_error(chance: Floats, label: Whole) -> float:
    """Expected calibration error where the distressed and the others weigh the same."""
    weight = np.where(label == 1, 0.5 / label.sum(), 0.5 / (label == 0).sum())
    bins = np.minimum((chance * 10).astype(int), 9)
    return float(sum(abs(np.sum((weight * (chance - label))[bins == number])) for number in range(10)))
