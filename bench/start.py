"""How long a second `./dev run` takes until it serves: from the command to 200 at /readyz.

    ./dev bench start [--times 3]

The first start sets up and loads the demonstration and is not counted. Bar: 5 s (docs/develop.md says what is skipped).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tools import ROOT, services

BAR_SECONDS = 5.0
PATIENCE_SECONDS = 180


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def start_once(data: str, log: Path) -> float:
    """Seconds from `./dev run` to ready; the server is stopped again. Raises RuntimeError with its log."""
    port = services.free_port()
    env = {**os.environ, "KITHWELL_DATA": data, "KITHWELL_DATABASE_URL": "", "KITHWELL_REDIS_URL": ""}
    began = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [ROOT / "dev", "run", "--port", str(port)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=services.die_with_parent(),
        )
    try:
        while not ready(port):
            if process.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                raise RuntimeError(
                    f"./dev run did not become ready:\n{log.read_text(errors='replace')[-4000:]}"
                )
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench start")
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kithwell-bench-", ignore_cleanup_errors=True) as base:
        data, log = str(Path(base) / "data"), Path(base) / "log"
        first = start_once(data, log)
        later = [start_once(data, log) for _ in range(max(1, args.times))]
    middle = statistics.median(later)
    print(f"{'first start, demonstration loaded':<40} {first:6.2f} s")
    print(f"{'later starts, median of ' + str(len(later)):<40} {middle:6.2f} s   bar {BAR_SECONDS} s")
    ok = middle < BAR_SECONDS
    facts = {
        "name": "start",
        "first_s": round(first, 2),
        "second_s": round(middle, 2),
        "bar_s": BAR_SECONDS,
        "ok": ok,
    }
    print("BENCH " + json.dumps(facts))
    return 0 if ok else 1
