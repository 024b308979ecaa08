"""The order in which a host sees questions. Attendees never see it: theirs is the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

WAITING, OPEN, ANSWERED, DECLINED, MERGED, REMOVED = (
    "waiting",
    "open",
    "answered",
    "declined",
    "merged",
    "removed",
)
STATES = (WAITING, OPEN, ANSWERED, DECLINED, MERGED, REMOVED)

# what a host may do with a question in a state, and what becomes of it
STEPS: dict[tuple[str, str], str] = {
    (WAITING, "approve"): OPEN,
    (WAITING, "decline"): DECLINED,
    (WAITING, "merge"): MERGED,
    (WAITING, "answer"): ANSWERED,
    (OPEN, "decline"): DECLINED,
    (OPEN, "merge"): MERGED,
    (OPEN, "answer"): ANSWERED,
    (ANSWERED, "answer"): ANSWERED,  # a further answer, or a better one
    (DECLINED, "approve"): OPEN,
}
# why a question is not taken up; the kind words for each are in events/texts.py
REASONS = ("later", "asked", "personal", "advice", "elsewhere", "unkind")


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for a question's place in the queue."""

    id: UUID
    votes: int
    asked_at: datetime


def ordered(questions: Iterable[Standing]) -> tuple[UUID, ...]:
    """Most wished for first; among equals the older one; the id decides where even the moment is the same."""
    return tuple(q.id for q in sorted(questions, key=lambda q: (-q.votes, q.asked_at, q.id)))


def after(state: str, step: str) -> str | None:
    """The state a question comes into, or None where the step makes no sense."""
    return STEPS.get((state, step))


def wish(votes: int) -> str:
    """How many want an answer, as a word: a number would make a contest of it."""
    return "one" if votes < 1 else "some" if votes < 5 else "many"
