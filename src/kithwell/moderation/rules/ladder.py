"""The strike ladder, what two people must agree on, and what a decision may be. Pure.

The ladder only suggests: a person decides about persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

THINGS: Final = ("nothing", "label", "limit", "remove")
PERSONS: Final = ("nothing", "message", "warn", "pause", "suspend", "exclude")
STRIKES: Final = ("message", "warn", "pause", "suspend", "exclude")
RESTRICTING: Final = ("pause", "suspend", "exclude")
FOUR_EYES: Final = frozenset({"exclude", "unseal"})
PAUSES: Final = (1, 3, 7)
SUSPENSIONS: Final = (14, 30)
DAYS: Final[dict[str, tuple[int, ...]]] = {"pause": PAUSES, "suspend": SUSPENSIONS}

EXPIRY: Final[dict[str, timedelta]] = {
    "message": timedelta(days=30),
    "warn": timedelta(days=90),
    "pause": timedelta(days=180),
    "suspend": timedelta(days=365),
    "exclude": timedelta(days=730),
}
APPEAL_WITHIN: Final = timedelta(days=183)  # DSA art. 20(1): at least six months
ANSWER_WITHIN: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: what it is and for how many days (0: no stretch of time)."""

    person: str
    days: int = 0


LADDER: Final = (
    Step("message"),
    Step("warn"),
    Step("pause", 3),
    Step("suspend", 14),
    Step("suspend", 30),
    Step("exclude"),
)


@dataclass(frozen=True, slots=True)
class Past:
    """A strike somebody has."""

    step: str
    at: datetime
    expires_at: datetime
    reversed: bool = False


def counting(strikes: Iterable[Past], now: datetime) -> tuple[Past, ...]:
    """Those that still count: neither expired nor taken back."""
    return tuple(s for s in strikes if not s.reversed and s.expires_at > now)


def suggest(strikes: Iterable[Past], harm: int, now: datetime) -> Step:
    """The next rung for these strikes. Harm 3 begins at a warning, harm 4 at a pause; nobody begins at exclusion."""
    had = len(counting(strikes, now))
    first = {3: 1, 4: 2}.get(max(0, min(4, harm)), 0)
    if harm <= 0 and not had:
        return Step("nothing")
    return LADDER[min(len(LADDER) - 1, first + had)]


def expires(step: str, at: datetime, until: datetime | None = None) -> datetime:
    """When a strike stops counting: never before the restriction it came with has ended."""
    end = at + EXPIRY[step]
    return max(end, until) if until is not None else end


def needs_second(person: str) -> bool:
    """Must a second person agree before this has any effect?"""
    return person in FOUR_EYES


def may_confirm(proposer: object, second: object, author: bool) -> bool:
    """May `second` confirm what `proposer` proposed? Never oneself, never the one it is about."""
    return proposer is not None and second is not None and proposer != second and not author


def ends(person: str, days: int, at: datetime) -> datetime | None:
    """The end of a restriction; None for what has none (exclusion ends by appeal)."""
    return at + timedelta(days=days) if person in DAYS else None


def wrong(thing: str, person: str, days: int, *, rule: str, warning: str, facts: str) -> dict[str, str]:
    """What is missing from a decision, by field: a code each. Empty when it may stand."""
    out: dict[str, str] = {}
    if thing not in THINGS:
        out["thing"] = "choose"
    if person not in PERSONS:
        out["person"] = "choose"
    if person in DAYS and days not in DAYS[person]:
        out["days"] = "days"
    if thing == "label" and not warning:
        out["warning"] = "warning"
    if out or is_kept(thing, person):
        return out
    if not rule:
        out["rule"] = "rule"
    if len(facts.strip()) < 10:
        out["facts"] = "facts"
    return out


def is_kept(thing: str, person: str) -> bool:
    """Does everything stay as it is?"""
    return thing == "nothing" and person == "nothing"


def heaviest(decisions: Sequence[str]) -> str:
    """The strongest restriction of several ("" for none)."""
    return max((d for d in decisions if d in RESTRICTING), key=RESTRICTING.index, default="")


def may_appeal(at: datetime, now: datetime) -> bool:
    return now < at + APPEAL_WITHIN
