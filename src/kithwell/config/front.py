"""The ASGI front: every request enters here.

Ordinary pages go to Django's sync chain in a few threads (`sync.py`); static files, health, metrics, live streams and
webhook intake are answered natively on the event loop. Limits, deadlines, header checks, security headers, request
ids, logs and the page cache are here, once, for all of them.
"""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import time
from collections.abc import Callable
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Route

from kithwell.config import native, parts, serve
from kithwell.config.exchange import Exchange, expire, joined_headers, loop_error, watch
from kithwell.config.sync import Answer, Busy, Job, Pool, SyncHandler
from kithwell.kernel import errorpages, live, logs, metrics, pagecache, preferences, web
from kithwell.kernel.web import Header, Receive, Scope, Send, Stopped

log = logs.get("config.front")
_HTML: Header = (b"content-type", b"text/html; charset=utf-8")
_NO_STORE: Header = (b"cache-control", b"no-store")
_BODILESS = frozenset({"GET", "HEAD"})


class Front:
    """The application. One in each web process; made after django.setup()."""

    def __init__(self) -> None:
        options = settings.KITHWELL
        self.options = options
        most = options["max_waiting"]
        self.handler = SyncHandler()
        self.pages = Pool("page", options["threads"], most)
        self.streams = Pool("stream", 2, most)
        self.public_host = (urlsplit(options["public_url"]).hostname or "").lower()
        https = options["public_url"].startswith("https://")
        self.plain_extra = web.SECURITY_HEADERS
        self.secure_extra = (*web.SECURITY_HEADERS, web.HSTS) if https else web.SECURITY_HEADERS
        self.exact: dict[str, list[Any]] = {"/live": [live.endpoint]}
        self.routes: list[Route] = []
        self.stopping = False
        for module in (native, *parts.modules("native")):
            for route in module.routes:
                if getattr(route, "param_convertors", None):
                    self.routes.append(route)
                else:
                    self.exact.setdefault(route.path, []).append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:  # no part speaks WebSocket
            await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _start(self) -> None:
        asyncio.get_running_loop().set_exception_handler(loop_error)
        if os.environ.get("KITHWELL_SUPERVISED"):
            serve.die_with_parent(serve.signal.SIGKILL)
        self.pages.start()
        try:
            live.hub.start()
        except Exception as error:  # pages and help work without live updates; /readyz tells
            log.error("front.live_failed", error=error)
        log.info("front.ready", pid=os.getpid())

    def close_streams(self) -> None:
        """The stop begins: live streams end now (browsers come back elsewhere), other requests finish."""
        self.stopping = True
        live.hub.stop()

    def stop(self) -> None:
        """The stop ends: let threads finish."""
        self.close_streams()
        for pool in (self.pages, self.streams):
            pool.stop(self.options["stop_seconds"])

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        found: dict[bytes, bytes] = {}
        size = 0
        for name, value in scope["headers"]:
            size += len(name) + len(value)
            # Several Cookie lines are one (HTTP/2, RFC 9113 section 8.2.3); of others the first counts here.
            found[name] = (
                found[name] + b"; " + value if name == b"cookie" and name in found else found.get(name, value)
            )
        asker = web.asker(scope, found)
        scope = {**scope, "client": (asker.address, 0), "scheme": asker.scheme}
        extra = self.secure_extra if asker.scheme == "https" else self.plain_extra
        exchange = Exchange(scope, receive, send, found, asker, web.request_id(found, asker.trusted), extra)
        scope["request_id"] = exchange.id
        try:
            self._check_head(exchange, size)
            await self._dispatch(exchange)
        except Stopped as stopped:
            await self._stopped(exchange, stopped)
        except Busy:
            await self._stopped(exchange, Stopped(503, "busy"))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("request.failed", request=exchange.id, route=exchange.route, error=error)
            await self._stopped(exchange, Stopped(500, "failed"))
        self._record(exchange, started)

    def _record(self, exchange: Exchange, started: float) -> None:
        took = time.perf_counter() - started
        metrics.requests.labels(exchange.method, exchange.route, exchange.status).inc()
        if exchange.route != "/live":
            metrics.request_seconds.labels(exchange.route).observe(took)
        if self.options["log_requests"]:
            log.info(
                "request.done",
                request=exchange.id,
                method=exchange.method,
                route=exchange.route,
                status=exchange.status,
                ms=round(took * 1000, 1),
                bytes=exchange.size,
            )

    def _check_head(self, exchange: Exchange, size: int) -> None:
        scope = exchange.scope
        if len(scope["headers"]) > web.MAX_HEADERS or size > web.MAX_HEADER_BYTES:
            raise Stopped(431, "headers")
        if len(scope["path"]) + len(scope["query_string"]) > web.MAX_TARGET_BYTES:
            raise Stopped(431, "target")
        if scope["method"] not in web.METHODS:
            raise Stopped(405, "method")
        path = scope["path"]
        if path in native.ANY_HOST:
            return
        if not web.host_allowed(exchange.asker.host, tuple(self.options["allowed_hosts"]), self.public_host):
            raise Stopped(421, "host")

    async def _dispatch(self, exchange: Exchange) -> None:
        path = exchange.scope["path"]
        if path.startswith("/static/"):
            return await native.static_file(exchange)
        other_method: tuple[Any, Any] | None = None
        for route in self.exact.get(path) or self.routes:
            if not isinstance(route, Route):
                return await self._native(exchange, route, {})
            match, child = route.matches(exchange.scope)
            if match is Match.FULL:
                return await self._native(exchange, route, child)
            if match is Match.PARTIAL:  # the path, but another method: a later route may take this one
                other_method = other_method or (route, child)
        if other_method is not None:
            exchange.route = other_method[0].path
            raise Stopped(405, "method")
        await self._page(exchange)

    async def _native(self, exchange: Exchange, target: Any, child: Any) -> None:
        endpoint = getattr(target, "endpoint", target)
        exchange.route = getattr(target, "path", None) or exchange.scope["path"]
        limit = getattr(endpoint, "max_body", self.options["max_form_bytes"])
        self._check_length(exchange, lambda: limit)
        if exchange.route == "/live":
            if self.stopping:
                raise Stopped(503, "stopping")
            receive: Receive = exchange.receive
        else:
            receive = web.BodyGuard(exchange.receive, limit, self.options["body_seconds"])
        scope = exchange.scope
        try:
            if isinstance(target, Route):
                scope.update(child)
                await target.handle(scope, receive, native.Revalidated(exchange))
            else:
                await target(scope, receive, exchange.send)
        except HTTPException as error:
            raise Stopped(error.status_code, "native") from None
        except ClientDisconnect:
            raise Stopped(0, "gone") from None

    def _check_length(self, exchange: Exchange, limit: Callable[[], int]) -> int:
        """The declared length of the body. Raises Stopped when it is nonsense or too much: before a byte is read."""
        given = exchange.found.get(b"content-length")
        if given is None:
            return -1 if b"transfer-encoding" in exchange.found else 0
        if not given.isdigit():
            raise Stopped(400, "length")
        if int(given) > self.options["max_form_bytes"] and int(given) > limit():
            raise Stopped(413, "too_large")
        return int(given)

    def _upload_limit(self, path: str) -> int:
        """How large a body the page at `path` takes: pages marked with `pages.uploads` take files."""
        try:
            view = resolve(path).func
        except Resolver404:
            return int(self.options["max_form_bytes"])
        return int(self.options["max_upload_bytes" if getattr(view, "uploads", False) else "max_form_bytes"])

    async def _page(self, exchange: Exchange) -> None:
        key = self._cache_key(exchange)
        if key is not None:
            entry = pagecache.cache.get(key)
            if entry is not None:
                return await self._send_entry(exchange, entry, "hit")
        body = await self._read_body(exchange)
        packs = b"gzip" in exchange.found.get(b"accept-encoding", b"")
        scope = {**exchange.scope, "headers": joined_headers(exchange)}
        job = self.pages.submit(self.handler.respond, scope, body, exchange.id, packs)
        answer = await self._await_job(exchange, job)
        exchange.route = answer.route
        if key is not None and answer.public_seconds:
            entry = pagecache.entry(answer.body, tuple(answer.headers), answer.public_seconds)
            pagecache.cache.put(key, entry)
            return await self._send_entry(exchange, entry, "miss")
        await self._send_answer(exchange, answer)

    def _cache_key(self, exchange: Exchange) -> pagecache.Key | None:
        """The key of a page that may be in the cache; None for whoever is known to us by a cookie."""
        scope = exchange.scope
        if scope["method"] not in _BODILESS or len(scope["query_string"]) > 200:
            return None
        cookies: dict[str, str] = {}
        for part in exchange.found.get(b"cookie", b"").decode("latin-1").split(";"):
            name, _, value = part.strip().partition("=")
            if name and name not in preferences.COOKIES:
                return None
            cookies[name] = value
        accept = exchange.found.get(b"accept-language", b"").decode("latin-1")
        p = preferences.of(cookies, accept)
        host = f"{exchange.asker.scheme}://{exchange.asker.host}"
        return (host, scope["path"], p.language, p.theme, p.country, scope["query_string"].decode("latin-1"))

    async def _send_entry(self, exchange: Exchange, entry: pagecache.Entry, outcome: str) -> None:
        headers = [*entry.headers, (b"etag", entry.etag)]
        headers.append((b"vary", b"Accept-Language, Cookie, Accept-Encoding"))
        if exchange.route == "-":
            exchange.route = "(cached)"
        if pagecache.matches(exchange.found.get(b"if-none-match", b""), entry.etag):
            metrics.cache_hits.labels("not_modified").inc()
            await exchange.send({"type": "http.response.start", "status": 304, "headers": headers})
            return await exchange.send({"type": "http.response.body", "body": b""})
        metrics.cache_hits.labels(outcome).inc()
        body = entry.body
        if entry.packed and b"gzip" in exchange.found.get(b"accept-encoding", b""):
            body = entry.packed
            headers.append((b"content-encoding", b"gzip"))
        headers = [h for h in headers if h[0] != b"content-length"]
        await web.answer(exchange.send, 200, body, headers, head=exchange.head)

    async def _read_body(self, exchange: Exchange) -> IO[bytes]:
        """The whole body, on disk when it is long. Raises Stopped."""
        path = exchange.scope["path"]
        length = self._check_length(exchange, lambda: self._upload_limit(path))
        if length == 0:
            return io.BytesIO()
        guard = web.BodyGuard(
            exchange.receive,
            self.options["max_form_bytes"],
            self.options["body_seconds"],
            lambda: self._upload_limit(path),
        )
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=256_000)  # noqa: SIM115 (closed after the page)
        try:
            while not guard.done:
                message = await guard()
                if message["type"] == "http.disconnect":
                    raise Stopped(0, "gone")
                body.write(message.get("body", b""))
            body.seek(0)
        except BaseException:
            body.close()
            raise
        return body

    async def _await_job(self, exchange: Exchange, job: Job) -> Answer:
        """Wait for a page; give up when it takes too long, or when the client goes while the page still waits."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self.options["page_seconds"], expire, job)
        watcher = None
        if self.pages.waiting:  # only then can leaving save work
            watcher = loop.create_task(watch(exchange.receive, job))
        try:
            answer: Answer = await job.future
            return answer
        finally:
            timer.cancel()
            if watcher is not None:
                watcher.cancel()

    async def _send_answer(self, exchange: Exchange, answer: Answer) -> None:
        headers = answer.headers
        if not any(h[0] == b"cache-control" for h in headers):
            headers.append(_NO_STORE)
        if answer.stream is None:
            headers = [h for h in headers if h[0] != b"content-length"]
            if answer.status in (204, 304):
                await exchange.send(
                    {"type": "http.response.start", "status": answer.status, "headers": headers}
                )
                return await exchange.send({"type": "http.response.body", "body": b""})
            return await web.answer(exchange.send, answer.status, answer.body, headers, head=exchange.head)
        await self._send_stream(exchange, answer, headers)

    async def _send_stream(self, exchange: Exchange, answer: Answer, headers: list[Header]) -> None:
        """A file: chunk by chunk, each read in a thread when the client took the one before."""
        client = Job(lambda: None, (), asyncio.get_running_loop().create_future(), asyncio.get_running_loop())
        watcher = asyncio.get_running_loop().create_task(watch(exchange.receive, client))
        try:
            await exchange.send({"type": "http.response.start", "status": answer.status, "headers": headers})
            while not exchange.head and not client.gone:
                chunk = await self.streams.submit(next, answer.stream, None).future
                if chunk is None:
                    break
                await exchange.send({"type": "http.response.body", "body": chunk, "more_body": True})
            if not client.gone:
                await exchange.send({"type": "http.response.body", "body": b""})
        finally:
            watcher.cancel()
            if client.future.done():
                client.future.exception()
            await self.streams.submit(answer.close).future

    async def _stopped(self, exchange: Exchange, stopped: Stopped) -> None:
        """Tell the client what happened, if there is still somebody to tell."""
        metrics.refused.labels(stopped.why).inc()
        if stopped.status == 0 or exchange.status:
            exchange.status = exchange.status or 499
            return
        accept = exchange.found.get(b"accept-language", b"").decode("latin-1")
        prefs = preferences.of({}, accept)
        headers: list[Header] = [_HTML, _NO_STORE]
        if stopped.status in (400, 408, 413, 431):
            headers.append((b"connection", b"close"))
        if stopped.status in (429, 503):
            headers.append((b"retry-after", b"30"))
        body = errorpages.plain_in(stopped.status, prefs.spoken, prefs.dir)
        await web.answer(exchange.send, stopped.status, body, headers, head=exchange.head)
