"""What may be wrong with a thing, how much harm lies in it, and what it costs to read. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# code -> harm to others, 0 (a nuisance) to 4 (somebody may be hurt soon)
HARM: Final[dict[str, int]] = {
    "minor": 4,
    "threat": 4,
    "grooming": 4,
    "encouragement": 4,
    "doxxing": 4,
    "method": 3,
    "hate": 3,
    "harassment": 3,
    "sexual": 3,
    "eating": 2,
    "graphic": 2,
    "advice": 2,
    "scam": 2,
    "personal": 2,
    "offensive": 1,
    "spam": 0,
    "other": 1,
}

# What a reader may choose, in the order of the form. "worried" opens help for the person and no case about them.
REPORTED: Final[tuple[str, ...]] = (
    "worried", "harassment", "hate", "threat", "encouragement", "method", "doxxing", "grooming", "minor", "eating",
    "graphic", "advice", "scam", "spam", "other",
)  # fmt: skip
WORRIED: Final = "worried"

# The screening's own names for the same things.
_SCREENED: Final[dict[str, str]] = {
    "method_detail": "method",
    "pact": "encouragement",
    "pro_eating_disorder": "eating",
    "violence_to_others": "threat",
    "advertising": "spam",
    "ads": "spam",
}
# No reason to look at a thing as unsafe: rude words alone are not, and telling of abuse is asking to be heard.
_QUIET: Final = frozenset({"offensive", "abuse_disclosure"})
MEDIA_GRAVITY: Final = 2


def known(category: str) -> str:
    """Our name for a category of the screening; "other" for one we do not know."""
    name = _SCREENED.get(category, category)
    return name if name in HARM else "other"


def opens_case(category: str) -> bool:
    """May a flag of this category, raised by the machine, bring a thing before a person?"""
    return category not in _QUIET


def harm(categories: Iterable[str]) -> int:
    """The gravest harm among categories, 0 to 4."""
    return max((HARM.get(known(category), 1) for category in categories), default=0)


def gravity(categories: Iterable[str], *, media: bool = False, crisis: bool = False) -> int:
    """How heavy a thing is to read, 1 (light) to 4 (grave)."""
    worst = harm(categories)
    if crisis:
        worst = max(worst, 3)
    if media:
        worst = max(worst, MEDIA_GRAVITY)
    return max(1, min(4, worst))
