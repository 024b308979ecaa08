"""Who gets which answer at each address of this part. A new address without a row here fails the suite.

A row is (path, method, {role: status}); POST sends an empty form. Placeholders in braces stand for objects that
`places` makes: `own_…` belongs to whoever asks, `other_…` to somebody else. Roles: "anonymous", "member", "supporter",
"supervisor", "steward", and "stale" (a steward whose last proof lies a day back).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kithwell.kernel import crypto, ids
from kithwell.people import actions
from kithwell.people.models import Account, Export, Passkey

ROLES = ("anonymous", "member", "supporter", "supervisor", "steward", "stale")
Row = tuple[str, str, dict[str, int]]


def _all(status: int, **other: int) -> dict[str, int]:
    return {role: other.get(role, status) for role in ROLES}


_OPEN = _all(200)
_SIGNED_IN = _all(200, anonymous=303)  # 303: to /sign-in and back

ACCESS_MATRIX: list[Row] = [
    ("/join", "GET", _all(303, anonymous=200)),
    ("/join", "POST", _all(303, anonymous=422)),
    ("/join/passkey/begin", "POST", _all(422)),
    ("/join/passkey/finish", "POST", _all(422)),
    ("/sign-in", "GET", _all(303, anonymous=200)),
    ("/sign-in", "POST", _all(422)),
    ("/sign-in/other", "GET", _OPEN),
    ("/sign-in/other", "POST", _all(422)),
    ("/sign-in/passkey/begin", "POST", _all(200)),
    ("/sign-in/passkey/finish", "POST", _all(422)),
    ("/link/{link}", "GET", _OPEN),
    ("/link/made-up", "GET", _all(404)),
    ("/link/made-up", "POST", _all(404)),
    ("/sign-out", "GET", _OPEN),
    ("/step-up", "GET", _SIGNED_IN),
    ("/step-up", "POST", _all(422, anonymous=303)),
    ("/step-up/passkey/begin", "POST", _SIGNED_IN),
    ("/step-up/passkey/finish", "POST", _all(422, anonymous=303)),
    ("/me", "GET", _SIGNED_IN),
    ("/me", "POST", _all(422, anonymous=303)),
    ("/me/name", "GET", _SIGNED_IN),
    ("/me/name", "POST", _all(422, anonymous=303)),
    ("/me/keys", "GET", _SIGNED_IN),
    ("/me/keys", "POST", _all(404, anonymous=303, stale=303)),
    ("/me/keys/passkey/begin", "POST", _all(200, anonymous=303, stale=303)),
    ("/me/keys/passkey/finish", "POST", _all(422, anonymous=303, stale=303)),
    ("/me/keys/{own_key}", "GET", _SIGNED_IN),
    ("/me/keys/{own_key}", "POST", _all(422, anonymous=303)),
    ("/me/keys/{other_key}", "GET", _all(404, anonymous=303)),
    ("/me/keys/{other_key}", "POST", _all(404, anonymous=303)),
    ("/me/sessions", "GET", _SIGNED_IN),
    ("/me/sessions", "POST", _all(404, anonymous=303)),
    ("/me/consents", "GET", _SIGNED_IN),
    ("/me/consents", "POST", _all(404, anonymous=303)),
    ("/me/export", "GET", _SIGNED_IN),
    ("/me/export", "POST", _all(303)),
    ("/me/export/{own_export}/take", "POST", _all(200, anonymous=303, stale=303)),
    ("/me/export/{own_export}/stop", "POST", _all(303)),
    ("/me/export/{other_export}/take", "POST", _all(404, anonymous=303)),
    ("/me/export/{other_export}/stop", "POST", _all(404, anonymous=303)),
    ("/me/erase", "GET", _SIGNED_IN),
    ("/me/erase", "POST", _all(422, anonymous=303, stale=303)),
    ("/erased/made-up", "GET", _all(404)),
    ("/people", "GET", _all(403, anonymous=303, steward=200, stale=303)),
    ("/people", "POST", _all(403, anonymous=303, steward=404, stale=303)),
    ("/sign-out", "POST", _all(303)),  # last: it ends the session
]


def places(own: UUID | None, other: UUID) -> dict[str, str]:
    """Objects for the placeholders: `own` is the account that asks (None for nobody)."""
    mine = own or other
    link = actions.make_link(other, "sign-in", timedelta(hours=1))
    return {
        "own_key": str(_key(mine)),
        "other_key": str(_key(other)),
        "own_export": str(_export(mine)),
        "other_export": str(_export(other)),
        "link": link.rpartition("/")[2],
    }


def _key(account_id: UUID) -> UUID:
    account, ident = Account.objects.get(pk=account_id), ids.new_id()
    name = crypto.seal(account.subject, "A key", at=("people_passkey", "name", ident))
    key = ids.token(16)
    credential = bytes(16) + (4).to_bytes(2, "big") + b"abcd" + _PUBLIC
    Passkey.objects.create(
        id=ident, account=account, credential_key=key, credential=credential, name_sealed=name
    )
    return ident


# A well-formed ES256 public key (COSE, RFC 9053) for credentials that nothing is signed with.
_PUBLIC = bytes.fromhex("a5010203262001215820") + b"\x01" * 32 + bytes.fromhex("225820") + b"\x02" * 32


def _export(account_id: UUID) -> UUID:
    return Export.objects.create(account_id=account_id, state=Export.State.READY).pk
