"""Screening: how fast, and how good on texts it has not seen. `./dev bench screen`; all targets: `./dev bench safety`.

Speed is measured on generated text of 450 characters, one text at a time, in processor time of this process (a busy
machine slows the wall clock, not that), and, without a bar, on texts that people wrote. Quality is out of fold: every
text is screened by weights, curves and thresholds made without it. It needs the corpora beside the repository and the
files of `./dev train safety`, and says so when they are not there.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kithwell.safety import screen, warm
from kithwell.safety.train import corpora, evaluate
from kithwell.safety.train.corpora import NoData, home

SPEED, P99_MS, EVERYDAY, RECALL = 10_000, 1.0, 0.005, 0.90
"""The bars: texts a second and core, milliseconds, share of everyday comments flagged, share of severe posts found."""
_CALM = (
    "my sister called about the weekend",
    "work was long and the train was late again",
    "i made soup and watched the rain",
    "the doctor moved my appointment to next month",
    "i do not know how to tell my mother about the money",
    "we walked to the lake and talked for hours",
    "i have been sleeping badly since the move",
    "school starts again soon",
    "my neighbour plays the piano at night",
    "i feel tired but the garden helps a little",
)
_HEAVY = (
    "i feel so alone tonight",
    "i cannot go on like this",
    "sometimes i wish i was dead",
    "i keep thinking about ending it",
    "nobody would miss me",
    "i hate myself for it",
    "my friend wants to die and i am scared",
    "i have the pills here",
)


def texts(count: int, size: int, seed: int = 7, heavy: float = 0.15) -> list[str]:
    """Generated texts of `size` characters; a share `heavy` of the sentences speaks of despair."""
    dice = random.Random(seed)
    out = []
    for _ in range(count):
        text = ""
        while len(text) < size:
            line = dice.choice(_HEAVY if dice.random() < heavy else _CALM)
            text += f"{line[0].upper()}{line[1:]}{dice.choice(['. ', '! ', ', and ', '.'])} "
        out.append(text[:size])
    return out


def written(base: Path, size: int) -> dict[str, list[str]]:
    """Texts that people wrote, cut to `size` characters: posts of a suicide forum; everyday comments put together."""
    posts = [row.text[:size] for row in corpora.severity(base) if len(row.text) >= size]
    line = " ".join(row.text for row in corpora.everyday(base) if row.part == corpora.TEST)
    return {"posts": posts, "comments": [line[at : at + size] for at in range(0, len(line) - size, size)]}


def speed(count: int, size: int, heavy: float, rounds: int = 5) -> dict[str, float]:
    """`timed` on generated texts."""
    return timed(texts(max(count // rounds, 200), size, heavy=heavy), rounds)


def timed(rows: Sequence[str], rounds: int = 5) -> dict[str, float]:
    """Texts per second and latencies in milliseconds, the best of some rounds: other work on the machine can only
    make a round worse, also in processor time."""
    for text in rows[:300]:
        screen(text)
    gc.collect()
    best: dict[str, float] = {"per_second_cpu": 0.0}
    for _ in range(rounds):
        each = []
        wall = time.perf_counter()
        for text in rows:
            began = time.thread_time_ns()
            screen(text)
            each.append(time.thread_time_ns() - began)
        wall = time.perf_counter() - wall
        each.sort()
        found = {
            "per_second_cpu": round(len(rows) / (sum(each) / 1e9)), "per_second_wall": round(len(rows) / wall),
            "p50_ms": round(each[len(each) // 2] / 1e6, 4), "p99_ms": round(each[len(each) * 99 // 100] / 1e6, 4),
        }  # fmt: skip
        best = max(best, found, key=lambda one: one["per_second_cpu"])
    return best


def _show(figures: dict[str, Any], indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _show(value, indent + "  ")
        else:
            print(f"{indent}{name:<28} {round(value, 5) if isinstance(value, float) else value}")


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench screen", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="texts for the speed part")
    parser.add_argument("--speed-only", action="store_true")
    args = parser.parse_args(list(argv))
    figures: dict[str, Any] = {"version": warm()}
    figures["speed_450"] = speed(args.count, 450, 0.02)  # one in seven texts speaks of despair
    figures["speed_450_despair"] = speed(args.count // 2, 450, 0.15)  # four in five texts speak of despair
    missed = ["speed_450"] if figures["speed_450"]["per_second_cpu"] < SPEED else []
    missed += [name for name in ("speed_450", "speed_450_despair") if figures[name]["p99_ms"] >= P99_MS]
    try:
        for name, rows in written(home(), 450).items():
            figures[f"speed_450_{name}"] = timed(rows)  # no bar: what people write is more varied
    except NoData as error:
        print(f"speed on texts of people not measured: {error}")
    if not args.speed_only:
        try:
            seen = evaluate.answers(home(), evaluate.engines(), users=False)
            figures["crisis"] = evaluate.crisis_figures(seen.posts, seen.everyday)
            figures["conduct"] = evaluate.conduct_figures(seen.tweets, seen.cases, seen.everyday)
            if figures["crisis"]["everyday_flagged"] > EVERYDAY:
                missed.append("everyday comments flagged")
            if figures["crisis"]["flag_recall"] < RECALL:
                missed.append("recall of severity >= 3")
        except (NoData, evaluate.NoFolds) as error:
            print(f"quality not measured: {error}")
            figures["quality"] = "not measured: no corpora or no fold files here"
    _show(figures)
    print("below the bar: " + ", ".join(missed) if missed else "every bar met")
    print("BENCH " + json.dumps({"name": "screen", "missed": missed, **figures}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
