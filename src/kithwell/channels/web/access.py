"""From a browser's secrets to a person: the only door to a visitor's row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kithwell.channels.web.models import WebVisitor
from kithwell.kernel import clock, crypto
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people.access import principal_from_cookies
from kithwell.support import queries as support

VISIT_COOKIE = "kw_visitor"
DEVICE_COOKIE = "kw_device"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody with a conversation. `member`: a signed-in account that linked it; else a visitor of this browser."""

    principal: Principal
    contact: UUID
    member: bool


def hashed(kind: str, secret: str) -> str:
    """The keyed hash under which a secret is known; "" for nothing and for nonsense."""
    return crypto.blind_index(f"web:{kind}", secret) if 0 < len(secret) <= _LONGEST else ""


def visitor(cookies: Mapping[str, str]) -> WebVisitor | None:
    """The visitor whose conversation this browser may open right now. One query, or none."""
    visit = hashed("visit", cookies.get(VISIT_COOKIE, ""))
    if not visit:
        return None
    return WebVisitor.objects.filter(visit=visit, visit_until__gt=clock.now()).first()


def by_link(secret: str, cookies: Mapping[str, str]) -> WebVisitor:
    """The visitor of a link, in the browser it was made in. Raises NotFound otherwise, whatever the reason."""
    link, device = hashed("link", secret), hashed("device", cookies.get(DEVICE_COOKIE, ""))
    row = WebVisitor.objects.filter(link=link, device=device).first() if link and device else None
    if row is None:
        raise NotFound()
    return row


def here(cookies: Mapping[str, str], account: Principal) -> Here | None:
    """Who writes: the visitor of this browser, else the signed-in member who linked a conversation, else nobody."""
    row = visitor(cookies)
    if row is not None:
        return Here(Principal("visitor", row.contact), row.contact, False)
    if account.is_account:
        try:
            return Here(account, support.person(account).contact_id, True)
        except NotFound:
            return None
    return None


def listener(cookies: dict[str, str]) -> Principal | None:
    """Who listens to a stream with these cookies: a visitor or an account, None for anybody else."""
    row = visitor(cookies)
    if row is not None:
        return Principal("visitor", row.contact)
    account = principal_from_cookies(cookies)
    return account if account.is_account else None
