"""Fitting the small parts of the second stage, and saying what they are worth on folds they have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression, Ridge  # type: ignore[import-untyped]

from kithwell.safety.second import grams
from kithwell.safety.train import measure
from kithwell.safety.train.corpora import FOLDS

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
LEAST_TEXTS = 3
GRADES = 7


def rareness(texts: Sequence[str]) -> Floats:
    """Inverse document frequency of every place; 0 for those met in fewer than `LEAST_TEXTS` texts."""
    found = np.zeros(2 * grams.PLACES)
    for text in texts:
        found[grams.counted(text)[0]] += 1
    out = np.log(len(texts) / (1.0 + found)) + 1.0
    return np.where(found >= LEAST_TEXTS, np.maximum(out, 0.0), 0.0)


def rounded(values: Floats, top: int) -> tuple[Floats, float]:
    """Whole numbers up to `top` and what one of them is worth."""
    unit = float(np.abs(values).max()) / top or 1.0
    return np.rint(values / unit), unit


def table(texts: Sequence[str], rare: npt.NDArray[np.float32]) -> Any:
    """One row a text, as `grams.weighted` gives it at run time."""
    starts, columns, values = [0], [], []
    for text in texts:
        places, weights = grams.weighted(text, rare)
        columns.append(places)
        values.append(weights)
        starts.append(starts[-1] + len(places))
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), starts), (len(texts), 2 * grams.PLACES)
    )


def graded(total: Floats, cuts: Floats) -> Whole:
    return np.searchsorted(cuts, total, side="right")


def even_cuts(total: Floats, grades: Whole) -> Floats:
    """Where to cut a line into grades 0..6 so that each grade is given as often as readers gave it.

    Cuts searched for the highest kappa were tried: they follow the chance of a few hundred texts, and are worse on
    texts they were not set on.
    """
    return np.quantile(total, np.cumsum(np.bincount(grades, minlength=GRADES))[:-1] / len(grades))


class _Kappa:
    """Quadratic kappa against fixed grades, quick enough to be asked a thousand times."""

    def __init__(self, true: Whole) -> None:
        self.true, self.shares = true, np.bincount(true, minlength=GRADES) / len(true)
        steps = np.arange(GRADES)
        self.gaps = (steps[:, None] - steps[None]) ** 2

    def __call__(self, said: Whole) -> float:
        chance = np.bincount(said, minlength=GRADES) / len(said) @ self.gaps @ self.shares
        return float(1.0 - np.mean((said - self.true) ** 2) / chance)


def kappa(said: Whole, true: Whole) -> float:
    return _Kappa(true)(said)


def spread(cuts: Floats) -> Floats:
    """The same cuts, each a little above the one before, so that a line through them can be drawn."""
    out = cuts.astype(float).copy()
    for place in range(1, len(out)):
        out[place] = max(out[place], out[place - 1] + 0.02)
    return out


def grade_line(cuts: Floats) -> list[list[float]]:
    """A rising line whose half marks stand at the cuts: rounding it gives the grade."""
    cuts = spread(cuts)
    xs = [cuts[0] - 1.0, *cuts, cuts[-1] + 1.0]
    return [[round(float(x), 5) for x in xs], [0.0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.0]]


def chance_line(total: Floats, label: Whole, weight: Floats) -> list[list[float]]:
    """Platt's curve as a table from a line's value to a chance."""
    model = LogisticRegression(C=1e4, max_iter=2000)
    model.fit(total.reshape(-1, 1), label, sample_weight=weight)
    slope, shift = max(float(model.coef_[0][0]), 1e-3), float(model.intercept_[0])
    xs = np.linspace((-9.0 - shift) / slope, (9.0 - shift) / slope, 73)
    ys = 1.0 / (1.0 + np.exp(-(slope * xs + shift)))
    return [[round(float(x), 5) for x in xs], [round(float(y), 6) for y in ys]]


def along(line: Sequence[Sequence[float]], total: Floats) -> Floats:
    return np.interp(total, line[0], line[1])


@dataclass(frozen=True)
class Grades:
    """Two ways to weigh named numbers (see `heads.Grader`): a ridge, and six logistic lines, one a grade."""

    line: tuple[Floats, float]
    least: tuple[tuple[Floats, float], ...]

    def __call__(self, x: Floats) -> Floats:
        weights, bias = self.line
        chances = (1.0 / (1.0 + np.exp(-(x @ each + shift))) for each, shift in self.least)
        return (x @ weights + bias + sum(chances)) / 2.0


RIDGE, LOGISTIC = 3.0, 0.2


def grades(x: Floats, y: Floats, weight: Floats) -> Grades:
    """Fitted on posts and calm comments."""
    middle, size = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    scaled = (x - middle) / size

    def back(model: Any) -> tuple[Floats, float]:
        weights = np.ravel(model.coef_) / size
        return weights, float(np.ravel(model.intercept_)[0] - weights @ middle)

    return Grades(
        back(Ridge(alpha=RIDGE).fit(scaled, y, sample_weight=weight)),
        tuple(
            back(LogisticRegression(C=LOGISTIC, max_iter=1000).fit(scaled, y >= least, sample_weight=weight))
            for least in range(1, GRADES)
        ),
    )


def chance(x: Floats, label: Whole, weight: Floats, strength: float = LOGISTIC) -> tuple[Floats, float]:
    """One logistic line."""
    middle, size = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(C=strength, max_iter=1000).fit(
        (x - middle) / size, label, sample_weight=weight
    )
    weights = model.coef_[0] / size
    return weights, float(model.intercept_[0] - weights @ middle)


def columns(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Floats:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def interval(
    true: Whole, said: Any, figure: Any, rounds: int = 1000, seed: int = 7
) -> tuple[float, float, float]:
    """(figure, low, high): 95 % by drawing the texts again with replacement."""
    dice = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        rows = dice.integers(0, len(true), len(true))
        found.append(figure(true[rows], said[rows]))
    low, high = np.nanquantile(found, (0.025, 0.975))
    return round(float(figure(true, said)), 3), round(float(low), 3), round(float(high), 3)


def area(true: Whole, score: Floats) -> float:
    return measure.auc(list(map(float, score)), list(map(int, true)))


def precision_at(true: Whole, score: Floats, recall: float = 0.9) -> float:
    at = measure.threshold_at_recall(list(map(float, score)), list(map(int, true)), recall)
    return float(true[score >= at].mean())


def folds() -> range:
    return range(FOLDS)
