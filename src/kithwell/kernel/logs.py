"""Structured logs, one JSON object a line on stderr, that carry ids and never content.

Every line passes an allow-list of keys, and an event must look like `part.what_happened`; what does not fit is dropped
(the names of dropped keys stay), so a message's text cannot slip in by mistake. Of an exception only its kind and the
place in the code are kept: its words may quote what somebody wrote. No addresses, no paths, no query strings: a
request is logged by its route.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

_ALLOWED = """
    event level at logger request method route status ms bytes size count total since until after delay age due
    job job_kind queue attempts worker pid process code error where kind part state stage step version name_of
    subscriber topic listeners conversation message delivery contact account supporter actor subject campaign id
    account_name phone_id error_class error_code batch entries duplicates events items rows lang country channel
    host port signal exit_code restarts limit bucket free_bytes said dropped ok cached fingerprint
"""
ALLOWED = frozenset(_ALLOWED.split())
_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\Z")
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_LONGEST = 200
# Loggers of libraries whose message templates are constants; of all others only name and kind of error are kept.
_TRUSTED = ("django.", "granian", "_granian")


def get(name: str) -> Any:
    """A logger; call it as `log.info("thing.happened", count=3)`, with keys of ALLOWED."""
    return structlog.get_logger(name)


def bind(**keys: str) -> None:
    """Add keys to every line of this context until `unbind`."""
    structlog.contextvars.bind_contextvars(**keys)


def unbind(*keys: str) -> None:
    structlog.contextvars.unbind_contextvars(*keys)


def describe(error: BaseException) -> str:
    """The kind of an error and the place it came from, never its words."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "kithwell" in f.filename] or frames
    places = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(ours[-3:]))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(v) for v in list(value)[:20]]
    return str(value)[:_LONGEST]


def only_allowed(logger: Any, _: str, line: MutableMapping[str, Any]) -> dict[str, Any]:
    """The processor every line passes."""
    kept = {key: _plain(value) for key, value in line.items() if key in ALLOWED or key.endswith("_id")}
    if not _EVENT.match(str(line.get("event", ""))):
        kept["event"] = "log.unnamed"
    if name := getattr(logger, "name", ""):
        kept["logger"] = name
    dropped = sorted(key for key in line if key not in ALLOWED and not key.endswith("_id"))
    if dropped:
        kept["dropped"] = [key[:40] for key in dropped]
    return kept


class _Stderr:
    """Writes a line at once, to whatever stderr is now."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        with suppress(
            ValueError, OSError
        ):  # closed, or the disk behind it is full: never fail a request over a log
            sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = msg


class Handler(logging.Handler):
    """Lines of libraries, in the same form."""

    def emit(self, record: logging.LogRecord) -> None:
        line: dict[str, Any] = {}
        if record.name.startswith(_TRUSTED) and isinstance(record.msg, str):
            line["said"] = record.msg  # the template, without what was put into it
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        structlog.get_logger(record.name).log(max(10, min(record.levelno, 40)), "library.log", **line)


def _uncaught(kind: Any, error: BaseException | None, *_: Any) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    get("kernel.logs").error("process.uncaught", error=error if error is not None else kind.__name__)


def configure(level: str = "info") -> None:
    """Set up logging for this process; may be called again."""
    number = _LEVELS.get(level, 20)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            only_allowed,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_Stderr,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not isinstance(h, Handler)] + [Handler()]
    root.setLevel(logging.WARNING)
    for quiet in ("django.request", "django.security.csrf"):  # the front logs each request by its route
        logging.getLogger(quiet).setLevel(logging.ERROR)


def guard_process() -> None:
    """In a process of our own: errors nobody caught are logged in the same form, without their words."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value)


def _dumps(line: dict[str, Any], **_: Any) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=str)


def from_django(config: dict[str, Any]) -> None:
    """Called by Django's set-up with settings.LOGGING."""
    configure(str(config.get("level", "info")))
