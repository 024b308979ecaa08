"""`./dev test`: the whole suite on SQLite, then again on PostgreSQL with Redis, each in a data folder of its own."""

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
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tools import ROOT, machine, services

NOTHING_RAN = 5  # pytest's own exit status for it


@dataclass(slots=True)
class Tally:
    """What one run of pytest counted."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

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


def run_pytest(title: str, arguments: list[str], extra: dict[str, str], tally: Tally) -> int:
    """Runs pytest in a process of its own. Gives its exit status."""
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
        statuses.append(run_pytest("SQLite", chosen, {}, tally))
    if args.db in ("postgres", "both"):
        with contextlib.ExitStack() as stack:
            address = stack.enter_context(services.postgres())
            redis = stack.enter_context(services.redis())
            extra = {"KITHWELL_DATABASE_URL": address, "KITHWELL_REDIS_URL": redis}
            statuses.append(run_pytest("PostgreSQL and Redis", chosen, extra, tally))
    return statuses


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
    print(f"tests: {tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return next((status for status in statuses if status), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
