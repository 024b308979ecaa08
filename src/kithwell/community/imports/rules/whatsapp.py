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
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\ufeff"
_OWN = "\u200e"  # iPhones put it before what WhatsApp itself wrote: notices, "image omitted", files
_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\ufeff"))
_SPACES = dict.fromkeys(map(ord, "\u202f\u00a0\u2009"), " ")
# Halves of the day as phones write them, without dots and spaces; some stand before the hour.
_HALVES = {
    "am": "am ص 上午 凌晨 早上 清晨 오전 午前 πμ vorm fm öö de sa dop ap".split(),
    "pm": "pm م 下午 中午 傍晚 晚上 오후 午後 μμ nachm em ös du ch odp ip".split(),
}
_HALF = {word: half for half, words in _HALVES.items() for word in words}
_BEFORE_TIME = {
    "à",
    "às",
    "as",
    "klo",
    "kl",
    "klockan",
    "alle",
    "um",
    "at",
    "om",
    "ob",
    "o",
    "a",
    "в",
    "pukul",
    "lúc",
}
_HEAD = re.compile(
    r"^(\[?)(\d{1,4})[./-]\s?(\d{1,2})[./-]\s?(\d{1,4})[.,،]{0,2}\s+(?:([^\W\d]{1,10})\.?\s*)?"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s?((?:[^\W\d]{1,10}\.?\s?){0,2})(?:\]\s?|\s?[-–]\s)(.*)$",
    re.DOTALL,
)
_MEDIA = re.compile(
    r"<[^<>]{3,80}>|.{1,120}\.(?:jpe?g|png|webp|gif|heic|opus|ogg|m4a|mp3|aac|mp4|3gp|mov|pdf|docx?|xlsx?|pptx?|was)"
    r"\s\([^()]{4,40}\)",
    re.IGNORECASE,
)
_OMITTED = re.compile(  # an iPhone's own word for a picture or recording that is not in the file
    r"omitted|omitid[oa]|weggelassen|absent|omis(?:e|es)?$|ocultad[oa]|omess[oaie]|weggelaten|utelämna|utelat|udelad|"
    r"pominięto|опущен|محذوف",
    re.IGNORECASE,
)
_CARD = re.compile(r"\.vcf\b", re.IGNORECASE)
_PLACE = re.compile(
    r"^(?:location|ubicación|standort|localização|position|posizione|locatie|الموقع)\s*:\s*https?://|"
    r"https?://(?:maps\.google|www\.google\.[a-z.]{2,8}/maps|goo\.gl/maps|maps\.app|maps\.apple)|^live location shared",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"(?:this message was deleted|you deleted this message|null|se eliminó este mensaje|"
    r"eliminaste este mensaje|(?:diese|du hast diese) nachricht (?:wurde )?gelöscht|"
    r"(?:esta )?mensagem (?:foi )?apagada|você apagou esta mensagem|ce message a été supprimé|"
    r"vous avez supprimé ce message|questo messaggio è stato eliminato|hai eliminato questo messaggio|"
    r"dit bericht is verwijderd|u hebt dit bericht verwijderd|je hebt dit bericht verwijderd|"
    r"bu mesaj silindi|تم حذف هذه الرسالة|यह संदेश हटा दिया गया था|यह मैसेज हटा दिया गया था)\.?",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"<[^<>]*(?:edited|editó|editad|editou|bearbeitet|modifié|modificat|bewerkt|düzenlen|تعديل|изменен|संपादित|редагован)[^<>]*>",
    re.IGNORECASE,
)
_LOOK = 300  # characters at either end of a message where what WhatsApp adds can stand
_QUOTED = set('"“”„«»')
Head = tuple[int, int, int, int, int, int, str]
Row = tuple[Head, bool, str]  # when, from an iPhone?, what follows the date


def _clean(text: str) -> Iterator[str]:
    yield from text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _half(before: str | None, after: str | None) -> str | None:
    """am | pm | "" for the words around the hour; None where they are other words: then no message begins here."""
    first, last = ((word or "").replace(".", "").replace(" ", "").lower() for word in (before, after))
    if (last and last not in _HALF) or (first and first not in _HALF and first not in _BEFORE_TIME):
        return None
    return _HALF.get(last) or _HALF.get(first, "")


def _heads(text: str) -> list[Row]:
    """Each message: its date as it stands there, and all of its words with the invisible marks."""
    found: list[tuple[Head, bool, list[str]]] = []
    for row in _clean(text):
        begin = row.lstrip(_MARKS)
        match = _HEAD.match(begin[:80].translate(_SPACES) + begin[80:])
        half = _half(match[5], match[9]) if match else None
        if match and half is not None:
            a, b, c, hour, minute, second = (int(match[n] or 0) for n in (2, 3, 4, 6, 7, 8))
            found.append(((a, b, c, hour, minute, second, half), bool(match[1]), [match[10]]))
        elif found:
            found[-1][2].append(row)
    return [(head, iphone, "\n".join(rows)) for head, iphone, rows in found]


def _when(head: Head, order: str) -> datetime | None:
    a, b, c, hour, minute, second, half = head
    day, month, year = {"dmy": (a, b, c), "mdy": (b, a, c), "ymd": (c, b, a)}[order]
    if year < 100:
        year += 2000
    if 2552 <= year <= 2643:
        year -= 543  # phones in Thailand count from the Buddha
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
    heads = [head for head, _iphone, _words in _heads(text)]
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
    for head, iphone, words in heads:
        at = _when(head, order)
        if at is None:
            raise Unreadable("dates")
        author, colon, said = words.partition(": ")
        author = author.translate(_INVISIBLE).strip().removeprefix("~").strip()
        if not colon or "\n" in author or not 0 < len(author) <= 60 or _QUOTED & set(author):
            found.left["system"] += 1
            continue
        said, media, reason = _sift(said, iphone)
        found.left["media"] += media
        if reason:
            found.left[reason] += 1
        else:
            rows.append((at, author, said))
    found.left = +found.left
    found.lines = list(_threads(rows))
    return found


def _sift(raw: str, iphone: bool) -> tuple[str, int, str]:
    """What somebody wrote, how many pictures and files stood with it, and why nothing of it comes ("" when it does)."""
    raw, media = _without_end(raw.strip(), iphone)
    first, _line, rest = raw.partition("\n")
    own = iphone and first.startswith(_OWN)
    first = first.translate(_INVISIBLE).strip()
    if rest.strip() and len(first) <= _LOOK and _MEDIA.fullmatch(first):
        media, own, first = media + 1, False, ""  # a file, and below what was written to it
    said = "\n".join(filter(None, (first, rest.translate(_INVISIBLE)))).strip()
    if not said:
        return "", media, "" if media else "empty"
    if reason := _left_behind(said):
        return "", media, reason
    if own:
        return "", media, "media" if _OMITTED.search(said[:_LOOK]) else "system"
    return said, media, ""


def _without_end(raw: str, iphone: bool) -> tuple[str, int]:
    """A message without what WhatsApp put at its end: that it was edited, or the file it was written to."""
    at = raw.rfind("<", max(0, len(raw) - _LOOK))
    if at > 0 and _EDITED.fullmatch(raw[at:].translate(_INVISIBLE).strip()):
        raw = raw[:at].rstrip().rstrip(_MARKS).rstrip()
    head, mark, tail = raw.rpartition(_OWN)
    tail = tail.translate(_INVISIBLE).strip()
    if iphone and mark and head.strip(_MARKS + " \n") and _is_media(tail):
        return head.strip(), 1
    return raw, 0


def _is_media(tail: str) -> bool:
    return len(tail) <= _LOOK and bool(_MEDIA.fullmatch(tail) or _OMITTED.search(tail))


def _left_behind(said: str) -> str:
    short = said[: _LOOK + 1]
    if _CARD.search(short):
        return "contact-card"
    if len(said) <= _LOOK and _MEDIA.fullmatch(said):
        return "media"
    if _DELETED.fullmatch(said):
        return "deleted"
    return "place" if _PLACE.search(short) else ""


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
