"""Character and word n-grams as places in two tables: hashed, so that no weight can be read back as a word."""

from __future__ import annotations

import re
import unicodedata
import zlib
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from kithwell.safety.second.wordpiece import shorten

BITS = 16
PLACES = 1 << BITS
"""Places of each table: characters first, words after them."""
_TOKENS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d|[^\w\s]")
_PRIME, _MIX = np.uint64(0x100000001B3), np.uint64(0xBF58476D1CE4E5B9)
Places = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


def plain(text: str) -> list[str]:
    """Words, digits and signs, lower case."""
    folded = unicodedata.normalize("NFKC", shorten(text)).lower().replace("’", "'")
    return _TOKENS.findall(folded)


def _characters(line: str) -> Places:
    codes = np.frombuffer(line.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    found = []
    for size in (3, 4, 5):
        count = len(codes) - size + 1
        if count <= 0:
            continue
        mixed = np.full(count, size * 0x9E3779B1, np.uint64)
        for step in range(size):
            mixed = (mixed * _PRIME) ^ codes[step : step + count]
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX
        found.append((mixed ^ (mixed >> np.uint64(32))) & np.uint64(PLACES - 1))
    return np.concatenate(found).astype(np.int64) if found else np.zeros(0, np.int64)


def _words(found: list[str]) -> Places:
    pairs = [f"{a} {b}" for a, b in pairwise(found)]
    numbers = [zlib.crc32(name.encode("utf-8", "replace")) & (PLACES - 1) for name in (*found, *pairs)]
    return np.array(numbers, np.int64)


def counted(text: str) -> tuple[Places, Floats]:
    """Places met and how much each counts (one plus the logarithm of how often); word places begin at `PLACES`."""
    found = plain(text)
    every = np.concatenate([_characters(f" {' '.join(found)} "), _words(found) + PLACES])
    places, counts = np.unique(every, return_counts=True)
    return places, (1.0 + np.log(counts)).astype(np.float32)


def weighted(text: str, rareness: Floats) -> tuple[Places, Floats]:
    """`counted` times how rare each place is (0: unknown), each table's part scaled to length one."""
    places, values = counted(text)
    values = values * rareness[places]
    for part in (places < PLACES, places >= PLACES):
        length = float(np.sqrt(np.sum(values[part] ** 2)))
        if length > 0:
            values[part] /= length
    return places, values
