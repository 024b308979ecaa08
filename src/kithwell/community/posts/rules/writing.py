"""What may be written: lengths, choices, who may answer. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

POST_MAX: Final = 8_000  # characters
REPLY_MAX: Final = 4_000
OWN_WARNING_MAX: Final = 80
OPTIONS_MIN: Final = 2
OPTIONS_MAX: Final = 6
OPTION_MAX: Final = 120
PICTURES_MAX: Final = 4
ALT_MAX: Final = 500
DEEPEST: Final = 40  # of stored replies; shown flat after SHOWN_DEEPEST
SHOWN_DEEPEST: Final = 3
POLL_DAYS: Final = {"": None, "1": 1, "3": 3, "7": 7, "14": 14}
REPLIES_FROM: Final = ("members", "everyone", "welcomers", "nobody")

_SPLIT = "\x00"


@dataclass(frozen=True, slots=True)
class Written:
    """What a form gave, tidied. `faults` names what is to change, by field; empty when it may be stored."""

    text: str
    warnings: tuple[str, ...] = ()
    own_warning: str = ""
    replies_from: str = "members"
    anonymous: bool = False
    options: tuple[str, ...] = ()
    poll_days: int | None = None
    client_key: str = ""
    as_is: bool = False  # the nudge was seen


@dataclass(frozen=True, slots=True)
class Faults:
    """Codes by field; the pages have the words."""

    by_field: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_field)


def tidy(text: str) -> str:
    """Words as they are kept: NFC, line ends alike, no control characters, no surrogates, no blank ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(_SPLIT, "")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    """A short field: one line, single spaces."""
    return " ".join(tidy(text).split())


def options(given: Sequence[str]) -> tuple[str, ...]:
    """The answers of a poll: tidied, empty ones left out, each once, in order."""
    return tuple(dict.fromkeys(found for text in given if (found := one_line(text))))


def faults(written: Written, *, poll: bool, most: int) -> Faults:
    """What stands against storing this."""
    found: dict[str, str] = {}
    if not written.text:
        found["text"] = "empty"
    elif len(written.text) > most:
        found["text"] = "long"
    if len(written.own_warning) > OWN_WARNING_MAX:
        found["own_warning"] = "long"
    if written.replies_from not in REPLIES_FROM:
        found["replies_from"] = "unknown"
    if poll and not OPTIONS_MIN <= len(written.options) <= OPTIONS_MAX:
        found["options"] = "count"
    if any(len(option) > OPTION_MAX for option in written.options):
        found["options"] = "long"
    return Faults(found)


def pack(text: str, own_warning: str) -> str:
    """Text and the writer's own words of warning as one sealed body."""
    return f"{text}{_SPLIT}{own_warning}" if own_warning else text


def unpack(body: str) -> tuple[str, str]:
    text, _, own_warning = body.partition(_SPLIT)
    return text, own_warning


def may_reply(
    replies_from: str, *, locked: bool, member: bool, welcomer: bool, own: bool, facilitator: bool
) -> bool:
    """May somebody answer? The writer of a post always may, a lock holds for everybody but facilitators.

    "everyone" is everyone who may write in the group; only members may, so today it is the same as "members" and
    stands for groups that later let guests write.
    """
    if not member:
        return False
    if locked:
        return facilitator
    if own:
        return True
    if replies_from == "nobody":
        return False
    return replies_from != "welcomers" or welcomer or facilitator


def depth_of(parent_depth: int | None) -> int:
    """How deep a reply lies: 0 answers the post. Depth is capped, the thread goes on flat."""
    return 0 if parent_depth is None else min(parent_depth + 1, DEEPEST)


def shares(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole percentages that add up to 100 (largest remainder), all zero without votes."""
    total = sum(counts)
    if not total:
        return tuple(0 for _ in counts)
    exact = [100 * n / total for n in counts]
    whole = [int(x) for x in exact]
    order = sorted(range(len(counts)), key=lambda i: (whole[i] - exact[i], i))
    for i in order[: 100 - sum(whole)]:
        whole[i] += 1
    return tuple(whole)


def known(codes: Collection[str], allowed: Sequence[str]) -> tuple[str, ...]:
    """Those codes that exist, in their fixed order."""
    return tuple(code for code in allowed if code in codes)
