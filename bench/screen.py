"""Screening: how fast, and how good on the parts of the corpora kept aside. `./dev bench screen`.

Speed is measured on generated text of 450 characters, one text at a time, in processor time of this process (a busy
machine slows the wall clock, not that). Quality needs the corpora beside the repository and says so when they are
not there.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from kithwell.safety import screen, warm
from kithwell.safety.signals import Screening
from kithwell.safety.train import measure
from kithwell.safety.train.corpora import NoData, Row, everyday, hatecheck, home, severity, tweets

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


def speed(count: int, size: int, heavy: float, rounds: int = 5) -> dict[str, float]:
    """Texts per second and latencies in milliseconds, the best of some rounds: other work on the machine can only
    make a round worse, also in processor time."""
    rows = texts(max(count // rounds, 200), size, heavy=heavy)
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


def _test(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.part == "test"]


def _flag(seen: Screening, category: str) -> bool:
    return any(signal.flag for signal in seen.conduct if signal.category == category)


def crisis_quality(posts: Sequence[Row], harmless: Sequence[Row]) -> dict[str, Any]:
    """How well severe posts are told from the others and from everyday comments."""
    seen = [screen(row.text) for row in posts]
    calm = [screen(row.text) for row in harmless]
    score, labels = [one.crisis_score for one in seen], [int(row.label >= 3) for row in posts]
    background = [one.crisis_score for one in calm]
    severe = [one for one, label in zip(seen, labels, strict=True) if label]
    out: dict[str, Any] = {
        "posts": len(posts), "severe": sum(labels), "everyday": len(harmless),
        "flag_recall": round(sum(one.crisis_flag for one in severe) / len(severe), 4),
        "everyday_flagged": round(sum(one.crisis_flag for one in calm) / len(calm), 5),
        "severity0_flagged": round(
            sum(one.crisis_flag for one, row in zip(seen, posts, strict=True) if row.label == 0)
            / max(1, sum(row.label == 0 for row in posts)), 4),
        "auc": {f">={k}": round(measure.auc(score, [int(row.label >= k) for row in posts]), 4) for k in (1, 2, 3, 4)},
        "ece_posts": round(measure.calibration_error(score, labels), 4),
        "ece_all": round(measure.calibration_error(score + background, labels + [0] * len(background)), 4),
        "at_recall": {},
    }  # fmt: skip
    for recall in (0.8, 0.85, 0.9, 0.95):
        at = measure.threshold_at_recall(score, labels, recall)
        out["at_recall"][f"{recall:.2f}"] = round(measure.share_at(background, at), 5)
    table: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one, row in zip(seen, posts, strict=True):
        table[row.label][one.crisis_level] += 1
    out["levels"] = {label: dict(sorted(found.items())) for label, found in sorted(table.items())}
    sad = [
        (one.distress_score, int(row.label == 2))
        for one, row in zip(calm, harmless, strict=True)
        if row.label != 1
    ]
    out["distress_auc"] = round(measure.auc([value for value, _ in sad], [label for _, label in sad]), 4)
    out["everyday_conduct"] = {
        name: round(sum(_flag(one, name) for one in calm) / len(calm), 5)
        for name in ("hate", "offensive", "harassment", "threat")
    }
    return out


def conduct_quality(tweet_rows: Sequence[Row], cases: Sequence[Row]) -> dict[str, Any]:
    """Tweets in three classes, and each function of the functional cases."""
    said = []
    for row in tweet_rows:
        seen = screen(row.text)
        rude = any(_flag(seen, name) for name in ("offensive", "harassment", "threat"))
        said.append(0 if _flag(seen, "hate") else 1 if rude else 2)
    truth = [row.label for row in tweet_rows]
    right: dict[str, list[bool]] = defaultdict(list)
    for row in cases:
        seen = screen(row.text)
        hateful = any(_flag(seen, name) for name in ("hate", "harassment", "threat"))
        right[row.tag].append(hateful == bool(row.label))
    every = [value for values in right.values() for value in values]
    return {
        "tweets": len(said), "tweets_macro_f1": round(measure.macro_f1(said, truth, 3), 4),
        "tweets_accuracy": round(sum(a == b for a, b in zip(said, truth, strict=True)) / len(said), 4),
        "cases": len(every), "cases_right": round(sum(every) / len(every), 4),
        "functions": {name: [round(sum(v) / len(v), 3), len(v)] for name, v in sorted(right.items())},
    }  # fmt: skip


def _show(figures: dict[str, Any], indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _show(value, indent + "  ")
        else:
            print(f"{indent}{name:<28} {value}")


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
    if not args.speed_only:
        try:
            base = home()
            figures["crisis"] = crisis_quality(_test(severity(base)), _test(everyday(base)))
            figures["conduct"] = conduct_quality(_test(tweets(base)), _test(hatecheck(base)))
            if figures["crisis"]["everyday_flagged"] > EVERYDAY:
                missed.append("everyday comments flagged")
            if figures["crisis"]["flag_recall"] < RECALL:
                missed.append("recall of severity >= 3")
        except NoData as error:
            print(f"quality not measured: {error}")
            figures["quality"] = "not measured, no corpora here"
    _show(figures)
    print("below the bar: " + ", ".join(missed) if missed else "every bar met")
    print("BENCH " + json.dumps({"name": "screen", "missed": missed, **figures}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
