"""`python -m kithwell.safety.train.second`: the small parts of the second stage, and what both stages are worth.

Needs the encoder's changes (`second/data/encoder.npz`, made by `second_encoder.py`, which needs torch) and what each
fold's encoder said of texts it had not seen (`folds.npz` beside it). Needs no torch itself. Fixed folds, no dice: the
same data and versions give the same files.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kithwell.safety.screening import screen_with
from kithwell.safety.second import decide, encoder, heads, opinion
from kithwell.safety.signals import LEVELS
from kithwell.safety.train import corpora, evaluate, second_distress, second_fit, second_texts
from kithwell.safety.train.corpora import TEST, Row
from kithwell.safety.train.second_fit import Floats, Grades, Whole

CALM = 1500
"""Everyday comments that stand beside the posts where blends and chances are fitted."""
BUDGET = 0.0015
"""Share of everyday comments the second stage alone may raise to C2."""
RECORD = evaluate.HOME / "second.json"
"""The figures of the card, for `./dev bench safety`."""


class Reader:
    """Encoder and n-gram questions over many texts."""

    def __init__(self, data: Path) -> None:
        self.encoder = encoder.load(data)
        with np.load(data / "encoder.npz", allow_pickle=False) as file:
            self.head, self.head_bias = file["head.weight"].astype(float), file["head.bias"].astype(float)

    def read(self, texts: Sequence[str]) -> Floats:
        return np.array([self.encoder.read(text) for text in texts], dtype=float)

    def said(self, read: Floats) -> list[dict[str, float]]:
        """What the trained head says, by the names that blends use."""
        return [named(row) for row in read @ self.head.T + self.head_bias]


def named(row: Floats) -> dict[str, float]:
    return opinion.inputs(dict(zip(opinion.HEAD, map(float, row), strict=True)), {})


def fold_numbers(data: Path, rows: Sequence[Row]) -> list[dict[str, float]]:
    """For every post what the encoder said that was trained without its fold. Raises ValueError for other posts."""
    with np.load(data / "folds.npz", allow_pickle=False) as file:
        known = {bytes(key).hex(): row for key, row in zip(file["keys"], file["said"], strict=True)}
    try:
        return [named(known[second_texts.key(row.text)].astype(float)) for row in rows]
    except KeyError:
        raise ValueError("folds.npz was made from other posts: train the encoder again") from None


class Posts:
    """The posts with human severity, everyday comments beside them, and everything blends may look at."""

    def __init__(self, base: Path, data: Path, reader: Reader, rare: Any) -> None:
        self.rows = corpora.severity(base)
        self.grade: Whole = np.array([row.label for row in self.rows])
        self.fold: Whole = np.array([row.fold for row in self.rows])
        self.calm = second_texts.everyday(base)[second_texts.TAUGHT : second_texts.TAUGHT + CALM]
        self.calm_fold: Whole = np.array([row.fold for row in self.calm])
        self.table = second_fit.table([row.text for row in self.rows], rare)
        self.calm_table = second_fit.table([row.text for row in self.calm], rare)
        self.said = fold_numbers(data, self.rows)
        self.calm_said = reader.said(reader.read([row.text for row in self.calm]))
        ruled = [opinion.ruled(row.text) for row in self.rows]
        self.ruled = [dict(one.found) for one in ruled]
        self.calm_ruled = [dict(opinion.ruled(row.text).found) for row in self.calm]

    def grams(self, keep: Whole, calm: Whole) -> tuple[Floats, float]:
        """The n-gram line fitted on these posts and comments."""
        from scipy import sparse  # type: ignore[import-untyped]
        from sklearn.linear_model import Ridge  # type: ignore[import-untyped]

        x = sparse.vstack([self.table[keep], self.calm_table[calm]]).tocsr()
        y = np.concatenate([self.grade[keep], np.zeros(len(calm))])
        weight = np.concatenate([np.ones(len(keep)), np.full(len(calm), 0.3)])
        model = Ridge(alpha=1.5).fit(x, y, sample_weight=weight)
        return model.coef_, float(model.intercept_)

    def grams_without(self, gone: set[int], said_of: int) -> tuple[Floats, Floats]:
        """What n-grams fitted without these folds say of the posts and comments of one fold."""
        keep = np.flatnonzero(~np.isin(self.fold, list(gone)))
        calm = np.flatnonzero(~np.isin(self.calm_fold, list(gone)))
        weights, bias = self.grams(keep, calm)
        return (
            self.table[np.flatnonzero(self.fold == said_of)] @ weights + bias,
            self.calm_table[np.flatnonzero(self.calm_fold == said_of)] @ weights + bias,
        )


def names_for(posts: Posts, use: Sequence[str]) -> list[str]:
    """The names a stack may use: "encoder", "grams", "rules"."""
    out = []
    if "encoder" in use:
        out += ["encoder line", "encoder grades"]
    if "grams" in use:
        out.append("grams severity")
    if "rules" in use:
        out += sorted({name for row in posts.ruled for name in row})
    return out


class Nested:
    """The stack, its cuts and its chances for each outer fold, made without that fold."""

    def __init__(self, posts: Posts) -> None:
        self.posts = posts
        self.cache: dict[tuple[frozenset[int], int], tuple[Floats, Floats]] = {}

    def _rows(self, gone: frozenset[int], fold: int) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
        if (gone, fold) not in self.cache:
            self.cache[gone, fold] = self.posts.grams_without({*gone, fold}, fold)
        of_posts, of_calm = self.cache[gone, fold]
        posts = self.posts
        at, calm = np.flatnonzero(posts.fold == fold), np.flatnonzero(posts.calm_fold == fold)
        return (
            [
                {**posts.said[i], **posts.ruled[i], "grams severity": float(v)}
                for i, v in zip(at, of_posts, strict=True)
            ],
            [
                {**posts.calm_said[i], **posts.calm_ruled[i], "grams severity": float(v)}
                for i, v in zip(calm, of_calm, strict=True)
            ],
        )

    def _fit(self, gone: frozenset[int], folds: Sequence[int], names: Sequence[str]) -> Grades:
        x, y, weight = [], [], []
        for fold in folds:
            of_posts, of_calm = self._rows(gone, fold)
            x += [second_fit.columns(of_posts, names), second_fit.columns(of_calm, names)]
            grades = self.posts.grade[self.posts.fold == fold]
            y += [grades, np.zeros(len(of_calm))]
            weight += [np.ones(len(grades)), np.full(len(of_calm), 0.1)]
        return second_fit.grades(np.concatenate(x), np.concatenate(y), np.concatenate(weight))

    def lines(self, gone: frozenset[int], names: Sequence[str]) -> tuple[Whole, Floats, Whole, Floats]:
        """Out-of-fold lines of all folds but `gone`: (places, lines) of posts, then of comments."""
        folds = [fold for fold in second_fit.folds() if fold not in gone]
        places, totals, calm_places, calm_totals = [], [], [], []
        for fold in folds:
            said = self._fit(gone, [other for other in folds if other != fold], names)
            of_posts, of_calm = self._rows(gone, fold)
            places.append(np.flatnonzero(self.posts.fold == fold))
            totals.append(said(second_fit.columns(of_posts, names)))
            calm_places.append(np.flatnonzero(self.posts.calm_fold == fold))
            calm_totals.append(said(second_fit.columns(of_calm, names)))
        return (
            np.concatenate(places), np.concatenate(totals),
            np.concatenate(calm_places), np.concatenate(calm_totals),
        )  # fmt: skip

    def outer(self, names: Sequence[str]) -> dict[str, Floats]:
        """Line, grade and chances of every post and comment, all made without its fold."""
        posts = self.posts
        out = {name: np.zeros(len(posts.rows)) for name in ("line", "grade", "3", "4")}
        out.update({f"calm {name}": np.zeros(len(posts.calm)) for name in ("line", "3", "4")})
        for fold in second_fit.folds():
            gone = frozenset({fold})
            settings = self.settings(gone, names)
            said = self._fit(gone, [k for k in second_fit.folds() if k != fold], names)
            of_posts, of_calm = self._rows(gone, fold)
            at, calm = posts.fold == fold, posts.calm_fold == fold
            total = said(second_fit.columns(of_posts, names))
            calm_total = said(second_fit.columns(of_calm, names))
            out["line"][at], out["calm line"][calm] = total, calm_total
            out["grade"][at] = np.rint(second_fit.along(settings["grades"], total) + 1e-9)
            for least in ("3", "4"):
                out[least][at] = second_fit.along(settings["chances"][least], total)
                out[f"calm {least}"][calm] = second_fit.along(settings["chances"][least], calm_total)
        return out

    def settings(self, gone: frozenset[int], names: Sequence[str]) -> dict[str, Any]:
        """Grades and chances fitted on out-of-fold lines of the folds that are left."""
        places, totals, _, calm = self.lines(gone, names)
        grade = self.posts.grade[places]
        both = np.concatenate([totals, calm])
        weight = np.concatenate([np.ones(len(totals)), np.full(len(calm), len(totals) / max(1, len(calm)))])
        nothing = np.zeros(len(calm), dtype=int)
        return {
            "grades": second_fit.grade_line(second_fit.even_cuts(totals, grade)),
            "chances": {
                str(least): second_fit.chance_line(
                    both, np.concatenate([(grade >= least).astype(int), nothing]), weight
                )
                for least in (3, 4)
            },
        }


def figures(posts: Posts, said: Mapping[str, Floats]) -> dict[str, Any]:
    """What the card says of severity: pooled over the outer folds, with intervals."""
    grade, line = posts.grade, said["line"]
    fit = second_fit
    severe = (grade >= 4).astype(int)
    out: dict[str, Any] = {
        "kappa": fit.interval(grade, said["grade"].astype(int), lambda a, b: fit.kappa(b, a))
    }
    for least in (1, 2, 3, 4):
        out[f"auc>={least}"] = fit.interval((grade >= least).astype(int), line, fit.area, 200)
    out["precision of >=4 at recall .90"] = fit.interval(severe, line, fit.precision_at, 300)
    flags = (said["grade"] >= 4).astype(int)
    out["graded >=4: recall"] = round(float(flags[severe == 1].mean()), 3)
    out["graded >=4: precision"] = round(float(severe[flags == 1].mean()), 3)
    for least in ("3", "4"):
        label = (grade >= int(least)).astype(int)
        out[f"ece>={least} posts"] = round(_ece(said[least], label), 3)
        both = np.concatenate([said[least], said[f"calm {least}"]])
        out[f"ece>={least} posts and comments"] = round(
            _ece(both, np.concatenate([label, np.zeros(len(posts.calm), dtype=int)])), 3
        )
    unseen = np.array([row.part == TEST for row in posts.rows])
    out["posts nobody read"] = int(unseen.sum())
    out["kappa, posts nobody read"] = fit.interval(
        grade[unseen], said["grade"][unseen].astype(int), lambda a, b: fit.kappa(b, a)
    )
    return out


def _ece(score: Floats, label: Whole) -> float:
    from kithwell.safety.train import measure

    return measure.calibration_error(list(map(float, score)), list(map(int, label)))


def limits(posts: Posts, said: Mapping[str, Floats]) -> dict[str, float]:
    """Where the second stage raises and lowers, from out-of-fold chances.

    C2: the budget of everyday comments. C3: where six of ten posts at or above are severe, and never before C2. Lower:
    one severe post in fifty lies below (and only posts that no rule found could be lowered at all).
    """
    calm = np.sort(said["calm 3"])[::-1]
    severe = posts.grade >= 3
    chance = said["3"]
    at = np.unique(chance)
    right = [value for value in at if severe[chance >= value].mean() >= 0.6]
    second = float(calm[int(BUDGET * len(calm))]) + 1e-4
    return {
        "raise to C2": round(second, 4),
        "raise to C3": round(max(second, float(min(right))), 4),
        "lower": round(float(np.quantile(chance[severe], 0.02)), 4),
    }


def together(posts: Posts, said: Mapping[str, Floats], set_at: Mapping[str, float]) -> dict[str, float]:
    """What both stages flag of posts that neither has seen, beside the first alone. {} without the first's folds."""
    try:
        tools = evaluate.engines()
    except evaluate.NoFolds:
        return {}
    first = [screen_with(tools[row.fold], row.text) for row in posts.rows]
    both = [
        decide.level(one, opinion.Opinion(0.0, float(chance), 0.0, opinion.ruled(row.text).level), set_at)
        for one, row, chance in zip(first, posts.rows, said["3"], strict=True)
    ]
    alone, level = np.array([LEVELS.index(one.crisis_level) for one in first]), np.array(both)
    severe, unread = posts.grade >= 3, np.array([row.part == TEST for row in posts.rows])
    out = {"raised": float((level > alone).sum()), "lowered": float((level < alone).sum())}
    for name, at in (
        ("severe", severe),
        ("severe nobody read", severe & unread),
        ("grade 0", posts.grade == 0),
    ):
        for least in (2, 3):
            out[f"{name}, C{least} or above: first"] = round(float((alone[at] >= least).mean()), 3)
            out[f"{name}, C{least} or above: both"] = round(float((level[at] >= least).mean()), 3)
    return out


def record(
    used: Mapping[str, Any], distress: Mapping[str, Any], flagged: Mapping[str, float]
) -> dict[str, Any]:
    """Targets beside results, for `./dev bench safety`."""
    return {
        "severity: quadratic kappa >= 0.80": used["kappa"][0],
        "the same, posts nobody read": used["kappa, posts nobody read"][0],
        "severity >= 4: precision at recall .90 >= 0.60": used["precision of >=4 at recall .90"][0],
        "calibration error of >= 3, posts <= 0.05": used["ece>=3 posts"],
        "calibration error of >= 3, posts and comments <= 0.05": used["ece>=3 posts and comments"],
        "severity >= 3: recall of the flag >= 0.90": flagged.get("severe, C2 or above: both"),
        "distress, marked posts: F1 >= 0.77 (not the stress posts)": distress[
            "marked: f1 were half distressed"
        ],
    }


def blend(names: Sequence[str], line: tuple[Floats, float]) -> dict[str, Any]:
    """As `heads.json` keeps it."""
    weights, bias = line
    return {
        "bias": round(bias, 6),
        "weights": {name: round(float(value), 6) for name, value in zip(names, weights, strict=True)},
    }


def main() -> int:
    try:
        base = corpora.home()
    except corpora.NoData as error:
        print(f"nothing to train from: {error}", file=sys.stderr)
        return 1
    data = opinion.DATA
    reader = Reader(data)
    comments = second_texts.everyday(base)[:12000]
    background = corpora.risk_users(base)[:8000] + comments + corpora.tweets(base)[:8000]
    raw = second_fit.rareness([row.text for row in background])
    whole, unit = second_fit.rounded(raw, 255)
    rare = (whole * unit).astype(np.float32)
    posts = Posts(base, data, reader, rare)
    nested = Nested(posts)
    shown: dict[str, Any] = {}
    for use in (("encoder",), ("grams",), ("rules",), ("encoder", "grams"), ("encoder", "rules"), ("grams", "rules"),
                ("encoder", "grams", "rules")):  # fmt: skip
        names = names_for(posts, use)
        said = nested.outer(names)
        shown[" + ".join(use)] = figures(posts, said)
        print(" + ".join(use), json.dumps(shown[" + ".join(use)]), flush=True)
    settings = nested.settings(frozenset(), names)
    grader = nested._fit(frozenset(), list(second_fit.folds()), names)
    troubled = second_distress.sources(base, reader)
    asked = second_distress.question(troubled)
    distress = second_distress.figures(base, reader, troubled)
    print("distress", json.dumps(distress), flush=True)
    gram_weights, gram_bias = posts.grams(np.arange(len(posts.rows)), np.arange(len(posts.calm)))
    table, size = second_fit.rounded(gram_weights, 127)
    np.savez_compressed(
        data / "grams.npz",
        rareness=whole.astype(np.uint8),
        weights=table[None].astype(np.int8),
        scales=np.array([size], dtype=np.float32),
        bias=np.array([gram_bias], dtype=np.float32),
        question_weights=np.vstack([reader.head, asked[0]]).astype(np.float16),
        question_bias=np.append(reader.head_bias, asked[1]).astype(np.float32),
    )
    set_at = {**limits(posts, said), "distress": second_distress.AT}
    flagged = together(posts, said, set_at)
    print("both stages", json.dumps(flagged))
    content = {
        "rareness": unit,
        "grams": ["severity"],
        "questions": list(opinion.ASKED),
        "severity": {
            "line": blend(names, grader.line),
            "least": [blend(names, line) for line in grader.least],
        },
        "distress": blend(second_distress.NAMES, second_distress.fit(troubled)),
        **settings,
        "limits": set_at,
        "belongs": {
            name: hashlib.sha256((data / name).read_bytes()).hexdigest()
            for name in ("encoder.npz", "grams.npz")
        },
    }
    (data / "heads.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    used = shown["encoder + grams + rules"]
    RECORD.write_text(json.dumps(record(used, distress, flagged), indent=1) + "\n", encoding="utf-8")
    print("limits", content["limits"])
    print(f"wrote {', '.join(heads.FILES)}: sha256 {heads.digest(data)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
