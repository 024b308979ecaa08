"""For tests: a provider, its people, and what they see, in one object.

with Simulator(poster) as sim:
    ana = sim.person(phone="34600000001")
    ana.say("hello")
    sim.settle()                # every webhook was taken by the product
    ana.inbox()                 # what reached the phone
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kithwell.channels.whatsapp.simulator.engine import Engine, Keys, Row
from kithwell.channels.whatsapp.simulator.faults import Faults
from kithwell.channels.whatsapp.simulator.postman import Poster, Postman, over_http
from kithwell.channels.whatsapp.simulator.server import Server


class Person:
    """A person with a phone."""

    def __init__(self, engine: Engine, ident: str) -> None:
        self.engine, self.id = engine, ident

    def say(self, text: str, **more: Any) -> str:
        """Send text; the provider's id of the message."""
        return self.engine.say(self.id, "text", {"body": text}, **more)

    def send(self, kind: str, content: Any, **more: Any) -> str:
        """Send any kind in the provider's own words."""
        return self.engine.say(self.id, kind, content, **more)

    def send_image(self, data: bytes, caption: str = "", mime: str = "image/jpeg") -> str:
        ident, digest = self.engine.add_media(data, mime)
        content = {"id": ident, "mime_type": mime, "sha256": digest}
        return self.engine.say(self.id, "image", content | ({"caption": caption} if caption else {}))

    def press(self, title: str) -> str:
        """Press a button of the newest message that has one of this title. Raises LookupError."""
        for row in reversed(self.inbox()):
            for button in buttons_of(row):
                if button["title"] == title:
                    content = {"type": "button_reply", "button_reply": button}
                    return self.engine.say(self.id, "interactive", content, reply_to=row.id)
        raise LookupError(title)

    def read(self) -> None:
        """Look at the chat."""
        self.engine.read_all(self.id)

    def inbox(self) -> list[Row]:
        """What came to this phone, in order."""
        return [row for row in self.engine.chat(self.id) if not row.up]

    def texts(self) -> list[str]:
        return [text_of(row) for row in self.inbox()]

    def change(self, **values: Any) -> None:
        """phone, bsuid, username, blocked (0/1), off (0/1)."""
        self.engine.change_person(self.id, **values)


def buttons_of(row: Row) -> list[dict[str, str]]:
    """Reply buttons of a message: id and title."""
    action = row.content.get("action") if row.kind == "interactive" else None
    return [b["reply"] for b in (action or {}).get("buttons", [])]


def text_of(row: Row) -> str:
    """The words of a message, whatever its kind."""
    content = row.content
    if row.kind == "interactive":
        reply = content.get("button_reply") or content.get("list_reply") or {}
        return str((content.get("body") or {}).get("text") or reply.get("title") or "")
    return str(
        content.get("body") or content.get("caption") or content.get("emoji") or content.get("text") or ""
    )


class Simulator:
    """A provider with a real Graph server on this machine. `product`: where its webhooks go, an URL or a function."""

    def __init__(
        self, product: str | Poster, keys: Keys | None = None, *, faults: Faults | None = None,
        clock: Callable[[], datetime] | None = None, path: str = ":memory:", port: int = 0,
    ) -> None:  # fmt: skip
        clocks = {"clock": clock} if clock else {}
        self.engine = Engine(path, keys, faults=faults or Faults(), **clocks)
        poster = over_http(product) if isinstance(product, str) else product
        self.postman = Postman(self.engine, poster)
        self.server = Server(self.engine, port=port)

    @property
    def url(self) -> str:
        """What the account's base_url must be."""
        return self.server.url

    @property
    def faults(self) -> Faults:
        return self.engine.faults

    @property
    def refused(self) -> dict[int, int]:
        """How often the provider refused something, by error code."""
        return self.engine.refused

    def person(self, *, phone: str = "", bsuid: str = "", username: str = "", name: str = "") -> Person:
        return Person(
            self.engine, self.engine.add_person(phone=phone, bsuid=bsuid, username=username, name=name)
        )

    def settle(self, seconds: float = 10.0) -> None:
        """Post every webhook until the product took it. Raises TimeoutError."""
        self.postman.settle(seconds)

    def __enter__(self) -> Simulator:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.postman.stop()
        self.server.stop()
        self.engine.close()
