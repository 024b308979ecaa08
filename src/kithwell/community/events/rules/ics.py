"""Writing iCalendar (RFC 5545): what calendar programs of attendees fetch.

Only what is needed: VEVENT in UTC with UID, DTSTAMP, DTSTART, DTEND, SUMMARY and a few more. There is deliberately
no way to write ATTENDEE or ORGANIZER here: whoever gets such a file learns of nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
WRITER = "-//Kithwell//Events//EN"
NEUTRAL_WRITER = "-//Calendar//EN"  # where a file must not say whose it is


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar. `start` and `end` are moments, or days (then `end` is the day after the last)."""

    uid: str
    title: str
    start: datetime | date
    end: datetime | date
    changed: datetime
    text: str = ""
    url: str = ""
    cancelled: bool = False
    sequence: int = 0
    open: bool = False  # nothing private: a day that everybody keeps


def escape(text: str) -> str:
    """A TEXT value (section 3.3.11)."""
    text = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """At most 75 octets a line (section 3.1), never cutting a character in two."""
    if len(line.encode()) <= 75:
        return line
    pieces, piece, room = [], "", 75
    for ch in line:
        if len((piece + ch).encode()) > room:
            pieces.append(piece)
            piece, room = "", 74  # the space that goes before counts
        piece += ch
    pieces.append(piece)
    return "\r\n ".join(pieces)


def stamp(moment: datetime) -> str:
    """A moment in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _when(name: str, value: datetime | date) -> str:
    if isinstance(value, datetime):
        return f"{name}:{stamp(value)}"
    return f"{name};VALUE=DATE:{value:%Y%m%d}"


def _entry(entry: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(entry.uid)}",
        f"DTSTAMP:{stamp(entry.changed)}",
        f"LAST-MODIFIED:{stamp(entry.changed)}",
        f"SEQUENCE:{entry.sequence}",
        _when("DTSTART", entry.start),
        _when("DTEND", entry.end),
        f"SUMMARY:{escape(entry.title)}",
        f"CLASS:{'PUBLIC' if entry.open else 'PRIVATE'}",
    ]
    if entry.text:
        lines.append(f"DESCRIPTION:{escape(entry.text)}")
    if entry.url:
        lines.append("URL:" + "".join(_UNWANTED.sub("", entry.url).split()))
    if entry.cancelled:
        lines.append("STATUS:CANCELLED")
    if not isinstance(entry.start, datetime):
        lines.append("TRANSP:TRANSPARENT")
    return [*lines, "END:VEVENT"]


def calendar(
    name: str, entries: Iterable[Entry], refresh: timedelta = timedelta(hours=6), writer: str = WRITER
) -> bytes:
    """A whole calendar file. It has no METHOD: with PUBLISH an ORGANIZER would have to be named (RFC 5546, 3.2.1)."""
    hours = max(1, int(refresh.total_seconds() // 3600))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{writer}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escape(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{hours}H",
        f"X-PUBLISHED-TTL:PT{hours}H",
    ]
    for entry in entries:
        lines += _entry(entry)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + "\r\n" for line in lines).encode()
