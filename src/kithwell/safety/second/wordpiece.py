"""From text to the encoder's tokens: BERT's uncased word pieces, in plain Python. Nothing a person writes is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

CLS, SEP, UNKNOWN = 101, 102, 100
MOST_TOKENS = 256
"""A longer text is read at its head and at its tail (`HEAD` tokens from the start, the rest from the end)."""
HEAD = 160
MOST_CHARS = 6000
_LONGEST_WORD = 100
_WORDS = re.compile(r"[^\W_]+|[^\s]")


def vocabulary(file: Path) -> dict[str, int]:
    """Pieces and their numbers, one a line."""
    lines = file.read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(lines) if piece}


def shorten(text: str) -> str:
    """Head and tail of a very long text, so that the time a text takes has a bound."""
    return text if len(text) <= MOST_CHARS else f"{text[: MOST_CHARS // 2]} {text[-MOST_CHARS // 2 :]}"


def words(text: str) -> list[str]:
    """Lower case, without accents, every sign a word of its own."""
    plain = text.lower()
    if not plain.isascii():
        plain = "".join(
            char
            for char in unicodedata.normalize("NFD", plain)
            if unicodedata.category(char) not in ("Mn", "Cf")
        )
    return _WORDS.findall(plain)


def pieces(word: str, table: Mapping[str, int]) -> list[int]:
    """The longest known beginning, then the longest known rest, and so on; one unknown where that fails."""
    whole = table.get(word)
    if whole is not None:
        return [whole]
    if len(word) > _LONGEST_WORD:
        return [UNKNOWN]
    out: list[int] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        for end in range(len(word), start, -1):
            number = table.get(mark + word[start:end])
            if number is not None:
                out.append(number)
                start = end
                break
        else:
            return [UNKNOWN]
    return out


def tokens(text: str, table: Mapping[str, int]) -> list[int]:
    """The numbers the encoder reads, at most `MOST_TOKENS`, its two marks around them."""
    out: list[int] = []
    for word in words(shorten(text)):
        out += pieces(word, table)
    if len(out) > MOST_TOKENS - 2:
        out = out[:HEAD] + out[len(out) - (MOST_TOKENS - 2 - HEAD) :]
    return [CLS, *out, SEP]
