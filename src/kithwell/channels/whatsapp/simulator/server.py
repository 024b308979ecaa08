"""The simulated provider as a server of its own: Graph endpoints, and `/_sim/` to play people from other programs."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kithwell.channels.whatsapp.simulator import faults, graph
from kithwell.channels.whatsapp.simulator.engine import Engine

Advance = Callable[[timedelta], None]


class Server:
    """Listens on `port` (0: any) of this machine; `url` is what an account's base_url must be."""

    def __init__(
        self, engine: Engine, host: str = "127.0.0.1", port: int = 0, advance: Advance | None = None
    ) -> None:
        handler = type(
            "Handler", (_Handler,), {"engine": engine, "advance": staticmethod(advance or _no_clock)}
        )
        self.http = ThreadingHTTPServer((host, port), handler)
        self.http.daemon_threads = True
        self.url = f"http://{host}:{self.http.server_address[1]}"
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def start(self) -> Server:
        self.thread.start()
        return self

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()


def _no_clock(by: timedelta) -> None:
    raise ValueError("this provider's clock does not move")


class _Handler(BaseHTTPRequestHandler):
    engine: Engine
    advance: Advance
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        if path.startswith("/_sim/"):
            found = self._play(path.removeprefix("/_sim/"), body)
        else:
            headers = {key.lower(): value for key, value in self.headers.items()}
            base = f"http://{self.headers.get('Host', '127.0.0.1')}"
            found = graph.handle(self.engine, method, path, headers, body, base=base)
        self.send_response(found.status)
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        self.wfile.write(found.body)

    def _play(self, what: str, body: bytes) -> graph.Answer:
        try:
            asked = json.loads(body or b"{}")
            return graph.Answer(200, json.dumps(play(self.engine, what, asked, self.advance)).encode())
        except (ValueError, KeyError, TypeError) as error:
            return graph.Answer(400, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


def play(engine: Engine, what: str, asked: dict[str, Any], advance: Advance) -> Any:
    """One act of a person or of the script. Raises KeyError, ValueError, TypeError for what cannot be done."""
    if what == "person":
        return {"person": engine.add_person(**asked)}
    if what == "say":
        return {"id": engine.say(asked["person"], asked.get("kind", "text"), asked["content"])}
    if what == "image":
        data = base64.b64decode(asked["data"])
        ident, digest = engine.add_media(data, asked.get("mime", "image/jpeg"))
        content = {"id": ident, "mime_type": asked.get("mime", "image/jpeg"), "sha256": digest}
        return {"id": engine.say(asked["person"], "image", content)}
    if what == "read":
        engine.read_all(asked["person"])
        return {}
    if what == "inbox":
        rows = engine.chat(asked["person"], int(asked.get("since", 0)))
        keys = ("id", "up", "kind", "content", "n", "status")
        return {"messages": [{key: getattr(row, key) for key in keys} for row in rows]}
    if what == "advance":
        advance(timedelta(hours=float(asked["hours"])))
        return {}
    if what == "faults":
        engine.faults = faults.from_dict(asked)
        return {}
    if what == "template":
        engine.set_template(**asked)
        return {}
    raise ValueError(f"nothing called {what}")
