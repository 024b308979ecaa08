"""Help now when anything else fails: copies on disk, words for the moment before that, and who is there right now.

`data_dir/help/<language>/<COUNTRY or none>.html` is a copy of the page for each country and language. A web server in
front of Kithwell can serve these when Kithwell itself does not run (docs/directory.md).
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from kithwell.directory import help_page, queries
from kithwell.directory.help_page import UNKNOWN, Staffing
from kithwell.kernel import clock, conf, logs

log = logs.get("directory.static")
KEPT_LANGUAGES = ("en", "es")
STATE_OLD_AFTER = 300  # seconds; older words about who is there are not believed
_LOOK_AGAIN = 5.0  # seconds between two looks at the file
_state: tuple[float, Staffing] = (0.0, UNKNOWN)

_LAST = (
    b"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    b"<title>Help now</title><h1>Help now</h1><p>If you are in danger right now, call your local emergency number, or "
    b"ask somebody near you to call.</p><p>Something is broken on our side. It is not your fault. Please try this page "
    b"again in a minute.</p><p><a href='/talk'>Write to us</a></p></html>"
)


def folder() -> Path:
    """Where the copies lie."""
    return Path(conf.get("data_dir")) / "help"


def _file(country: str, language: str) -> Path:
    return folder() / language / f"{country or 'none'}.html"


def write_all() -> int:
    """Write every copy anew, each whole or not at all; the number written. Raises OSError."""
    count = 0
    for language in sorted({*KEPT_LANGUAGES, *help_page.languages()}):
        for country in ("", *queries.codes()):
            target = _file(country, language)
            body = help_page.render(country, language)
            count += 1
            if target.exists() and target.read_bytes() == body:
                continue
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = target.with_suffix(f".{os.getpid()}.new")
            fresh.write_bytes(body)
            os.replace(fresh, target)
    return count


def _safe(country: str, language: str) -> tuple[str, str]:
    country = country.upper() if country.upper() in queries.codes() else ""
    base = language.split("-")[0].lower()
    return country, base if base.isalpha() and len(base) < 4 else "en"


def fallback(country: str, lang: str) -> bytes:
    """The page from this process's memory; failing that the copy on disk, failing that plain words. Never raises.

    Only this very country's numbers, or none.
    """
    try:
        return help_page.render(country, lang)
    except Exception as error:
        log.error("help.render_failed", error=type(error).__name__)
    try:
        country, lang = _safe(country, lang)
        for place in ((country, lang), (country, "en"), ("", lang), ("", "en")):
            if (file := _file(*place)).is_file():
                return file.read_bytes()
    except Exception as error:
        log.error("help.copy_failed", error=type(error).__name__)
    return _LAST


def tell(staffed: bool, wait_minutes: int) -> None:
    """Write down who is there, for the help page (called by a job every minute; several processes read it)."""
    target = folder() / "staffing.json"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(
        json.dumps({"staffed": staffed, "wait_minutes": wait_minutes, "at": clock.now().timestamp()})
    )
    os.replace(fresh, target)


def staffing() -> Staffing:
    """Who is there, as last written down; UNKNOWN when that is old, missing or unreadable. Never raises."""
    global _state
    now = time.monotonic()
    if now - _state[0] < _LOOK_AGAIN and _state[0]:
        return _state[1]
    try:
        found = json.loads((folder() / "staffing.json").read_text())
        fresh = 0 <= clock.now().timestamp() - found["at"] < STATE_OLD_AFTER
        minutes = _rounded(int(found["wait_minutes"]))
        told = Staffing(True, bool(found["staffed"]), minutes) if fresh else UNKNOWN
    except Exception:
        told = UNKNOWN
    _state = (now, told)
    return told


def _rounded(minutes: int) -> int:
    """Waits in steps, never shorter than they are: 7 becomes 10. Nobody's exact place in the queue is public."""
    return next((step for step in (0, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180) if minutes <= step), 240)
