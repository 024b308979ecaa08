"""How good the first stage is on texts its weights, curves and thresholds have not seen. Plain Python.

`FOLDS` weights files lie in `bench/folds/`, each made by the whole of `build` without one fold of posts, tweets and
functional cases. Each text is screened, through the very code of the product, with the file made without its fold; the
answers are pooled. Everyday comments are those of the dev file, which no file has seen; each goes to one of the five.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kithwell.safety import linear
from kithwell.safety.screening import Engine, engine, screen_with
from kithwell.safety.signals import Screening
from kithwell.safety.train import corpora, measure
from kithwell.safety.train.corpora import FOLDS, TEST, Row, fold_of

HOME = Path(__file__).resolve().parents[4] / "bench" / "folds"
Screen = Callable[[Row], Screening]


class NoFolds(FileNotFoundError):
    """The fold files are not here: this is no checkout, or `./dev train safety` has not made them."""


def file_of(fold: int) -> Path:
    return HOME / f"safety-{fold}.json.gz"


def engines() -> list[Engine]:
    """One engine per fold. Raises NoFolds."""
    out = []
    for fold in range(FOLDS):
        try:
            model = linear.parse(file_of(fold).read_bytes())
        except OSError as error:
            raise NoFolds(f"no {file_of(fold).name}: ./dev train safety") from error
        out.append(replace(engine(), model=model))
    return out


@dataclass(frozen=True)
class Seen:
    """Rows with the answers to them."""

    rows: Sequence[Row]
    answers: Sequence[Screening]

    def where(self, keep: Callable[[Row], bool]) -> Seen:
        pairs = [(row, one) for row, one in zip(self.rows, self.answers, strict=True) if keep(row)]
        return Seen([row for row, _ in pairs], [one for _, one in pairs])

    def share(self, of: Callable[[Screening], bool]) -> float:
        return sum(map(of, self.answers)) / len(self.answers) if self.answers else float("nan")


@dataclass(frozen=True)
class Answers:
    """Everything, screened by weights that had not seen it."""

    posts: Seen
    everyday: Seen
    tweets: Seen
    cases: Seen
    users: Seen
    long: Seen


def answers(base: Path, tools: Sequence[Engine], users: bool = True) -> Answers:
    def unseen(rows: Sequence[Row]) -> Seen:
        return Seen(rows, [screen_with(tools[row.fold], row.text) for row in rows])

    calm = [row for row in corpora.everyday(base) if row.part == TEST]
    return Answers(
        unseen(corpora.severity(base)), unseen(calm), unseen(corpora.tweets(base)), unseen(corpora.hatecheck(base)),
        unseen([row for row in corpora.risk_users(base) if users and fold_of(row.text, "some", 3) == 0]),
        unseen(put_together(calm)),
    )  # fmt: skip


def put_together(rows: Sequence[Row], count: int = 400) -> list[Row]:
    """Long texts of everyday comments: half calm throughout, half with three sad ones in eight."""
    dice = random.Random(23)
    calm = [row.text for row in rows if row.label == 0]
    sad = [row.text for row in rows if row.label == 2]
    out = []
    for number in range(count):
        size = dice.randint(4, 8)
        unhappy = (size * 3 + 4) // 8 if number % 2 else 0
        parts = dice.sample(sad, unhappy) + dice.sample(calm, size - unhappy)
        dice.shuffle(parts)
        out.append(Row(". ".join(parts), 2 if unhappy else 0, TEST, "joined", f"long:{number}"))
    return out


def flag(seen: Screening, category: str) -> bool:
    return any(signal.flag for signal in seen.conduct if signal.category == category)


def is_hateful(seen: Screening) -> bool:
    return any(flag(seen, name) for name in ("hate", "harassment", "threat"))


def class_of(seen: Screening) -> int:
    """0 hate, 1 offensive, 2 neither."""
    if flag(seen, "hate"):
        return 0
    return 1 if any(flag(seen, name) for name in ("offensive", "harassment", "threat")) else 2


def grade(seen: Screening) -> int:
    """The severity as a whole number; halves go up, so that it is the grade whose half-way mark was reached."""
    return min(6, max(0, int(seen.crisis_severity + 0.5)))


def at_recall(scores: Sequence[float], labels: Sequence[int], recall: float) -> tuple[float, float]:
    """(threshold, precision) where this recall is reached."""
    at = measure.threshold_at_recall(scores, labels, recall)
    found = [label for score, label in zip(scores, labels, strict=True) if score >= at]
    return at, sum(found) / len(found)


def crisis_figures(posts: Seen, everyday: Seen) -> dict[str, Any]:
    """Severe posts against the others and against everyday comments."""
    truth = [row.label for row in posts.rows]
    score = [one.crisis_score for one in posts.answers]
    severity = [one.crisis_severity for one in posts.answers]
    labels = [int(label >= 3) for label in truth]
    calm = [one.crisis_score for one in everyday.answers]
    severe = [one for one, label in zip(posts.answers, labels, strict=True) if label]
    found = sum(one.crisis_flag for one in severe)
    flagged = sum(one.crisis_flag for one in everyday.answers)
    at, _ = at_recall(score, labels, 0.9)
    heavy = [int(label >= 4) for label in truth]
    said = [int(one.crisis_severity >= 3.5) for one in posts.answers]
    both = sum(a and b for a, b in zip(said, heavy, strict=True))
    return {
        "posts": len(truth), "severe": sum(labels), "everyday": len(calm),
        "flag_recall": found / len(severe), "flag_recall_interval": measure.wilson(found, len(severe)),
        "everyday_flagged": flagged / len(calm), "everyday_interval": measure.wilson(flagged, len(calm)),
        "everyday_at_recall_90": measure.share_at(calm, at),
        "severity0_flagged": posts.where(lambda row: row.label == 0).share(lambda one: one.crisis_flag),
        "kappa": measure.kappa([grade(one) for one in posts.answers], truth),
        "precision_4_at_recall_90": max(at_recall(values, heavy, 0.9)[1] for values in (score, severity)),
        "recall_4_said": both / max(1, sum(heavy)), "precision_4_said": both / max(1, sum(said)),
        "auc": {f">={k}": measure.auc(score, [int(label >= k) for label in truth]) for k in (1, 2, 3, 4)},
        "auc_severity": {f">={k}": measure.auc(severity, [int(label >= k) for label in truth]) for k in (1, 2, 3, 4)},
        "ece_posts": measure.calibration_error(score, labels),
        "ece_all": measure.calibration_error(score + calm, labels + [0] * len(calm)),
    }  # fmt: skip


def levels(posts: Seen) -> dict[int, dict[str, int]]:
    table: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, one in zip(posts.rows, posts.answers, strict=True):
        table[row.label][one.crisis_level] += 1
    return {label: dict(sorted(found.items())) for label, found in sorted(table.items())}


def distress_figures(everyday: Seen, long: Seen) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, seen in (("comments", everyday), ("long", long)):
        known = seen.where(lambda row: row.label != 1)
        labels = [int(row.label == 2) for row in known.rows]
        scores = [one.distress_score for one in known.answers]
        out[f"{name}_auc"] = measure.auc(scores, labels)
        out[f"{name}_f1"] = measure.f1([one.distress_flag for one in known.answers], labels)
        out[f"{name}_ece"] = measure.calibration_error(scores, labels)
    return out


def forum_figures(posts: Seen, users: Seen) -> dict[str, float]:
    """A suicide forum against posts of mental-health forums by users not at risk: the nearest there is here."""
    calm = users.where(lambda row: row.label <= 1)
    risk = users.where(lambda row: row.label >= 2)
    out = {}
    for name, of in (("score", lambda one: one.crisis_score), ("severity", lambda one: one.crisis_severity)):
        low = [of(one) for one in calm.answers]
        for who, seen in (("posts", posts), ("risk_users", risk)):
            high = [of(one) for one in seen.answers]
            out[f"{who}_{name}"] = measure.auc(high + low, [1] * len(high) + [0] * len(low))
    return out


def conduct_figures(tweets: Seen, cases: Seen, everyday: Seen) -> dict[str, Any]:
    truth = [row.label for row in tweets.rows]
    said = [class_of(one) for one in tweets.answers]
    right: dict[str, list[bool]] = defaultdict(list)
    for row, one in zip(cases.rows, cases.answers, strict=True):
        right[row.tag].append(is_hateful(one) == bool(row.label))
    every = [value for values in right.values() for value in values]
    hate, rude = (
        [next(s.score for s in one.conduct if s.category == name) for one in tweets.answers]
        for name in ("hate", "offensive")
    )
    return {
        "tweets": len(truth), "macro_f1": measure.macro_f1(said, truth, 3),
        "accuracy": sum(a == b for a, b in zip(said, truth, strict=True)) / len(truth),
        "hate_ece": measure.calibration_error(hate, [int(label == 0) for label in truth]),
        "offensive_ece": measure.calibration_error(rude, [int(label < 2) for label in truth]),
        "cases": len(every), "cases_right": sum(every) / len(every),
        "functions": {name: (sum(v) / len(v), len(v)) for name, v in sorted(right.items())},
        "everyday": {
            name: everyday.share(lambda one, name=name: flag(one, name))  # type: ignore[misc]
            for name in ("hate", "offensive", "harassment", "threat")
        },
    }  # fmt: skip
