"""A PostgreSQL and a Redis of one run's own: in a temporary folder, on free loopback ports, gone afterwards.

They die with the process that started them, even when it is killed (on Linux, by the kernel's parent-death signal).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import machine

READY_SECONDS = 60


class ServiceError(Exception):
    """A server did not start; carries the end of its log."""


# Below what systems hand out by themselves, so that no outgoing connection takes a port between looking and listening;
# above those that browsers refuse.
PORTS = range(10_500, 30_000)


def free_port() -> int:
    """A loopback port that nothing listens on right now. Raises ServiceError when there seems to be none."""
    for _ in range(200):
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServiceError(f"No port between {PORTS.start} and {PORTS.stop} is free on this machine.")


def die_with_parent(sign: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """A preexec_fn that asks Linux to send `sign` to the child when its parent is gone; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)  # loaded before the fork
    set_pdeathsig = 1  # PR_SET_PDEATHSIG, linux/prctl.h
    return lambda: libc.prctl(set_pdeathsig, int(sign)) and None


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, name: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise ServiceError(f"{name} did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _unprivileged() -> tuple[int, int] | None:
    """User and group for a server that refuses root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise ServiceError(
        "PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody."
    )


@contextmanager
def postgres() -> Iterator[str]:
    """The address (postgresql://...) of an empty database in a fresh cluster. Raises ServiceError.

    Durability is off: the cluster lives for one run.
    """
    initdb, server = machine.find_postgres("initdb"), machine.find_postgres("postgres")
    if not initdb or not server:
        raise ServiceError("There is no PostgreSQL server on this machine.")
    who = _unprivileged()
    as_user: dict[str, Any] = {"user": who[0], "group": who[1], "extra_groups": ()} if who else {}
    base = Path(tempfile.mkdtemp(prefix="kithwell-pg-"))
    try:
        password, port = secrets.token_urlsafe(18), free_port()
        (base / "password").write_text(password)
        if who:
            for path in (base, base / "password"):
                os.chown(path, *who)
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": str(base)}
        made = subprocess.run(
            [initdb, "-D", str(base / "data"), "-U", "kithwell", "--auth=scram-sha-256", "-E", "UTF8", "--no-sync",
             "--locale=C.UTF-8", f"--pwfile={base / 'password'}"],
            cwd=base, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            **as_user,
        )  # fmt: skip
        if made.returncode:
            raise ServiceError(f"initdb failed:\n{made.stdout[-3000:]}")
        settings = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": base, "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 200, "shared_buffers": "128MB",
            "max_wal_size": "512MB", "log_min_messages": "warning", "timezone": "UTC",
        }  # fmt: skip
        log = base / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [server, "-D", str(base / "data"), *(f"-c{key}={value}" for key, value in settings.items())],
                cwd=base, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, process_group=0,
                preexec_fn=die_with_parent(signal.SIGQUIT), **as_user,
            )  # fmt: skip
        address = f"postgresql://kithwell:{password}@127.0.0.1:{port}/"
        try:
            _wait(lambda: _accepts(address + "postgres"), process, log, "PostgreSQL")
            _execute(address + "postgres", "CREATE DATABASE kithwell")
            yield address + "kithwell"
        finally:
            _stop(process, signal.SIGQUIT)  # at once: nothing here is kept
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _execute(address: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement)


def _accepts(address: str) -> bool:
    import psycopg

    try:
        _execute(address, "SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def fresh_database(address: str, like: str = "") -> Iterator[str]:
    """A new database in the cluster of `address`, dropped afterwards: empty, or a copy of the one at address `like`.

    Nobody may be connected to the one that is copied.
    """
    name = "kithwell_" + secrets.token_hex(6)
    _execute(address, f"CREATE DATABASE {name}" + (f" TEMPLATE {like.rpartition('/')[2]}" if like else ""))
    try:
        yield address.rpartition("/")[0] + "/" + name
    finally:
        _execute(address, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def redis() -> Iterator[str]:
    """The address (redis://...) of an empty Redis that keeps nothing. Raises ServiceError."""
    server = machine.find_redis()
    if not server:
        raise ServiceError("There is no Redis server on this machine.")
    base = Path(tempfile.mkdtemp(prefix="kithwell-redis-"))
    port = free_port()
    try:
        log = base / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                 "--dir", str(base)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, process_group=0,
                preexec_fn=die_with_parent(),
            )  # fmt: skip
        try:
            _wait(lambda: _answers(port), process, log, "Redis")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _stop(process, signal.SIGTERM)
    finally:
        shutil.rmtree(base, ignore_errors=True)
