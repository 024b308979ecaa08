"""The WhatsApp accounts of this installation, from the setting `whatsapp_accounts`; in demo mode also "demo"."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from kithwell.kernel import conf

CHANNEL = "whatsapp"
GRAPH = "https://graph.facebook.com"
VERSION = "v26.0"
DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Account:
    """One number at the provider. `name` is ours and stands in the webhook's address."""

    name: str
    phone_number_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    base_url: str = GRAPH
    version: str = VERSION
    display: str = ""  # the number or name people write to, shown to operators


def all_accounts() -> tuple[Account, ...]:
    """Every configured account."""
    found = [_from(table) for table in conf.get("whatsapp_accounts", ())]
    if conf.get("demo", False) and all(a.name != DEMO for a in found):
        found.append(demo_account())
    return tuple(found)


def by_name(name: str) -> Account | None:
    return next((a for a in all_accounts() if a.name == name), None)


def by_number(number_id: str) -> Account | None:
    return next((a for a in all_accounts() if a.phone_number_id == number_id), None)


def _from(table: dict[str, Any]) -> Account:
    known = {
        "name",
        "phone_number_id",
        "token",
        "app_secret",
        "verify_token",
        "base_url",
        "version",
        "display",
    }
    return Account(**{key: str(value) for key, value in table.items() if key in known})


def demo_account() -> Account:
    """The account of the simulated provider inside this installation; its secrets follow from the secret key."""

    def secret(what: str) -> str:
        from django.conf import settings

        return hmac.new(
            settings.SECRET_KEY.encode(), f"simulated {what}".encode(), hashlib.sha256
        ).hexdigest()

    return Account(
        DEMO,
        phone_number_id="100200300400500",
        token=secret("token"),
        app_secret=secret("app secret"),
        verify_token=secret("verify token"),
        base_url=f"http://127.0.0.1:{conf.get('port', 8000)}/sim/graph",
        display="+00 000 000 000",
    )
