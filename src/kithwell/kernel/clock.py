"""The only clock. Everything that asks for the time asks here, so that tests and demos can move it.

In demo mode the file `clock-offset` in the data directory holds a number of seconds that is added to the time;
the simulated phone's "24 hours pass" button writes it. Outside demo mode the file is never looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kithwell.kernel import conf

_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)
_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta(0))

_OFFSET_LOOKED_AT_EVERY = 0.5  # seconds; a demo's jump is seen by every process within this time
_offset_seen: tuple[float, float] = (-1.0, 0.0)  # (monotonic time of the look, offset in seconds)


def now() -> datetime:
    """The present moment, timezone-aware, UTC."""
    fixed = _frozen.get()
    if fixed is not None:
        return fixed
    moment = datetime.now(UTC) + _shift.get()
    if conf.get("demo", False):
        moment += timedelta(seconds=_demo_offset())
    return moment


def _offset_file() -> Path:
    return Path(conf.get("data_dir")) / "clock-offset"


def _demo_offset() -> float:
    global _offset_seen
    looked, offset = _offset_seen
    ticks = time.monotonic()
    if ticks - looked > _OFFSET_LOOKED_AT_EVERY or looked < 0:
        try:
            offset = float(_offset_file().read_text())
        except (OSError, ValueError):
            offset = 0.0
        _offset_seen = (ticks, offset)
    return offset


def advance_demo(by: timedelta) -> None:
    """Move the demo's clock forward for every process. Raises RuntimeError outside demo mode."""
    if not conf.get("demo", False):
        raise RuntimeError("the clock moves by hand in demo mode only")
    global _offset_seen
    total = _demo_offset() + by.total_seconds()
    _offset_file().write_text(str(total))
    _offset_seen = (time.monotonic(), total)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Tests: time stands still at `moment` (aware) inside the block, in this thread."""
    if moment.tzinfo is None:
        raise ValueError("a frozen clock needs an aware datetime")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Tests: time runs on, but `by` later than it is; a frozen clock moves along."""
    frozen_token = None
    fixed = _frozen.get()
    if fixed is not None:
        frozen_token = _frozen.set(fixed + by)
    token = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(token)
        if frozen_token is not None:
            _frozen.reset(frozen_token)
