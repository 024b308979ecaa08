"""Language, theme and country of a request: by what the person chose (a cookie), else by what the browser says.

No account is needed and nothing is looked up elsewhere: an IP address is never turned into a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale

from kithwell.kernel import conf

LANGUAGE_COOKIE = "kw_language"
THEME_COOKIE = "kw_theme"
COUNTRY_COOKIE = "kw_country"
COOKIES = frozenset({LANGUAGE_COOKIE, THEME_COOKIE, COUNTRY_COOKIE})
THEMES = ("auto", "light", "dark")
KEPT_FOR = 365 * 24 * 3600  # seconds
_RTL = frozenset({"ar", "fa", "he", "ur"})
_NOT_COUNTRIES = frozenset({"EU", "UN", "ZZ"})


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` is one that is offered, `theme` one of THEMES, `country` ISO 3166-1 or "" when nothing tells it.

    A language may be offered before this program has words in it, because people who help speak it. Pages are then in
    `spoken`, and say so: English read out as Arabic, or set from right to left, is worse than English.
    """

    language: str
    theme: str
    country: str

    @property
    def spoken(self) -> str:
        """The language pages are in: `language` where there are words, else the site's first one, else English."""
        first = str(conf.get("languages", ("en",))[0])
        return next((code for code in (self.language, first) if has_words(code)), "en")

    @property
    def dir(self) -> str:
        return "rtl" if self.spoken.split("-")[0] in _RTL else "ltr"


@lru_cache(maxsize=64)
def has_words(language: str) -> bool:
    """Is there a catalogue for `language`, or for what it is a kind of (es for es-MX)? English is the sources' own."""
    names = {to_locale(language), language.split("-")[0]}
    folders = [Path(folder) / name / "LC_MESSAGES" for folder in settings.LOCALE_PATHS for name in names]
    return "en" in names or any((folder / "django.mo").is_file() for folder in folders)


@lru_cache(maxsize=2048)
def parse_accept_language(header: str) -> tuple[str, ...]:
    """Language tags of an Accept-Language header (RFC 9110, section 12.5.4), best first, lower case."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")[:30]):
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=")) if parameters.strip() else 1.0
        except ValueError:
            continue
        if tag and tag != "*" and 0 < quality <= 1:
            found.append((-quality, place, tag.strip().lower()))
    return tuple(tag for _, _, tag in sorted(found))


def language_of(chosen: str, header: str, offered: tuple[str, ...]) -> str:
    """The language to answer in: `chosen` when offered, else the best of the header, else the first offered."""
    if chosen in offered:
        return chosen
    for tag in parse_accept_language(header):
        if tag in offered:
            return tag
        if (base := tag.split("-")[0]) in offered:
            return base
    return offered[0]


def country_of(chosen: str, header: str, default: str) -> str:
    """The country chosen, else the region of the browser's first language that has one ("en-GB"), else `default`."""
    if is_country(chosen):
        return chosen
    for tag in parse_accept_language(header):
        for part in tag.split("-")[1:]:
            if is_country(part.upper()):
                return part.upper()
    return default


def is_country(text: str) -> bool:
    """Has `text` the form of an ISO 3166-1 alpha-2 code?"""
    return (
        len(text) == 2 and text.isascii() and text.isalpha() and text.isupper() and text not in _NOT_COUNTRIES
    )


def of(cookies: Mapping[str, str], accept_language: str) -> Preferences:
    """Preferences of a request."""
    theme = cookies.get(THEME_COOKIE, "auto")
    return Preferences(
        language_of(cookies.get(LANGUAGE_COOKIE, ""), accept_language, tuple(conf.get("languages", ("en",)))),
        theme if theme in THEMES else "auto",
        country_of(cookies.get(COUNTRY_COOKIE, ""), accept_language, conf.get("default_country", "")),
    )
