"""What the two questions of safety mean for words written here (safety.md, invariants 1 and 2).

Crisis: the words are saved first and stay where they are; the person is offered somebody. Harm to others: a case at the
desk. The two never share a threshold, and a crisis is never a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kithwell import safety
from kithwell.kernel import ids
from kithwell.safety import Screening


@dataclass(frozen=True, slots=True)
class Heard:
    """What was seen in somebody's words. `help`: show them help, beside and never instead."""

    screening: Screening
    help: bool
    harm: bool

    @property
    def level(self) -> str:
        return self.screening.crisis_level


def listen(text: str, language: str) -> Heard:
    """Look at words; changes nothing."""
    seen = safety.screen(text, lang=language)
    harm = any(signal.flag for signal in (*seen.harm, *seen.conduct) if signal.category != "offensive")
    return Heard(seen, seen.crisis_flag or seen.crisis_level >= "C2", harm)


def act(heard: Heard, kind: str, ident: str, author: UUID, *, sealed: bool) -> None:
    """After the words are stored: offer help, tell the desk of what may hurt others. With `sealed`, neither learns what
    belongs to whom: help is offered to the person under an id of its own, and the desk is not told whose words
    they are.
    """
    from kithwell.moderation import actions as moderation
    from kithwell.moderation import concerns

    if heard.help:
        concerns.raise_concern(
            kind, str(ids.new_id()) if sealed else ident, author, heard.level, heard.screening.lang
        )
    moderation.signal(kind, ident, None if sealed else author, heard.screening)
