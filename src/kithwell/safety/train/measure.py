"""Figures from scores and labels, in plain Python so that the bench needs nothing installed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby


def auc(scores: Sequence[float], labels: Sequence[int]) -> float:
    """Area under the ROC curve; ties count half."""
    rows = sorted(zip(scores, labels, strict=True))
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return float("nan")
    below = 0.0
    total = 0.0
    for _, group in groupby(rows, key=lambda row: row[0]):
        found = [label for _, label in group]
        up = sum(found)
        down = len(found) - up
        total += up * (below + down / 2)
        below += down
    return total / (positives * negatives)


def threshold_at_recall(scores: Sequence[float], labels: Sequence[int], recall: float) -> float:
    """The highest threshold at which at least this share of positives is at or above it."""
    positives = sorted((score for score, label in zip(scores, labels, strict=True) if label), reverse=True)
    need = max(1, -(-round(recall * len(positives) * 1e6) // 1_000_000))
    return positives[need - 1]


def share_at(scores: Sequence[float], threshold: float) -> float:
    return sum(score >= threshold for score in scores) / len(scores) if scores else float("nan")


def calibration_error(scores: Sequence[float], labels: Sequence[int], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    total = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [
            (score, label)
            for score, label in zip(scores, labels, strict=True)
            if low <= score < high or (number == bins - 1 and score == 1.0)
        ]
        if inside:
            gap = abs(sum(score for score, _ in inside) - sum(label for _, label in inside))
            total += gap / len(scores)
    return total


def macro_f1(predicted: Sequence[int], true: Sequence[int], classes: int) -> float:
    total = 0.0
    for number in range(classes):
        hit = sum(p == number == t for p, t in zip(predicted, true, strict=True))
        said = sum(p == number for p in predicted)
        are = sum(t == number for t in true)
        total += 2 * hit / (said + are) if said + are else 0.0
    return total / classes


def f1(flags: Sequence[bool], labels: Sequence[int]) -> float:
    hit = sum(flag and label for flag, label in zip(flags, labels, strict=True))
    return 2 * hit / (sum(flags) + sum(labels)) if sum(flags) + sum(labels) else 0.0


def kappa(said: Sequence[int], true: Sequence[int], top: int = 6) -> float:
    """Cohen's kappa with quadratic weights over the grades 0 to `top`."""
    count = len(true)
    gap = sum((a - b) ** 2 for a, b in zip(said, true, strict=True)) / count
    ours = [sum(a == k for a in said) / count for k in range(top + 1)]
    theirs = [sum(b == k for b in true) / count for k in range(top + 1)]
    chance = sum((a - b) ** 2 * ours[a] * theirs[b] for a in range(top + 1) for b in range(top + 1))
    return 1.0 - gap / chance if chance else float("nan")


def wilson(found: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return (0.0, 1.0)
    share = found / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5 / (1 + z * z / count)
    return middle - half, middle + half
