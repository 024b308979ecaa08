"""A push service and a browser, as strict as the RFCs: what is wrong in a request is answered with 4xx."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from kithwell.community.notices import push


class Browser:
    """What a browser keeps of a subscription."""

    def __init__(self, endpoint: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.endpoint = endpoint

    @property
    def subscription(self) -> push.Subscription:
        return push.Subscription(self.endpoint, push._point(self.key.public_key()), self.auth)

    def keys(self) -> dict[str, str]:
        return {"p256dh": push._b64(push._point(self.key.public_key())), "auth": push._b64(self.auth)}

    def to_json(self) -> dict[str, object]:
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": self.keys()}

    def open(self, body: bytes) -> bytes:
        return push.unseal(body, self.key, self.auth)


@dataclass
class Message:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """`messages` are those that were right; `answers` are statuses to give instead of 201, first one first."""

    messages: list[Message] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    count: int = 0
    origin: str = ""

    def start(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = service.check(headers, body)
                if status == 201:
                    service.messages.append(Message(self.path, headers, body))
                    status = service.answers.pop(0) if service.answers else 201
                self.send_response(status)
                if status == 307:
                    self.send_header("Location", f"{service.origin}/inside")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def browser(self) -> Browser:
        """A browser that subscribed here."""
        self.count += 1
        return Browser(f"{self.origin}/push/{self.count}")

    def check(self, headers: dict[str, str], body: bytes) -> int:
        """RFC 8030, 8188, 8291 and 8292, as far as a service can see."""
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdigit():
            return 400
        if not 103 < len(body) <= 4096 or body[20] != 65 or body[21] != 4:
            return 400
        if len(headers.get("topic", "")) > 32 or headers.get("urgency") not in (
            "very-low",
            "low",
            "normal",
            "high",
        ):
            return 400
        return 201 if self.signed(headers.get("authorization", "")) else 403

    def signed(self, header: str) -> bool:
        if not header.startswith("vapid "):
            return False
        parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
        head, claims, signature = parts["t"].split(".")
        raw, told = push._unb64(signature), json.loads(push._unb64(claims))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), push._unb64(parts["k"]))
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        try:
            key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        fits = told["aud"] == self.origin and time.time() < told["exp"] <= time.time() + 86_400
        return fits and urlsplit(told["sub"]).scheme in ("mailto", "https")
