"""The chat that a phone exports: one text file, in the forms that Android and iPhones write.

Android: `31/12/23, 21:05 - Lou: words`; iPhone: `[31/12/2023, 21:05:12] Lou: words`. Order of day and month,
separators, 12 or 24 hours and invisible characters differ with the phone's language. A line without a date
goes on with the message before it. WhatsApp documents none of this; these are the forms of public parsers and samples.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from kithwell.community.imports.rules.lines import LONGEST_SITTING, SITTING, Found, Line, Unreadable

ORDERS = ("dmy", "mdy", "ymd")
_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\ufeff"))
_SPACES = dict.fromkeys(map(ord, "\u202f\u00a0\u2009"), " ")
_HEAD = re.compile(
    r"^\[?(\d{1,4})[./-](\d{1,2})[./-](\d{1,4}),?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"\s?([AaPp]\.?\s?[Mm]\.?)?(?:\]\s?|\s-\s)(.*)$",
    re.DOTALL,
)
_MEDIA = re.compile(
    r"^<[^<>]{3,60}>$|\.(?:jpe?g|png|webp|gif|opus|m4a|mp3|aac|mp4|3gp|mov|pdf|docx?)\s+\([^()]{4,40}\)$"
    r"|^(?:image|video|audio|sticker|GIF|document|imagen|vídeo|audio) (?:omitted|omitida|omitido|omitted)$",
    re.IGNORECASE,
)
_CARD = re.compile(r"\.vcf\b", re.IGNORECASE)
_PLACE = re.compile(
    r"^(?:location|ubicación|standort|localização|position)\s*:\s*https?://|https?://(?:maps\.google|goo\.gl/maps|maps\.app)|"
    r"^live location shared$",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"^(?:this message was deleted|you deleted this message|null|se eliminó este mensaje|eliminaste este mensaje|"
    r"diese nachricht wurde gelöscht|mensagem apagada|ce message a été supprimé)\.?$",
    re.IGNORECASE,
)
_EDITED = re.compile(r"\s*<[^<>]*(?:edited|editó|editado|bearbeitet|modifié)[^<>]*>\s*$", re.IGNORECASE)
Head = tuple[int, int, int, int, int, int, str]


def _clean(text: str) -> Iterator[str]:
    for row in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        yield row.translate(_INVISIBLE)


def _heads(text: str) -> list[tuple[Head, str]]:
    """Each message's date fields and all of its words."""
    found: list[tuple[Head, list[str]]] = []
    for row in _clean(text):
        match = _HEAD.match(row[:80].translate(_SPACES) + row[80:])
        if match:
            a, b, c, hour, minute, second, half, rest = match.groups()
            mark = (half or "").replace(".", "").replace(" ", "").lower()
            found.append(((int(a), int(b), int(c), int(hour), int(minute), int(second or 0), mark), [rest]))
        elif found:
            found[-1][1].append(row)
    return [(head, "\n".join(rows).strip()) for head, rows in found]


def _when(head: Head, order: str) -> datetime | None:
    a, b, c, hour, minute, second, half = head
    day, month, year = {"dmy": (a, b, c), "mdy": (b, a, c), "ymd": (c, b, a)}[order]
    if year < 100:
        year += 2000
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return datetime(year, month, day, hour, minute, second) if 2009 <= year <= 2100 else None
    except ValueError:
        return None


def orders(text: str) -> tuple[str, ...]:
    """In which orders of day, month and year the whole chat can be read, the likelier first.

    A chat runs forward in time, so an order under which it jumps back less is likelier. Two orders that fit equally
    well are both given, and a person chooses.
    """
    heads = [head for head, _words in _heads(text)]
    fits: list[tuple[int, str]] = []
    for order in ORDERS:
        times = [_when(head, order) for head in heads]
        known = [at for at in times if at is not None]
        if known and len(known) == len(times):
            fits.append((sum(a > b for a, b in pairwise(known)), order))
    if not fits:
        return ()
    least = min(jumps for jumps, _order in fits)
    return tuple(order for jumps, order in fits if jumps == least)


def read(text: str, order: str = "") -> Found:
    """The chat's lines, in threads of one sitting each. Raises Unreadable (not-a-chat, dates, empty)."""
    heads = _heads(text)
    if not heads:
        raise Unreadable("empty" if not text.strip() else "not-a-chat")
    order = order or next(iter(orders(text)), "")
    if not order:
        raise Unreadable("dates")
    found = Found()
    rows: list[tuple[datetime, str, str]] = []
    for head, words in heads:
        at = _when(head, order)
        if at is None:
            raise Unreadable("dates")
        author, colon, said = words.partition(": ")
        if not colon or "\n" in author or not 0 < len(author.strip()) <= 60:
            found.left["system"] += 1
            continue
        said = _EDITED.sub("", said).strip()
        if reason := _left_behind(said):
            found.left[reason] += 1
            continue
        rows.append((at, author.strip().removeprefix("~").strip(), said))
    found.lines = list(_threads(rows))
    return found


def _left_behind(said: str) -> str:
    if not said:
        return "empty"
    if _CARD.search(said):
        return "contact-card"
    if _MEDIA.search(said):
        return "media"
    if _DELETED.match(said):
        return "deleted"
    return "place" if _PLACE.search(said) else ""


def _threads(rows: Iterable[tuple[datetime, str, str]]) -> Iterator[Line]:
    seen: dict[str, int] = {}
    thread, last, length = "", None, 0
    for at, author, said in rows:
        digest = hashlib.sha256(f"{at.isoformat()}\x00{author}\x00{said}".encode()).hexdigest()[:32]
        seen[digest] = seen.get(digest, 0) + 1
        key = f"{digest}{seen[digest]}"
        if last is None or not at - SITTING <= last <= at or length >= LONGEST_SITTING:
            thread, length = key, 0
        yield Line(key, at, author, said, thread)
        last, length = at, length + 1
