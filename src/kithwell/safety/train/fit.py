"""From corpora to one weights file. Deterministic: fixed splits, fixed seeds, rounded weights.

1. Words and pairs seen in at least `LEAST` different places (a user's posts are one place), without digits, links,
   names (words nearly always written with a capital inside a sentence).
2. Per head one logistic regression on presence, each row scaled by one over the root of its known features: exactly
   what `linear.Model.scores` computes. Rare words are scaled up (inverse document frequency) while fitting, so that the
   fit may lean on them; the shipped weight has that factor in it. Twice: once to choose the strongest features, once
   with only those.
3. Blends join head scores with what the rules saw, fitted on scores of folds that had not seen the text.
4. Curves and thresholds come from scores of blends that had not seen the text either.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression, Ridge  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from kithwell.safety import conduct, crisis
from kithwell.safety.levels import judge
from kithwell.safety.linear import SCALE
from kithwell.safety.screening import Engine, engine, read
from kithwell.safety.train import measure
from kithwell.safety.train.corpora import Row, fold_of

Floats = npt.NDArray[np.float64]
LEAST = 3
KEEP = 18_000
FOLDS = 5
_NAME_SHARE = 0.7
_CASED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+|(?<=[a-z,] )[a-z]+")
_NO_NAME = frozenset(
    "i god english american christmas monday tuesday wednesday thursday friday saturday sunday january february april"
    " june july august september october november december muslim muslims christian jewish black white gay islam asian"
    " mexican african arab jews catholic indian german french spanish chinese russian reddit internet".split()
)


@dataclass
class Text:
    """One training text as the rules and the tokeniser see it at run time."""

    row: Row
    source: str
    words: list[str]
    level: int
    crisis: dict[str, float]
    conduct: dict[str, float]
    fold: int = 0


@dataclass
class Head:
    """One question for the linear scorer: label (1, 0 or None for "not in this question") and weight per text."""

    name: str
    label: Callable[[Text], int | None]
    weight: Callable[[Text], float]
    strength: float
    rare: bool = True
    """Lean on rare words. What people suffer from shows in rare words; abuse shows in common ones."""
    telling: float = 0.0
    """The strength of the last fit where it leans on features that stand on one side much more often than on the other
    (a support vector machine on log ratios of counts); 0: the last fit is as the first."""
    coef: Floats = field(default_factory=lambda: np.zeros(0))
    bias: float = 0.0


def prepare(rows: Sequence[Row], source: str, tools: Engine | None = None) -> list[Text]:
    """Rows through the very code that runs in the product."""
    tools = tools or replace(engine(), model=None)
    out = []
    for row in rows:
        seen = read(row.text, tools)
        judged = judge(seen.weighed)
        words = (
            crisis.masked(seen.view.words, seen.view.line, seen.weighed) if seen.weighed else seen.view.words
        )
        ruled, excuses = conduct.weights(
            seen.view.line, seen.view.features, seen.hits, tools.excuses, seen.sentences
        )
        text = Text(
            row, source, words, judged.level, crisis.features(seen.weighed, judged, len(seen.view.words)),
            conduct.features(ruled, excuses),
        )  # fmt: skip
        text.fold = fold_of(row.group or row.text, "inner", FOLDS)
        out.append(text)
    return out


def features_of(words: Sequence[str]) -> set[str]:
    found = {word for word in words if word[0].isalpha()}
    found.update(a + " " + b for a, b in pairwise(words) if a[0].isalpha() and b[0].isalpha())
    return found


def names(texts: Sequence[Text]) -> frozenset[str]:
    """Words that stand with a capital in the middle of sentences nearly always: names of people and places."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for text in texts:
        for word in _CASED.findall(text.row.text):
            (large if word[0].isupper() else small)[word.lower()] += 1
    return (
        frozenset(
            word
            for word, count in large.items()
            if count >= 2 and count >= _NAME_SHARE * (count + small[word])
        )
        - _NO_NAME
    )


def vocabulary(texts: Sequence[Text], banned: frozenset[str]) -> list[str]:
    places: Counter[str] = Counter()
    by_user: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        if text.source.startswith(("own", "joined")):
            continue
        found = features_of(text.words)
        if text.source == "users":
            by_user[text.row.tag] |= found
        else:
            places.update(found)
    for found in by_user.values():
        places.update(found)

    def allowed(name: str) -> bool:
        parts = name.split(" ")
        return all(
            part.isascii() and part.isalpha() and len(part) < 20 and part not in banned for part in parts
        )

    return sorted(name for name, count in places.items() if count >= LEAST and allowed(name))


def matrix(texts: Sequence[Text], names_: Sequence[str]) -> Any:
    """One row per text: presence of each feature over the root of how many of them the text has."""
    index = {name: place for place, name in enumerate(names_)}
    starts, columns = [0], array("i")
    for text in texts:
        columns.extend(sorted(index[name] for name in features_of(text.words) if name in index))
        starts.append(len(columns))
    counts = np.maximum(np.diff(starts), 1)
    data = np.repeat(1.0 / np.sqrt(counts), np.diff(starts))
    return sparse.csr_matrix(
        (data, np.frombuffer(columns, dtype=np.int32), starts), (len(texts), len(names_))
    )


def rareness(x: Any) -> Floats:
    """Inverse document frequency of each feature, softened."""
    found: Floats = np.asarray((x > 0).sum(axis=0), dtype=float).ravel()
    return np.log((1.0 + x.shape[0]) / (1.0 + found)) + 1.0


def fit_head(
    head: Head, x: Any, scale: Floats, texts: Sequence[Text], rows: npt.NDArray[np.int64], last: bool = True
) -> tuple[Floats, float]:
    labels = [head.label(texts[row]) for row in rows]
    use = [(row, label) for row, label in zip(rows, labels, strict=True) if label is not None]
    chosen = np.array([row for row, _ in use])
    y = np.array([label for _, label in use])
    weight = np.array([head.weight(texts[row]) for row in chosen])
    if last and head.telling:
        scale = log_ratio(x[chosen], y, weight)
        model = LinearSVC(C=head.telling, dual=False, random_state=0)
    else:
        scale = scale if head.rare else np.ones_like(scale)
        model = LogisticRegression(C=head.strength, max_iter=300, tol=1e-4)
    model.fit(x[chosen] @ sparse.diags(scale), y, sample_weight=weight)
    return model.coef_[0] * scale, float(model.intercept_[0])


def log_ratio(x: Any, y: npt.NDArray[np.int64], weight: Floats) -> Floats:
    """How much more often each feature stands on one side than on the other, whichever it is."""
    met = (x > 0).astype(float)
    one, other = weight[y == 1] @ met[y == 1] + 1.0, weight[y == 0] @ met[y == 0] + 1.0
    out: Floats = np.abs(np.log((one / one.sum()) / (other / other.sum())))
    return out


def fit_heads(heads: Sequence[Head], texts: Sequence[Text], names_: list[str]) -> tuple[list[str], Floats]:
    """Chooses features, fits every head, returns the features and the out-of-fold scores [texts x heads]."""
    everything = np.arange(len(texts))
    x = matrix(texts, names_)
    scale = rareness(x)
    first = np.array([np.abs(fit_head(head, x, scale, texts, everything, last=False)[0]) for head in heads])
    frequency = np.sqrt(np.asarray((x > 0).sum(axis=0)).ravel())
    strength = (first * frequency / (first * frequency).max(axis=1, keepdims=True)).max(axis=0)
    best = np.sort(np.argsort(-strength, kind="stable")[:KEEP])
    names_ = [names_[place] for place in best]
    return names_, fit_last(heads, texts, matrix(texts, names_), scale[best])


def fit_last(heads: Sequence[Head], texts: Sequence[Text], x: Any, scale: Floats) -> Floats:
    """Fits every head on the chosen features, returns the out-of-fold scores [texts x heads]."""
    everything = np.arange(len(texts))
    out = np.zeros((len(texts), len(heads)))
    folds = np.array([text.fold for text in texts])
    for place, head in enumerate(heads):
        for fold in range(FOLDS):
            coef, bias = fit_head(head, x, scale, texts, np.flatnonzero(folds != fold))
            inside = np.flatnonzero(folds == fold)
            out[inside, place] = x[inside] @ coef + bias
        head.coef, head.bias = fit_head(head, x, scale, texts, everything)
        head.coef = np.round(head.coef * SCALE) / SCALE
    return out


def fit_blend(x: Floats, y: npt.NDArray[np.int64], weight: Floats, strength: float) -> tuple[Floats, float]:
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(x, y, sample_weight=weight)
    return np.round(model.coef_[0], 5), round(float(model.intercept_[0]), 5)


def fit_line(x: Floats, y: npt.NDArray[np.int64], weight: Floats, strength: float) -> tuple[Floats, float]:
    model = Ridge(alpha=strength)
    model.fit(x, y, sample_weight=weight)
    return np.round(model.coef_, 5), round(float(model.intercept_), 5)


def steps(x: Floats, y: npt.NDArray[np.int64]) -> list[list[float]]:
    """A curve from a line's value to 0..6 whose half-way marks stand where rounding agrees best (quadratic kappa)."""
    grid = np.quantile(x, np.linspace(0.02, 0.98, 97))
    least = (grid[-1] - grid[0]) / 60
    cuts = np.quantile(x, [(y < k).mean() for k in range(1, 7)])
    cuts = np.maximum.accumulate(cuts + np.arange(6) * 1e-6)
    best = -1.0
    for _ in range(6):
        for place in range(6):
            for value in grid:
                tried = cuts.copy()
                tried[place] = value
                if np.any(np.diff(tried) < least):
                    continue
                worth = measure.kappa([int(v) for v in np.digitize(x, tried)], [int(v) for v in y])
                if worth > best + 1e-9:
                    best, cuts = worth, tried
    low, high = min(float(x.min()), cuts[0] - least), max(float(x.max()), cuts[-1] + least)
    return [[round(float(v), 5) for v in (low, *cuts, high)], [0.0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.0]]


def curve(x: Floats, y: npt.NDArray[np.int64], weight: Floats) -> list[list[float]]:
    """Calibration as a table of 61 points: isotonic, softened by Platt's so that it never stands still."""
    model = LogisticRegression(C=1e6, max_iter=5000)
    model.fit(x.reshape(-1, 1), y, sample_weight=weight)
    slope, shift = float(model.coef_[0][0]), float(model.intercept_[0])
    slope = max(slope, 1e-3)
    points = np.linspace((-7.0 - shift) / slope, (7.0 - shift) / slope, 61)
    smooth = 1.0 / (1.0 + np.exp(-(slope * points + shift)))
    steps = IsotonicRegression(out_of_bounds="clip", y_min=0.001, y_max=0.995).fit(x, y, sample_weight=weight)
    window = np.linspace(-0.6 / slope, 0.6 / slope, 9)
    stepped = np.mean([steps.predict(points + shift_) for shift_ in window], axis=0)
    ys = 0.85 * stepped + 0.15 * smooth
    return [[round(float(value), 5) for value in points], [round(float(value), 5) for value in ys]]
