"""Public pages kept in memory: by address, language, theme and country, for visitors who carry no cookie of ours but
those three. Each entry has an ETag, so a browser that has the page already gets 304 and no body."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from kithwell.kernel import bus

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as it is sent. `etag` is weak: the packed form and the plain one are the same page."""

    body: bytes
    packed: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: bytes
    until: float


def entry(body: bytes, headers: tuple[tuple[bytes, bytes], ...], seconds: float) -> Entry:
    """Make an entry of an uncompressed body, kept for `seconds`."""
    etag = b'W/"' + hashlib.sha256(body).hexdigest()[:20].encode() + b'"'
    packed = gzip.compress(body, 6, mtime=0) if len(body) > 1000 else b""
    return Entry(body, packed, headers, etag, time.monotonic() + seconds)


class PageCache:
    """At most `most` pages and `most_bytes` bytes; the one looked at longest ago goes first."""

    def __init__(self, most: int = 512, most_bytes: int = 24_000_000) -> None:
        self.most, self.most_bytes = most, most_bytes
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Entry | None:
        found = self._entries.get(key)
        if found is None:
            return None
        with self._lock:
            if found.until < time.monotonic():
                self._drop(key)
                return None
            if key in self._entries:
                self._entries.move_to_end(key)
        return found

    def put(self, key: Key, kept: Entry) -> None:
        with self._lock:
            self._drop(key)
            self._entries[key] = kept
            self._bytes += len(kept.body) + len(kept.packed)
            while len(self._entries) > self.most or self._bytes > self.most_bytes:
                self._drop(next(iter(self._entries)))

    def forget(self, path: str) -> None:
        """Whatever is kept of this address, in every language: what it shows has changed."""
        with self._lock:
            for key in [key for key in self._entries if key[1] == path]:
                self._drop(key)

    def _drop(self, key: Key) -> None:
        gone = self._entries.pop(key, None)
        if gone is not None:
            self._bytes -= len(gone.body) + len(gone.packed)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)


cache = PageCache()
WORD = "page:"  # on the bus: the address after it has changed


def changed(path: str) -> None:
    """On commit, every process forgets what it keeps of this address."""
    bus.say(WORD + path)


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Does the browser have this page already (RFC 9110, section 13.1.2, weak comparison)?"""
    if not if_none_match:
        return False
    wanted = etag.removeprefix(b"W/")
    return any(t.strip().removeprefix(b"W/") in (wanted, b"*") for t in if_none_match.split(b","))
