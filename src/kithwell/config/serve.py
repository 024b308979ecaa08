"""`kithwell run`: a supervisor and, forked from it, the web processes and a worker for each queue.

Everything is loaded once, before the first fork: a start takes the time of one process, memory is shared, and what
died is back within milliseconds. What dies again is started after a while that doubles. SIGTERM and SIGINT let requests
and jobs finish; when the supervisor itself is killed the others hear it, so nothing is left behind.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from kithwell.config.options import Options, load

_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before something that died is started again
_HEALTHY = 60.0  # seconds after which a process counts as well and the pause starts small again
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


def die_with_parent(sign: signal.Signals = signal.SIGTERM) -> None:
    """Linux: be sent SIGTERM when the parent goes, however it goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, sign)


def name_process(name: str) -> None:
    """Linux: the name `top` and `ps -e` show, at most 15 characters."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode()[:15])


@dataclass(slots=True)
class Child:
    """A process under the supervisor; `work` is what it does, and returns the exit status."""

    name: str
    work: Callable[[], int]
    pid: int = 0
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0

    def start(self) -> None:
        """Fork. The supervisor has no threads and no open connections, so the child starts clean."""
        self.started = time.monotonic()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid:
            return
        status = 1
        try:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            # A session of its own: Ctrl-C in a terminal reaches the supervisor alone, which then stops all in order.
            os.setsid()
            name_process("kw-" + self.name)
            die_with_parent()
            signal.pthread_sigmask(signal.SIG_SETMASK, set())
            if os.getppid() != _supervisor:  # it went before we could ask to hear of it
                os._exit(1)
            status = self.work()
        except SystemExit as wanted:
            status = wanted.code if isinstance(wanted.code, int) else 1
        except BaseException as error:
            _say("process.failed", name_of=self.name, error=error)
        finally:
            os._exit(status)

    def ended(self) -> int | None:
        """The exit status of a process that is gone (negative: the signal), None while it runs."""
        done, status = os.waitpid(self.pid, os.WNOHANG)
        if not done:
            return None
        self.pid = 0
        return os.waitstatus_to_exitcode(status)


_supervisor = 0


@dataclass(slots=True)
class Supervisor:
    """Starts, watches, restarts and stops the children."""

    options: Options
    children: list[Child] = field(default_factory=list)

    def plan(self) -> list[Child]:
        """Which processes this installation has."""
        o = self.options
        normal = ["normal"] if o.worker_bulk else ["normal", "bulk"]
        wanted = [("crisis", ["crisis"], o.worker_crisis), ("normal", normal, o.worker_normal)]
        wanted.append(("bulk", ["bulk"], o.worker_bulk))
        found = [Child("web", web)]
        for name, queues, count in wanted:
            found += [Child(f"{name}-{n + 1}", partial(worker, queues)) for n in range(count)]
        return found

    def start(self) -> None:
        self.children = self.plan()
        for child in self.children:
            child.start()
        self.tell()

    def tell(self) -> None:
        """Write which process is which, for whoever looks after them."""
        with suppress(OSError):
            text = json.dumps({"supervisor": os.getpid(), **{c.name: c.pid for c in self.children}})
            (self.options.data_dir / "processes.json").write_text(text + "\n")

    def watch(self) -> None:
        """Until a signal asks to stop."""
        while True:
            due = [c.again_at for c in self.children if not c.pid]
            wait = max(0.01, min([*due, time.monotonic() + 3600]) - time.monotonic())
            caught = signal.sigtimedwait(_SIGNALS, wait)
            if caught is not None and caught.si_signo != signal.SIGCHLD:
                return
            self.reap()
            again = [c for c in self.children if not c.pid and c.again_at <= time.monotonic()]
            for child in again:
                child.start()
            if again:
                self.tell()

    def reap(self) -> None:
        """Note who died, and when to start them again."""
        for child in self.children:
            if not child.pid or (status := child.ended()) is None:
                continue
            if time.monotonic() - child.started > _HEALTHY:
                child.pause = FIRST_PAUSE
            child.again_at = time.monotonic() + child.pause
            _say("process.died", name_of=child.name, exit_code=status, delay=child.pause)
            child.pause = min(LONGEST_PAUSE, child.pause * 2)

    def stop(self) -> None:
        """SIGTERM to all, time to finish, then SIGKILL. A second signal cuts the time short."""
        until = time.monotonic() + self.options.stop_seconds + 2
        alive = [c for c in self.children if c.pid and c.ended() is None]
        for child in alive:
            os.kill(child.pid, signal.SIGTERM)
        while alive and time.monotonic() < until:
            caught = signal.sigtimedwait(_SIGNALS, 0.25)
            alive = [c for c in alive if c.ended() is None]
            if caught is not None and caught.si_signo in (signal.SIGINT, signal.SIGTERM):
                break
        for child in alive:
            os.killpg(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)


def _say(event: str, **keys: Any) -> None:
    from kithwell.kernel import logs

    logs.get("config.serve").warning(event, **keys)


def _port_free(options: Options) -> bool:
    """Nobody listens there yet. (The web processes share the port, so they themselves would not notice.)"""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError:
            return False
    return True


def _environment(options: Options) -> None:
    """What has to be in the environment before anything heavy is loaded."""
    figures = options.data_dir / "metrics"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True, exist_ok=True)
    os.environ["KITHWELL_DATA"] = str(options.data_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    os.environ["KITHWELL_SUPERVISED"] = "1"


def _load_everything() -> None:
    """Import all that any child needs, so that it is shared."""
    from kithwell.config import asgi, parts

    for _ in parts.modules("tasks"):
        pass  # importing a part's tasks registers its jobs
    _ = asgi.app
    gc.collect()
    gc.freeze()  # what is loaded now stays: the collector need not touch, and so copy, these pages in each child


def _prepare(options: Options) -> list[Any] | None:
    """Tables and demonstration; the sign-ins to show, or None when it went wrong."""
    from django.db import connections

    from kithwell.config import cli, prepare
    from kithwell.kernel import logs

    cli.setup_django()
    try:
        prepare.everything(demo=options.demo, say=lambda text: print(text, flush=True))
        return prepare.sign_ins() if options.demo else []
    except Exception as error:
        print(f"The database could not be prepared: {logs.describe(error)}: {error}", file=sys.stderr)
        return None
    finally:
        connections.close_all()  # a connection must not be there when a process forks


def _await_answer(options: Options, child: Child, seconds: float = 60.0) -> bool:
    """Until /healthz answers, or the web process dies, or a signal comes."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(options.host, options.host)
    opener = build_opener(ProxyHandler({}))
    until = time.monotonic() + seconds
    while time.monotonic() < until and child.pid and child.ended() is None:
        try:
            with opener.open(f"http://{host}:{options.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            if signal.sigpending() & {signal.SIGTERM, signal.SIGINT}:
                return False
            time.sleep(0.05)
    return False


def run(*, demo: bool = False, host: str | None = None, port: int | None = None) -> int:
    """Start everything and stay until told to stop. Returns the exit status."""
    began = time.monotonic()
    for name, value in (("HOST", host), ("PORT", port), ("DEMO", 1 if demo else None)):
        if value is not None:
            os.environ[f"KITHWELL_{name}"] = str(value)
    options = load()
    from kithwell.kernel import logs

    logs.configure(options.log_level)
    if not _port_free(options):
        print(
            f"Port {options.port} on {options.host} is in use. Choose another: kithwell run --port N",
            file=sys.stderr,
        )
        return 1
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    _environment(options)
    sign_ins = _prepare(options)
    if sign_ins is None:
        return 1
    _load_everything()
    if signal.sigpending() & {signal.SIGTERM, signal.SIGINT}:
        return 0
    global _supervisor
    _supervisor = os.getpid()
    supervisor = Supervisor(options)
    supervisor.start()
    try:
        if _await_answer(options, supervisor.children[0]):
            _greet(options, sign_ins, time.monotonic() - began)
        supervisor.watch()
    finally:
        supervisor.stop()
    return 0


def _greet(options: Options, sign_ins: list[Any], seconds: float) -> None:
    from kithwell.config import prepare

    shown = "127.0.0.1" if options.host in ("0.0.0.0", "::") else options.host
    address = options.public_url or f"http://{shown}:{options.port}"
    print(f"\n{options.site_name} is running at {address} (started in {seconds:.1f} s)\n")
    if options.demo:
        print(f"  A person writes:    {address}/talk  or, on a simulated phone,  {address}/sim")
        print(f"  A supporter works:  {address}/desk\n")
    if sign_ins:
        print(prepare.table(sign_ins) + "\n")
    print("Stop with Ctrl-C.", flush=True)


def web() -> int:
    """A granian server with this installation's web processes."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    from kithwell.kernel import logs

    options = load()
    logs.configure(options.log_level)
    logs_config = _granian_logs(options)
    server = Server(
        "kithwell.config.asgi:app",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=options.web_processes,
        http=HTTPModes.http1,
        websockets=False,
        backlog=4096,
        # The default would be far below the listeners a process holds; the front has limits of its own.
        backpressure=options.live_max_listeners + 4096,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(options.head_seconds * 1000), max_buffer_size=65_536
        ),
        log_level=LogLevels.info if options.log_level == "debug" else LogLevels.warning,
        log_dictconfig=logs_config,
        respawn_failed_workers=True,
        workers_kill_timeout=int(options.stop_seconds) + 1,
    )
    server.serve(target_loader=_load_app)
    return 0


def _load_app(target: str) -> Any:
    """Runs in each web process. Streams have no end of their own, so at a stop they are closed first: granian would
    wait for them until its patience is over. It has no hook for this, hence the wrap around its set-up of signals."""
    from granian import _signals

    from kithwell.config.asgi import app
    from kithwell.kernel import fresh

    fresh.start()
    original = _signals.set_loop_signals

    def with_streams_closed(loop: Any) -> Any:
        event = original(loop)

        def stop() -> None:
            app.close_streams()
            event.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        return event

    _signals.set_loop_signals = with_streams_closed
    return app


def _granian_logs(options: Options) -> dict[str, Any]:
    level = {"debug": "INFO", "info": "WARNING"}.get(options.log_level, "ERROR")
    handler = {"ours": {"class": "kithwell.kernel.logs.Handler"}}
    logger = {"handlers": ["ours"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": handler,
        "formatters": {},
        "loggers": {"_granian": logger, "granian.access": logger},
    }


def worker(queues: list[str]) -> int:
    """Work on some queues until SIGTERM or SIGINT; the job in hand is finished."""
    from kithwell.config import cli, parts

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    cli.setup_django()
    from kithwell.kernel import fresh, jobs, logs

    logs.guard_process()
    unknown = sorted(set(queues) - set(jobs.QUEUES))
    if unknown or not queues:
        print(f"There is no queue {', '.join(unknown)}; there are {', '.join(jobs.QUEUES)}.", file=sys.stderr)
        return 2
    for _ in parts.modules("tasks"):
        pass  # importing a part's tasks registers its jobs
    log = logs.get("config.worker")
    fresh.start()
    log.info("worker.started", queue=",".join(queues), pid=os.getpid())
    jobs.run_worker(queues, stop)
    log.info("worker.stopped", queue=",".join(queues), pid=os.getpid())
    return 0
