"""How fast the provider lets a number write: so many a second, and so many to one person. Paced by the wall clock."""

from __future__ import annotations

import threading
import time

PAIR_BURST, PAIR_EVERY = 45, 6.0  # one message to a person in 6 s, 45 at once
RATE = 80.0  # messages a second and number

TOO_FAST = (429, 130429, "rate limit hit")
TOO_MANY_TO_ONE = (400, 131056, "too many messages to this person")


class Rates:
    """Two kinds of bucket: one for the number, one for each person written to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pairs: dict[str, tuple[float, float]] = {}
        self._rate: tuple[float, float] = (RATE, time.monotonic())

    def take(self, who: str) -> tuple[int, int, str] | None:
        """Count one message to `who`; (HTTP status, code, details) when it is one too many."""
        now = time.monotonic()
        with self._lock:
            level, at = self._rate
            level = min(RATE, level + (now - at) * RATE)
            pair, pair_at = self._pairs.get(who, (float(PAIR_BURST), now))
            pair = min(float(PAIR_BURST), pair + (now - pair_at) / PAIR_EVERY)
            short, pair_short = level < 1, pair < 1
            self._rate = (level if short else level - 1, now)
            self._pairs[who] = (pair if pair_short or short else pair - 1, now)
        return TOO_FAST if short else TOO_MANY_TO_ONE if pair_short else None
