"""Token buckets: how often somebody may try something (a password, a sign-up) in a while.

Never used on a conversation's messages, and never because of crisis. Buckets are shared by all
processes: in Redis when it is configured, else in a small file of this machine. If neither can be had, each process
counts for itself: a limit that fails open for a minute is better than people shut out.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from kithwell.kernel import conf, logs

log = logs.get("kernel.limits")
_SWEEP_EVERY = 2000  # hits between clearing out buckets that are full again

# KEYS[1]: the bucket. ARGV: capacity, tokens a second, now, cost. A Redis hash holds tokens and when they were counted.
_LUA = """
local held = redis.call('HMGET', KEYS[1], 't', 'at')
local capacity, rate, now, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local tokens = capacity
if held[1] then tokens = math.min(capacity, tonumber(held[1]) + math.max(0, now - tonumber(held[2])) * rate) end
local ok = 0
if tokens >= cost then tokens = tokens - cost; ok = 1 end
redis.call('HSET', KEYS[1], 't', tostring(tokens), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], math.ceil(capacity / rate) + 1)
return ok
"""


def refill(tokens: float, since: float, capacity: float, per_seconds: float) -> float:
    """Tokens in a bucket `since` seconds after it held `tokens`; it fills evenly, to `capacity` in `per_seconds`."""
    return min(capacity, tokens + max(0.0, since) * capacity / per_seconds)


class _File:
    """Buckets of one machine: an SQLite file that need not survive a crash."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.local = threading.local()
        self.hits = 0

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self.local, "connection", None)
        if connection is None or self.local.pid != os.getpid():  # a connection must not be used after a fork
            self.local.pid = os.getpid()
            connection = sqlite3.connect(self.path, timeout=1.0, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, tokens REAL, at REAL, full_at REAL)"
                " WITHOUT ROWID"
            )
            self.local.connection = connection
        return connection

    def take(self, key: str, capacity: int, per_seconds: int, now: float) -> bool:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            row = connection.execute("SELECT tokens, at FROM bucket WHERE key = ?", (key,)).fetchone()
            tokens = refill(row[0], now - row[1], capacity, per_seconds) if row else float(capacity)
            ok = tokens >= 1
            tokens -= 1 if ok else 0
            full_at = now + (capacity - tokens) * per_seconds / capacity
            connection.execute("REPLACE INTO bucket VALUES (?, ?, ?, ?)", (key, tokens, now, full_at))
            self.hits += 1
            if self.hits % _SWEEP_EVERY == 0:
                connection.execute("DELETE FROM bucket WHERE full_at < ?", (now,))
        finally:
            connection.execute("COMMIT")
        return ok


class _Memory:
    """Buckets of one process: the last resort."""

    def __init__(self) -> None:
        self.buckets: dict[str, tuple[float, float]] = {}
        self.lock = threading.Lock()

    def take(self, key: str, capacity: int, per_seconds: int, now: float) -> bool:
        with self.lock:
            if len(self.buckets) > 50_000:
                self.buckets.clear()
            held = self.buckets.get(key)
            tokens = refill(held[0], now - held[1], capacity, per_seconds) if held else float(capacity)
            ok = tokens >= 1
            self.buckets[key] = (tokens - 1 if ok else tokens, now)
            return ok


class _Redis:
    """Buckets of all machines."""

    def __init__(self, url: str) -> None:
        import redis

        self.client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self.script: Any = self.client.register_script(_LUA)

    def take(self, key: str, capacity: int, per_seconds: int, now: float) -> bool:
        return bool(self.script(keys=[f"kw:limit:{key}"], args=[capacity, capacity / per_seconds, now, 1]))


_memory = _Memory()
_stores: dict[str, _File | _Redis] = {}


def _store() -> _File | _Redis:
    url = str(conf.get("redis_url", ""))
    path = Path(conf.get("data_dir")) / "limits.sqlite3"
    name = url or str(path)
    if name not in _stores:
        _stores[name] = _Redis(url) if url else _File(path)
    return _stores[name]


def forget_all() -> None:
    """Tests: every bucket of this machine or this Redis is full again."""
    _memory.buckets.clear()
    store = _store()
    if isinstance(store, _File):
        store._connection().execute("DELETE FROM bucket")
    else:
        for key in store.client.scan_iter("kw:limit:*"):
            store.client.delete(key)


def hit(bucket: str, *, capacity: int, per_seconds: int) -> bool:
    """Take one token out of `bucket`; False when it is empty.

    `capacity` tries are there at first and come back evenly over `per_seconds`. Name a bucket "sign-in:<what>"; what is
    kept is a hash, so that no address or name lies around.
    """
    if capacity < 1 or per_seconds < 1:
        raise ValueError("a bucket holds at least one try and fills in at least a second")
    key = hashlib.sha256(bucket.encode()).hexdigest()[:32]
    now = time.time()
    try:
        return _store().take(key, capacity, per_seconds, now)
    except Exception as error:
        log.warning("limits.store_failed", error=error)
        return _memory.take(key, capacity, per_seconds, now)
