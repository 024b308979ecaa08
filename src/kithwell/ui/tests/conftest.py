"""A small real server for the interface alone: pages from the real templates, the real bundle, a stream, a form."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory

from kithwell.kernel import jinja, pages, static
from kithwell.ui import pages as ui_pages
from kithwell.ui.samples import BASE, Message

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
HTML = "text/html; charset=utf-8"
TALK = """{% extends "ui/base.html" %}{% import "ui/c.html" as c with context %}
{% block main %}<h1>Talk</h1><div class="chat">{{ c.thread(messages, "conversation:1", since, "/new") }}
{{ c.composer("/say", "Write", "key-1", "one", max_chars=100) }}</div>{% endblock %}"""
PART = """{% extends "ui/base.html" %}{% import "ui/c.html" as c with context %}{% set page_js = ["desk"] %}
{% block main %}<h1>Desk</h1>{% call c.live_part("desk:1", 0, "/piece", "piece") %}<p>old</p>{% endcall %}
{{ c.button("Next", type="button", attrs={"data-key": "n", "id": "next"}) }}{{ c.keys() }}
{% call c.dialog("Hand over", "Open it") %}<p>Inside</p>{% endcall %}{% endblock %}"""


@dataclass
class Stage:
    """What the little server plays: messages, what it does with a sent form, and everything that it was asked."""

    url: str = ""
    messages: list[Message] = field(default_factory=list)
    answer: str = "ok"  # ok | cut | 500 | conflict | signed-out
    streaming: bool = True
    sent: list[dict[str, str]] = field(default_factory=list)
    last_ids: list[str] = field(default_factory=list)
    looked: int = 0
    piece: str = "<p>old</p>"
    listeners: list[queue.Queue[str | None]] = field(default_factory=list)

    def say(self, text: str, author: str = "supporter", minutes: int | None = None, **more: Any) -> Message:
        """Store a message and tell every listener, as the product does."""
        from datetime import timedelta

        n = max((m.n for m in self.messages), default=0) + 1
        at = BASE + timedelta(minutes=n if minutes is None else minutes)
        message = Message(n, f"id{n}", author, "Sam", text, at, "delivered", **more)
        self.messages.append(message)
        self.tell("conversation:1", n)
        return message

    def tell(self, topic: str, n: int) -> None:
        data = json.dumps({"topic": topic, "n": n})
        for listener in list(self.listeners):
            listener.put(f"event: since\nid: {topic}={n}\ndata: {data}\n\n")

    def cut_streams(self) -> None:
        for listener in list(self.listeners):
            listener.put(None)


def _request(handler: BaseHTTPRequestHandler) -> Any:
    request = RequestFactory().get(handler.path, headers={"accept-language": "en"})
    theme = parse_qs(urlsplit(handler.path).query).get("theme", [""])[0]
    if theme:
        request.COOKIES["kw_theme"] = theme
    return request


def _handler(stage: Stage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None: ...

        def give(self, body: str | bytes, kind: str = HTML, status: int = 200, **headers: str) -> None:
            data = body.encode() if isinstance(body, str) else body
            self.send_response(status)
            values = {
                "Content-Type": kind,
                "Content-Length": str(len(data)),
                "Content-Security-Policy": POLICY,
            }
            for name, value in (values | {k.replace("_", "-"): v for k, v in headers.items()}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def page(self, source: str, **ctx: Any) -> None:
            template = jinja.environment().from_string(source)
            self.give(template.render({**pages.context(_request(self)), **ctx}))

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            query = parse_qs(urlsplit(self.path).query)
            if path.startswith(static.PREFIX):
                found = static.library().files.get(path.removeprefix(static.PREFIX))
                return self.give(found.body, found.content_type) if found else self.give("", status=404)
            if path == "/live":
                return self.stream(query["topic"])
            if path == "/talk":
                n = max((m.n for m in stage.messages), default=0)
                return self.page(TALK, messages=stage.messages, since=n)
            if path == "/new":
                stage.looked += 1
                since = int(query["since"][0])
                fresh = [m for m in stage.messages if m.n > since]
                source = '{% import "ui/c.html" as c with context %}{{ c.bubbles(messages) }}'
                ctx = {**pages.context(_request(self)), "messages": fresh}
                html = jinja.environment().from_string(source).render(ctx)
                return self.give(html, X_Since=str(max((m.n for m in stage.messages), default=0)))
            if path == "/part":
                return self.page(PART)
            if path == "/piece":
                return self.give(stage.piece)
            if path == "/sign-in":
                return self.give("<!doctype html><title>Sign in</title>")
            if path == "/harmless":
                return self.give(
                    "<!doctype html><html lang=en><title>Weather</title><h1>Mild, some cloud</h1>"
                )
            view = _VIEWS.get(path)
            if view is None:
                return self.give("", status=404)
            answer = view(_request(self))
            headers = {
                k.replace("-", "_"): v for k, v in answer.headers.items() if k.lower() != "content-type"
            }
            return self.give(answer.content, status=answer.status_code, **headers)

        def stream(self, topics: list[str]) -> None:
            if not stage.streaming:
                return self.give("", status=503)
            stage.last_ids.append(self.headers.get("Last-Event-ID", ""))
            mine: queue.Queue[str | None] = queue.Queue()
            if "conversation:1" in topics and stage.messages:
                n = max(m.n for m in stage.messages)
                data = json.dumps({"topic": "conversation:1", "n": n})
                mine.put(f"event: since\nid: conversation:1={n}\ndata: {data}\n\n")
            stage.listeners.append(mine)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.wfile.write(b"retry: 100\n\n")
                while (event := mine.get()) is not None:
                    self.wfile.write(event.encode())
                    self.wfile.flush()
            stage.listeners.remove(mine)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            form: dict[str, str] = {}
            kind = self.headers.get("Content-Type", "")
            if kind.startswith("multipart/"):
                import io

                meta = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)}
                data, _ = MultiPartParser(meta, io.BytesIO(body), []).parse()
                form = {k: data[k] for k in data}
            else:
                form = {k: v[0] for k, v in parse_qs(body.decode()).items()}
            stage.sent.append(form)
            if stage.answer == "cut":
                self.close_connection = True
                self.connection.close()
                return
            if stage.answer == "500":
                return self.give("no", status=500)
            if stage.answer == "conflict":
                return self.give(json.dumps({"code": "conflict", "message": ""}), "application/json", 409)
            if stage.answer == "signed-out":
                return self.give("", status=303, Location="/sign-in?next=/talk")
            if form.get("client_key") not in {s["client_key"] for s in stage.sent[:-1] if s.get("kept")}:
                form["kept"] = "yes"
                stage.say(form["text"], author="person")
            self.give("", status=303, Location="/talk")

    return Handler


_VIEWS: dict[str, Callable[[Any], Any]] = {
    "/": ui_pages.home,
    "/leave": ui_pages.leave,
    "/about/privacy": ui_pages.privacy,
    "/about/leaving": ui_pages.leaving,
    "/styleguide": ui_pages.styleguide,
    "/styleguide/desk": lambda r: ui_pages.styleguide(r, "desk"),
    "/styleguide/chat": lambda r: ui_pages.styleguide(r, "chat"),
    "/styleguide/phone": lambda r: ui_pages.styleguide(r, "phone"),
}


@pytest.fixture(scope="session")
def bundle() -> dict[str, str]:
    """The built bundle's manifest: {"app.js": "app-HASH.js"}."""
    from tools import front

    if not front.NODE_MODULES.is_dir():
        pytest.fail("node_modules is missing: run ./dev setup")
    front.ensure_bundle()
    static._library.cache_clear()
    found: dict[str, str] = json.loads((front.DIST / "manifest.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def stage(bundle: dict[str, str]) -> Iterator[Stage]:
    """The little server, running; its `url` is its address and Leave goes to its /harmless."""
    play = Stage()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(play))
    server.daemon_threads = True
    play.url = f"http://127.0.0.1:{server.server_port}"
    before = django_settings.KITHWELL
    django_settings.KITHWELL = {**before, "demo": True, "leave_url": play.url + "/harmless"}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield play
    play.cut_streams()
    server.shutdown()
    server.server_close()
    django_settings.KITHWELL = before


def until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Waits until `condition()` is true. Raises AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError("it did not come true")
