"""Live updates by Server-Sent Events (WHATWG HTML, section 9.2).

Rows are stored first; the stream only says "topic stands at n", and the page asks for everything since the n it
knows. So a lost push is never a lost message, and a slow reader needs no buffer: only the newest n of each topic
waits for it.

`GET /live?topic=conversation:<id>&topic=desk:<id>` streams. Each topic's part registers who may listen (`topic`).
A stream ends after STREAM_FOR seconds; the browser comes back by itself and is authorised anew.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from kithwell.kernel import bus, conf, errors, logs, pagecache

STREAM_FOR = 600.0  # seconds until a listener is asked to come back and be authorised again
BEAT = 15.0  # seconds between comments that keep proxies from closing an idle stream
MAX_TOPICS = 12
log = logs.get("kernel.live")


class Refused(errors.Refused):
    """This person may not listen to this topic."""


Authoriser = Callable[[dict[str, str], str], int]
_authorisers: dict[str, list[Authoriser]] = {}


def topic(kind: str) -> Callable[[Authoriser], Authoriser]:
    """Register `fn(cookies, ident) -> current n` for topics "kind:ident"; it raises Refused.

    Several parts may know listeners of one kind (staff, and the person themself): one that does not refuse is enough.
    """

    def register(function: Authoriser) -> Authoriser:
        known = _authorisers.setdefault(kind, [])
        if function not in known:
            known.append(function)
        return function

    return register


def publish(name: str, n: int) -> None:
    """On commit, tell every listener of topic `name` that it stands at `n` now."""
    bus.say(name, n)


def authorise(cookies: dict[str, str], name: str) -> int:
    """The present n of topic `name`. Raises Refused when unknown or not for this person."""
    kind, _, ident = name.partition(":")
    for authoriser in _authorisers.get(kind, ()):
        with suppress(errors.Refused, errors.NotFound):
            return authoriser(cookies, ident)
    raise Refused("no such topic, or not for you")


def encode(name: str, n: int) -> bytes:
    """One event of the stream."""
    data = json.dumps({"topic": name, "n": n}, separators=(",", ":"))
    return f"event: since\nid: {name}={n}\ndata: {data}\n\n".encode()


class Listening:
    """One open stream: the newest event of each topic that has not been sent yet, and a bell."""

    __slots__ = ("bell", "closed", "pending", "until")

    def __init__(self) -> None:
        self.pending: dict[str, bytes] = {}
        self.bell: asyncio.Future[None] | None = None
        self.closed = False
        self.until = time.monotonic() + STREAM_FOR

    def push(self, name: str, event: bytes) -> None:
        self.pending[name] = event
        bell = self.bell
        if bell is not None and not bell.done():
            bell.set_result(None)

    def close(self) -> None:
        self.closed = True
        self.push("", b"")


class Hub:
    """This process's listeners by topic. One ear on the bus, events encoded once."""

    def __init__(self) -> None:
        self.topics: dict[str, dict[Listening, None]] = {}
        self.listeners = 0
        self.per_client: dict[str, int] = {}
        self.delivered = 0
        self._ear: bus.Listener | None = None
        self._pid = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beat: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Open the ear on the running event loop; called again on the same loop of a process it does nothing."""
        loop = asyncio.get_running_loop()
        if self._pid == os.getpid() and self._loop is loop:
            return
        if self._pid == os.getpid() and self._ear is not None:
            self._ear.close()  # its loop is gone: nobody would read it any more
        self._pid, self._loop = os.getpid(), loop
        self._ear = bus.listen()
        loop.add_reader(self._ear.fileno(), self._hear)
        self._beat = loop.create_task(self._beats())

    def stop(self) -> None:
        """Close the ear and every stream (graceful stop: browsers reconnect elsewhere)."""
        if self._ear is not None:
            asyncio.get_running_loop().remove_reader(self._ear.fileno())
            self._ear.close()
            self._ear = None
        if self._beat is not None:
            self._beat.cancel()
        for listeners in list(self.topics.values()):
            for listener in list(listeners):
                listener.close()
        self._pid, self._loop = 0, None

    def _hear(self) -> None:
        if self._ear is None:
            return
        newest: dict[str, int] = {}
        for name, n in self._ear.read():
            if name.startswith(pagecache.WORD):
                pagecache.cache.forget(name.removeprefix(pagecache.WORD))
            newest[name] = max(n, newest.get(name, 0))
        for name, n in newest.items():
            self.push(name, n)

    def push(self, name: str, n: int) -> None:
        """Hand "name stands at n" to this process's listeners of it."""
        listeners = self.topics.get(name)
        if not listeners:
            return
        event = encode(name, n)
        for listener in listeners:
            listener.push(name, event)

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            now = time.monotonic()
            everyone = {listener for listeners in self.topics.values() for listener in listeners}
            for listener in everyone:
                if listener.until < now:
                    listener.close()
                else:
                    listener.push("", b":\n\n")

    def add(self, listener: Listening, names: list[str], client: str) -> None:
        """Enter a listener. Raises TooMany when this process or this client has enough of them."""
        if self.listeners >= conf.get("live_max_listeners", 10_000):
            raise errors.TooMany("too many listeners", after=5)
        if self.per_client.get(client, 0) >= conf.get("live_max_per_client", 12):
            raise errors.TooMany("too many open pages", after=5)
        self.listeners += 1
        self.per_client[client] = self.per_client.get(client, 0) + 1
        for name in names:
            self.topics.setdefault(name, {})[listener] = None

    def remove(self, listener: Listening, names: list[str], client: str) -> None:
        self.listeners -= 1
        left = self.per_client.get(client, 1) - 1
        if left > 0:
            self.per_client[client] = left
        else:
            self.per_client.pop(client, None)
        for name in names:
            listeners = self.topics.get(name)
            if listeners is not None:
                listeners.pop(listener, None)
                if not listeners:
                    del self.topics[name]


hub = Hub()


async def endpoint(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application behind GET /live."""
    from http.cookies import SimpleCookie

    hub.start()
    headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
    # HTTP/2 may send cookies in several lines (RFC 9113, section 8.2.3).
    jar = "; ".join(v.decode("latin-1") for k, v in scope["headers"] if k == b"cookie")
    cookies = {k: m.value for k, m in SimpleCookie(jar).items()}
    names = list(dict.fromkeys(parse_qs(scope["query_string"].decode("latin-1")).get("topic", [])))
    if not names or len(names) > MAX_TOPICS:
        return await _plain(send, 400, f"name one to {MAX_TOPICS} topics")
    listener = Listening()
    client = cookies.get("sessionid") or cookies.get("kw_visitor") or str((scope.get("client") or ("?",))[0])
    try:
        hub.add(listener, names, client)
    except errors.TooMany as full:
        return await _plain(send, 503, str(full.message), retry_after=full.after)
    try:
        # Listening first, asking for the present n second: nothing can fall between the two.
        try:
            stands = await asyncio.to_thread(_authorise_all, cookies, names)
        except errors.KithwellError:
            return await _plain(send, 403, "not for you, or not any more")
        known = _known(headers.get("last-event-id", ""))
        for name, n in stands.items():
            if known.get(name) != n and name not in listener.pending:
                listener.push(name, encode(name, n))
        await _stream(listener, receive, send)
    finally:
        hub.remove(listener, names, client)


def _authorise_all(cookies: dict[str, str], names: list[str]) -> dict[str, int]:
    from django.db import close_old_connections

    try:
        return {name: authorise(cookies, name) for name in names}
    finally:
        close_old_connections()


def _known(last_event_id: str) -> dict[str, int]:
    name, _, n = last_event_id.rpartition("=")
    return {name: int(n)} if name and n.isdecimal() and len(n) < 20 else {}


async def _stream(listener: Listening, receive: Any, send: Any) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
    loop = asyncio.get_running_loop()
    gone = loop.create_task(_until_gone(receive, listener))
    try:
        while not listener.closed:
            if not listener.pending:
                listener.bell = loop.create_future()
                await listener.bell
                listener.bell = None
            events, listener.pending = listener.pending, {}
            if listener.closed:
                break
            hub.delivered += len(events)
            body = b"".join(events.values()) if len(events) > 1 else next(iter(events.values()))
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


async def _until_gone(receive: Any, listener: Listening) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


async def _plain(send: Any, status: int, text: str, retry_after: int = 0) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode(), "more_body": False})
