"""Who may listen to what. A topic only says that an event stands at n: never who is there."""

from __future__ import annotations

from kithwell.community.events import access
from kithwell.kernel import live
from kithwell.people.access import principal_from_cookies


@live.topic("event")
def event(cookies: dict[str, str], ident: str) -> int:
    """New answers of an event, for whoever may see it."""
    return int(access.event(principal_from_cookies(cookies), ident).event.n)


@live.topic("event-queue")
def queue(cookies: dict[str, str], ident: str) -> int:
    """New questions, for those who host or answer."""
    return int(access.queue(principal_from_cookies(cookies), ident).queue_n)
