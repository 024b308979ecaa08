"""What every export becomes: lines of somebody at a time, and what was left behind and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SITTING = timedelta(hours=1)  # a longer silence begins a new thread
LONGEST_SITTING = 60  # lines


class Unreadable(Exception):
    """The file is not what it was said to be. `code`: empty | not-a-chat | not-json | no-topics | dates | too-large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody wrote. `key` is the same whenever the same file is read; `thread` groups what belongs
    together, `answers` is the key of the line it answers within the thread ("" for the first, or for
    nobody in particular)."""

    key: str
    at: datetime  # without a zone: as the export says
    author: str
    text: str
    thread: str
    answers: str = ""
    title: str = ""  # of the thread, on its first line


@dataclass(slots=True)
class Found:
    """What a file holds. `left` counts by reason: media, system, deleted, place, contact-card, hidden, empty;
    later also "here", what came with an earlier file."""

    lines: list[Line] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    @property
    def authors(self) -> dict[str, int]:
        """How many lines each wrote, in the order of their first."""
        counts: dict[str, int] = {}
        for line in self.lines:
            counts[line.author] = counts.get(line.author, 0) + 1
        return counts

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        if not self.lines:
            return None
        times = [line.at for line in self.lines]
        return min(times), max(times)
