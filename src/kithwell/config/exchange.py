"""One request on its way through the front, and what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from kithwell.config.sync import Job
from kithwell.kernel import logs, web
from kithwell.kernel.web import Header, Receive, Scope, Send, Stopped

log = logs.get("config.front")


@dataclass(slots=True)
class Exchange:
    """One request and what became of it."""

    scope: Scope
    receive: Receive
    raw_send: Send
    found: dict[bytes, bytes]
    asker: web.Asker
    id: str
    extra: tuple[Header, ...]
    route: str = "-"
    status: int = 0
    size: int = 0
    whole: bool = False

    async def send(self, message: Any) -> None:
        """Adds the headers every answer has, and keeps count."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            names = {h[0] for h in headers}
            headers += [h for h in self.extra if h[0] not in names]
            headers.append((b"x-request-id", self.id.encode()))
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        await self.raw_send(message)

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def head(self) -> bool:
        return self.scope["method"] == "HEAD"


def joined_headers(exchange: Exchange) -> list[Header]:
    """Headers for Django, with one Cookie line."""
    return [h for h in exchange.scope["headers"] if h[0] != b"cookie"] + (
        [(b"cookie", exchange.found[b"cookie"])] if b"cookie" in exchange.found else []
    )


def expire(job: Job) -> None:
    job.gone = True
    if not job.future.done():
        job.future.set_exception(Stopped(503, "too_slow"))


async def watch(receive: Receive, job: Job) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    job.gone = True
    if not job.future.done():
        job.future.set_exception(Stopped(0, "gone"))


def loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    log.error("front.loop_error", error=context.get("exception") or RuntimeError())
