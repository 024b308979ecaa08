"""WebAuthn (W3C Level 2) through the `fido2` library: what the browser is asked, and whether its answer holds.

Passkeys here are discoverable (the person types no name) and ask the device to verify its owner. Attestation is not
asked for: which make of key somebody uses is none of our business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest

from kithwell.kernel import conf


@dataclass(frozen=True, slots=True)
class Site:
    """Where the passkey belongs: `host` is the relying party's id, `origin` what the browser must report."""

    host: str
    origin: str
    name: str


def site_of(request: HttpRequest) -> Site:
    """The site as configured (`public_url`), else as the request names it."""
    public = str(conf.get("public_url", "")).rstrip("/")
    here = f"{request.scheme}://{request.get_host()}"
    # Under its configured address an installation has one origin; other names (localhost) work for trying things out.
    origin = public if public and urlsplit(public).hostname == urlsplit(here).hostname else here
    return Site(urlsplit(origin).hostname or "localhost", origin, str(conf.get("site_name", "Kithwell")))


def _server(site: Site) -> Any:
    from fido2.server import Fido2Server  # imported late: it reads the whole public suffix list
    from fido2.webauthn import PublicKeyCredentialRpEntity

    rp = PublicKeyCredentialRpEntity(name=site.name, id=site.host)
    return Fido2Server(rp, verify_origin=lambda origin: origin == site.origin)


def ask_to_make(
    site: Site, account: UUID, name: str, known: Iterable[bytes]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to make a passkey, and the state to keep in the session. Both JSON-able.

    `known` are the credentials the account has, so that a device is not enrolled twice.
    """
    from fido2.webauthn import (
        AttestedCredentialData,
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    user = PublicKeyCredentialUserEntity(id=account.bytes, name=name, display_name=name)
    options, state = _server(site).register_begin(
        user,
        [AttestedCredentialData(data) for data in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options)["publicKey"], state


def made(site: Site, state: dict[str, Any], answer: dict[str, Any]) -> tuple[bytes, str, int] | None:
    """(credential, its key for look-up, signature counter) when the browser's answer holds, else None."""
    try:
        data = _server(site).register_complete(state, answer)
    except Exception:  # a hostile browser may send anything; whatever the library makes of it, it is a no
        return None
    credential = data.credential_data
    if credential is None:
        return None
    return bytes(credential), _key(bytes(credential.credential_id)), data.counter


def ask_to_show(site: Site, known: Iterable[bytes] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to show a passkey, and the state to keep. Without `known`: any passkey for this site."""
    from fido2.webauthn import AttestedCredentialData, UserVerificationRequirement

    credentials = [AttestedCredentialData(data) for data in known] or None
    options, state = _server(site).authenticate_begin(
        credentials, user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options)["publicKey"], state


def check(site: Site, state: dict[str, Any], answer: dict[str, Any], credential: bytes) -> int | None:
    """The signature counter when `answer` proves possession of `credential`, else None."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        _server(site).authenticate_complete(state, [AttestedCredentialData(credential)], answer)
        return int(AuthenticationResponse.from_dict(answer).response.authenticator_data.counter)
    except Exception:  # as above
        return None


def credential_key(answer: dict[str, Any]) -> str | None:
    """The look-up key of the credential that an answer names; None when it names none."""
    from fido2.utils import websafe_decode

    raw = answer.get("rawId") or answer.get("id")
    if not isinstance(raw, str) or len(raw) > 2000:
        return None
    try:
        return _key(websafe_decode(raw))
    except ValueError:
        return None


def _key(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()
