"""The help page as bytes: from the two lists, the reviewed words and one template. No database, no Django view.

The page is whole in one answer: its style is inside, allowed by its hash in the Content-Security-Policy, and everything
on it works without scripts.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kithwell.directory import queries, words
from kithwell.kernel import clock, conf, static

_HERE = Path(__file__).parent / "help"
_RTL = ("ar", "fa", "he", "ur")
_CALLS = {"all": "call", "ambulance": "call_ambulance", "police": "call_police"}
HARMLESS = "https://www.bbc.co.uk/weather"
_PHONE = Markup(
    '<svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 '
    '13l5 2v3a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2Z"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Staffing:
    """Is somebody from the team there? `known` False: we cannot say. `wait_minutes` -1: nobody can say how long."""

    known: bool = False
    staffed: bool = False
    wait_minutes: int = -1


UNKNOWN = Staffing()


@cache
def _css() -> str:
    return (_HERE / "page.css").read_text(encoding="utf-8").strip()


@cache
def style_hash() -> str:
    """The source expression that lets exactly this page's style through (CSP level 3, section 2.3.1)."""
    digest = hashlib.sha256(_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy() -> bytes:
    """The Content-Security-Policy of the help page: the site's own, and its one style."""
    from kithwell.kernel import web

    return web.CSP.replace("style-src 'self'", f"style-src 'self' {style_hash()}").encode()


@cache
def _template() -> Any:
    env = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, undefined=StrictUndefined
    )
    return env.get_template("page.html")


def _setting(name: str, default: Any) -> Any:
    try:
        return conf.get(name, default) or default
    except Exception:  # settings that cannot be read must not take the numbers with them
        return default


def _scripts() -> tuple[str, ...]:
    try:
        return tuple(static.asset(name) for name in ("app.js", "plan.js") if name in static.library().names)
    except Exception:
        return ()


def languages() -> tuple[str, ...]:
    """Languages the page is offered in."""
    return tuple(_setting("languages", ("en", "es")))


_OWN_NAMES = {
    "en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "pt": "Português", "ar": "العربية",
    "hi": "हिन्दी",
}  # fmt: skip


def _language_names(line: queries.Helpline, language: str) -> str:
    return ", ".join(_OWN_NAMES.get(code, code) for code in line.languages[:8])


def _day(said: Any, iso: str) -> str:
    """A date in words, "2 June 2026"; as it is written where the months have no names yet."""
    try:
        day = date.fromisoformat(iso)
        month = said("months").split()[day.month - 1]
    except (ValueError, IndexError):
        return iso
    return str(said("date", day=day.day, month=month, year=day.year))


def _talk(said: Any, staffing: Staffing) -> str:
    if not staffing.known:
        return str(said("talk_unknown"))
    if not staffing.staffed:
        return str(said("talk_closed"))
    if 0 <= staffing.wait_minutes <= 2:
        return str(said("talk_now"))
    if staffing.wait_minutes >= 120:
        return str(said("talk_hours", hours=ceil(staffing.wait_minutes / 60)))
    if staffing.wait_minutes > 2:
        return str(said("talk_soon", minutes=staffing.wait_minutes))
    return str(said("talk_unknown"))


@lru_cache(maxsize=256)
def _render(
    country: str, language: str, guessed: bool, staffing: Staffing, day: date, scripts: tuple[str, ...]
) -> bytes:
    real, table = words.table(language)

    def said(key: str, **values: object) -> str:
        text = table[key]
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    lines = queries.helplines(country, language=real, on=day) if country else ()
    context = {
        "w": table,
        "say": said,
        "lang": real,
        "dir": "rtl" if real in _RTL else "ltr",
        "css": Markup(_css()),
        "scripts": scripts,
        "site": _setting("site_name", "Kithwell"),
        "leave": _setting("leave_url", HARMLESS),
        "phone": _PHONE,
        "calls": _CALLS,
        "country": country,
        "country_name": queries.country_name(country, real) if country else "",
        "countries": queries.countries(real),
        "guessed": guessed,
        "emergency": queries.emergency(country, on=day) if country else None,
        "lines": lines,
        "particular": [line for line in lines if not line.for_everybody],
        "audience": lambda line: (
            table[words.AUDIENCES[line.audience]] if line.audience in words.AUDIENCES else line.audience
        ),
        "day": lambda iso: _day(said, iso),
        "languages": lambda line: _language_names(line, real),
        "talk": _talk(said, staffing),
        "offered": [
            (code, _OWN_NAMES.get(code, code)) for code in languages() if words.table(code)[0] == code
        ],
    }
    return str(_template().render(context)).encode()


def render(country: str, language: str, *, guessed: bool = False, staffing: Staffing = UNKNOWN) -> bytes:
    """The page for a country (ISO 3166-1, "" when it is not known) and a language. Needs no database."""
    wanted = country.upper()
    known = wanted if wanted in queries.codes() else ""
    # A country we have nothing for keeps its name out of the page but never gets another one's numbers.
    return _render(known, language, guessed and bool(known), staffing, clock.now().date(), _scripts())


def with_theme(page: bytes, theme: str) -> bytes:
    """The page in the theme somebody chose ("light" or "dark"; anything else leaves it to their device)."""
    if theme not in ("light", "dark"):
        return page
    return page.replace(b"<html ", f'<html data-theme="{theme}" '.encode(), 1)
