"""The second stage: texts a second and core, memory, and how often it is asked. `./dev bench second`.

Speed is measured on generated text of 450 characters, one text at a time, in processor time of this thread (a busy
machine slows the wall clock, not that), the best of some rounds. How good it is stands in the model card, from
`python -m kithwell.safety.train.second`. What it would change on everyday comments is measured here where the corpora
are.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kithwell.safety import screen, second, warm
from kithwell.safety.train.corpora import NoData, everyday, home

sys.path.insert(0, str(Path(__file__).parent))
from screen import texts

PER_SECOND, P99_MS, EVERYDAY, MEGABYTES = 100, 40.0, 0.005, 350
"""The bars: texts a second and core, milliseconds, share of everyday comments flagged by both stages, memory."""


def speed(count: int, rounds: int) -> dict[str, float]:
    """The best of some rounds: other work on the machine can only make a round worse, also in processor time."""
    rows = [(text, screen(text)) for text in texts(count, 450)]
    best = {"per_second_cpu": 0.0}
    for _ in range(rounds):
        each = []
        for text, first in rows:
            began = time.thread_time_ns()
            second.refine(text, first)
            each.append(time.thread_time_ns() - began)
        each.sort()
        found = {
            "per_second_cpu": round(len(rows) / (sum(each) / 1e9), 1), "p50_ms": round(each[len(each) // 2] / 1e6, 2),
            "p99_ms": round(each[len(each) * 99 // 100] / 1e6, 2),
        }  # fmt: skip
        best = max(best, found, key=lambda one: one["per_second_cpu"])
    return best


def calm(base: Path, count: int) -> dict[str, Any]:
    """Everyday comments of the file that nothing was trained on."""
    rows = [row for row in everyday(base) if row.part == "test"][:count]
    first = [screen(row.text) for row in rows]
    both = [second.refine(row.text, one) for row, one in zip(rows, first, strict=True)]
    return {
        "comments": len(rows),
        "wanted": round(sum(map(second.wanted, first)) / len(rows), 4),
        "flagged_first": round(sum(one.crisis_flag for one in first) / len(rows), 5),
        "flagged_both": round(sum(one.crisis_flag for one in both) / len(rows), 5),
    }


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench second", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="texts in each of the rounds")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--comments", type=int, default=2000)
    args = parser.parse_args(list(argv))
    warm()
    began = time.perf_counter()
    if not second.available():
        print("no second stage here: ./dev bench installs it; see docs/safety-second.md")
        return 1
    figures: dict[str, Any] = {
        "version": second.version(), "load_s": round(time.perf_counter() - began, 2),
        **speed(args.count, args.rounds),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    missed = ["texts a second"] if figures["per_second_cpu"] < PER_SECOND else []
    missed += ["p99"] if figures["p99_ms"] > P99_MS else []
    missed += ["memory"] if figures["megabytes"] > MEGABYTES else []
    try:
        figures.update(calm(home(), args.comments))
        missed += ["everyday comments flagged"] if figures["flagged_both"] > EVERYDAY else []
    except NoData as error:
        print(f"everyday comments not measured: {error}")
    for name, value in figures.items():
        print(f"{name:<20} {value}")
    print("below the bar: " + ", ".join(missed) if missed else "every bar met")
    print("BENCH " + json.dumps({"name": "second", "missed": missed, **figures}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
