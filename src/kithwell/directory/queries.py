"""Helplines and emergency numbers by country, from the two lists in `data/`. Read once, kept in memory; no database.

Grades: A the operator's own page was read, with its date; B two independent lists and a site of the operator; C
unconfirmed. In a crisis only A and B that have not expired are shown, and never another country's number
(docs/directory.md; safety invariant 9).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kithwell.kernel import clock

DATA = Path(__file__).parent / "data"
CRISIS_GRADES = ("A", "B")
_EVERYBODY = "general"
_ROUND_THE_CLOCK = "24/7"


@dataclass(frozen=True, slots=True)
class Helpline:
    """One service. `phone` and `sms` are for reading, `phone_dial` and `sms_dial` for links (digits, perhaps "+").

    `is_short_code`: the phone number works only inside the country and nothing may be put before it. `extension` is
    to be pressed after the call is answered, `sms_keyword` is the word to send. `languages` are ISO 639 codes, () when
    the list does not say. Dates are ISO 8601; `seen_on` "" when the source has no date. `grade`, `source` and `note`
    are for staff.
    """

    id: str
    name: str
    phone: str
    sms: str
    chat_url: str
    website: str
    hours: str
    languages: tuple[str, ...]
    audience: str
    country: str
    grade: str
    source: str
    seen_on: str
    is_short_code: bool
    phone_dial: str = ""
    sms_dial: str = ""
    sms_keyword: str = ""
    extension: str = ""
    reviewed_on: str = ""
    expires_on: str = ""
    note: str = ""

    @property
    def round_the_clock(self) -> bool:
        return self.hours == _ROUND_THE_CLOCK

    @property
    def for_everybody(self) -> bool:
        return self.audience == _EVERYBODY


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """`purpose`: all | ambulance | police."""

    purpose: str
    number: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """A country's emergency numbers, the one for a person in danger first."""

    country: str
    numbers: tuple[EmergencyNumber, ...]
    grade: str
    source: str
    expires_on: str
    note: str = ""

    @property
    def first(self) -> str:
        return self.numbers[0].number


def _load(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _helpline(raw: dict[str, Any]) -> Helpline:
    phone, sms = raw["phone"] or {}, raw["sms"] or {}
    return Helpline(
        raw["id"],
        raw["name"],
        phone.get("display", ""),
        sms.get("display", ""),
        raw["chat_url"],
        raw["website"],
        raw["hours"],
        tuple(raw["languages"]),
        raw["audience"],
        raw["country"],
        raw["grade"],
        raw["source"],
        raw["seen_on"],
        phone.get("kind") == "short",
        phone_dial=phone.get("dial", ""),
        sms_dial=sms.get("dial", ""),
        sms_keyword=sms.get("keyword", ""),
        extension=phone.get("extension", ""),
        reviewed_on=raw["reviewed_on"],
        expires_on=raw["expires_on"],
        note=raw["note"],
    )


@cache
def _lines() -> dict[str, tuple[Helpline, ...]]:
    found: dict[str, list[Helpline]] = {}
    for raw in _load("helplines.json"):
        found.setdefault(raw["country"], []).append(_helpline(raw))
    return {country: tuple(lines) for country, lines in found.items()}


@cache
def _emergencies() -> dict[str, Emergency]:
    return {
        raw["country"]: Emergency(
            raw["country"],
            tuple(EmergencyNumber(n["for"], n["number"]) for n in raw["numbers"]),
            raw["grade"],
            raw["source"],
            raw["expires_on"],
            raw["note"],
        )
        for raw in _load("emergency.json")
    }


@cache
def _names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = _load("countries.json")
    return names


def _today() -> date:
    return clock.now().date()


def helplines(
    country: str,
    *,
    language: str | None = None,
    audience: str | None = None,
    for_crisis: bool = True,
    on: date | None = None,
) -> tuple[Helpline, ...]:
    """Helplines of exactly this country (ISO 3166-1), () for one we know nothing of.

    Order: lines for everybody first (or those for `audience`), then those that speak `language`, grade A, open day
    and night. `for_crisis` leaves out grade C and what has expired on `on` (today).
    """
    day = (on or _today()).isoformat()
    found = _lines().get(country.upper(), ())
    if for_crisis:
        found = _once(line for line in found if line.grade in CRISIS_GRADES and day <= line.expires_on)

    def rank(line: Helpline) -> tuple[bool, bool, str, bool, str]:
        wanted = line.for_everybody if audience is None else (audience in line.audience or line.for_everybody)
        speaks = not line.languages or language is None or language.split("-")[0] in line.languages
        return (not wanted, not speaks, line.grade, not line.round_the_clock, line.name)

    return tuple(sorted(found, key=rank))


def _once(lines: Any) -> tuple[Helpline, ...]:
    """Without a second row of the same service under the same name."""
    kept: dict[str, Helpline] = {}
    for line in lines:
        kept.setdefault(line.name, line)
    return tuple(kept.values())


def emergency(country: str, *, on: date | None = None) -> Emergency | None:
    """Emergency numbers of exactly this country; None when we are not sure of them: then say so, and list none."""
    found = _emergencies().get(country.upper())
    if found is None or found.grade not in CRISIS_GRADES or (on or _today()).isoformat() > found.expires_on:
        return None
    return found


def codes() -> tuple[str, ...]:
    """Countries and territories we know a helpline or an emergency number of."""
    return tuple(sorted(_lines().keys() | _emergencies().keys()))


def country_name(country: str, language: str = "en") -> str:
    """Its name in `language` (English where we have no other); the code itself when it is not in our list."""
    names = _names()
    table = names.get(language.split("-")[0], names["en"])
    return table.get(country.upper()) or names["en"].get(country.upper(), country.upper())


def countries(language: str = "en") -> tuple[tuple[str, str], ...]:
    """(code, name) for a chooser, by name."""
    pairs = [(code, country_name(code, language)) for code in codes()]
    return tuple(sorted(pairs, key=lambda pair: (_sortable(pair[1]), pair[0])))


def _sortable(name: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower() or name


def expiring(before: date) -> tuple[Helpline, ...]:
    """A and B rows that will not be shown any more from `before` on: work for whoever keeps the list."""
    return tuple(
        line
        for lines in _lines().values()
        for line in lines
        if line.grade in CRISIS_GRADES and line.expires_on < before.isoformat()
    )


@cache
def _by_name() -> dict[str, str]:
    """Every name of a country in every language we have, folded, to its code; names of two countries are left out."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for table in _names().values():
        for code, name in table.items():
            key = _folded(name)
            if found.setdefault(key, code) != code:
                twice.add(key)
    for name, code in _ALSO.items():
        found[name] = code
    return {key: code for key, code in found.items() if key not in twice}


_ALSO = {
    "usa": "US", "us": "US", "u s": "US", "u s a": "US", "america": "US", "the states": "US", "eeuu": "US",
    "ee uu": "US",
    "uk": "GB", "u k": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "inglaterra": "GB", "escocia": "GB", "gales": "GB", "reino unido": "GB",
    "holland": "NL", "uae": "AE", "south korea": "KR", "korea": "KR", "turkey": "TR", "czech republic": "CZ",
}  # fmt: skip
_BEFORE = (
    "i am in ", "im in ", "i m in ", "in ", "the ", "from ", "i live in ", "estoy en ", "en ", "vivo en ",
    "soy de ", "de ",
)  # fmt: skip


def _folded(text: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def find_country(text: str) -> str:
    """The country a short answer names ("I'm in Ireland", "México", "UK", "IE"), else "". Never a guess."""
    if len(text) > 60:
        return ""
    said = _folded(text)
    if len(said) == 2 and text.strip().isupper() and said.upper() in codes():
        return said.upper()
    again = True
    while again:
        if said in _by_name():
            return _by_name()[said]
        again = False
        for words in _BEFORE:
            if said.startswith(words):
                said, again = said.removeprefix(words), True
                break
    return ""
