"""Small words between processes: "conversation X has something new since 12", "queue crisis has work".

On one machine each listening process binds a Unix datagram socket in a folder of its own installation and a sender
writes to every socket there: no server, no polling. With `redis_url` set, the same words go through one pub/sub
channel, and each process holds one subscription. A lost word is never a lost message: rows are stored first, and
readers ask for "everything since N".
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction

from kithwell.kernel import conf

_CHANNEL = "kithwell"
_MAX = 16_384  # bytes of one datagram; words are a few dozen bytes
_LONGEST_FOLDER = 85  # bytes, leaving room for a socket's own name
_FULL_WAIT = 0.05  # seconds a sender waits for a live listener whose buffer is full
_TOGETHER = 150  # words in one datagram
_JOBS = "jobs:"


def say(topic: str, n: int = 0) -> None:
    """Tell every process, once the present transaction is committed, that `topic` stands at `n`.

    The words of one transaction travel together, each topic once with its newest number.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        say_now([(topic, n)])
        return
    inside = tuple(connection.savepoint_ids)  # a savepoint that is rolled back takes its words with it
    for _sids, hook, *_rest in reversed(connection.run_on_commit):
        if isinstance(hook, _Words) and hook.inside == inside:
            hook.add(topic, n)
            return
    words = _Words(inside)
    words.add(topic, n)
    transaction.on_commit(words)


class _Words:
    """What is said when a transaction commits; called by Django after it."""

    __slots__ = ("inside", "newest")

    def __init__(self, inside: tuple[Any, ...]) -> None:
        self.inside = inside
        self.newest: dict[str, int] = {}

    def add(self, topic: str, n: int) -> None:
        self.newest[topic] = max(n, self.newest.get(topic, n))

    def __call__(self) -> None:
        words = list(self.newest.items())
        for start in range(0, len(words), _TOGETHER):
            say_now(words[start : start + _TOGETHER])


def say_now(words: list[tuple[str, int]]) -> None:
    """Tell every process now. Never raises: a push that fails is only late, not lost."""
    url = conf.get("redis_url", "")
    try:
        if url:
            _redis(url).publish(_CHANNEL, json.dumps(words, separators=(",", ":")).encode())
        else:
            _send_local(words)
    except Exception:
        from kithwell.kernel import logs

        logs.get("kernel.bus").warning("bus.send_failed")


_redis_clients: dict[tuple[int, str], Any] = {}


def _redis(url: str) -> Any:
    import redis

    key = (os.getpid(), url)
    if key not in _redis_clients:
        _redis_clients[key] = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    return _redis_clients[key]


def socket_folder() -> Path:
    """Where this installation's sockets lie: in its data directory, unless that path is too long for a socket.

    A Unix socket's path may have 107 bytes at most (unix(7)); a name here has up to 17.
    """
    data = Path(conf.get("data_dir")).resolve()
    folder = data / "live"
    if len(str(folder).encode()) > _LONGEST_FOLDER:
        name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"kithwell-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    return folder


_sender: socket.socket | None = None
_sender_pid = 0


def _send_local(words: list[tuple[str, int]]) -> None:
    global _sender, _sender_pid
    if _sender is None or _sender_pid != os.getpid():
        _sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        _sender.setblocking(False)
        _sender_pid = os.getpid()
    everything = json.dumps(words, separators=(",", ":")).encode()
    work = [word for word in words if word[0].startswith(_JOBS)]
    only_work = json.dumps(work, separators=(",", ":")).encode() if work else b""
    for entry in os.scandir(socket_folder()):
        worker = entry.name.startswith("w-")
        data = only_work if worker else everything
        if not data:
            continue
        until = time.monotonic() + _FULL_WAIT
        while True:
            try:
                _sender.sendto(data, entry.path)
            except BlockingIOError:
                # A worker whose buffer is full has been woken already; it must not hold up whoever gives it work.
                if not worker and time.monotonic() < until:
                    select.select([], [_sender], [], 0.005)
                    continue
            except (ConnectionRefusedError, FileNotFoundError):
                with suppress(OSError):  # its process is gone
                    os.unlink(entry.path)
            break


class Listener(Protocol):
    """One process's ear. `fileno` is readable when `read` has words; `close` gives the ear back."""

    def fileno(self) -> int: ...
    def read(self) -> list[tuple[str, int]]: ...
    def close(self) -> None: ...


def listen(*, work_only: bool = False) -> Listener:
    """Open this process's ear; with `work_only` for words about jobs alone. Raises OSError or redis.RedisError."""
    url = conf.get("redis_url", "")
    return _RedisListener(url) if url else _LocalListener(work_only)


class _LocalListener:
    def __init__(self, work_only: bool = False) -> None:
        kind = "w" if work_only else "l"
        self.path = socket_folder() / f"{kind}-{os.getpid()}-{os.urandom(4).hex()}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind(str(self.path))
        self.socket.setblocking(False)

    def fileno(self) -> int:
        return self.socket.fileno()

    def read(self) -> list[tuple[str, int]]:
        words: list[tuple[str, int]] = []
        with suppress(BlockingIOError):
            while len(words) < 10_000:
                words.extend((t, n) for t, n in json.loads(self.socket.recv(_MAX)))
        return words

    def close(self) -> None:
        self.socket.close()
        with suppress(OSError):
            os.unlink(self.path)


class _RedisListener:
    """A thread holds the subscription and wakes the reader through a pipe; it reconnects by itself."""

    def __init__(self, url: str) -> None:
        self.reader, self.writer = socket.socketpair()
        self.reader.setblocking(False)
        self.words: list[tuple[str, int]] = []
        self.lock = threading.Lock()
        self.closed = threading.Event()
        self.subscribed = threading.Event()
        threading.Thread(target=self._follow, args=(url,), name="bus-redis", daemon=True).start()
        self.subscribed.wait(3)

    def _follow(self, url: str) -> None:
        import redis

        while not self.closed.is_set():
            try:
                subscription = redis.Redis.from_url(url, socket_connect_timeout=2).pubsub()
                subscription.subscribe(_CHANNEL)
                while not self.closed.is_set():
                    message = subscription.get_message(timeout=1.0)
                    if message is None:
                        continue
                    if message["type"] == "subscribe":
                        self.subscribed.set()
                    elif message["type"] == "message":
                        with self.lock:
                            self.words.extend((t, n) for t, n in json.loads(message["data"]))
                        with suppress(BlockingIOError, OSError):
                            self.writer.send(b"\0")
            except redis.RedisError:
                self.closed.wait(1.0)

    def fileno(self) -> int:
        return self.reader.fileno()

    def read(self) -> list[tuple[str, int]]:
        with suppress(BlockingIOError):
            while self.reader.recv(4096):
                pass
        with self.lock:
            words, self.words = self.words, []
        return words

    def close(self) -> None:
        self.closed.set()
        self.reader.close()
        self.writer.close()
