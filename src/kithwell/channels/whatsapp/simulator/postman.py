"""Posts the provider's webhooks to the product: signed, at least once, again and again until it is taken."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx

from kithwell.channels.whatsapp import protocol
from kithwell.channels.whatsapp.simulator.engine import Engine

Poster = Callable[[bytes, dict[str, str]], int]  # (body, headers) -> HTTP status; 0: no answer
LEASE = 30.0  # seconds after which another process may post what one that died had taken
LONGEST_PAUSE = 60.0  # seconds between two tries; the provider waits longer, nobody wants to here


def over_http(url: str) -> Poster:
    """Post to a running product."""
    client = httpx.Client(timeout=15, trust_env=False)

    def post(body: bytes, headers: dict[str, str]) -> int:
        try:
            return client.post(url, content=body, headers=headers).status_code
        except httpx.HTTPError:
            return 0

    return post


class Postman:
    """Takes due posts out of the engine's store. Several may work on one store."""

    def __init__(self, engine: Engine, poster: Poster, threads: int = 4) -> None:
        self.engine, self.poster = engine, poster
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="postman")
        self.bell = threading.Event()
        self.stopped = threading.Event()
        self.thread: threading.Thread | None = None
        self.posted = self.failed = 0
        engine.on_post = self.bell.set

    def start(self) -> Postman:
        """Post in the background until `stop`."""
        self.thread = threading.Thread(target=self._run, name="postman", daemon=True)
        self.thread.start()
        return self

    def stop(self) -> None:
        self.stopped.set()
        self.bell.set()
        if self.thread is not None:
            self.thread.join(5)
        self.pool.shutdown(wait=True)

    def _run(self) -> None:
        while not self.stopped.is_set():
            self.bell.clear()
            with suppress(Exception):  # the store is locked or being closed: the next round sees to it
                self.round()
            self.bell.wait(self._pause())

    def _pause(self) -> float:
        with suppress(Exception):
            row = self.engine._one("SELECT min(due) AS due FROM hook")
            if row is not None and row["due"] is not None:
                return float(min(0.5, max(0.005, row["due"] - time.time())))
        return 0.5

    def round(self) -> int:
        """Post everything that is due now; returns how many posts were tried."""
        tried = 0
        while not self.engine.faults.outage and (batches := self._take()):
            tried += len(batches)
            list(self.pool.map(self._post, batches))
        return tried

    def settle(self, seconds: float = 10.0) -> None:
        """Tests: post until nothing is left. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while self.engine._one("SELECT 1 FROM hook") is not None:
            if time.monotonic() > until:
                raise TimeoutError("posts are left over")
            if not self.round():
                time.sleep(0.002)

    def _take(self) -> list[list[Any]]:
        """Lease due posts and put neighbours together as asked; forged ones go alone."""
        now = time.time()
        rows = self.engine._run(
            "UPDATE hook SET due=? WHERE seq IN "
            "(SELECT seq FROM hook WHERE due<=? ORDER BY due, seq LIMIT 64) RETURNING *",
            now + LEASE, now,
        ).fetchall()  # fmt: skip
        rows.sort(key=lambda row: row["seq"])
        most = max(1, self.engine.faults.batch)
        alone = [[row] for row in rows if row["forged"]]
        true = [row for row in rows if not row["forged"]]
        return alone + [true[i : i + most] for i in range(0, len(true), most)]

    def _post(self, rows: list[Any]) -> None:
        engine = self.engine
        changes = [json.loads(row["change"]) for row in rows]
        entry = [{"id": engine.keys.waba_id, "changes": changes}]
        body = json.dumps(
            {"object": "whatsapp_business_account", "entry": entry}, ensure_ascii=False
        ).encode()
        forged = bool(rows[0]["forged"])
        secret = "somebody else's secret" if forged else engine.keys.app_secret
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": protocol.sign(body, secret)}
        status = self.poster(body, headers)
        for row in rows:
            if 200 <= status < 300 or forged:
                engine._run("DELETE FROM hook WHERE seq=?", row["seq"])
                if row["about"]:
                    engine.arrived(row["about"])
                self.posted += 1
            else:
                pause = min(LONGEST_PAUSE, 0.25 * 2.0 ** row["attempts"])
                engine._run(
                    "UPDATE hook SET attempts=attempts+1, due=? WHERE seq=?", time.time() + pause, row["seq"]
                )
                self.failed += 1
