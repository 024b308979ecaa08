"""A second look before words go out that read as an attack. It never blocks: the same words may be posted.

Pure on `safety.screen`: conduct flags only. Crisis, distress and harm are none of its business, and somebody who says
how they feel about themself is never asked to rephrase it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kithwell.safety import screen

LOOKED_AT = ("threat", "hate", "harassment")  # the gravest first


@dataclass(frozen=True, slots=True)
class Nudge:
    """`kind` says which wording to show; `language` is what the text seems to be written in, for the counts."""

    kind: str
    language: str


def look(text: str) -> Nudge | None:
    """A nudge for words that read as an attack on somebody, or None."""
    if not text.strip():
        return None
    seen = screen(text)
    flagged = {signal.category for signal in seen.conduct if signal.flag}
    kind = next((name for name in LOOKED_AT if name in flagged), "")
    return Nudge(kind, seen.lang) if kind else None
