"""Makes `data/helplines.json` and `data/countries.json`: run by hand when a new list comes, never by the product.

    python -m kithwell.directory.importer ../shared/data/helplines.csv --on 2026-11-20

Nothing is invented: a number is kept as it was found (`original`) beside the digits a phone dials. A short code (up to
six digits, no leading 0 or +) is a kind of its own: no country code, no trunk prefix is ever put before it.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import unicodedata
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
KEEP_DAYS = 365  # a row that nobody has looked at for a year is not shown in a crisis
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EXTENSION = re.compile(r"\b(?:ext\.?|extension)\s*(\d+)\s*$", re.IGNORECASE)
_KEYWORD = re.compile(r"\(\s*text\s+([A-Za-z]+)\s*\)\s*$", re.IGNORECASE)


class Unreadable(ValueError):
    """A number that holds anything but digits and the usual separators."""


def number(text: str) -> dict[str, str] | None:
    """{"original", "display", "dial", "kind", and perhaps "extension" or "keyword"}; None for an empty field.

    `kind`: short | national | international. `dial` holds digits and at most one leading "+". "00" at the start of a
    number is the international prefix of where it was written, so it becomes "+". Raises Unreadable.
    """
    original = text.strip()
    if not original:
        return None
    rest, more = original, {}
    for name, pattern in (("extension", _EXTENSION), ("keyword", _KEYWORD)):
        if found := pattern.search(rest):
            more[name], rest = found.group(1), rest[: found.start()].strip()
    dial = re.sub(r"[\s().\-/]", "", rest)
    if not re.fullmatch(r"\+?\d{2,15}", dial):
        raise Unreadable(original)
    if dial.startswith("00") and len(dial) > 9:
        dial = "+" + dial[2:]
    short = dial.isdigit() and len(dial) <= 6 and not dial.startswith("0")
    kind = "international" if dial.startswith("+") else "short" if short else "national"
    return {"original": original, "display": rest, "dial": dial, "kind": kind, **more}


def slug(country: str, name: str) -> str:
    """A name for a row that stays the same from import to import."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or str(len(name))
    return f"{country.lower()}-{re.sub(r'[^a-z0-9]+', '-', plain.lower()).strip('-')[:48] or 'line'}"


def row(raw: dict[str, str], on: date) -> dict[str, Any]:
    """One line of the list as it is kept. Raises Unreadable, ValueError for an unknown grade."""
    grade = raw["confidence"].strip()
    if grade not in ("A", "B", "C"):
        raise ValueError(f"{raw['service_name']}: grade {grade!r}")
    seen = max(_DATE.findall(raw["date_seen_in_source"]), default="")
    country = raw["country_iso2"].strip().upper()
    return {
        "id": slug(country, raw["service_name"]),
        "country": country,
        "name": raw["service_name"].strip(),
        "phone": number(raw["phone"]),
        "sms": number(raw["sms"]),
        "chat_url": raw["chat_url"].strip(),
        "website": raw["website"].strip(),
        "hours": raw["hours"].strip(),
        "languages": [code for code in raw["languages"].strip().split(";") if code],
        "audience": raw["audience"].strip() or "general",
        "grade": grade,
        "source": raw["source"].strip(),
        "seen_on": seen,
        "reviewed_on": on.isoformat(),
        "expires_on": (on + timedelta(days=KEEP_DAYS)).isoformat(),
        "note": raw["note"].strip(" ;"),
    }


def read(path: Path, on: date) -> list[dict[str, Any]]:
    """All rows, by country and name, with ids that occur once."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row(raw, on) for raw in csv.DictReader(file)]
    rows.sort(key=lambda r: (r["country"], r["grade"], r["name"]))
    taken: set[str] = set()
    for item in rows:
        base, n = item["id"], 2
        while item["id"] in taken:
            item["id"], n = f"{base}-{n}", n + 1
        taken.add(item["id"])
    return rows


def countries(codes: set[str], languages: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Names of countries by language, from the Unicode CLDR as Babel carries it."""
    from babel import Locale

    names: dict[str, dict[str, str]] = {}
    for language in languages:
        locale = Locale.parse(language)
        names[language] = {code: str(locale.territories.get(code, code)) for code in sorted(codes)}
    return names


def _write(name: str, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    (DATA / name).write_text(text + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Import a list. 0 good, 1 something in it could not be read (nothing is written then)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument(
        "--on", type=date.fromisoformat, required=True, help="the day somebody looked at this list"
    )
    args = parser.parse_args(argv)
    try:
        rows = read(args.list, args.on)
    except (OSError, ValueError, KeyError) as error:
        print(f"{args.list}: {error}", file=sys.stderr)
        return 1
    _write("helplines.json", rows)
    emergency = json.loads((DATA / "emergency.json").read_text(encoding="utf-8"))
    codes = {r["country"] for r in rows} | {r["country"] for r in emergency}
    _write("countries.json", countries(codes, ("en", "es", "fr", "de", "pt", "ar", "hi")))
    print(f"{len(rows)} services, {len(codes)} countries and territories")
    return 0


if __name__ == "__main__":
    sys.exit(main())
