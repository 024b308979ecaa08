"""`./dev test`: the whole suite on SQLite and on PostgreSQL with Redis, each run of it in a data folder of its own.

The whole suite is five runs of pytest, as many at a time as there are processors: on each database what needs no
server, and servers with browsers; and once what touches no database. That one is given addresses that lead nowhere, so
a test that is marked `once` and does touch a database fails. What a run prints is shown when it has ended.

Of runs with browsers a few failures are tried once more, alone, and named at the end: a busy machine can make a browser
miss its time. What fails twice has failed.
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from tools import ROOT, machine, processors, services

NOTHING_RAN = 5  # pytest's own exit status for it
ONCE_MORE = 3  # at most so many failures are the machine's and not ours
SAY_EVERY = 60  # seconds between two lines about what still runs
SQLITE, POSTGRES = "SQLite", "PostgreSQL and Redis"
DATABASES = {"sqlite": (SQLITE,), "postgres": (POSTGRES,), "both": (POSTGRES, SQLITE)}
NOWHERE = {
    "KITHWELL_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
    "KITHWELL_REDIS_URL": "redis://127.0.0.1:9/0",
}


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


@dataclass(slots=True)
class Job:
    """One run of pytest. With `again`, a few failures are tried once more."""

    title: str
    arguments: list[str]
    extra: Mapping[str, str] = field(default_factory=dict)
    again: bool = False
    options: tuple[str, ...] = ()  # of pytest, beside what says which tests
    status: int = -1
    failed: list[str] = field(default_factory=list)  # addresses of tests
    bad: int = 0  # failures and errors: a test may fail and break again while it is cleared away
    began: float = 0.0
    _folder: Path = Path()
    _process: subprocess.Popen[bytes] | None = None
    _out: IO[bytes] | None = None

    def start(self, *, quiet: bool = False) -> None:
        """In a process of its own. With `quiet`, what it prints is kept until it has ended."""
        self.began = time.monotonic()
        self._folder = Path(tempfile.mkdtemp(prefix="kithwell-tests-"))
        (self._folder / "data").mkdir()
        env = {
            **os.environ, "KITHWELL_DATA": str(self._folder / "data"),
            "TEST_FAILED_FILE": str(self._folder / "failed"), **self.extra,
        }  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-rfEs",
            "--tb=short",
            f"--junitxml={self._folder / 'report.xml'}",
        ]
        self._out = (self._folder / "out").open("wb") if quiet else None
        print(f"=== {self.title} ..." if quiet else f"\n=== {self.title}", flush=True)
        self._process = subprocess.Popen(
            [*command, *self.options, *self.arguments], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
            stdout=self._out, stderr=self._out and subprocess.STDOUT,
            process_group=0,  # Ctrl-C reaches it once, from here
            preexec_fn=services.die_with_parent(),
        )  # fmt: skip

    def ended(self) -> bool:
        assert self._process is not None
        return self._process.poll() is not None

    def close(self, tally: Tally) -> None:
        """After it has ended: shows what it printed, counts, and leaves nothing behind."""
        assert self._process is not None
        self.status = self._process.returncode
        if self._out:
            self._out.close()
            print(f"\n=== {self.title}", flush=True)
            sys.stdout.buffer.write((self._folder / "out").read_bytes())
            sys.stdout.flush()
        before = tally.failed
        if not tally.add(self._folder / "report.xml") and self.status != NOTHING_RAN:
            tally.failed += 1  # it died before it could count
        self.bad = tally.failed - before
        with contextlib.suppress(FileNotFoundError):
            self.failed = list(dict.fromkeys((self._folder / "failed").read_text("utf-8").split("\n")[:-1]))
        seconds = time.monotonic() - self.began
        print(f"=== {self.title}: exit status {self.status} after {seconds:.0f} s", flush=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def stop(self) -> None:
        """Before it has ended: pytest closes its fixtures, browser and servers."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
        if self._folder.name:
            shutil.rmtree(self._folder, ignore_errors=True)


def run_jobs(jobs: list[Job], tally: Tally, slots: int) -> None:
    """All of them, `slots` at the same time, in their order; then, alone, what may be tried once more."""
    waiting, running = list(jobs), list[Job]()
    quiet = slots > 1 and len(jobs) > 1  # else they speak for themselves
    said = time.monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < slots:
                running.append(waiting.pop(0))
                running[-1].start(quiet=quiet)
            for job in [job for job in running if job.ended()]:
                running.remove(job)
                job.close(tally)
            if quiet and running and time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                print(
                    "  " + ", ".join(f"{job.title} ({said - job.began:.0f} s)" for job in running), flush=True
                )
            time.sleep(0.05)
    finally:
        for job in running:
            job.stop()
    for job in jobs:
        if job.again and job.status == 1 and 0 < len(job.failed) <= ONCE_MORE:
            _once_more(job, tally)


def _once_more(job: Job, tally: Tally) -> None:
    second, count = Job(f"{job.title}, once more", job.failed, job.extra, options=job.options), Tally()
    run_jobs([second], count, 1)
    if second.status == 0:
        job.status = 0
        tally.failed -= job.bad
        tally.passed += count.passed
        tally.second += job.failed


def plan(
    databases: Sequence[str], chosen: list[str], environment: Callable[[str], Mapping[str, str]]
) -> list[Job]:
    """The runs on these databases, each in the environment of its own that `environment(database)` gives.

    What takes longest comes first, so that all processors are busy to the end.
    """
    if chosen:
        return [Job(name, chosen, environment(name)) for name in databases]
    slow, quick = "(browser or servers) and not once", "not browser and not servers and not once"
    return [
        *(
            Job(f"{name}, servers and browsers", ["-m", slow], environment(name), again=True)
            for name in databases
        ),
        Job("No database", ["-m", "once"], NOWHERE, again=True),
        *(Job(f"{name}, no servers", ["-m", quick], environment(name)) for name in databases),
    ]


def run_all(args: argparse.Namespace, tally: Tally) -> list[int]:
    """The exit status of each run."""
    for name in [name for name in os.environ if name.startswith("KITHWELL_") and name != "KITHWELL_CHROMIUM"]:
        del os.environ[name]  # settings of this machine's own installation
    if args.fast:
        jobs = [Job("SQLite, without browser and servers", ["-m", "not browser and not servers", *args.rest])]
        run_jobs(jobs, tally, 1)
        return [job.status for job in jobs]
    machine.ensure((machine.BROWSER, machine.POSTGRES, machine.REDIS))
    with contextlib.ExitStack() as stack:
        cluster = "" if args.db == "sqlite" else stack.enter_context(services.postgres())

        def environment(database: str) -> Mapping[str, str]:
            if database == SQLITE:
                return {}
            return {
                "KITHWELL_DATABASE_URL": stack.enter_context(services.fresh_database(cluster)),
                # one for each run: Redis' channels know no databases
                "KITHWELL_REDIS_URL": stack.enter_context(services.redis()),
            }

        jobs = plan(DATABASES[args.db], args.rest, environment)
        run_jobs(jobs, tally, 1 if args.rest else args.jobs)
    return [job.status for job in jobs]


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev test")
    parser.add_argument("--db", choices=tuple(DATABASES), default="both")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--jobs", type=int, default=min(4, processors()))
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
