"""Live streams over real HTTP: deliveries a second to 500 listeners, memory of 5,000 idle ones. One web process.

    ./dev bench live [--seconds 5] [--listeners 500] [--idle 5000]

The client counts what arrives at its sockets; a word goes through the real bus to the hub of the web process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import selectors
import socket
import sys
import tempfile
import time
from pathlib import Path

from bench import _site

BARS = {"deliveries_per_s": 30_000.0, "idle_mb": 250.0}
TOPICS = ("bench:a", "bench:b")


class Crowd:
    """Many open streams, and what they have heard."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self.address = (host, int(port))
        self.selector = selectors.EpollSelector()
        self.sockets: list[socket.socket] = []
        self.last: dict[socket.socket, bytes] = {}
        self.buffer = bytearray(65_536)

    def join(self, count: int) -> None:
        """Open `count` more streams and wait until each has been answered."""
        fresh = []
        query = "&".join(f"topic={t}" for t in TOPICS)
        for number in range(count):
            made = socket.create_connection(self.address)
            cookie = f"kw_visitor=bench{len(self.sockets) + number}"
            made.sendall(
                f"GET /live?{query} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
            )
            fresh.append(made)
            if len(fresh) % 200 == 0:
                time.sleep(0.02)
        for made in fresh:
            made.settimeout(60)
            head = b""
            while b"retry:" not in head:
                piece = made.recv(4096)
                if not piece:
                    raise ConnectionError(f"a stream was refused: {head[:200]!r}")
                head += piece
            made.setblocking(False)
            self.selector.register(made, selectors.EVENT_READ)
        self.sockets += fresh

    def hear(self, wait: float) -> int:
        """Read what is there; the number of events."""
        events = 0
        for key, _ in self.selector.select(wait):
            made: socket.socket = key.fileobj  # type: ignore[assignment]
            try:
                size = made.recv_into(self.buffer)
            except BlockingIOError:
                continue
            if not size:
                raise ConnectionError("a stream was closed")
            events += self.buffer.count(b"\nid: bench:", 0, size)
        return events

    def close(self) -> None:
        for made in self.sockets:
            made.close()


def deliver(at: _site.Site, crowd: Crowd, seconds: float) -> dict[str, float]:
    """Say words as fast as they are heard by all, two topics in turn, for `seconds`."""
    from kithwell.kernel import bus

    while crowd.hear(0.3):  # what was said at the start
        pass
    size, heard, said, n = len(crowd.sockets), 0, 0, 0
    rounds: list[float] = []
    cpu, began = at.cpu_seconds, time.monotonic()
    waiting: list[tuple[int, float]] = []  # (heard in all when this round is complete, when it was said)
    while True:
        now = time.monotonic()
        while len(waiting) < 2 and now - began < seconds:
            n += 1
            bus.say_now([(TOPICS[n % 2], n)])
            said += 1
            waiting.append((said * size, now))
        if not waiting:
            break
        heard += crowd.hear(2.0)
        now = time.monotonic()
        if now - began > seconds + 20:
            break  # something was lost: told by `missed`
        while waiting and heard >= waiting[0][0]:
            rounds.append(now - waiting.pop(0)[1])
    took = time.monotonic() - began
    rounds.sort()
    return {
        "deliveries_per_s": round(heard / took),
        "cpu_us_per_delivery": round((at.cpu_seconds - cpu) / max(1, heard) * 1e6, 1),
        "all_heard_p50_ms": round(rounds[len(rounds) // 2] * 1000, 1) if rounds else -1,
        "missed": said * size - heard,
    }


def main(argv: list[str]) -> int:
    """Measure, print, and say whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--listeners", type=int, default=500)
    parser.add_argument("--idle", type=int, default=5000)
    args = parser.parse_args(argv)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = args.idle + 500
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))
    with tempfile.TemporaryDirectory(prefix="kithwell-bench-") as folder:
        os.environ["KITHWELL_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithwell.config.settings")
        import django

        django.setup()
        with _site.site("bench._live_site:app", Path(folder)) as at:
            empty = at.rss_mb
            crowd = Crowd(at.url)
            crowd.join(args.listeners)
            result = deliver(at, crowd, args.seconds)
            crowd.join(args.idle - args.listeners)
            while crowd.hear(0.5):
                pass
            result |= {"listeners": args.listeners, "idle": args.idle, "empty_mb": round(empty, 1)}
            result["idle_mb"] = round(at.rss_mb, 1)
            result["kb_per_listener"] = round((at.rss_mb - empty) * 1024 / args.idle, 1)
            crowd.close()
    rows = [(name, f"{value:,}") for name, value in result.items()]
    print(_site.table(("one web process", "seen"), rows))
    ok = (
        result["deliveries_per_s"] >= BARS["deliveries_per_s"]
        and result["idle_mb"] <= BARS["idle_mb"]
        and not result["missed"]
    )
    print(f"bars: {BARS['deliveries_per_s']:,.0f} deliveries/s, {BARS['idle_mb']:g} MB when idle, 0 missed")
    print("BENCH " + json.dumps({"name": "live", "ok": ok, **result}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
