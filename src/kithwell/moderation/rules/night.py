"""When nobody is there: whose report counts, and when several of them hide a thing until staff are back. Pure.

Nothing is ever hidden because it shows crisis, and no report says "I am worried" against anybody. Reports that come as
a flood, from brand-new accounts, or from people whose reports are mostly wrong, bring a thing before a person but hide
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kithwell.moderation.rules import categories

ENOUGH: Final = 3
ENOUGH_GRAVE: Final = 2
GRAVE: Final = 4
OLD_ENOUGH: Final = timedelta(days=3)
MOST_A_DAY: Final = 10
WRONG_MANY: Final = 3
WRONG_SHARE: Final = 0.6
SAME_BIRTH: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reporter:
    """What is known of somebody who reported: age of the account, how earlier reports ended, how many in a day."""

    joined: datetime
    acted: int = 0
    kept: int = 0
    last_day: int = 1
    restricted: bool = False
    is_author: bool = False


def counts(who: Reporter, now: datetime) -> bool:
    """Does this person's report count towards hiding? It is read in any case."""
    if who.is_author or who.restricted or now - who.joined < OLD_ENOUGH or who.last_day > MOST_A_DAY:
        return False
    settled = who.acted + who.kept
    return not (who.kept >= WRONG_MANY and who.kept / settled > WRONG_SHARE)


def distinct(births: Sequence[datetime]) -> int:
    """How many people these accounts may be: those made within half an hour of each other count as one."""
    found, last = 0, None
    for born in sorted(births):
        if last is None or born - last > SAME_BIRTH:
            found += 1
        last = born
    return found


def hides(reported: Iterable[tuple[str, datetime]], *, staffed: bool, crisis: bool) -> bool:
    """Do these counted reports, (category, when the account was made), hide the thing until staff are back?"""
    if staffed or crisis:
        return False
    rows = [(category, born) for category, born in reported if category != categories.WORRIED]
    if distinct([born for _category, born in rows]) >= ENOUGH:
        return True
    grave = [born for category, born in rows if categories.harm([category]) >= GRAVE]
    return distinct(grave) >= ENOUGH_GRAVE
