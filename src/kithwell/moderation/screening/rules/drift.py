"""When is a week out of the ordinary? Pure.

A week's share of flagged texts is held against the pooled share of up to eight weeks before it, on the arcsine scale,
where the scatter of a share does not depend on its size. Scatter that these weeks show beyond chance is counted in
(Laney's p' chart), and so is the little that is known of few weeks. A week has drifted when it lies at least `FAR`
standard errors away **and** is half as much again, or two thirds or less, of what is usual. With few texts nothing is
said: chance alone gives about one false alarm in two thousand comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, sqrt
from typing import Final

FAR: Final = 3.5
TIMES: Final = 1.5
WEEKS: Final = 8
LEAST_WEEKS: Final = 4
LEAST_TEXTS: Final = 50  # in the week itself
LEAST_FLAGS: Final = 5  # flagged, or expected to be


@dataclass(frozen=True, slots=True)
class Week:
    """Texts looked at, and how many of them were flagged."""

    texts: int
    flagged: int

    @property
    def share(self) -> float:
        return self.flagged / self.texts if self.texts else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`usual`: the share of the weeks before; `far`: how many standard errors this week lies from it, with a sign."""

    usual: float
    share: float
    far: float
    drifted: bool


def judge(now: Week, before: Sequence[Week]) -> Verdict | None:
    """This week against those before it; None where too little is known to say anything."""
    past = [week for week in before if week.texts][-WEEKS:]
    texts = sum(week.texts for week in past)
    if now.texts < LEAST_TEXTS or len(past) < LEAST_WEEKS or texts < LEAST_TEXTS * LEAST_WEEKS:
        return None
    usual = sum(week.flagged for week in past) / texts
    scatter = _scatter([_away(week, usual) for week in past])
    far = _away(now, usual) / scatter / sqrt(1 + now.texts / texts)
    enough = max(now.flagged, usual * now.texts) >= LEAST_FLAGS
    apart = now.share >= TIMES * usual or now.share * TIMES <= usual
    return Verdict(usual, now.share, far, enough and apart and abs(far) >= FAR)


def _away(week: Week, usual: float) -> float:
    """How far a week lies from a share, in standard errors of chance (Anscombe's arcsine)."""
    n = week.texts
    return 2 * sqrt(n + 0.75) * (_angle(week.flagged, n) - _angle(usual * n, n))


def _angle(flagged: float, texts: int) -> float:
    return asin(sqrt((flagged + 0.375) / (texts + 0.75)))


def _scatter(away: Sequence[float]) -> float:
    """By how much these weeks differ more than chance explains; never less than chance."""
    return max(1.0, sqrt(sum(one * one for one in away) / (len(away) - 1)))
