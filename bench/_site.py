"""Starts one web process with the real front for a bench, watches what it costs, and loads it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_TICK = os.sysconf("SC_CLK_TCK")

_SERVE = """
import sys
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
Server(sys.argv[1], address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.ASGI, workers=1,
    http=HTTPModes.http1, websockets=False, backlog=8192, backpressure=20000, log_level=LogLevels.error,
    http1_settings=HTTP1Settings(header_read_timeout=30000, max_buffer_size=65536), workers_kill_timeout=2).serve()
"""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A running web process."""

    url: str
    pid: int

    @property
    def rss_mb(self) -> float:
        """Memory of the process in MB (resident, as the kernel counts it)."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024  # type: ignore[index]

    @property
    def cpu_seconds(self) -> float:
        """Processor time the process has used."""
        parts = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / _TICK


def wait_for(url: str, seconds: float = 60.0) -> float:
    """Seconds until `url` answers 200. Raises TimeoutError."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(urllib.error.URLError, OSError), opener.open(url, timeout=2) as answer:
            if answer.status == 200:
                return time.monotonic() - began
        time.sleep(0.02)
    raise TimeoutError(f"{url} does not answer")


def get(url: str, headers: dict[str, str] | None = None) -> tuple[dict[str, str], bytes]:
    """Headers and body of one GET, as they came over the wire (not unpacked)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers=headers or {}), timeout=20) as answer:
        return {k.lower(): v for k, v in answer.headers.items()}, answer.read()


def children(pid: int) -> list[int]:
    """Process ids of the direct children."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(p) for p in (task / "children").read_text().split()]
    return found


@contextlib.contextmanager
def site(target: str, data: Path, **settings: str) -> Iterator[Site]:
    """One granian worker with `target` (module:app), data in `data`."""
    port = free_port()
    env = os.environ | {
        "KITHWELL_DATA": str(data),
        "KITHWELL_LOG_LEVEL": "warning",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
        **{"KITHWELL_" + k.upper(): v for k, v in settings.items()},
    }
    process = subprocess.Popen([sys.executable, "-c", _SERVE, target, str(port)], env=env, process_group=0)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url + "/healthz")
        yield Site(url, children(process.pid)[0])
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(8)
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class Load:
    """What a load run saw; milliseconds, microseconds of the server's processor time per request."""

    per_second: float
    p99_ms: float
    cpu_us: float
    errors: int
    tool: str


def load(at: Site, path: str, seconds: float, connections: int = 16, headers: tuple[str, ...] = ()) -> Load:
    """Ask for `path` as often as the server answers. With wrk where it is installed, else a Python client."""
    wrk = shutil.which("wrk")
    cpu = at.cpu_seconds
    if wrk:
        command = [wrk, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"]
        command += [part for h in headers for part in ("-H", h)]
        text = subprocess.run([*command, at.url + path], capture_output=True, text=True, check=True).stdout
        count = int(re.search(r"(\d+) requests in", text)[1])  # type: ignore[index]
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # type: ignore[index]
        p99 = _milliseconds(re.search(r"99%\s+([\d.]+)(us|ms|s)", text))
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        errors, tool = int(bad[1]) if bad else 0, "wrk"
    else:
        count, rate, p99, errors = _python_load(at.url, path, seconds, connections, headers)
        tool = "python (the client takes part of the machine: the figure is low)"
    return Load(rate, p99, (at.cpu_seconds - cpu) / max(1, count) * 1e6, errors, tool)


def _milliseconds(found: re.Match[str] | None) -> float:
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]] if found else 0.0


def _python_load(
    url: str, path: str, seconds: float, connections: int, headers: tuple[str, ...]
) -> tuple[int, float, float, int]:
    import asyncio

    host, _, port = url.removeprefix("http://").partition(":")
    lines = "".join(h + "\r\n" for h in headers)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()
    times: list[float] = []
    errors = 0

    async def one(until: float) -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection(host, int(port))
        while time.monotonic() < until:
            began = time.monotonic()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            if length:
                await reader.readexactly(int(length[1]))
            errors += not head.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3"))
            times.append(time.monotonic() - began)
        writer.close()

    async def everyone() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(one(until) for _ in range(connections)))

    asyncio.run(everyone())
    times.sort()
    return len(times), len(times) / seconds, times[int(len(times) * 0.99)] * 1000, errors


def table(headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows in columns."""
    every = [headers, *rows]
    widths = [max(len(row[i]) for row in every) for i in range(len(headers))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in every
    )
