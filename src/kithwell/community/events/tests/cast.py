"""One cast for all tests of events: Ana and Ben come, Pia is a professional, Fay leads a group, Robin is a steward."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.test import Client

from kithwell.community.events import actions
from kithwell.community.events.models import Event
from kithwell.community.groups import actions as groups
from kithwell.community.groups import queries as group_queries
from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people

_numbers = itertools.count(1)
PASSWORD = "seven quiet lanterns"


def person(name: str, *roles: str, band: str = "26-64", password: str | None = None) -> Principal:
    """A real account; its pseudonym is one of its own, so that a test can look for it."""
    full = f"{name}{next(_numbers)}x"
    ident = people.create_account(full, password, roles=roles, age_band=band)
    return Principal("account", ident, full, frozenset({"member", *roles}), stepped_up=True)


def browser(who: Principal) -> Client:
    """A browser that signed in at /sign-in."""
    client = Client()
    assert client.post("/sign-in", {"name": who.name, "password": PASSWORD}).status_code == 303
    return client


def wanted(**changes: object) -> actions.Wanted:
    now = clock.now() + timedelta(hours=3)
    given: dict[str, object] = {
        "kind": "qa",
        "title": "Sleeping again",
        "starts": datetime(now.year, now.month, now.day, now.hour, now.minute, tzinfo=UTC).replace(
            tzinfo=None
        ),
    }
    return actions.Wanted(**(given | changes))  # type: ignore[arg-type]


def qa(host: Principal, **changes: object) -> UUID:
    return actions.make(host, wanted(**changes))


def group(leader: Principal, *members: Principal, name: str = "Evening walkers") -> UUID:
    """A group that `leader` leads and `members` belong to."""
    made = groups.found(leader, groups_wanted(name))
    slug = group_queries.groups_by_id([made])[made].slug
    for member in members:
        groups.join(member, slug, agreed=True)
    return made


def groups_wanted(name: str) -> object:
    from kithwell.community.groups.actions.found import Wanted

    return Wanted(name=f"{name} {next(_numbers)}", purpose="We walk in the evening and talk about it.")


def row(ident: UUID) -> Event:
    return Event.objects.get(id=ident)
