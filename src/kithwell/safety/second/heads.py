"""The small shipped numbers: n-gram tables, blends, grades and chances. Loaded once, checked, plain arithmetic."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kithwell.safety.second import grams

Floats = npt.NDArray[np.float32]
FILES = ("encoder.npz", "encoder.onnx", "grams.npz", "heads.json")


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + exp(-x)) if x > -60 else 0.0


@dataclass(frozen=True)
class Grams:
    """Linear questions over hashed n-grams: how rare each place is, one row of whole numbers per question."""

    rareness: Floats
    names: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scales: Floats
    bias: Floats

    def scores(self, text: str) -> dict[str, float]:
        places, values = grams.weighted(text, self.rareness)
        totals = (self.weights[:, places].astype(np.float32) @ values) * self.scales + self.bias
        return {name: float(value) for name, value in zip(self.names, totals, strict=True)}


@dataclass(frozen=True)
class Questions:
    """Linear questions over what the encoder says of a text."""

    names: tuple[str, ...]
    weights: Floats
    bias: Floats

    def scores(self, read: Floats) -> dict[str, float]:
        totals = self.weights @ read + self.bias
        return {name: float(value) for name, value in zip(self.names, totals, strict=True)}


@dataclass(frozen=True)
class Blend:
    """A weighted sum of named numbers; names that are not there count as nothing."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, seen: Mapping[str, float]) -> float:
        return self.bias + sum(weight * seen[name] for name, weight in self.weights.items() if name in seen)


@dataclass(frozen=True)
class Grader:
    """Two ways to weigh the same numbers, both in grades 0..6, and the mean of them: a straight line, and the sum of
    the chances of at least grade 1, 2, ... 6. The first sorts the most severe better, the second the others."""

    line: Blend
    least: tuple[Blend, ...]

    def __call__(self, seen: Mapping[str, float]) -> float:
        return (self.line(seen) + sum(sigmoid(one(seen)) for one in self.least)) / 2


@dataclass(frozen=True)
class Line:
    """A calibration: piecewise linear, flat beyond its ends."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def __call__(self, x: float) -> float:
        at = bisect_right(self.xs, x)
        if at == 0 or at == len(self.xs):
            return self.ys[max(0, at - 1)]
        x0, x1 = self.xs[at - 1], self.xs[at]
        return self.ys[at - 1] + (self.ys[at] - self.ys[at - 1]) * (x - x0) / (x1 - x0)


@dataclass(frozen=True)
class Heads:
    """Everything but the encoder."""

    grams: Grams
    questions: Questions
    severity: Grader
    grades: Line
    """From what the grader says to 0..6; rounding it gives the grade."""
    chances: Mapping[int, Line]
    """From what the grader says to the chance of at least this severity."""
    distress: Blend
    """Its sigmoid is the chance that a careful reader would find the writer distressed."""
    limits: Mapping[str, float]
    """Where a chance raises, lowers or flags: see `decide`."""
    digest: str


def digest(folder: Path) -> str:
    """One hash of all shipped files, in a fixed order."""
    total = hashlib.sha256()
    for name in FILES:
        total.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return total.hexdigest()


def load(folder: Path) -> Heads:
    """Raises OSError, ValueError, KeyError or TypeError for files that are missing, broken or not of one making."""
    content: dict[str, Any] = json.loads((folder / "heads.json").read_bytes())
    for name in ("encoder.npz", "grams.npz"):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != content["belongs"][name]:
            raise ValueError(f"{name} does not belong to heads.json")
    with np.load(folder / "grams.npz", allow_pickle=False) as file:
        rareness = file["rareness"].astype(np.float32) * np.float32(content["rareness"])
        tables = Grams(
            rareness,
            tuple(content["grams"]),
            np.ascontiguousarray(file["weights"]),
            file["scales"],
            file["bias"],
        )
        asked = Questions(
            tuple(content["questions"]), file["question_weights"].astype(np.float32), file["question_bias"]
        )
    if tables.weights.shape != (len(tables.names), 2 * grams.PLACES):
        raise ValueError("the n-gram tables have another size")
    return Heads(
        tables,
        asked,
        Grader(_blend(content["severity"]["line"]), tuple(map(_blend, content["severity"]["least"]))),
        _line(content["grades"]),
        {int(least): _line(row) for least, row in content["chances"].items()},
        _blend(content["distress"]),
        {name: float(value) for name, value in content["limits"].items()},
        digest(folder),
    )


def _blend(row: Mapping[str, Any]) -> Blend:
    return Blend(float(row["bias"]), {name: float(value) for name, value in row["weights"].items()})


def _line(row: Any) -> Line:
    return Line(tuple(map(float, row[0])), tuple(map(float, row[1])))
