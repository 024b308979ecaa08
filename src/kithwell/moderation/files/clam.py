"""Asks a ClamAV daemon whether a file carries something harmful, over its own protocol (clamd(8), INSTREAM).

Without the setting `clamav` nobody is asked. With it, a file that could not be looked at does not get in: the person is
told to try again, and their words are kept.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

from kithwell.kernel import conf, logs

SECONDS = 20.0
CHUNK = 64 * 1024
log = logs.get("moderation.files")


class Unreachable(Exception):
    """The daemon did not answer, or not as its protocol says."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`found`: the name of what was found, "" for nothing; `asked`: was anybody asked at all?"""

    asked: bool
    found: str = ""


def look(data: bytes) -> Seen:
    """Raises Unreachable."""
    address = str(conf.get("clamav", "") or "")
    if not address:
        return Seen(False)
    try:
        answer = _ask(address, data)
    except (OSError, ValueError) as error:
        log.error("files.clamav_unreachable", error=type(error).__name__)
        raise Unreachable from error
    if answer == "stream: OK":
        return Seen(True)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Seen(True, answer.removeprefix("stream: ").removesuffix(" FOUND")[:120])
    log.error("files.clamav_answer", kind="size" if "size limit" in answer else "other")
    raise Unreachable


def _ask(address: str, data: bytes) -> str:
    with _connect(address) as line:
        line.settimeout(SECONDS)
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            part = data[start : start + CHUNK]
            line.sendall(struct.pack(">I", len(part)) + part)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            part = line.recv(4096)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return socket.create_connection((parts.hostname, parts.port), SECONDS)
    raise ValueError("clamav is unix:/path or tcp://host:port")
