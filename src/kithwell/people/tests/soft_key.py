"""An authenticator in software, for tests: it makes and shows passkeys with real keys and real signatures."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode


class SoftKey:
    """One device with one passkey. `origin` is what its browser reports."""

    def __init__(self, origin: str = "http://testserver") -> None:
        self.origin = origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.count = 0
        self.user = b""

    def _data(self, rp: str, extra: bytes = b"") -> bytes:
        self.count += 1
        flags = 0x01 | 0x04 | (0x40 if extra else 0)  # user present, user verified, credential data
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + extra

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """navigator.credentials.create"""
        public = cbor.encode(dict(ES256.from_cryptography_key(self.private.public_key())))
        extra = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(options["rp"]["id"], extra)}
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(cbor.encode(attestation)),
            }
        )

    def show(self, options: dict[str, Any]) -> dict[str, Any]:
        """navigator.credentials.get"""
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"])
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signed),
                "userHandle": None,
            }
        )

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        ident = websafe_encode(self.credential_id)
        return {
            "id": ident,
            "rawId": ident,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        }
