"""Who among the staff may listen to what. The person's own ear is registered by their channel."""

from __future__ import annotations

from uuid import UUID

from kithwell.kernel import ids, live
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people.access import principal_from_cookies
from kithwell.support import access
from kithwell.support.actions.common import pulse


def _staff(cookies: dict[str, str], *roles: str) -> Principal:
    principal = principal_from_cookies(cookies)
    if not (principal.is_account and principal.stepped_up and principal.has(*roles)):
        raise live.Refused("staff only")
    return principal


def _ident(text: str) -> UUID:
    found = ids.parse(text)
    if found is None:
        raise NotFound()
    return found


@live.topic("conversation")
def conversation(cookies: dict[str, str], ident: str) -> int:
    """The newest arrival number of a conversation, for staff who may read it."""
    seen = access.conversation(_staff(cookies, *access.STAFF), _ident(ident))
    return int(seen.conversation.last_n)


@live.topic("desk")
def desk(cookies: dict[str, str], ident: str) -> int:
    """One's own desk. Its number only grows: coming back always means looking again."""
    if _staff(cookies, *access.STAFF).id != _ident(ident):
        raise live.Refused("another's desk")
    return pulse()


@live.topic("supervisor")
def supervisor(cookies: dict[str, str], ident: str) -> int:
    """The board."""
    _staff(cookies, "supervisor", "oncall")
    return pulse()
