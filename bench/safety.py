"""Screening against every target of its issue, each beside its result. `./dev bench safety`.

Figures of quality are out of fold: every text is screened, through the code of the product, by weights, curves and
thresholds made without it (`kithwell.safety.train.evaluate`, files in bench/folds/ from `./dev train safety`). Where a
target names texts that are not here, the line says so and shows the nearest thing that is. The second stage's figures
are those recorded when it was trained (bench/folds/second.json), if they are there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kithwell.safety import has_second, warm
from kithwell.safety.train import evaluate
from kithwell.safety.train.corpora import NoData, home

sys.path.insert(0, str(Path(__file__).parent))
from screen import P99_MS, SPEED, speed

SECOND = evaluate.HOME / "second.json"


@dataclass(frozen=True)
class Line:
    """One target. `met` is None where it cannot be measured here or is not the first stage's alone."""

    target: str
    result: str
    met: bool | None
    note: str = ""


def _least(name: str, value: float, least: float, note: str = "") -> Line:
    return Line(f"{name} >= {least}", f"{value:.3f}", value >= least, note)


def _most(name: str, value: float, most: float, note: str = "") -> Line:
    return Line(f"{name} <= {most}", f"{value:.4f}", value <= most, note)


def quality(figures: dict[str, Any]) -> list[Line]:
    people, conduct, distress, forum = (
        figures["crisis"], figures["conduct"], figures["distress"], figures["forum"],
    )  # fmt: skip
    low, high = people["flag_recall_interval"]
    right = {name: share for name, (share, _) in conduct["functions"].items()}
    counter = [right["counter_quote_nh"], right["counter_ref_nh"]]
    proxy = (
        "not measurable here: no depression forum; nearest: posts against users not at risk of other forums"
    )
    stress = "not measurable here: no stress posts; nearest: long texts put together of everyday comments, sad or not"
    both = "the target is for both stages; first alone"
    return [
        _least("severity: quadratic kappa, first stage alone", people["kappa"], 0.68),
        Line("severity: quadratic kappa, both stages >= 0.80", f"{people['kappa']:.3f} (first)", None, both),
        Line("severity >= 4: precision at recall .90 >= 0.60", f"{people['precision_4_at_recall_90']:.3f} (first)",
             None, both),
        _least("severity >= 3: recall of the flag", people["flag_recall"], 0.90, f"95 %: {low:.3f} to {high:.3f}"),
        _most("everyday comments flagged", people["everyday_flagged"], 0.005),
        _most("everyday comments flagged at recall .90", people["everyday_at_recall_90"], 0.005),
        _most("calibration error, posts", people["ece_posts"], 0.05),
        _most("calibration error, posts and everyday", people["ece_all"], 0.05),
        _most("calibration error, hate on tweets", conduct["hate_ece"], 0.05),
        _most("calibration error, offensive on tweets", conduct["offensive_ece"], 0.05),
        Line("suicide against depression forum: AUC >= 0.82", f"{forum['posts_score']:.3f}", None, proxy),
        Line("stress posts: F1 >= 0.77", f"{distress['long_f1']:.3f}", None, stress),
        _least("tweets in three classes: macro-F1", conduct["macro_f1"], 0.74),
        _least("functional cases right", conduct["cases_right"], 0.80),
        _most("counter-speech that quotes, wrongly flagged", 1 - counter[0], 0.20),
        _most("counter-speech that refers, wrongly flagged", 1 - counter[1], 0.20),
        _most("reclaimed words wrongly flagged", 1 - right["slur_reclaimed_nh"], 0.20),
        _least("direct threats found", right["threat_dir_h"], 0.85),
    ]  # fmt: skip


def quick(count: int) -> list[Line]:
    lines = []
    for name, heavy in (("one text in seven of despair", 0.02), ("four texts in five of despair", 0.15)):
        found = speed(count, 450, heavy)
        lines.append(Line(f"texts/s and core, {name} >= {SPEED}", str(found["per_second_cpu"]),
                          found["per_second_cpu"] >= SPEED))  # fmt: skip
        lines.append(_most(f"p99 in ms, {name}", found["p99_ms"], P99_MS))
    return lines


def measured() -> dict[str, Any]:
    """All figures of the first stage. Raises NoData or NoFolds."""
    seen = evaluate.answers(home(), evaluate.engines())
    return {
        "crisis": evaluate.crisis_figures(seen.posts, seen.everyday),
        "crisis_test_part": evaluate.crisis_figures(
            seen.posts.where(lambda row: row.part == "test"), seen.everyday
        ),
        "levels": evaluate.levels(seen.posts),
        "distress": evaluate.distress_figures(seen.everyday, seen.long),
        "forum": evaluate.forum_figures(seen.posts, seen.users),
        "conduct": evaluate.conduct_figures(seen.tweets, seen.cases, seen.everyday),
    }


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench safety", description=__doc__)
    parser.add_argument("--count", type=int, default=4_000, help="texts for the speed part, 0 for none")
    args = parser.parse_args(list(argv))
    print(f"first stage {warm()}; second stage {'here' if has_second() else 'not here'}")
    lines = quick(args.count) if args.count else []
    figures: dict[str, Any] = {}
    try:
        figures = measured()
        lines += quality(figures)
    except (NoData, evaluate.NoFolds) as error:
        print(f"quality not measured: {error}")
    for line in lines:
        word = {True: "met", False: "MISSED", None: "--"}[line.met]
        print(f"{word:<7}{line.target:<62}{line.result:>16}  {line.note}")
    recorded = json.loads(SECOND.read_text(encoding="utf-8")) if SECOND.exists() else {}
    for name, value in recorded.items():
        print(f"full   {name:<62}{value!s:>16}  recorded when the second stage was trained")
    if not recorded:
        print("full   both stages: see docs/model-cards/second-stage.md and ./dev bench second")
    missed = [line.target for line in lines if line.met is False]
    print("below the bar: " + "; ".join(missed) if missed else "every bar that can be measured here is met")
    print("BENCH " + json.dumps({"name": "safety", "missed": missed, **figures}, default=str))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
