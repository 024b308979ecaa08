"""What the front answers itself: static files, /healthz, /readyz and /metrics."""

from __future__ import annotations

import hmac
import json
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kithwell.config import checks
from kithwell.config.exchange import Exchange
from kithwell.kernel import conf, live, metrics, pagecache, static, web
from kithwell.kernel.web import Header, Stopped

ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics"})  # balancers ask by address
_LOCAL = frozenset({"127.0.0.1", "::1", ""})


@lru_cache(maxsize=256)
def _packed(body: bytes) -> tuple[bytes, bytes]:
    """(ETag, packed form) of a page; few pages are asked for again and again."""
    made = pagecache.entry(body, (), 0)
    return made.etag, made.packed


class Revalidated:
    """Gives a native page that says `no-cache` an ETag, answers 304, and packs it. Anything else passes as it is."""

    __slots__ = ("exchange", "start")

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.start: MutableMapping[str, Any] | None = None

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            names = dict(message.get("headers", ()))
            fits = names.get(b"content-type", b"").startswith(b"text/html") and b"set-cookie" not in names
            if message["status"] == 200 and fits and b"no-cache" in names.get(b"cache-control", b""):
                self.start = message
                return
        elif self.start is not None:
            start, self.start = self.start, None
            if not message.get("more_body") and message.get("body"):
                return await self._whole(start, message["body"])
            await self.exchange.send(start)
        await self.exchange.send(message)

    async def _whole(self, start: MutableMapping[str, Any], body: bytes) -> None:
        found = self.exchange.found
        etag, packed = _packed(body)
        headers = [h for h in start["headers"] if h[0] not in (b"content-length", b"vary")]
        headers += [(b"etag", etag), (b"vary", b"Accept-Language, Cookie, Accept-Encoding")]
        if pagecache.matches(found.get(b"if-none-match", b""), etag):
            await self.exchange.send({"type": "http.response.start", "status": 304, "headers": headers})
            return await self.exchange.send({"type": "http.response.body", "body": b""})
        if packed and b"gzip" in found.get(b"accept-encoding", b""):
            body = packed
            headers.append((b"content-encoding", b"gzip"))
        await web.answer(self.exchange.send, 200, body, headers, head=self.exchange.head)


async def static_file(exchange: Exchange) -> None:
    """A file of the interface, from memory."""
    exchange.route = "/static/*"
    if exchange.method not in ("GET", "HEAD"):
        raise Stopped(405, "method")
    file = static.library().files.get(exchange.scope["path"].removeprefix(static.PREFIX))
    if file is None:
        raise Stopped(404, "static")
    age = b"public, max-age=31536000, immutable" if file.immutable else b"no-cache"
    headers: list[Header] = [(b"content-type", file.content_type.encode()), (b"cache-control", age)]
    body = file.body
    if file.packed:
        headers.append((b"vary", b"Accept-Encoding"))
        if b"gzip" in exchange.found.get(b"accept-encoding", b""):
            body = file.packed
            headers.append((b"content-encoding", b"gzip"))
    await web.answer(exchange.send, 200, body, headers, head=exchange.head)


async def healthz(request: Request) -> Response:
    """This process answers: nothing else is looked at."""
    return Response("ok\n", media_type="text/plain", headers={"cache-control": "no-store"})


async def readyz(request: Request) -> Response:
    """May this process be sent people? 503 when the database, the jobs, the keys or Redis are not usable."""
    found = await checks.ready()
    ok = all(check.ok for check in found)
    body = {"ok": ok, "checks": {check.name: "ok" if check.ok else "failed" for check in found}}
    headers = {"cache-control": "no-store"}
    return Response(json.dumps(body), 200 if ok else 503, headers, media_type="application/json")


async def metrics_page(request: Request) -> Response:
    """Figures for Prometheus: for this machine, or for whoever shows the token."""
    token = str(conf.get("metrics_token", ""))
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    client = request.client.host if request.client else ""
    by_token = bool(token) and hmac.compare_digest(shown.encode(), token.encode())
    if not by_token and (client not in _LOCAL or "x-forwarded-for" in request.headers):
        raise Stopped(403, "metrics")
    metrics.live_listeners.set(live.hub.listeners)
    metrics.live_delivered.set(live.hub.delivered)
    extra: dict[str, Any] = await checks.figures()
    return Response(
        metrics.page(extra), media_type=metrics.CONTENT_TYPE, headers={"cache-control": "no-store"}
    )


routes = [
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics_page),
]
