"""What the ASGI front and the native handlers share: who asks, how much may be sent, which headers go out.

Native handlers (a part's `native.py`) are Starlette endpoints or plain ASGI apps. `max_body(n)` on one of them sets how
large its body may be; `in_thread` runs database work off the event loop.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from kithwell.kernel import conf

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]
T = TypeVar("T")

MAX_HEADERS = 100
MAX_HEADER_BYTES = 32_000
MAX_TARGET_BYTES = 8_000
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SLOWEST = 2_000  # bytes a second; a body that arrives slower than this on average is given up

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
# "same-origin" rather than "no-referrer": with the latter browsers send `Origin: null` with every form, and Django's
# CSRF check could not tell our own forms from others'. Other sites get no referrer either way.
SECURITY_HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", CSP.encode()),
    (
        b"permissions-policy",
        b"accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        b"magnetometer=(), microphone=(), midi=(), payment=(), usb=(), interest-cohort=()",
    ),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"server", b"kithwell"),
)
HSTS: Header = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class Stopped(Exception):
    """The request ends before a handler answered: `status` is what the client is told, 0 when nobody listens."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def max_body(limit: int) -> Callable[[T], T]:
    """Mark a native endpoint: its body may have `limit` bytes."""

    def mark(endpoint: T) -> T:
        endpoint.max_body = limit  # type: ignore[attr-defined]
        return endpoint

    return mark


async def in_thread(call: Callable[..., T], *args: Any) -> T:
    """Run blocking work (database) of a native handler in a thread that keeps its connection."""
    return await asyncio.to_thread(_with_connections, call, *args)


def _with_connections(call: Callable[..., T], *args: Any) -> T:
    from django.db import close_old_connections

    try:
        return call(*args)
    finally:
        close_old_connections()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: address, scheme and host as the outermost proxy we trust saw them."""

    address: str
    scheme: str
    host: str
    trusted: bool


@lru_cache(maxsize=4096)
def _is_trusted(address: str, networks: tuple[str, ...]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in ipaddress.ip_network(n) for n in networks)


def asker(scope: Scope, found: dict[bytes, bytes]) -> Asker:
    """Believe X-Forwarded-For and X-Forwarded-Proto only from `trusted_proxies`, from the right to the left."""
    address = str((scope.get("client") or ("",))[0])
    scheme = str(scope.get("scheme", "http"))
    networks: tuple[str, ...] = tuple(conf.get("trusted_proxies", ()))
    trusted = bool(networks) and _is_trusted(address, networks)
    if trusted:
        hops = [
            h.strip() for h in found.get(b"x-forwarded-for", b"").decode("latin-1").split(",") if h.strip()
        ]
        for hop in reversed(hops):
            address = hop[:64]
            if not _is_trusted(hop, networks):
                break
        wanted = found.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()
        scheme = wanted if wanted in ("http", "https") else scheme
    return Asker(address, scheme, found.get(b"host", b"").decode("latin-1").lower(), trusted)


_ID = re.compile(rb"[0-9A-Za-z._-]{8,64}\Z")


def request_id(found: dict[bytes, bytes], trusted: bool) -> str:
    """Ours, or that of a proxy we trust."""
    given = found.get(b"x-request-id", b"")
    if trusted and _ID.match(given):
        return given.decode("ascii")
    return secrets.token_hex(8)


@lru_cache(maxsize=1024)
def host_allowed(host: str, allowed: tuple[str, ...], public_host: str) -> bool:
    """Is `host` (of the Host header) a name of ours? With nothing configured: localhost and bare addresses.

    A bare address cannot be rebound to another machine by somebody else's DNS, so it is safe to answer.
    """
    name, colon, port = (host, "", "") if host.endswith("]") or ":" not in host else host.rpartition(":")
    if colon and not (port.isascii() and port.isdecimal()):
        return False  # "localhost:80@elsewhere.example" is no name of ours
    name = name.strip("[]").rstrip(".")
    if "*" in allowed or name in allowed or (public_host and name == public_host):
        return True
    if any(a.startswith(".") and (name.endswith(a) or name == a[1:]) for a in allowed):
        return True
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ip = ipaddress.ip_address(name)
    except ValueError:
        return False
    return ip.is_loopback or not (allowed or public_host)


class BodyGuard:
    """Wraps `receive`: counts bytes against `limit`, and gives up on clients that fall silent or trickle.

    Raises Stopped(413), Stopped(408), or Stopped(0) when the client is gone.
    """

    __slots__ = ("_began", "done", "limit", "receive", "seen", "silence", "widen")

    def __init__(
        self, receive: Receive, limit: int, silence: float, widen: Callable[[], int] | None = None
    ) -> None:
        self.receive, self.limit, self.silence, self.widen = receive, limit, silence, widen
        self.seen, self.done = 0, False
        self._began = asyncio.get_running_loop().time()

    async def __call__(self) -> MutableMapping[str, Any]:
        if self.done:
            return await self.receive()
        try:
            message = await asyncio.wait_for(self.receive(), self.silence)
        except TimeoutError:
            raise Stopped(408, "silent") from None
        if message["type"] == "http.disconnect":
            self.done = True
            return message
        self.seen += len(message.get("body", b""))
        self.done = not message.get("more_body", False)
        if self.seen > self.limit and self.widen is not None:
            self.limit, self.widen = self.widen(), None
        if self.seen > self.limit:
            raise Stopped(413, "too_large")
        took = asyncio.get_running_loop().time() - self._began
        if not self.done and took > self.silence + self.seen / _SLOWEST:
            raise Stopped(408, "trickle")
        return message


async def answer(send: Send, status: int, body: bytes, headers: list[Header], *, head: bool = False) -> None:
    """Send a whole response."""
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body, "more_body": False})
