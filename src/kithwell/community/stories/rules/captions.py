"""Captions: WebVTT (W3C), read strictly and written by us. Only what people need: cues of text with times.

A line editor is enough to make them: "0:05 I could not get up any more". Each line is shown until the next begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_CUES, MOST_CHARS = 2000, 100_000
LAST_FOR = 6.0  # seconds the last line is shown
_TIME = re.compile(r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?")
_LINE = re.compile(r"\s*\[?((?:\d{1,2}:)?[0-5]?\d:[0-5]\d(?:[.,]\d{1,3})?)\]?\s+(.+)")
_STAMP = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})")


@dataclass(frozen=True, slots=True)
class Cue:
    """Text from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


class BadCaptions(ValueError):
    """What is wrong, with the line it is in (from 1)."""

    def __init__(self, line: int, code: str) -> None:
        super().__init__(f"line {line}: {code}")
        self.line, self.code = line, code


def _seconds(text: str, line: int) -> float:
    found = _TIME.fullmatch(text)
    if found is None:
        raise BadCaptions(line, "time")
    hours, minutes, seconds, part = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{part or 0}")


def from_lines(text: str) -> tuple[Cue, ...]:
    """Cues from lines that begin with a time. A line without one goes on with the line before it."""
    if len(text) > MOST_CHARS:
        raise BadCaptions(1, "long")
    starts: list[tuple[float, list[str], int]] = []
    for n, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            continue
        found = _LINE.fullmatch(raw.strip())
        if found:
            at = _seconds(found[1], n)
            if starts and at <= starts[-1][0]:
                raise BadCaptions(n, "order")
            starts.append((at, [found[2].strip()], n))
        elif starts:
            starts[-1][1].append(raw.strip())
        else:
            raise BadCaptions(n, "time")
    if not starts:
        raise BadCaptions(1, "empty")
    if len(starts) > MOST_CUES:
        raise BadCaptions(MOST_CUES, "long")
    ends = [s[0] for s in starts[1:]] + [starts[-1][0] + LAST_FOR]
    return tuple(Cue(s[0], end, "\n".join(s[1])) for s, end in zip(starts, ends, strict=True))


def to_lines(cues: tuple[Cue, ...]) -> str:
    """The lines of the editor again."""
    return "\n".join(f"{_short(cue.start)} {cue.text}" for cue in cues)


def _short(seconds: float) -> str:
    whole, part = int(seconds), round((seconds - int(seconds)) * 1000)
    if part == 1000:
        whole, part = whole + 1, 0
    hours, rest = divmod(whole, 3600)
    shown = f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    return f"{shown}.{part:03}" if part else shown


def _stamp(seconds: float) -> str:
    millis = round(seconds * 1000)
    return f"{millis // 3600000:02}:{millis // 60000 % 60:02}:{millis // 1000 % 60:02}.{millis % 1000:03}"


def write(cues: tuple[Cue, ...]) -> str:
    """WebVTT. Marks that would mean something there are written as text."""
    blocks = ["WEBVTT"]
    for cue in cues:
        text = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = "\n".join(line for line in text.split("\n") if line.strip())
        blocks.append(f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def read(text: str) -> tuple[Cue, ...]:
    """Cues of a WebVTT file. Styles and regions are refused, notes and settings left out. Raises BadCaptions."""
    if len(text) > MOST_CHARS:
        raise BadCaptions(1, "long")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise BadCaptions(1, "header")
    cues: list[Cue] = []
    n = 1
    while n < len(lines) and lines[n].strip():
        n += 1
    while n < len(lines):
        if not lines[n].strip():
            n += 1
            continue
        n = _block(lines, n, cues)
    if not cues:
        raise BadCaptions(len(lines), "empty")
    if len(cues) > MOST_CUES:
        raise BadCaptions(len(lines), "long")
    return tuple(cues)


def _block(lines: list[str], n: int, cues: list[Cue]) -> int:
    """Read one block that begins at line `n`; returns where it ends."""
    end = n
    while end < len(lines) and lines[end].strip():
        end += 1
    first = lines[n].strip()
    if first.startswith("NOTE"):
        return end
    if first.startswith(("STYLE", "REGION")):
        raise BadCaptions(n + 1, "style")
    at = n if "-->" in first else n + 1
    if at >= end or "-->" not in lines[at]:
        raise BadCaptions(n + 1, "time")
    left, _, right = lines[at].partition("-->")
    start, stop = _exact(left.strip(), at + 1), _exact((right.split() or [""])[0], at + 1)
    if stop <= start or (cues and start < cues[-1].start):
        raise BadCaptions(at + 1, "order")
    text = "\n".join(re.sub(r"<[^>]*>", "", line) for line in lines[at + 1 : end])
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&").strip()
    if text:
        cues.append(Cue(start, stop, text))
    return end


def _exact(text: str, line: int) -> float:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise BadCaptions(line, "time")
    hours, minutes, seconds, millis = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(millis) / 1000


def transcript(cues: tuple[Cue, ...]) -> str:
    """The same to read, without times: one line a cue."""
    return "\n".join(cue.text.replace("\n", " ") for cue in cues)
