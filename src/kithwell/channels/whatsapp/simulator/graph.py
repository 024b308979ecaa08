"""The provider's Graph endpoints over an engine, apart from any server: (method, path, headers, body) -> answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any

from kithwell.channels.whatsapp.simulator.engine import Engine, Refused

_MESSAGES = re.compile(r"/v\d+\.\d+/(\d+)/messages\Z")
_UPLOAD = re.compile(r"/v\d+\.\d+/(\d+)/media\Z")
_MEDIA = re.compile(r"/v\d+\.\d+/(\d+)\Z")
_FILE = re.compile(r"/files/([\w-]+)\Z")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def handle(
    engine: Engine, method: str, path: str, headers: dict[str, str], body: bytes, *, base: str
) -> Answer:
    """Answer one request; `path` without query, header names in lower case, `base` where the files' addresses start."""
    try:
        if engine.faults.outage:
            return _error(503, 131016, "service unavailable")
        if headers.get("authorization", "") != f"Bearer {engine.keys.token}":
            return _error(401, 190, "the access token is not valid")
        return _route(engine, method, path, headers, body, base)
    except Refused as refused:
        return _error(refused.http, refused.code, refused.details)


def _route(engine: Engine, method: str, path: str, headers: dict[str, str], body: bytes, base: str) -> Answer:
    if method == "POST" and (found := _MESSAGES.search(path)):
        _own_number(engine, found[1])
        try:
            payload = json.loads(body)
        except ValueError:
            raise Refused(400, 100, "body is not JSON") from None
        return _json(engine.send(payload))
    if method == "POST" and (found := _UPLOAD.search(path)):
        _own_number(engine, found[1])
        data, mime = _upload(headers.get("content-type", ""), body)
        return _json({"id": engine.add_media(data, mime)[0]})
    if method == "GET" and (found := _MEDIA.search(path)):
        told = engine.media_address(found[1])
        return _json({**told, "url": f"{base}/files/{told['url']}"})
    if method == "GET" and (found := _FILE.search(path)):
        content, kind = engine.media_bytes(found[1])
        return Answer(200, content, kind)
    raise Refused(404, 100, "no such endpoint")


def _own_number(engine: Engine, number: str) -> None:
    if number != engine.keys.phone_number_id:
        raise Refused(400, 33, "no such phone number")


def _upload(content_type: str, body: bytes) -> tuple[bytes, str]:
    """The file part of a form upload. Raises Refused."""
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = {
        str(p.get_param("name", header="content-disposition")): p
        for p in message.walk()
        if not p.is_multipart()
    }
    file, product = parts.get("file"), parts.get("messaging_product")
    if file is None or product is None or product.get_payload(decode=True) != b"whatsapp":
        raise Refused(400, 100, "file and messaging_product are needed")
    return bytes(file.get_payload(decode=True) or b""), file.get_content_type()


def _json(value: Any) -> Answer:
    return Answer(200, json.dumps(value).encode())


def _error(http: int, code: int, details: str) -> Answer:
    error = {
        "message": f"(#{code}) {details}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": "simulated",
    }
    return Answer(http, json.dumps({"error": error}).encode())
