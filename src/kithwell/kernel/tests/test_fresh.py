"""What each process looks up again: at once when it starts, then every few seconds, whatever fails in between."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from kithwell.kernel import fresh

# A process of its own: a thread that looks again and again does not belong among other tests.
SCRIPT = """
import threading, time
from django.conf import settings
settings.configure(KITHWELL={}, DATABASES={})
import django
django.setup()
from kithwell.kernel import fresh
fresh.log = type("Quiet", (), {"warning": lambda *a, **k: None})()
seen = []

@fresh.kept(seconds=0.05)
def look():
    seen.append(time.monotonic())
    if len(seen) == 2:
        raise RuntimeError("away for a moment")

began = time.monotonic()
fresh.start()
assert seen and time.monotonic() - began < 4, "the first look is over when start comes back"
fresh.start()
assert sum(t.name == "fresh" for t in threading.enumerate()) == 1, "one thread a process"
until = time.monotonic() + 20
while len(seen) < 5 and time.monotonic() < until:
    time.sleep(0.02)
assert len(seen) >= 5, "it goes on after a look that failed"
assert all(b - a > 0.03 for a, b in zip(seen, seen[1:])), "and not more often than it was asked to"
print("well")
"""


def test_a_process_looks_at_once_and_again_and_a_failure_ends_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "well", done.stderr


def test_a_start_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "_looks", {})
    began = time.monotonic()
    fresh.start()
    assert time.monotonic() - began < 1, "with nothing to look up there is no thread"
    assert fresh._running_in == 0


def test_what_fails_is_told_and_not_raised() -> None:
    assert fresh.look_now("x", lambda: None)
    assert not fresh.look_now("x", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
