"""Rendered words of public groups, kept for a short while in each process; and how kept public pages are forgotten."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from kithwell.community.groups import queries as groups
from kithwell.community.posts.rules import marks
from kithwell.kernel import crypto, pagecache

KEPT = crypto.KEY_KEPT  # seconds: no longer than an unwrapped key, so that an erasure is felt as soon
MOST = 4_000
EXCERPT = 420


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body as pages show it."""

    text: str
    own_warning: str
    html: Markup
    excerpt: str
    long: bool


Key = tuple[UUID, datetime | None]
_kept: dict[Key, tuple[float, Rendered]] = {}
_cards: dict[object, tuple[float, Markup]] = {}
_lock = threading.Lock()


def render(text: str, own_warning: str) -> Rendered:
    """Make the forms of a body that pages use."""
    html, words = marks.both(text)
    long = len(words) > EXCERPT or words.count("\n") > 8
    return Rendered(text, own_warning, Markup(html), marks.cut(words, EXCERPT) if long else "", long)


def get(key: Key) -> Rendered | None:
    found = _kept.get(key)
    return found[1] if found is not None and found[0] > time.monotonic() else None


def put(key: Key, rendered: Rendered) -> None:
    with _lock:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = (time.monotonic() + KEPT, rendered)


def card(key: object) -> Markup | None:
    """A whole post as signed-out readers see it. `key` holds all that it is made of but the words and the name."""
    found = _cards.get(key)
    return found[1] if found is not None and found[0] > time.monotonic() else None


def put_card(key: object, made: Markup) -> None:
    with _lock:
        if len(_cards) >= MOST:
            _cards.clear()
        _cards[key] = (time.monotonic() + KEPT, made)


def clear() -> None:
    """Everything this process kept (tests; after an erasure)."""
    with _lock:
        _kept.clear()
        _cards.clear()


def forget(group: UUID, post: UUID) -> None:
    """On commit: public pages of this group and post are made anew at the next look, in every process. One query."""
    found = groups.groups_by_id([group]).get(group)
    if found is not None and found.reading == "everyone":
        pagecache.changed(found.url)
        pagecache.changed(f"/p/{post}")
