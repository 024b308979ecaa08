"""Where the simulated provider keeps everything: one SQLite file that several processes share, or memory."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import Any

from kithwell.channels.whatsapp.simulator import faults as faulty
from kithwell.channels.whatsapp.simulator.schema import SCHEMA


class Store:
    """The database, its lock, and the settings in it."""

    def __init__(self, path: str, faults: faulty.Faults | None) -> None:
        self.lock = threading.RLock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=20)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(
            ("" if path == ":memory:" else "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;") + SCHEMA
        )
        self._faults = faults

    @property
    def faults(self) -> faulty.Faults:
        """Shared by all processes of one provider: read from the store unless given at the start."""
        if self._faults is None:
            stored = self._one("SELECT value FROM setting WHERE key='faults'")
            return faulty.from_dict(json.loads(stored["value"])) if stored else faulty.Faults()
        return self._faults

    @faults.setter
    def faults(self, new: faulty.Faults) -> None:
        if self._faults is not None:
            self._faults = new
        self._run("INSERT OR REPLACE INTO setting VALUES ('faults', ?)", new.as_json())

    def _keep(self, new: faulty.Faults) -> None:
        if self._faults is None:
            self.faults = new

    def _run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        with self.lock:
            return self.db.execute(sql, values)

    def _one(self, sql: str, *values: Any) -> Any:
        with self.lock:
            return self.db.execute(sql, values).fetchone()

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def first_time(self, ident: str, key: str) -> bool:
        """False when this form was sent before (a second click, a reload)."""
        if not key:
            return True
        made = self._run("INSERT OR IGNORE INTO setting VALUES (?, '1')", f"sent:{ident}:{key[:64]}")
        return made.rowcount == 1

    def close(self) -> None:
        with self.lock:
            self.db.close()
