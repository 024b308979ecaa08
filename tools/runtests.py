"""`./dev test`: the whole suite on SQLite, then again on PostgreSQL with Redis, each in a data folder of its own.

A whole suite goes in two steps: what needs no server of its own, two tests side by side; then servers and browsers, one
after the other. Of the second step a few failures are tried once more, alone, and named at the end: a busy machine can
make a browser miss its time. What fails twice has failed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tools import ROOT, machine, services

NOTHING_RAN = 5  # pytest's own exit status for it
SIDE_BY_SIDE = 2
ONCE_MORE = 3  # at most so many failures are the machine's and not ours
_ALONE = "browser or servers"


@dataclass(slots=True)
class Tally:
    """What one run of pytest counted."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    second: list[str] = field(default_factory=list)  # passed only when tried once more

    def add(self, report: Path) -> bool:
        """Adds the figures of a JUnit report; False when pytest did not come as far as writing one."""
        if not report.is_file():
            return False
        for suite in ET.parse(report).getroot().iter("testsuite"):
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            idle = int(suite.get("skipped", 0))
            self.failed += bad
            self.skipped += idle
            self.passed += int(suite.get("tests", 0)) - bad - idle
        return True


def run_pytest(
    title: str, arguments: list[str], extra: dict[str, str], tally: Tally, *, again: bool = False
) -> int:
    """Runs pytest in a process of its own; with `again`, a few failures once more. Gives its exit status."""
    with tempfile.TemporaryDirectory(prefix="kithwell-failed-") as folder:
        file = Path(folder) / "failed"
        status = _run_once(title, arguments, {**extra, "TEST_FAILED_FILE": str(file)}, tally)
        failed = list(dict.fromkeys(file.read_text("utf-8").split("\n")[:-1])) if file.is_file() else []
    if not (again and status == 1 and 0 < len(failed) <= ONCE_MORE):
        return status
    before = tally.failed
    status = _run_once(f"{title}, once more", failed, extra, tally)
    if status == 0:
        tally.failed = before - len(failed)
        tally.second += failed
    return status


def _run_once(title: str, arguments: list[str], extra: dict[str, str], tally: Tally) -> int:
    data = tempfile.mkdtemp(prefix="kithwell-tests-")
    report = Path(data) / "report.xml"
    env = dict(os.environ, KITHWELL_DATA=str(Path(data) / "data"), **extra)
    print(f"\n=== {title}", flush=True)
    began = time.monotonic()
    process = None
    try:
        Path(env["KITHWELL_DATA"]).mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-rfEs", "--tb=short", f"--junitxml={report}", *arguments],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, process_group=0,  # Ctrl-C reaches it once, from here
            preexec_fn=services.die_with_parent(),
        )  # fmt: skip
        status = process.wait()
        if not tally.add(report) and status != NOTHING_RAN:
            tally.failed += 1  # it died before it could count
        print(f"=== {title}: exit status {status} after {time.monotonic() - began:.0f} s", flush=True)
        return status
    finally:
        if process and process.poll() is None:
            process.send_signal(signal.SIGINT)  # pytest then closes its fixtures: browser and servers
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(data, ignore_errors=True)


def run_all(args: argparse.Namespace, tally: Tally) -> list[int]:
    """The exit status of each run."""
    chosen = list(args.rest)
    for name in [name for name in os.environ if name.startswith("KITHWELL_") and name != "KITHWELL_CHROMIUM"]:
        del os.environ[name]  # settings of this machine's own installation
    if args.fast:
        machine_free = ["-m", "not browser and not servers", *chosen]
        return [run_pytest("SQLite, without browser and servers", machine_free, {}, tally)]
    needs = [machine.BROWSER]
    if args.db != "sqlite":
        needs += [machine.POSTGRES, machine.REDIS]
    machine.ensure(tuple(needs))
    statuses = []
    if args.db in ("sqlite", "both"):
        statuses += run_suite("SQLite", chosen, {}, tally)
    if args.db in ("postgres", "both"):
        with contextlib.ExitStack() as stack:
            address = stack.enter_context(services.postgres())
            redis = [stack.enter_context(services.redis()) for _ in range(SIDE_BY_SIDE)]
            extra = {
                "KITHWELL_DATABASE_URL": address,
                "KITHWELL_REDIS_URL": redis[0],
                "TEST_REDIS_URLS": " ".join(redis),
            }
            statuses += run_suite("PostgreSQL and Redis", chosen, extra, tally)
    return statuses


def run_suite(title: str, chosen: list[str], extra: dict[str, str], tally: Tally) -> list[int]:
    """One database: in two steps when the whole suite is asked for, in one for a part of it."""
    if chosen:
        return [run_pytest(title, chosen, extra, tally)]
    quick = ["-m", f"not ({_ALONE})", "-n", str(SIDE_BY_SIDE), "--dist", "loadfile"]
    return [
        run_pytest(f"{title}, two at a time", quick, extra, tally),
        run_pytest(f"{title}, servers and browsers", ["-m", _ALONE], extra, tally, again=True),
    ]


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev test")
    parser.add_argument("--db", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--fast", action="store_true")
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    args = parser.parse_args(arguments[:cut])
    args.rest = [word for word in arguments[cut + 1 :] if word != "--"]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    began, tally = time.monotonic(), Tally()
    try:
        statuses = run_all(args, tally)
    except (machine.Missing, services.ServiceError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    if all(status == NOTHING_RAN for status in statuses):
        print("\nNo test ran: nothing here matches what was asked for.", file=sys.stderr)
    print(f"\nAll runs together took {time.monotonic() - began:.0f} s.")
    for name in tally.second:
        print(f"Passed only at the second try: {name}")
    print(f"tests: {tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return next((status for status in statuses if status), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
