"""A really running product for benches of intake: started, killed, loaded and watched from outside.

The client and the stand-in for the provider's Graph API are plain asyncio, because they share two cores with what they
measure.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench._site import children, free_port, wait_for

NUMBER, TOKEN, SECRET = "100200300400500", "bench-token", "bench-secret"
HOOK = "/hooks/whatsapp/bench"


def text_post(messages: list[tuple[str, str, int, str]]) -> bytes:
    """A post with (id, sender, seconds since 1970, text) each."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "0", "phone_number_id": NUMBER},
        "contacts": [{"wa_id": sender, "profile": {"name": "x"}} for _, sender, _, _ in messages],
        "messages": [
            {"id": ident, "from": sender, "timestamp": str(at), "type": "text", "text": {"body": text}}
            for ident, sender, at, text in messages
        ],
    }
    return _post(value)


def status_post(ident: str, callback: str, status: str, recipient: str) -> bytes:
    """A post with one status."""
    told = {
        "id": ident,
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": recipient,
        "biz_opaque_callback_data": callback,
    }
    return _post({"metadata": {"phone_number_id": NUMBER}, "statuses": [told]})


def _post(value: dict[str, Any]) -> bytes:
    change = {"field": "messages", "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    ).encode()


def signature(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class Product:
    """`kithwell run` in a data directory of its own."""

    data: Path
    port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, seconds: float = 60.0) -> None:
        log = open(self.data / "server.log", "ab")  # noqa: SIM115  (the child keeps it)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kithwell.config.cli", "run", "--port", str(self.port)],
            env=self.env,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        log.close()
        wait_for(self.url + "/readyz", seconds)

    def working(self) -> dict[int, str]:
        """Process ids of web and worker processes, with what they are."""
        assert self.process is not None
        found: dict[int, str] = {}
        for pid in children(self.process.pid):
            with contextlib.suppress(OSError):
                inner = children(pid)  # the web server forks the processes that serve; workers fork nothing
                found |= dict.fromkeys(inner, "web")
                found[pid] = "web server" if inner else "worker"
        return found

    def cpu_seconds(self) -> float:
        """Processor time of everything that runs now."""
        tick = os.sysconf("SC_CLK_TCK")
        total = 0.0
        for pid in self.working():
            with contextlib.suppress(OSError):
                parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                total += (int(parts[11]) + int(parts[12])) / tick
        return total

    def stop(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


@contextlib.contextmanager
def product(graph_port: int, db: str = "", keep: bool = False, **settings: str) -> Iterator[Product]:
    """A product with one account at a Graph stand-in on `graph_port`; prepared, not started."""
    data = Path(tempfile.mkdtemp(prefix="kithwell-bench-"))
    account = {
        "name": "bench",
        "phone_number_id": NUMBER,
        "token": TOKEN,
        "app_secret": SECRET,
        "verify_token": "bench-verify",
        "base_url": f"http://127.0.0.1:{graph_port}",
    }
    chosen = {"WHATSAPP_ACCOUNTS": json.dumps([account]), "LOG_LEVEL": "warning", "LOG_REQUESTS": "0"}
    chosen |= {name.upper(): value for name, value in settings.items()}
    if db:
        chosen["DATABASE_URL"] = db
    env = os.environ | {"KITHWELL_DATA": str(data)} | {"KITHWELL_" + k: v for k, v in chosen.items()}
    made = Product(data, free_port(), env)
    try:
        yield made
    finally:
        made.stop()
        if not keep:
            shutil.rmtree(data, ignore_errors=True)


# -- a light HTTP client and a light stand-in for the provider --------------------------------------------------


class Client:
    """A few kept connections. `post` gives the status and how long it took; status 0: no answer."""

    def __init__(self, port: int, connections: int) -> None:
        self.port = port
        self.free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.Queue()
        for _ in range(connections):
            self.free.put_nowait(None)

    async def post(self, body: bytes, path: str = HOOK, patience: float = 15.0) -> tuple[int, float]:
        began = time.perf_counter()
        connection = await self.free.get()
        try:
            async with asyncio.timeout(patience):
                if connection is None:
                    connection = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = connection
                head = (
                    f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
                    f"X-Hub-Signature-256: {signature(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
                )
                writer.write(head.encode() + body)
                status, headers = await _read_head(reader)
                await reader.readexactly(int(headers.get("content-length", "0")))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError):
            if connection is not None:
                connection[1].close()
            connection, status = None, 0
        finally:
            self.free.put_nowait(connection)
        return status, time.perf_counter() - began


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), headers


@dataclass
class Graph:
    """Takes sends, gives ids, and tells `on_send(wamid, callback, to)`."""

    on_send: Callable[[str, str, str], None]
    sends: list[tuple[str, str, str]] = field(default_factory=list)
    server: asyncio.Server | None = None
    delay: float = 0.0

    async def start(self, port: int) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                asked = json.loads(await reader.readexactly(int(headers.get("content-length", "0"))))
                if self.delay:
                    await asyncio.sleep(self.delay)
                wamid = "wamid.out" + secrets.token_hex(12)
                told = (wamid, str(asked.get("biz_opaque_callback_data", "")), str(asked.get("to", "")))
                self.sends.append(told)
                answer = json.dumps({"messaging_product": "whatsapp", "messages": [{"id": wamid}]}).encode()
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
                writer.write(head.encode() + answer)
                await writer.drain()
                self.on_send(*told)
        writer.close()


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie; 0.0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def use(data_env: dict[str, str]) -> None:
    """Make this process read the product's database through Django."""
    os.environ.update({k: v for k, v in data_env.items() if k.startswith("KITHWELL_")})
    os.environ["DJANGO_SETTINGS_MODULE"] = "kithwell.config.settings"
    import django

    django.setup()


def supervisor_cookie() -> str:
    """A signed-in supervisor's Cookie header, for the live stream of the desk."""
    from django.conf import settings
    from django.test import RequestFactory

    from kithwell.people import actions as people
    from kithwell.people.actions import ways_in
    from kithwell.people.sessions import SessionStore

    account = people.create_account(f"Bench {secrets.token_hex(3)}", roles=("supervisor", "supporter"))
    request = RequestFactory().get("/")
    request.session = SessionStore()
    ways_in.begin_session(request, account)
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"
