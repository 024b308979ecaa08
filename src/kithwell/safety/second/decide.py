"""From a first answer and a second opinion to the answer of both. Pure.

Heard always: what the rules found by the words for a wish, a plan, means or a time stands. The second stage may raise
a level, at most to C3 (a plan or a means must be said to be believed), and may lower one only where the first stage's
scorer alone had raised it, never below C1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import log

from kithwell.safety.second.heads import sigmoid
from kithwell.safety.second.opinion import Opinion
from kithwell.safety.signals import LEVELS, Screening

SCORER_ALONE = "words that weigh on the score"
"""The label the first stage gives its reasons where its scorer alone raised the level."""
HIGHEST_RAISE = 3


def scorer_alone(screening: Screening, rules_level: int) -> bool:
    """Did only the first scorer, and no rule, raise this to C2 or C3?"""
    return (
        screening.crisis_level in ("C2", "C3")
        and rules_level < 2
        and any(span.label == SCORER_ALONE for span in screening.spans)
    )


def level(screening: Screening, opinion: Opinion, limits: Mapping[str, float]) -> int:
    """The level of both stages."""
    now = LEVELS.index(screening.crisis_level)
    if scorer_alone(screening, opinion.rules_level) and opinion.severe3 < limits["lower"]:
        return 1
    if opinion.severe3 >= limits["raise to C3"]:
        return max(now, HIGHEST_RAISE)
    if opinion.severe3 >= limits["raise to C2"]:
        return max(now, 2)
    return now


FIRST = 0.3
"""How much the first stage's distress counts: it knows more words for feelings, the second knows whose they are."""
_SURE = 1e-3


def pooled(first: float, second: float) -> float:
    """One chance of distress from two: the weighted mean of their log odds."""

    def odds(chance: float) -> float:
        inside = min(max(chance, _SURE), 1 - _SURE)
        return log(inside / (1 - inside))

    return round(sigmoid(FIRST * odds(first) + (1 - FIRST) * odds(second)), 4)


def refined(screening: Screening, opinion: Opinion, limits: Mapping[str, float], version: str) -> Screening:
    """The answer of both stages. What is said about others' safety stays as it is."""
    now = level(screening, opinion, limits)
    distress = max(pooled(screening.distress_score, opinion.distress), opinion.severe3)
    return replace(
        screening,
        crisis_level=LEVELS[now],
        crisis_score=opinion.severe3,
        crisis_flag=now >= 2,
        crisis_severity=opinion.severity,
        distress_score=distress,
        distress_flag=distress >= limits["distress"] or now >= 2,
        version=f"{screening.version}+{version}",
    )
