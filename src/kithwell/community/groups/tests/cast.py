"""One cast for the tests of groups: everybody has said how old they are, unless a test says otherwise."""

from __future__ import annotations

import itertools
from typing import Any

from django.conf import settings
from django.test import Client

from kithwell.community.groups import actions
from kithwell.community.groups.actions import Wanted
from kithwell.community.groups.models import Group, Membership
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people
from kithwell.people.sessions import SessionStore

_numbers = itertools.count(1)


def somebody(name: str = "Quiet Heron", *roles: str, band: str = "26-64", language: str = "en") -> Principal:
    """A real account."""
    shown = f"{name} {next(_numbers)}"
    ident = people.create_account(shown, roles=roles, by=SYSTEM, age_band=band, language=language)
    return Principal("account", ident, shown, frozenset({"member", *roles}), stepped_up=True)


def group(by: Principal | None = None, **more: Any) -> Group:
    """A group, led by `by` (a facilitator by role when nobody is named)."""
    wanted = {"name": f"Night owls {next(_numbers)}", "purpose": "For those who lie awake at night.", **more}
    ident = actions.found(by or somebody("Fern", "facilitator"), Wanted(**wanted))
    return Group.objects.get(id=ident)


def joins(who: Principal, where: Group, **more: Any) -> str:
    return actions.join(who, where.slug, agreed=True, **more).how


def browser(who: Principal | None = None) -> Client:
    """A browser, signed in as `who` by a session of the product's own making."""
    client = Client()
    if who is not None and who.id is not None:
        store = SessionStore()
        store.begin(who.id, "Firefox", stay=False, proved=who.stepped_up)
        store.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key or ""
    return client


def lead_of(where: Group) -> Principal:
    """Whoever leads a group."""
    row = Membership.objects.get(group=where, role="facilitator", left_at__isnull=True)
    return Principal("account", row.account, "Fern", frozenset({"member", "facilitator"}), stepped_up=True)
