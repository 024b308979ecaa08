"""The ordinal table: from weighed hits to the author's crisis level C0..C5. Pure; documented in docs/safety.md.

A level from rules is the highest row that applies. The scorer may raise C0 and C1 to C2 or C3, never higher: a plan
or a means must be said to be believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kithwell.safety.context import Weighed

BASE = {
    "distress": 1, "mention": 1, "other": 1, "loss": 1,
    "passive": 2, "selfharm": 2, "attempt": 2, "farewell": 2, "means": 2,
    "active": 3, "method": 3,
    "intent": 4, "plan": 4, "attempt_recent": 4,
    "underway": 5, "time": 0, "soon": 0,
}  # fmt: skip
"""The level of a kind of hit standing alone, said by the writer of themselves, now."""

LESS = {"negated": 1, "negated, but": 2, "past": 1, "quoted": 1, "third": 1, "addressee": 1, "hyperbole": 0}
"""The level left when the surroundings say it is not the writer's own present wish. Never silence, save for a figure
of speech."""

IDEATION = frozenset({"passive", "active", "method", "intent", "plan", "attempt_recent", "underway"})
_FIRM = frozenset({"intent", "plan", "underway"})


@dataclass(slots=True)
class Judged:
    """`level` 0..5 from rules; `own` when at least one hit counts in full; help wanted for someone else."""

    level: int
    own: bool
    guidance: tuple[str, ...]
    kinds: frozenset[str]


def judge(weighed: Iterable[Weighed], before: Iterable[Weighed] = ()) -> Judged:
    """The level of these hits. `before` are hits of the context: they count only together with new ones."""
    rows = list(weighed)
    full = [row for row in rows if not row.less]
    kinds = {row.kind for row in full}
    level = max((BASE[row.kind] for row in full), default=0)
    level = max([level, *(_left(row) for row in rows if row.less)])
    earlier = {row.kind for row in before if not row.less}
    if full:
        level = max(level, _together(full, kinds, earlier))
    guidance = _guidance(rows)
    if "concern for another" in guidance and _urgent(rows, kinds):
        level = max(level, 3)
    own = bool(kinds - {"time", "soon", "other", "loss"})
    return Judged(min(level, 5), own, guidance, frozenset(kinds))


def _left(row: Weighed) -> int:
    if row.kind == "attempt" and row.less == "past":
        return 2  # an attempt stays a sign of risk however long ago
    return min(LESS[row.less], BASE[row.kind])


def _together(full: list[Weighed], kinds: set[str], earlier: set[str]) -> int:
    """Combinations: means, time and farewell weigh by what they stand with."""
    level = 0
    everything = kinds | earlier
    ideation = bool(IDEATION & everything)
    if "means" in kinds:
        level = 4 if ideation or "farewell" in everything else (3 if "distress" in everything else 2)
    if "farewell" in kinds:
        level = max(level, 4 if ideation else (3 if "distress" in everything else 2))
    if "mention" in kinds and any(row.doubt == "self" for row in full if row.kind == "mention"):
        level = max(level, 2)
    if "time" in kinds or "soon" in kinds:
        level = max(level, _timed(full, kinds, everything, earlier))
    if "method" in kinds and {"active", "passive"} & kinds and "time" in kinds:
        level = max(level, 4)
    return level


def _timed(full: list[Weighed], kinds: set[str], everything: set[str], earlier: set[str]) -> int:
    level = 0
    if "time" in kinds and (_FIRM & everything or ("means" in kinds and IDEATION & everything)):
        level = 5 if _near(full, _FIRM | {"means"}) or _FIRM & earlier else 4
    if "time" in kinds and _near(full, frozenset({"passive", "active", "method", "farewell"}), same=True):
        level = max(level, 4)
    if "time" in kinds and IDEATION & earlier and not IDEATION & kinds:
        level = max(level, 3)
    if "soon" in kinds and _near(full, frozenset({"method"}), same=True):
        level = max(level, 4)
    return level


def _near(full: list[Weighed], wanted: frozenset[str], same: bool = False) -> bool:
    """Is a time word in the same sentence as (or, unless `same`, the one beside) a hit of these kinds?"""
    times = [row.sentence for row in full if row.kind in ("time", "soon")]
    reach = 0 if same else 3
    return any(
        row.kind in wanted
        and any(a <= row.sentence[1] + reach and b >= row.sentence[0] - reach for a, b in times)
        for row in full
    )


def _guidance(rows: list[Weighed]) -> tuple[str, ...]:
    out = []
    if any(
        (row.kind == "other" and not row.less)
        or (row.less == "third" and row.kind in IDEATION | {"selfharm"})
        for row in rows
    ):
        out.append("concern for another")
    if any(row.kind == "loss" for row in rows):
        out.append("loss")
    return tuple(out)


def _urgent(rows: list[Weighed], kinds: set[str]) -> bool:
    firm = any(row.less == "third" and BASE[row.kind] >= 4 for row in rows)
    return firm or bool({"time", "means"} & kinds)
