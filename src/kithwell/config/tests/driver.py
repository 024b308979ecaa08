"""Speaks ASGI to the front inside a test: chunks, pauses and hang-ups as a real client would make them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kithwell.config.front import Front

HANG_UP = object()  # in the list of chunks: the client goes away here


@dataclass
class Reply:
    """What came back; `status` 0 when nothing did."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    chunks: int = 0
    whole: bool = False

    def __getitem__(self, name: str) -> str:
        values = [v.decode("latin-1") for k, v in self.headers if k.decode("latin-1") == name.lower()]
        return ", ".join(values)

    @property
    def text(self) -> str:
        return self.body.decode()


def scope(
    method: str, path: str, headers: dict[str, str] | None = None, client: str = "127.0.0.1"
) -> dict[str, Any]:
    """An ASGI http scope."""
    bare, _, query = path.partition("?")
    given = {"host": "localhost"} | (headers or {})
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": bare,
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in given.items()],
        "client": (client, 40000),
        "server": ("127.0.0.1", 8000),
    }


async def ask(
    front: Front,
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    chunks: Iterable[Any] = (b"",),
    client: str = "127.0.0.1",
) -> Reply:
    """One request. A chunk is bytes, a number of seconds to be silent, or HANG_UP."""
    reply = Reply()
    todo = list(chunks)
    never = asyncio.Event()

    async def receive() -> dict[str, Any]:
        while todo:
            chunk = todo.pop(0)
            if chunk is HANG_UP:
                todo.insert(0, HANG_UP)
                return {"type": "http.disconnect"}
            if isinstance(chunk, (int, float)):
                await asyncio.sleep(chunk)
                continue
            more = any(isinstance(c, bytes) for c in todo) or HANG_UP in todo
            return {"type": "http.request", "body": chunk, "more_body": more}
        await never.wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert not reply.status, "two answers to one request"
            reply.status, reply.headers = message["status"], list(message["headers"])
        else:
            reply.body += message.get("body", b"")
            reply.chunks += 1
            reply.whole = not message.get("more_body", False)

    await front(scope(method, path, headers, client), receive, send)
    return reply


def form(text: str) -> tuple[dict[str, str], list[bytes]]:
    """Headers and chunks of an ordinary form."""
    body = text.encode()
    kind = "application/x-www-form-urlencoded"
    return {"content-type": kind, "content-length": str(len(body))}, [body]
