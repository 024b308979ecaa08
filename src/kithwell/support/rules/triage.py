"""Who is next. A total order that depends on need and on waiting, and on nothing that can starve anybody.

Every waiting conversation ages at the same speed, and need is a head start in minutes. The order of two conversations
therefore never changes while both wait, and it can be kept in an index: (band, effective start, arrival, id).

* Band 0 holds C4 and C5 and is always ahead of band 1.
* In band 1 a conversation is overtaken only by those that arrive within the difference of the two head starts: after
  `MAX_HEAD_START` at most, nobody who comes later can pass. That bound is the proof that nobody starves; only band 0
  can delay them further, and it must.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kithwell.support.rules import levels

BAND_CRISIS = 0
BAND_NORMAL = 1

# Head starts in minutes by level. C3 is long enough that a surge of nine times the usual evening does not push C3
# past five minutes (bench/queue.py); C4 and C5 compete only with each other; danger now goes first by more than
# everything that people say of themselves (60 minutes together) could move a C4 forward.
HEAD_START = {"C0": 0, "C1": 10, "C2": 45, "C3": 240, "C4": 0, "C5": 65}

# What people say of themselves counts too, and can only move them forward.
RATING_MINUTES = ((9, 40), (7, 20), (5, 5))  # (at least this rating out of 10, minutes)
ASKED_FOR_PERSON = 5
CARRIED_OVER = 15  # lost their supporter (lease ran out, hand-over to a team): they do not start again
MAX_HEAD_START = timedelta(minutes=240 + 40 + ASKED_FOR_PERSON + CARRIED_OVER)


@dataclass(frozen=True, slots=True)
class Need:
    """What triage knows of one waiting conversation. `self_rating` is 0 (fine) to 10 (as bad as it gets)."""

    level: str
    self_rating: int | None = None
    asked_for_person: bool = False
    carried_over: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the queue; smaller is served first. Equal for no two conversations, because ids differ."""

    band: int
    effective: datetime
    since: datetime
    ident: UUID


def head_start(need: Need) -> timedelta:
    """Minutes by which need moves a conversation forward, 0 to MAX_HEAD_START."""
    minutes = HEAD_START[levels.LEVELS[levels.rank(need.level)]]
    if need.self_rating is not None:
        minutes += next((extra for least, extra in RATING_MINUTES if need.self_rating >= least), 0)
    minutes += ASKED_FOR_PERSON if need.asked_for_person else 0
    minutes += CARRIED_OVER if need.carried_over else 0
    return timedelta(minutes=minutes)


def band(level: str) -> int:
    return BAND_CRISIS if levels.is_crisis(level) else BAND_NORMAL


def effective(need: Need, since: datetime) -> datetime:
    """The moment this conversation counts as waiting from."""
    return since - head_start(need)


def place(need: Need, since: datetime, ident: UUID) -> Place:
    return Place(band(need.level), effective(need, since), since, ident)
