"""The linear scorer: a dictionary of words and word pairs, several questions ("heads") answered in one pass.

Weights are whole numbers (`SCALE` to 1.0) packed side by side into one Python int per word, so that adding up one
text for all heads is one `sum`, exact, and the same in any language. A text's score on a head is
`bias + sum(weights of its distinct words and pairs) / sqrt(how many of them are known)`; calibration tables turn
scores into probabilities. No numpy, no Django. The file is read once, on first use.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from math import sqrt
from operator import mul
from struct import Struct
from typing import Any

SCALE = 2048
_BITS = 32
_HALF = 1 << (_BITS - 1)


@dataclass(frozen=True)
class Curve:
    """A calibration: piecewise linear from score to probability, flat beyond its ends."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def __call__(self, x: float) -> float:
        at = bisect_right(self.xs, x)
        if at == 0:
            return self.ys[0]
        if at == len(self.xs):
            return self.ys[-1]
        x0, x1 = self.xs[at - 1], self.xs[at]
        y0, y1 = self.ys[at - 1], self.ys[at]
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


@dataclass(frozen=True)
class Blend:
    """A second, tiny logistic step over head scores and rule findings: {name: weight}, then a curve."""

    bias: float
    weights: dict[str, float]
    curve: Curve
    threshold: float

    heads: tuple[float, ...]
    """The weights of the head scores, in the order of the model's heads."""
    quiet: tuple[float, ...]
    """The same where the rules saw little: a blend may lean on other heads there ("quiet ..." weights added)."""

    def score(self, scores: Sequence[float], seen: Mapping[str, float], quiet: bool = False) -> float:
        """A probability 0..1 from head scores and rule findings; findings the blend does not name are ignored."""
        total: float = self.bias + sum(map(mul, self.quiet if quiet else self.heads, scores))
        if seen:
            weights = self.weights
            for name, value in seen.items():
                if name in weights:
                    total += weights[name] * value
        curve = self.curve  # as `Curve.__call__` does: five blends are asked of every text
        xs = curve.xs
        at = bisect_right(xs, total)
        if 0 < at < len(xs):
            ys, x0, y0 = curve.ys, xs[at - 1], curve.ys[at - 1]
            return y0 + (ys[at] - y0) * (total - x0) / (xs[at] - x0)
        return curve(total)


@dataclass(frozen=True)
class Model:
    """One weights file, ready to use."""

    heads: tuple[str, ...]
    bias: tuple[float, ...]
    table: dict[str, int]
    blends: dict[str, Blend]
    digest: str
    words: frozenset[str] = field(default_factory=frozenset)
    _raise: dict[str, dict[str, int]] = field(default_factory=dict, repr=False, compare=False)

    def scores(self, words: Sequence[str]) -> tuple[float, ...]:
        """One score per head for these words in order; distinct words and neighbouring pairs count once."""
        return self.sums({*words, *map(" ".join, pairwise(words))})

    def sums(self, words: Collection[str], pairs: Collection[str] = ()) -> tuple[float, ...]:
        """`scores` of the distinct words and pairs of a text; those it does not know may be left out."""
        get = self.table.get
        found = [*filter(None, map(get, words)), *filter(None, map(get, pairs))]
        if not found:
            return self.bias
        scale = 1.0 / (SCALE * sqrt(len(found)))
        totals = self._unpack(sum(found))
        return tuple([bias + total * scale for bias, total in zip(self.bias, totals)])  # noqa: B905 a hot line

    @cached_property
    def _unpack(self) -> Callable[[int], tuple[int, ...]]:
        return unpacker(len(self.heads))

    def reasons(self, features: Iterable[str], head: str, most: int = 5) -> list[tuple[str, float]]:
        """The words and pairs that raised this head the most, with their weight."""
        raising = self._raising(head)
        rows = [(-raising[name], name) for name in set(features).intersection(raising)]
        rows.sort()
        return [(name, -value / SCALE) for value, name in rows[:most]]

    def _raising(self, head: str) -> dict[str, int]:
        """What raises this head; made when first asked for."""
        found = self._raise.get(head)
        if found is None:
            place, count = self.heads.index(head), len(self.heads)
            values = ((name, unpack(packed, count)[place]) for name, packed in self.table.items())
            found = self._raise[head] = {name: value for name, value in values if value > 0}
        return found


def pack(values: Iterable[int]) -> int:
    """Signed whole numbers in one int; sums of packed ints are packed sums, as long as each stays below 2**31."""
    out = 0
    for place, value in enumerate(values):
        out += value << (_BITS * place)
    return out


def unpack(packed: int, count: int) -> tuple[int, ...]:
    """The inverse of `pack`."""
    return unpacker(count)(packed)


@cache
def unpacker(count: int) -> Callable[[int], tuple[int, ...]]:
    """`unpack` for so many values."""
    shift, size = sum(_HALF << (_BITS * place) for place in range(count)), _BITS // 8 * count
    fields: Callable[[bytes], tuple[int, ...]] = Struct(f"<{count}i").unpack

    def unpacked(packed: int) -> tuple[int, ...]:
        # Every field is made positive, so that none borrows from the next; then its sign is put back.
        return fields(((packed + shift) ^ shift).to_bytes(size, "little"))

    return unpacked


FILE = "weights.json.gz"


@cache
def load() -> Model | None:
    """The shipped weights, or None when the file is missing or broken: rules then work alone (fail open)."""
    try:
        raw = (resources.files("kithwell.safety") / "data" / FILE).read_bytes()
        return parse(raw)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def parse(raw: bytes) -> Model:
    """Raises ValueError, KeyError, TypeError or OSError for a file that is not ours."""
    content: dict[str, Any] = json.loads(gzip.decompress(raw))
    heads = tuple(content["heads"])
    table = {
        word: pack(weights)
        for word, weights in zip(content["words"], zip(*content["weights"], strict=True), strict=True)
    }
    blends = {name: _blend(row, heads) for name, row in content["blends"].items()}
    singles = frozenset(word for word in content["words"] if " " not in word)
    digest = hashlib.sha256(raw).hexdigest()
    return Model(heads, tuple(content["bias"]), table, blends, digest, singles)


def _blend(row: dict[str, Any], heads: Sequence[str]) -> Blend:
    curve = Curve(tuple(row["curve"][0]), tuple(row["curve"][1]))
    weights = dict(row["weights"])
    loud = tuple(weights.get(name, 0.0) for name in heads)
    quiet = tuple(weights.get(name, 0.0) + weights.get(f"quiet {name}", 0.0) for name in heads)
    return Blend(row["bias"], weights, curve, row["threshold"], loud, quiet)
