"""Web Push: a message without content, readable by one browser only, carried by that browser's push service.

RFC 8291 (encryption for one browser) over RFC 8188 (aes128gcm), signed as RFC 8292 says (VAPID), sent as RFC 8030
says. Own code on `cryptography` instead of a library: docs/decisions/0040-web-push.md. The RFC's own example is a test.

A push address comes from a browser, so this server would call whatever it is given. Only addresses of the push
services in the setting `push_services` are taken, redirects are not followed.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from kithwell.kernel import conf, jobs
from kithwell.kernel.errors import Invalid

TABLE: Final = "notices_device"
RECORD: Final = 4096
_PADDED: Final = (
    256  # every message has this length before it is sealed: nobody tells one from another by size
)
_LIFE: Final = timedelta(hours=12)  # of a VAPID token; RFC 8292 allows 24
_KEY_FILE: Final = "push-key.pem"
_TIMEOUT: Final = 15.0


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser can be told, and with what only it can read."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    def as_json(self) -> str:
        return json.dumps({"endpoint": self.endpoint, "p256dh": _b64(self.p256dh), "auth": _b64(self.auth)})

    @classmethod
    def from_json(cls, text: str) -> Subscription:
        held = json.loads(text)
        return cls(held["endpoint"], _unb64(held["p256dh"]), _unb64(held["auth"]))


def parse(given: Any) -> Subscription:
    """What a browser's `PushSubscription.toJSON()` gave. Raises Invalid."""
    wrong = Invalid({"subscription": _("This browser gave an address we cannot use.")})
    keys = given.get("keys") if isinstance(given, dict) else None
    endpoint = given.get("endpoint") if isinstance(given, dict) else None
    if not isinstance(keys, dict) or not isinstance(endpoint, str) or not allowed(endpoint):
        raise wrong
    try:
        found = Subscription(endpoint, _unb64(str(keys.get("p256dh", ""))), _unb64(str(keys.get("auth", ""))))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.p256dh)
    except (ValueError, binascii.Error):
        raise wrong from None
    if len(found.p256dh) != 65 or len(found.auth) != 16:
        raise wrong
    return found


def services() -> tuple[str, ...]:
    """Push services this site calls; none means that push is off."""
    found: Iterable[str] = conf.get("push_services", ())
    return tuple(found)


def allowed(endpoint: str) -> bool:
    """Is this an address of a push service we know? "*.host" stands for every name below a host."""
    if (
        len(endpoint) > 1000
        or not endpoint.isascii()
        or not endpoint.isprintable()
        or set(endpoint) & set(" \\")
    ):
        return False  # two readers of addresses could understand it differently
    try:
        parts = urlsplit(endpoint)
        origin, host = f"{parts.scheme}://{parts.netloc}", parts.hostname or ""
        port, signed_in = parts.port, parts.username is not None
    except ValueError:
        return False
    for known in services():
        if "://" in known:
            if origin == known:  # a push service of one's own
                return True
        elif host == known or (known.startswith("*.") and host.endswith(known[1:])):
            return parts.scheme == "https" and port in (None, 443) and not signed_in
    return False


def seal(
    message: bytes,
    subscription: Subscription,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    padded: int = 0,
) -> bytes:
    """The body of a push message (RFC 8291, section 3.4). `own` and `salt` are given by tests only."""
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), subscription.p256dh)
    mine = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    ikm = _derive(shared, subscription.auth, b"WebPush: info\x00" + subscription.p256dh + mine, 32)
    key = _derive(ikm, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(ikm, salt, b"Content-Encoding: nonce\x00", 12)
    plain = message + b"\x02" + bytes(max(0, padded - len(message) - 1))
    if len(plain) + 16 > RECORD - 103:
        raise ValueError("a push message is one record")
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return head + AESGCM(key).encrypt(nonce, plain, None)


def unseal(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What the browser does (RFC 8291, section 3.4, backwards): for tests and the simulated push service."""
    salt, length = body[:16], body[20]
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    ikm = _derive(shared, auth, b"WebPush: info\x00" + _point(private.public_key()) + theirs, 32)
    key = _derive(ikm, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(ikm, salt, b"Content-Encoding: nonce\x00", 12)
    plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
    if plain[-1:] != b"\x02":
        raise ValueError("not the last record of a push message")
    return plain[:-1]


def own_key() -> ec.EllipticCurvePrivateKey:
    """The key this site signs with, made at first use. Lose it and every device has to be asked again."""
    path = Path(conf.get("data_dir")) / _KEY_FILE
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        scratch = path.with_name(f"{_KEY_FILE}.{os.getpid()}.{time.monotonic_ns()}")
        scratch.touch(mode=0o600)
        scratch.write_bytes(made)
        try:
            os.link(scratch, path)  # whoever comes first wins, and nobody reads half a key
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} is not an EC key")
    return key


def public_key() -> str:
    """What a browser needs to subscribe (`applicationServerKey`)."""
    return _b64(_point(own_key().public_key()))


def _sub() -> str:
    address = str(conf.get("mail_from", "")).rpartition("<")[2].rstrip("> ")
    url = str(conf.get("public_url", ""))
    if address:
        return f"mailto:{address}"
    return url if url.startswith("https://") else "mailto:nobody@example.org"


def vapid(endpoint: str, now: float, key: ec.EllipticCurvePrivateKey | None = None) -> str:
    """The Authorization header for a push service (RFC 8292, section 3)."""
    key = key or own_key()
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now + _LIFE.total_seconds()),
        "sub": _sub(),
    }
    said = ".".join(
        _b64(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={said}.{_b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))},k={_b64(_point(key.public_key()))}"


def send(subscription: Subscription, message: bytes, *, kept: timedelta, urgent: bool, now: float) -> bool:
    """Hand a message to the push service. False when the browser is gone for good.

    Raises RetryLater when the service is busy, GiveUp when it will never take this. `now` signs the token and is the
    true time of the world, not a demo's clock: the service compares it with its own.
    """
    if not allowed(subscription.endpoint):
        raise jobs.GiveUp("not an address of a known push service")
    headers = {
        "Authorization": vapid(subscription.endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int(kept.total_seconds()))),
        "Urgency": "high" if urgent else "normal",
        "Topic": "news",  # a newer one takes the place of one not delivered yet
    }
    body = seal(message, subscription, padded=_PADDED)
    try:
        answer = httpx.post(
            subscription.endpoint, content=body, headers=headers, timeout=_TIMEOUT, follow_redirects=False
        )
    except httpx.HTTPError as error:
        raise jobs.RetryLater(60, type(error).__name__) from None
    if answer.status_code in (404, 410):
        return False
    if answer.status_code == 429 or answer.status_code >= 500:
        raise jobs.RetryLater(_after(answer.headers.get("Retry-After", "")), f"answered {answer.status_code}")
    if not 200 <= answer.status_code < 300:
        raise jobs.GiveUp(f"the push service answered {answer.status_code}")
    return True


def _after(header: str) -> float:
    """Seconds of a Retry-After, within reason."""
    return (
        min(3600.0, max(30.0, float(header)))
        if header.isascii() and header.isdigit() and len(header) < 8
        else 60.0
    )
