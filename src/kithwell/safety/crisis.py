"""Does this person need help? Rules and scorer together, tuned for recall. Pure.

`flag` is true exactly from C2 on. Rules give a level (see `levels`); the scorer gives a probability that a careful
reader would see at least a wish to die with a method, intent, plan or act. Whichever is more worried wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kithwell.safety.context import Weighed
from kithwell.safety.levels import Judged
from kithwell.safety.linear import Curve, Model

RULE_SCORES = (0.01, 0.12, 0.55, 0.75, 0.9, 0.97)
"""The score of a level where no scorer speaks (other languages, no weights). Not calibrated, said so in the card."""

WHY = {
    "negated": "negated",
    "negated, but": "negated, with a but",
    "past": "time: past",
    "quoted": "someone else's words",
    "third": "about someone else: guidance for a helper",
    "addressee": "said to or of another",
    "hyperbole": "a figure of speech",
}
QUIET = 1
RULE_SEVERITY = (0.0, 0.5, 1.5, 2.5, 4.5, 5.5)
"""The severity of a level, 0..6, where no scorer speaks."""
FLOORS = (0.0, 0.0, 0.0, 0.15, 0.45, 0.8)
"""The least score at a level given by rules, from the share of such training posts that readers called severe."""

MASKED = frozenset({"negated", "quoted", "hyperbole", "third", "past", "addressee"})


@dataclass(slots=True)
class Crisis:
    level: int
    score: float
    distress: float
    distress_flag: bool
    severity: float

    @property
    def flag(self) -> bool:
        return self.level >= 2


_LEVEL_NAMES = tuple(f"level {level}" for level in range(6))


def features(weighed: Sequence[Weighed], judged: Judged, words: int) -> dict[str, float]:
    """What the rules saw, as numbers for the blend; the training uses this very function."""
    out = {_LEVEL_NAMES[judged.level]: 1.0}
    for row in weighed:
        if row.less:
            out[f"less {row.less}"] = 1.0
        else:
            name = f"kind {row.kind}"
            out[name] = min(out.get(name, 0.0) + 0.5, 1.0) if name in out else 0.5
    out["long"] = min(words, 400) / 400
    return out


def inputs(heads: Mapping[str, float], seen: Mapping[str, float], level: int) -> dict[str, float]:
    """What a crisis blend is trained on. "quiet ..." lets heads weigh otherwise where the rules saw little."""
    out = {**heads, **seen}
    if level <= QUIET:
        for name, value in heads.items():
            out[f"quiet {name}"] = value
    return out


def masked(words: Sequence[str], line: str, weighed: Sequence[Weighed]) -> Sequence[str]:
    """The words without those of hits that are not the writer's own wish, so the scorer does not count them."""
    gone: set[int] = set()
    for row in weighed:
        if row.less in MASKED or row.kind in ("other", "loss"):
            first = line.count(" ", 0, row.hit.start + 1) - 1
            last = line.count(" ", 0, row.hit.end)
            gone.update(range(first, last))
    return ["." if index in gone else word for index, word in enumerate(words)] if gone else words


def decide(judged: Judged, seen: dict[str, float], model: Model | None, heads: Sequence[float]) -> Crisis:
    """Level and scores. Without a model (or a language it knows) `heads` is empty and rules decide alone."""
    level = judged.level
    if model is None or not heads:
        distress = RULE_SCORES[level] if level != 1 else 0.6
        return Crisis(level, RULE_SCORES[level], distress, distress >= 0.5, RULE_SEVERITY[level])
    quiet = level <= QUIET
    crisis, severe, sad = model.blends["crisis"], model.blends["severe"], model.blends["distress"]
    score = crisis.score(heads, seen, quiet)
    if score >= crisis.threshold:
        level = max(level, 2)
        if severe.score(heads, seen, quiet) >= severe.threshold:
            level = max(level, 3)
    if judged.level >= 2:
        # Where the rules are surer than the scorer, their floor speaks; the order among such texts is kept.
        floor = max(FLOORS[judged.level], crisis.threshold)
        if score < floor:
            score = floor + (1.0 - floor) * 0.05 * score
    distress = max(sad.score(heads, seen, quiet), score)
    flag = distress >= sad.threshold or level >= 2
    severity = _severity(model, heads, seen, quiet, score)
    return Crisis(max(level, 1) if flag else level, score, distress, flag, severity)


_FROM_SCORE = Curve((0.0, 0.05, 0.5, 0.9, 1.0), (0.0, 1.5, 3.0, 5.0, 6.0))


def _severity(
    model: Model, heads: Sequence[float], seen: Mapping[str, float], quiet: bool, score: float
) -> float:
    blend = model.blends.get("severity")
    return blend.score(heads, seen, quiet) if blend else _FROM_SCORE(score)
