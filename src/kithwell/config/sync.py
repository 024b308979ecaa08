"""Django's synchronous chain behind the ASGI front: one hop to a fixed set of threads, and one hop back.

Django's own ASGI handler hops between threads for every middleware; the research measured 14 ms of CPU a page against
6 ms this way (docs/decisions/0005-serving.md). Threads are few and live as long as the process, so that each keeps its
database connection.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from kithwell.kernel import errorpages, logs, metrics

Header = tuple[bytes, bytes]
_GZIP_FROM = 1000  # bytes; below it the saving is less than a packet
_GZIP_TYPES = ("text/", "application/json", "application/javascript", "image/svg+xml")
log = logs.get("config.sync")


class Busy(Exception):
    """More requests wait than this process takes."""


@dataclass(slots=True, eq=False)
class Job:
    """One call on its way through the pool. `gone` is set when nobody waits for the answer any more."""

    call: Callable[..., Any]
    args: tuple[Any, ...]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    gone: bool = False

    def run(self) -> None:
        if self.gone:
            return
        try:
            result, error = self.call(*self.args), None
        except BaseException as raised:
            result, error = None, raised
        with suppress(RuntimeError):  # the loop is closed: the process is stopping
            self.loop.call_soon_threadsafe(self._finish, result, error)

    def _finish(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class Pool:
    """`threads` daemon threads and a queue; at most `most` jobs wait."""

    def __init__(self, name: str, threads: int, most: int) -> None:
        self.name, self.size, self.most = name, threads, most
        self.jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        for number in range(self.size - len(self.threads)):
            thread = threading.Thread(target=self._work, name=f"{self.name}-{number}", daemon=True)
            self.threads.append(thread)
            thread.start()

    def submit(self, call: Callable[..., Any], *args: Any) -> Job:
        """Put a call in the queue; await `job.future`. Raises Busy."""
        if self.jobs.qsize() >= self.most:
            raise Busy
        if not self.threads:
            self.start()
        loop = asyncio.get_running_loop()
        job = Job(call, args, loop.create_future(), loop)
        self.jobs.put(job)
        return job

    @property
    def waiting(self) -> int:
        return self.jobs.qsize()

    def stop(self, seconds: float) -> None:
        """Let what is queued finish, `seconds` per thread at most."""
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join(seconds)
        self.threads.clear()

    def _work(self) -> None:
        while (job := self.jobs.get()) is not None:
            job.run()


@dataclass(slots=True)
class Answer:
    """A response, taken out of Django: what the front sends. With `stream`, `body` is empty."""

    status: int
    headers: list[Header]
    body: bytes = b""
    route: str = "-"
    public_seconds: float = 0
    stream: Iterator[bytes] | None = None
    close: Callable[[], None] = field(default=lambda: None)


class SyncHandler(BaseHandler):
    """Runs a request through Django's sync middleware chain in the thread it is called in."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)

    def respond(self, scope: dict[str, Any], body: IO[bytes], request_id: str, packs: bool) -> Answer:
        """The answer to an ASGI http scope whose body has been read. Never raises: at worst the last-resort page."""
        set_script_prefix("/")
        logs.bind(request=request_id)
        signals.request_started.send(sender=self.__class__, scope=scope)
        request = None
        response: HttpResponseBase | None = None
        try:
            request = ASGIRequest(scope, body)
            response = self.get_response(request)
            answer = self._take_out(request, response, packs)
        except Exception as error:
            log.error("request.failed", error=error)
            answer = Answer(500, [_HTML], errorpages.last_resort(500))
        finally:
            logs.unbind("request")
        if answer.stream is None:
            _close(response)
            body.close()
        return answer

    def _take_out(self, request: ASGIRequest, response: HttpResponseBase, packs: bool) -> Answer:
        headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in response.items()]
        headers += [
            (b"set-cookie", c.output(header="").strip().encode("latin-1")) for c in response.cookies.values()
        ]
        route = "/" + request.resolver_match.route if request.resolver_match else "-"
        if response.streaming:
            stream = iter(response)  # type: ignore[call-overload]
            return Answer(response.status_code, headers, b"", route, 0, stream, lambda: _close(response))
        answer = Answer(response.status_code, headers, response.content, route)  # type: ignore[attr-defined]
        answer.public_seconds = getattr(response, "public_seconds", 0)
        if packs and not answer.public_seconds:
            pack(answer)
        return answer


_HTML: Header = (b"content-type", b"text/html; charset=utf-8")


def _close(response: HttpResponseBase | None) -> None:
    if response is None:
        signals.request_finished.send(sender=SyncHandler)
    else:
        response.close()  # sends request_finished, which looks after the database connections


def pack(answer: Answer) -> None:
    """Compress the body if it is worth it.

    BREACH (compression together with a secret and with text an attacker chooses): Django masks the CSRF token anew in
    each page, no page carries another secret, and the random file name in the gzip head blurs the length.
    """
    if len(answer.body) < _GZIP_FROM:
        return
    names = dict(answer.headers)
    if b"content-encoding" in names or not names.get(b"content-type", b"").decode("latin-1").startswith(
        _GZIP_TYPES
    ):
        return
    out = io.BytesIO()
    blur = os.urandom(1 + os.urandom(1)[0] % 48).hex()
    with gzip.GzipFile(filename=blur, mode="wb", compresslevel=4, fileobj=out, mtime=0) as packer:
        packer.write(answer.body)
    answer.body = out.getvalue()
    answer.headers = [h for h in answer.headers if h[0] != b"content-length"]
    answer.headers += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
    metrics.packed_bytes.inc(len(answer.body))
