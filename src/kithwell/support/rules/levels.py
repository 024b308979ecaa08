"""The crisis scale C0 to C5 and what each level asks of us.

C0 none, C1 distress, C2 passive ideation, C3 active ideation, C4 plan or means, C5 happening now. The scale is our own
plain triage scale; it is not a diagnosis and not a licensed instrument.
"""

from __future__ import annotations

from collections.abc import Iterable

LEVELS = ("C0", "C1", "C2", "C3", "C4", "C5")
UNKNOWN = ""  # screening could not run: a person must look

# Doubt goes to a human, never to silence: what was not screened is ranked as if it were C2.
DOUBT_RANK = 2


def rank(level: str) -> int:
    """0 to 5; an unknown level ranks as doubt (2)."""
    return LEVELS.index(level) if level in LEVELS else DOUBT_RANK


def highest(levels: Iterable[str]) -> str:
    """The most serious of `levels`; "C0" for none. Unknown levels count as C2."""
    top = 0
    for level in levels:
        top = max(top, rank(level))
    return LEVELS[top]


def is_crisis(level: str) -> bool:
    """C4 and C5: page the on-call person at once, stay ahead of every other conversation."""
    return rank(level) >= 4


def is_urgent(level: str) -> bool:
    """C3 and above: counted in "answered under five minutes", delivered on the crisis queue."""
    return rank(level) >= 3


def wants_lines(level: str) -> bool:
    """C2 and above: the country's own helplines are shown."""
    return rank(level) >= 2
