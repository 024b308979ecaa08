"""What tests of this channel share: an account whose provider is simulated, and the product's door without a server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
from django.conf import settings
from starlette.applications import Starlette

from kithwell.channels.whatsapp import client, digest, intake, native, protocol, store
from kithwell.channels.whatsapp.simulator.api import Simulator
from kithwell.channels.whatsapp.simulator.engine import Keys
from kithwell.channels.whatsapp.simulator.faults import Faults
from kithwell.kernel import clock, ids, jobs
from kithwell.support.models import Conversation, Message

KEYS = Keys()
NAME = "main"


@contextmanager
def account(base_url: str = "http://127.0.0.1:9") -> Iterator[None]:
    """One configured account, at a provider that listens at `base_url`."""
    table = {
        "name": NAME,
        "phone_number_id": KEYS.phone_number_id,
        "token": KEYS.token,
        "app_secret": KEYS.app_secret,
        "verify_token": KEYS.verify_token,
        "base_url": base_url,
    }
    before = settings.KITHWELL
    settings.KITHWELL = {**before, "whatsapp_accounts": (table,), "redis_url": ""}
    store.forget_subjects()
    try:
        yield
    finally:
        settings.KITHWELL = before
        client.close_all()


class Door:
    """The real handlers on an event loop of their own. `post` is what a provider's request does."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        transport = httpx.ASGITransport(app=Starlette(routes=native.routes), client=("127.0.0.1", 1))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://product")

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self.http.request(method, path, **more), self.loop).result(30)

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        return self.request("POST", f"/hooks/whatsapp/{NAME}", content=body, headers=headers).status_code

    def signed(self, body: bytes, *, settle: bool = True) -> int:
        """A true post; with `settle` it is in the database when this returns."""
        status = self.post(body, {"X-Hub-Signature-256": protocol.sign(body, KEYS.app_secret)})
        if settle and status == 200:
            intake.batcher().settle()
        return status

    def close(self) -> None:
        intake.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)


def straight(body: bytes, headers: dict[str, str]) -> int:
    """Store a post as the door does, in this thread and its transaction: for tests that are not about the door."""
    if not protocol.is_signed(body, headers["X-Hub-Signature-256"], KEYS.app_secret):
        return 403
    fingerprint = headers["X-Hub-Signature-256"].removeprefix("sha256=")
    store.write([store.Raw("whatsapp", NAME, body, fingerprint, clock.now(), ids.new_id())])
    return 200


class OneClock:
    """The test's clock for the provider as well, whose server answers in a thread that no frozen clock reaches.

    In the test's own thread it is read and remembered; elsewhere it says what was remembered. `work` reads it.
    """

    def __init__(self) -> None:
        self.home, self.moment = threading.get_ident(), clock.now()

    def __call__(self) -> datetime:
        if threading.get_ident() == self.home:
            self.moment = clock.now()
        return self.moment


@contextmanager
def provider(poster: Any = straight, faults: Faults | None = None) -> Iterator[Simulator]:
    """A simulated provider and an account at it. Its clock is the product's."""
    with Simulator(poster, KEYS, faults=faults, clock=OneClock()) as sim:
        if poster is straight:
            sim.postman.pool._max_workers = 1
            sim.postman.pool.map = map  # type: ignore[assignment,method-assign]  # this thread's transaction
        with account(sim.url):
            yield sim


def work(sim: Simulator | None = None, rounds: int = 6) -> None:
    """Let everything happen that is due: webhooks, digest, jobs, sends, statuses."""
    for _ in range(rounds):
        if sim is not None:
            sim.engine.clock()
            sim.settle()
        digest.drain()
        if not jobs.run_due() and (sim is None or sim.engine._one("SELECT 1 FROM hook") is None):
            return


def message_post(
    *messages: dict[str, Any], contacts: list[dict[str, Any]] | None = None, **value: Any
) -> bytes:
    """A webhook body with these messages."""
    inner: dict[str, Any] = {"metadata": {"phone_number_id": KEYS.phone_number_id}, **value}
    if messages:
        inner |= {"messages": list(messages), "contacts": contacts or []}
    return json.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": inner}]}]}).encode()


def text(ident: str, body: str, at: datetime | int, sender: str = "34600000001") -> dict[str, Any]:
    stamp = at if isinstance(at, int) else int(at.timestamp())
    return {"id": ident, "from": sender, "timestamp": str(stamp), "type": "text", "text": {"body": body}}


def take(*bodies: bytes) -> None:
    """Store and digest these posts."""
    for body in bodies:
        straight(body, {"X-Hub-Signature-256": protocol.sign(body, KEYS.app_secret)})
    digest.drain()


def written(channel: str = "whatsapp") -> list[Message]:
    """What people wrote, in the order in which it is shown."""
    rows = Message.objects.filter(channel=channel, author="person")
    return list(rows.order_by("conversation_id", "provider_at", "order", "provider_id", "n"))


def words(message: Message) -> str:
    from kithwell.support import words as sealed

    return sealed.open_body(message.conversation.contact.subject, message.id, message.body)[0]


def conversation() -> Conversation:
    """The only one there is."""
    return Conversation.objects.select_related("contact").get()
