"""The welcome: six small steps, each may be skipped. What may be answered, and what of it may be shared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

STEPS: Final = ("brings", "helps", "not", "about", "hours", "buddy")
HELPS: Final = (
    "listening", "same", "tips", "humour", "quiet", "writing", "outside", "routine", "making", "music",
)  # fmt: skip
NOTS: Final = ("advice", "pull-together", "faith", "details", "jokes", "why", "hurry")
HOURS: Final[Mapping[str, tuple[int, int]]] = {
    "early": (6, 9),
    "day": (9, 17),
    "evening": (17, 22),
    "night": (22, 26),
}
SHARABLE: Final = ("brings", "helps", "not", "languages", "hours")
OWN_WORDS_MAX: Final = 400
MOST: Final = 3  # buddies at once


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered; everything may be empty. `share` names what a possible buddy may be told."""

    brings: tuple[str, ...] = ()
    own_words: str = ""
    helps: tuple[str, ...] = ()
    nots: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    zone: str = ""
    buddy: bool = False
    most: int = 1
    share: tuple[str, ...] = ()
    done: tuple[str, ...] = field(default=())  # steps answered or skipped


def pack(answers: Answers) -> dict[str, Any]:
    return {name: getattr(answers, name) for name in Answers.__slots__}


def unpack(held: Mapping[str, Any]) -> Answers:
    """What was kept, by whatever version of this program; what is unknown is left out."""
    known: dict[str, Any] = {}
    for name in Answers.__slots__:
        if name in held:
            known[name] = tuple(held[name]) if isinstance(held[name], list) else held[name]
    return Answers(**known)


def only(given: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """Those of `given` that are known, each once, in the order of `known`."""
    wanted = set(given)
    return tuple(code for code in known if code in wanted)


def after(step: str) -> str:
    """The step that follows, "" after the last."""
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else ""


def next_open(done: Collection[str]) -> str:
    """Where to go on, "" when everything was answered or skipped."""
    return next((step for step in STEPS if step not in done), "")


def utc_hours(parts: Sequence[str], zone: str, now: datetime) -> frozenset[int]:
    """Parts of the day on somebody's own clock, as hours of the world's."""
    try:
        offset = now.astimezone(ZoneInfo(zone or "UTC")).utcoffset()
    except (ValueError, OSError, KeyError):
        offset = None
    shift = round(offset.total_seconds() / 3600) if offset else 0
    return frozenset((hour - shift) % 24 for part in parts if part in HOURS for hour in range(*HOURS[part]))


def shared(answers: Answers, now: datetime) -> dict[str, Any]:
    """What a possible buddy may be told, and nothing else. Whoever matches sees this, never the answers."""
    held: dict[str, Any] = {}
    if "brings" in answers.share:
        held["topics"] = list(answers.brings)
    if "helps" in answers.share:
        held["helps"] = list(answers.helps)
    if "not" in answers.share:
        held["nots"] = list(answers.nots)
    if "languages" in answers.share:
        held["languages"] = list(answers.languages)
    if "hours" in answers.share:
        held["hours"] = sorted(utc_hours(answers.hours, answers.zone, now))
    return held
