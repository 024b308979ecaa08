"""What each process keeps in memory and looks up again every few seconds, on one quiet thread of its own.

    @fresh.kept(seconds=5)
    def load() -> None: ...

For small things that must hold in every process soon after they change, and that no request should have to ask for.
A look that fails is tried again at the next turn; what was kept until then still holds.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections

from kithwell.kernel import logs

Look = Callable[[], None]
PATIENCE = 5.0  # seconds a process waits for the first look before it goes on without it
_looks: dict[str, tuple[Look, float]] = {}
_running_in = 0
log = logs.get("kernel.fresh")


def kept(*, seconds: float) -> Callable[[Look], Look]:
    """Register a look that each process repeats. Registering the same function twice has no effect."""

    def register(look: Look) -> Look:
        _looks[f"{look.__module__}.{look.__qualname__}"] = (look, seconds)
        return look

    return register


def start(patience: float = PATIENCE) -> None:
    """Begin in this process; a second call does nothing. Comes back after the first look of each."""
    global _running_in
    if _running_in == os.getpid() or not _looks:
        return
    _running_in = os.getpid()
    first = threading.Event()
    threading.Thread(target=_turn, args=(first,), name="fresh", daemon=True).start()
    first.wait(patience)


def _turn(first: threading.Event) -> None:
    due: dict[str, float] = {}
    while True:
        now = time.monotonic()
        for name, (look, seconds) in list(_looks.items()):
            if due.get(name, 0.0) <= now:
                due[name] = now + seconds
                close_old_connections()
                look_now(name, look)
        first.set()
        time.sleep(max(0.05, min(due.values(), default=now + 1.0) - time.monotonic()))


def look_now(name: str, look: Look) -> bool:
    """One look. Never raises; False when it failed."""
    try:
        look()
    except Exception as error:  # the database is away for a moment, say: what is kept still holds
        log.warning("fresh.failed", name_of=name, error=type(error).__name__)
        return False
    return True
