"""Going for good. Each part says what it holds and takes it away; the person's key goes last, and with it whatever
was sealed under it in every back-up.

Parts register: `erasure.register("support", describe, erase)`. `describe(subject, account)` yields sentences for the
person ("3 conversations with supporters"); `erase(subject, account, choices)` deletes or anonymises and returns how
many rows it touched. `erase` runs inside one transaction with all other parts and may run again after a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

Describe = Callable[[UUID, UUID | None], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose. `writing`: "delete" takes away what they wrote where others read it, "anonymise" leaves
    the words without anybody's name; parts that keep them must seal them under another subject.
    """

    writing: str = "delete"


Erase = Callable[[UUID, UUID | None, Choices], int]
WRITINGS = ("delete", "anonymise")

_parts: dict[str, tuple[Describe, Erase]] = {}


def register(part: str, describe: Describe, erase: Erase) -> None:
    """Make known what `part` holds about a person, and how to take it away."""
    _parts[part] = (describe, erase)


def describe(subject: UUID, account: UUID | None) -> list[str]:
    """Everything that would go, in sentences for the person."""
    return [sentence for tell, _erase in _parts.values() for sentence in tell(subject, account)]


def erase(subject: UUID, account: UUID | None, choices: Choices) -> dict[str, int]:
    """Let every part erase; returns rows touched by part. The caller erases the account and the key afterwards.

    Parts that were registered last (the higher ones) go first: they may still look things up below.
    """
    return {
        part: take_away(subject, account, choices) for part, (_tell, take_away) in reversed(_parts.items())
    }
