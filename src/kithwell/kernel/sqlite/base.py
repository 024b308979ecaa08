"""Django's SQLite backend with short naps at the write lock.

SQLite's own waiting sleeps up to 100 ms between two looks and is not fair: a process that often writes keeps those out
that look seldom. BEGIN IMMEDIATE is tried every few milliseconds here, so everybody's turn comes soon.
"""

from __future__ import annotations

import random
import time

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

NAP = 0.003  # seconds, on average


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict.get("OPTIONS", {}).get("timeout", 5.0))
        until = time.monotonic() + patience
        self.connection.execute("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
                    return
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > until:
                        raise
                    time.sleep(random.uniform(0.5, 1.5) * NAP)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
