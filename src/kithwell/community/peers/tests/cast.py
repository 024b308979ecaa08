"""People for the tests of this part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.test import Client

from kithwell.community.groups.models import Group, Membership
from kithwell.community.peers import actions
from kithwell.community.peers.models import Buddying, Suggestion
from kithwell.community.peers.rules import asking
from kithwell.community.peers.rules.asking import Answers
from kithwell.kernel import ids
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people

Account = get_user_model()
PASSWORD = "seven quiet lanterns"


def person(name: str, *roles: str, band: str = "26-64") -> Principal:
    ident = people.create_account(name, PASSWORD, roles=roles, by=SYSTEM)
    Account.objects.filter(pk=ident).update(age_band=band)
    return Principal("account", ident, name, frozenset({"member", *roles}), stepped_up=True)


def enter(name: str, **more: Any) -> Client:
    client = Client(**more)
    assert client.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303
    return client


def seeks(who: Principal, **said: Any) -> Principal:
    """Has answered everything and would like a buddy."""
    usual: dict[str, Any] = {
        "brings": ("anxiety", "sleep"), "helps": ("humour",), "nots": ("advice",), "languages": ("en",),
        "hours": ("evening",), "zone": "UTC", "buddy": True, "share": asking.SHARABLE,
    }  # fmt: skip
    actions.keep_all(who, Answers(**(usual | said)))
    return who


def suggested(who: Principal) -> list[Suggestion]:
    actions.suggest_for(who)
    return list(Suggestion.objects.filter(account=who.id, state="shown").order_by("made_at", "id"))


def buddies(a: Principal, b: Principal) -> Buddying:
    """Two who said yes."""
    seeks(a)
    seeks(b)
    found = next(s for s in suggested(a) if s.other == b.id)
    ident = actions.ask(a, found.pk, agreed=True)
    actions.accept(b, ident, agreed=True)
    return Buddying.objects.get(pk=ident)


def group(*members: Principal, lead: Principal | None = None, name: str = "Night owls") -> Group:
    made = Group(
        slug=f"g-{ids.new_id().hex[-8:]}",
        name=name,
        name_key=name.casefold(),
        purpose="For those awake at night",
    )
    made.settle()
    made.save()
    for who in (*members, *([lead] if lead else ())):
        role = "facilitator" if lead is not None and who.id == lead.id else "member"
        Membership.objects.create(group=made, account=who.id, role=role)
    return made


def ident(who: Principal) -> UUID:
    assert who.id is not None
    return who.id
