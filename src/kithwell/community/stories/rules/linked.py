"""What machines that help people find things may read of a public story: schema.org as JSON-LD, in a script element
that no browser runs. A strict policy does not stop it: it is data, and the HTML standard looks at the type first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_TYPES = {"image": "ImageObject", "audio": "AudioObject", "video": "VideoObject"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a story. `until` is when the author's yes for this site ends; `about` is "" where a first look at
    the words is nothing for somebody who did not choose it."""

    url: str
    title: str
    byline: str
    about: str
    language: str
    site: str
    published: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of it."""

    kind: str
    url: str
    mime: str
    alt: str
    transcript: str


def article(told: Told, files: Iterable[Shown] = ()) -> dict[str, Any]:
    """The story as a schema.org Article that names nobody but as the author wants to be called."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "mainEntityOfPage": told.url,
        "url": told.url,
        "headline": told.title,
        "genre": "Personal story",
        "inLanguage": told.language,
        "isAccessibleForFree": True,
        "datePublished": told.published.isoformat(timespec="seconds"),
        "expires": told.until.isoformat(timespec="seconds"),
        "publisher": {"@type": "Organization", "name": told.site},
    }
    if told.byline:
        said["author"] = {"@type": "Person", "name": told.byline}
    if told.about:
        said["description"] = told.about
    parts = [_file(file) for file in files]
    if parts:
        said["associatedMedia"] = parts
    return said


def _file(file: Shown) -> dict[str, Any]:
    said = {"@type": _TYPES[file.kind], "contentUrl": file.url, "encodingFormat": file.mime}
    if file.alt:
        said["description"] = file.alt
    if file.transcript and file.kind != "image":
        said["transcript"] = file.transcript
    return said


def as_script(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in, whatever the words are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
