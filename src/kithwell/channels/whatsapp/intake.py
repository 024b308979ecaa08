"""The webhook's door: GET answers the provider's challenge, POST makes the raw body durable and only then says 200.

Native async. Posts that arrive while one batch is being written form the next batch: one flush to the disk for all of
them (group commit). On SQLite a batch is written to a file first, because the database's one writer may be busy; on
PostgreSQL straight into the database, and to a file while that is away. Neither works: 503, the provider sends again.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from django.db import connection
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from kithwell.channels.whatsapp import accounts, journal, protocol, store
from kithwell.kernel import clock, logs

MAX_BODY = 3 * 1024 * 1024 + 65_536  # bytes; the provider states posts of up to 3 MB
BATCH = 200  # posts in one transaction
GATHER = 0.004  # seconds in which posts gather before they are written
DATABASE_REST = 2.0  # seconds during which a database that failed is left alone
MOVE_AGAIN = 0.2  # seconds until a batch that could not be moved into the database is tried again
log = logs.get("channels.intake")


class Batcher:
    """Collects posts on the event loop and makes them durable from one thread; another moves them into the database."""

    def __init__(self) -> None:
        self._waiting: list[tuple[store.Raw, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._movers = ThreadPoolExecutor(1, thread_name_prefix="intake-move")
        self._to_move: deque[tuple[Path, Sequence[store.Raw]]] = deque()
        self._away_until = 0.0
        self.kept = self.batches = 0

    async def add(self, post: store.Raw) -> bool:
        """True when the post is durable, False when it is not and must be sent again."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((post, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(GATHER)
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                await loop.run_in_executor(self._pool, self._keep, [post for post, _ in batch])
                durable = True
            except Exception as error:
                log.error("intake.not_durable", count=len(batch), error=type(error).__name__)
                durable = False
            for _, future in batch:
                if not future.done():
                    future.set_result(durable)

    def _keep(self, posts: Sequence[store.Raw]) -> None:
        """In the thread: database or disk first, whichever never makes a provider wait; else the other."""
        self.batches += 1
        if connection.vendor == "sqlite":
            try:
                path = journal.keep(posts)
            except journal.NotDurable as error:
                log.warning("intake.disk_away", count=len(posts), error=error.__cause__)
                store.write(posts)
                return
        elif self._stored(posts):
            return
        else:
            path = journal.keep(posts)
        self.kept += len(posts)
        self._to_move.append((path, posts))
        self._movers.submit(self._move)

    def _stored(self, posts: Sequence[store.Raw]) -> bool:
        if time.monotonic() < self._away_until:
            return False
        try:
            store.write(posts)
        except Exception as error:
            log.warning("intake.database_away", count=len(posts), error=error)
            self._away_until = time.monotonic() + DATABASE_REST
            connection.close()
            return False
        return True

    def _move(self) -> None:
        """In the other thread: everything that is on the disk by now goes into the database in one transaction."""
        files: list[tuple[Path, Sequence[store.Raw]]] = []
        while self._to_move and sum(len(posts) for _, posts in files) < BATCH:
            files.append(self._to_move.popleft())
        if not files:
            return
        try:
            store.write([post for _, posts in files for post in posts])
        except Exception as error:
            log.warning("intake.move_later", count=len(files), error=error)
            connection.close()
            self._to_move.extendleft(reversed(files))
            time.sleep(MOVE_AGAIN)
        else:
            for path, _ in files:
                path.unlink(missing_ok=True)
        if self._to_move:
            with suppress(RuntimeError):  # being closed: the sweep moves what is left
                self._movers.submit(self._move)

    def settle(self) -> None:
        """Tests: wait until what was kept so far was moved, or was tried to be."""
        self._movers.submit(self._move).result(30)

    def close(self) -> None:
        """Finish what is being written and close the threads' connections."""
        for pool in (self._pool, self._movers):
            pool.submit(_close_mine)
            pool.shutdown(wait=True)


def _close_mine() -> None:
    connection.close()  # looked up in the thread that runs this


_batcher: Batcher | None = None


def batcher() -> Batcher:
    """This process's batcher."""
    global _batcher
    if _batcher is None:
        _batcher = Batcher()
    return _batcher


def stop() -> None:
    """Close this process's batcher (graceful stop, tests)."""
    global _batcher
    if _batcher is not None:
        _batcher.close()
        _batcher = None


async def hook(request: Request) -> Response:
    """GET and POST of /hooks/whatsapp/<account>."""
    return await (receive(request) if request.method == "POST" else subscribe(request))


async def subscribe(request: Request) -> Response:
    """GET /hooks/whatsapp/<account>: the challenge of the subscription."""
    account = accounts.by_name(request.path_params["account"])
    answer = protocol.challenge(request.query_params, account.verify_token) if account else None
    if answer is None:
        return PlainTextResponse("no", status_code=403)
    return PlainTextResponse(answer, headers={"X-Content-Type-Options": "nosniff"})


async def receive(request: Request) -> Response:
    """POST /hooks/whatsapp/<account>: a signed post. 200 means: durable."""
    account = accounts.by_name(request.path_params["account"])
    if account is None:
        return PlainTextResponse("no such account", status_code=404)
    try:
        body = await _body(request)
    except ClientDisconnect:
        return PlainTextResponse("gone", status_code=400)
    if body is None:
        return PlainTextResponse("too large", status_code=413)
    signature = request.headers.get("x-hub-signature-256", "")
    if not protocol.is_signed(body, signature, account.app_secret):
        log.warning("intake.forged", account_name=account.name, bytes=len(body))
        return PlainTextResponse("signature does not fit", status_code=403)
    post = store.Raw(accounts.CHANNEL, account.name, body, signature.removeprefix("sha256="), clock.now())
    if await batcher().add(post):
        return PlainTextResponse("ok")
    return PlainTextResponse("not stored, send it again", status_code=503, headers={"Retry-After": "5"})


async def _body(request: Request) -> bytes | None:
    """The raw bytes; None when there are too many."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > MAX_BODY:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
    return b"".join(parts)
