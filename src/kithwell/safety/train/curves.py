"""How the scores of hate and rude words lie on texts that the weights have not seen, for the page of thresholds.

    python -m kithwell.safety.train.curves       `./dev train safety` does it too; half a minute

Writes `safety/data/curves.json`: counts by bin of score, of tweets that readers called so, of the other tweets, and of
everyday comments; each text screened by weights made without it. No text and no id is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kithwell.safety import linear
from kithwell.safety.screening import screen_with
from kithwell.safety.train import corpora, evaluate
from kithwell.safety.train.corpora import TEST, Row

BINS = 40
FILE = Path(linear.__file__).parent / "data" / "curves.json"
_CLASSES = {"hate": (0,), "offensive": (0, 1)}  # hateful words are rude as well


def histogram(scores: Iterable[float]) -> list[int]:
    out = [0] * BINS
    for score in scores:
        out[max(0, min(BINS - 1, int(score * BINS + 1e-9)))] += 1
    return out


def measured(base: Path) -> dict[str, Any]:
    """The counts. Raises corpora.NoData or evaluate.NoFolds."""
    tools = evaluate.engines()

    def scored(rows: list[Row]) -> list[tuple[Row, dict[str, float]]]:
        seen = [(row, screen_with(tools[row.fold], row.text).conduct) for row in rows]
        return [(row, {one.category: one.score for one in signals}) for row, signals in seen]

    tweets = scored(list(corpora.tweets(base)))
    calm = scored([row for row in corpora.everyday(base) if row.part == TEST])
    kinds = {}
    for kind, labels in _CLASSES.items():
        kinds[kind] = {
            "right": histogram(found[kind] for row, found in tweets if row.label in labels),
            "wrong": histogram(found[kind] for row, found in tweets if row.label not in labels),
            "everyday": histogram(found[kind] for _row, found in calm),
        }
    weights = hashlib.sha256((FILE.parent / linear.FILE).read_bytes()).hexdigest()
    return {"weights": weights, "bins": BINS, "kinds": kinds}


def write(base: Path) -> Path:
    FILE.write_text(json.dumps(measured(base)) + "\n", encoding="utf-8")
    return FILE


if __name__ == "__main__":
    print(write(corpora.home()))
