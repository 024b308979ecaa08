"""Very long texts: what to read closely so that time stays bounded and a cry for help in the middle is still found.

Up to `WHOLE` characters are read as they are. Beyond that: the head, the tail, evenly spaced samples, and a window
around each place where one of a few telling phrases stands (found by plain substring search over the whole text, in
every case and language we have rules for).
"""

from __future__ import annotations

import sys
from bisect import bisect_right

WHOLE = 20_000
_HEAD = 6_000
_TAIL = 6_000
_SAMPLES = 8
_SAMPLE = 500
_AROUND = 400
_MOST = 24
NEEDLES = (
    "suicid",
    "kill myself",
    "killing myself",
    "hang myself",
    "shoot myself",
    "want to die",
    "wanna die",
    "wish i was dead",
    "end my life",
    "ending my life",
    "end it all",
    "my own life",
    "better off dead",
    "better off without me",
    "unalive",
    "kms",
    "self harm",
    "self-harm",
    "cut myself",
    "overdose",
    "goodbye everyone",
    "the pills",
    "want to live anymore",
    "be alive anymore",
    "morirme",
    "quiero morir",
    "matarme",
    "no quiero vivir",
    "quitarme la vida",
    "envie de mourir",
    "veux mourir",
    "me tuer",
    "plus envie de vivre",
    "umbringen",
    "will sterben",
    "selbstmord",
    "nicht mehr leben",
    "quero morrer",
    "me matar",
    "tirar minha vida",
    "انتحر",
    "الانتحار",
    "أموت",
    "اموت",
    "نفسي",
    "आत्महत्या",
    "मरना",
    "ख़ुदकुशी",
    "खुदकुशी",
    "khudkushi",
    "aatmahatya",
    "marna cha",
    "go kill yourself",
    "kys",
)
_CHUNK = 1 << 20
_BREAK = "\n\n"


def pieces(text: str) -> tuple[str, list[tuple[int, int]]]:
    """What to read, and where it came from: [(offset in what is read, offset in the text)], in order."""
    if len(text) <= WHOLE:
        return text, [(0, 0)]
    spans = [(0, _HEAD), (len(text) - _TAIL, len(text))]
    step = (len(text) - _HEAD - _TAIL) // (_SAMPLES + 1)
    spans += [(_HEAD + step * n, _HEAD + step * n + _SAMPLE) for n in range(1, _SAMPLES + 1)]
    spans += _found(text)
    read: list[str] = []
    origins: list[tuple[int, int]] = []
    at = 0
    for start, end in _joined(spans, len(text)):
        origins.append((at, start))
        read.append(text[start:end])
        at += end - start + len(_BREAK)
    return _BREAK.join(read), origins


def origin(at: int, origins: list[tuple[int, int]]) -> int:
    """The place in the text of place `at` in what was read."""
    read, start = origins[bisect_right(origins, (at, sys.maxsize)) - 1]
    return start + at - read


def _found(text: str) -> list[tuple[int, int]]:
    places: set[int] = set()
    for begin in range(0, len(text), _CHUNK):
        chunk = text[begin : begin + _CHUNK + 40].lower().replace("’", "'")
        for needle in NEEDLES:
            at = chunk.find(needle)
            if at >= 0:
                places.add(begin + at)
                last = chunk.rfind(needle)
                places.add(begin + last)
    chosen = sorted(places)
    if len(chosen) > _MOST:
        chosen = [chosen[index * (len(chosen) - 1) // (_MOST - 1)] for index in range(_MOST)]
    return [(max(0, at - _AROUND), at + _AROUND) for at in chosen]


def _joined(spans: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        end = min(end, size)
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif start < end:
            out.append((start, end))
    return out
