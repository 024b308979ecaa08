"""Figures for Prometheus, summed over all processes of this machine.

The supervisor (config/serve.py) sets PROMETHEUS_MULTIPROC_DIR before the first import, so that every process writes
its figures into small files there; alone, a process keeps them in memory. Labels are codes and routes, never ids.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import REGISTRY as _REGISTRY
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

requests = Counter("kithwell_requests", "Requests answered.", ["method", "route", "status"])
request_seconds = Histogram(
    "kithwell_request_seconds", "Time to answer a request.", ["route"], buckets=_SECONDS
)
refused = Counter("kithwell_refused", "Requests refused before a page ran.", ["why"])
in_flight = Gauge("kithwell_in_flight", "Requests being answered.", multiprocess_mode="livesum")
live_listeners = Gauge("kithwell_live_listeners", "Open live streams.", multiprocess_mode="livesum")
live_delivered = Gauge("kithwell_live_delivered", "Live events handed out.", multiprocess_mode="sum")
cache_hits = Counter("kithwell_page_cache", "Public pages by how they were answered.", ["outcome"])
packed_bytes = Counter("kithwell_packed_bytes", "Bytes of pages sent compressed.")


def _folder() -> Path | None:
    named = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(named) if named else None


def forget_dead_processes() -> None:
    """Take the live gauges of processes that are gone out of the sum."""
    folder = _folder()
    if folder is None:
        return
    for path in folder.glob("gauge_live*_*.db"):
        with suppress(ValueError, OSError):
            pid = int(path.stem.rpartition("_")[2])
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                path.unlink()


def page(extra: dict[str, tuple[str, dict[tuple[tuple[str, str], ...], float]]] | None = None) -> bytes:
    """All figures as Prometheus text. `extra` adds gauges read now: {name: (help, {labels: value})}."""
    folder = _folder()
    if folder is None:
        text = generate_latest(_REGISTRY)
    else:
        forget_dead_processes()
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
    lines = []
    for name, (doc, values) in (extra or {}).items():
        lines += [f"# HELP {name} {doc}", f"# TYPE {name} gauge"]
        for labels, value in values.items():
            inner = ",".join(f'{k}="{v}"' for k, v in labels)
            lines.append(f"{name}{{{inner}}} {value:g}" if inner else f"{name} {value:g}")
    return text + ("\n".join(lines) + "\n").encode() if lines else text
