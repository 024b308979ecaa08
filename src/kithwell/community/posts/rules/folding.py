"""Words as search compares them: lower case, no accents, the most common words left out. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST: Final = 400  # words of one piece that can be found
ASKED_MOST: Final = 6
LONGEST: Final = 32
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_COMMON: Final = frozenset(
    "a an and are as at be but by for from had has have i in is it its me my not of on or so that the they this to"
    " was we with you de la el en y que un una los las es lo me mi no se su con por para".split()
)


def fold(word: str) -> str:
    """One word without case and accents."""
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(c for c in flat if not unicodedata.combining(c)).replace("’", "'")[:LONGEST]


def words(text: str) -> list[str]:
    """Distinct words of a text in order of appearance, common ones left out unless nothing else is there."""
    found = list(dict.fromkeys(fold(match.group()) for match in _WORD.finditer(text)))
    rare = [word for word in found if word and word not in _COMMON]
    return (rare or [word for word in found if word])[:MOST]
