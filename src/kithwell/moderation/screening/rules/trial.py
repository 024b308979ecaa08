"""What a change would have done to texts of the last weeks: counts, and which few things to look at. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kithwell.safety.signals import Screening

DAYS: Final = 30
MOST_TEXTS: Final = 20_000
SHOWN: Final = 20  # things of each sort that can be looked at


@dataclass(slots=True)
class Outcome:
    """Filled text by text. `need`: texts in which need would be heard otherwise; there must be none."""

    texts: int = 0
    before: int = 0
    after: int = 0
    newly: int = 0
    no_longer: int = 0
    need: int = 0
    languages: dict[str, list[int]] = field(default_factory=dict)  # [newly, no longer]
    new_things: list[list[str]] = field(default_factory=list)  # [kind, id]
    gone_things: list[list[str]] = field(default_factory=list)

    def add(
        self, thing: tuple[str, str], kind: str, now: Screening, then: Screening, same_need: bool
    ) -> None:
        """One text as it is flagged for `kind` now and would be then."""
        was, would = is_flagged(now, kind), is_flagged(then, kind)
        self.texts += 1
        self.before += was
        self.after += would
        self.need += not same_need
        if was == would:
            return
        row = self.languages.setdefault(now.lang, [0, 0])
        if would:
            self.newly += 1
            row[0] += 1
            _keep(self.new_things, thing)
        else:
            self.no_longer += 1
            row[1] += 1
            _keep(self.gone_things, thing)

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def _keep(things: list[list[str]], thing: tuple[str, str]) -> None:
    if len(things) < SHOWN:
        things.append(list(thing))


def outcome(data: Mapping[str, Any]) -> Outcome | None:
    """As it was kept; None for a change that was not tried."""
    return Outcome(**data) if data else None


def is_flagged(seen: Screening, kind: str) -> bool:
    return any(one.flag for one in (*seen.harm, *seen.conduct) if one.category == kind)


def around(text: str, start: int, end: int, most: int = 120) -> str:
    """The words around a place, cut at spaces, with dots where more stands."""
    first = max(0, start - most)
    last = min(len(text), end + most)
    if first:
        space = text.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    if last < len(text):
        space = text.rfind(" ", end, last)
        last = space if space >= 0 else last
    return ("… " if first else "") + text[first:last].strip() + (" …" if last < len(text) else "")
