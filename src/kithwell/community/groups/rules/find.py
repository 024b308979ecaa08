"""The words a group is found by, folded so that accents and case do not matter."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+", re.UNICODE)
MOST = 80  # words of one group


def fold(text: str) -> str:
    """Case and accents taken out; letters of every script stay."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", "".join(ch for ch in plain if not "\u0300" <= ch <= "\u036f"))


def words(*texts: str) -> set[str]:
    """Words of the texts, each at most 40 characters, at most MOST of them."""
    found: list[str] = []
    for text in texts:
        found += [word[:40] for word in _WORD.findall(fold(text).replace("_", " "))]
    return set(list(dict.fromkeys(found))[:MOST])


def key(word: str) -> str:
    """The first letters: what an index of any collation finds by a plain equal."""
    return word[:3]


def asked(text: str) -> list[str]:
    """The words of a search, at most six; the last may be unfinished, as all are matched from their beginning."""
    return list(dict.fromkeys(word[:40] for word in _WORD.findall(fold(text).replace("_", " "))))[:6]
