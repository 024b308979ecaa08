"""A small group for the tests of posts: Ada leads, Mia welcomes, Ben and Cleo are members, Zoe is not."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from uuid import UUID

from django.test import Client

from kithwell.community.groups import actions as groups
from kithwell.community.groups.models import Group, Membership
from kithwell.community.posts import actions, cache
from kithwell.community.posts.actions import Written
from kithwell.kernel import limits
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people

_numbers = itertools.count(1)
PASSWORD = "long enough to keep"


def person(name: str, *roles: str, band: str = "26-64") -> Principal:
    """A real account, signed in and stepped up."""
    shown = f"{name} {next(_numbers)}"
    ident = people.create_account(shown, PASSWORD, roles=roles, age_band=band)
    return Principal("account", ident, shown, frozenset({"member", *roles}), stepped_up=True)


@dataclass
class Circle:
    """The group and its people."""

    group: Group
    ada: Principal
    mia: Principal
    ben: Principal
    cleo: Principal
    zoe: Principal
    clients: dict[UUID, Client] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.group.slug

    def write(self, who: Principal, text: str, **more: object) -> UUID:
        given = {k: more.pop(k) for k in ("poll", "pictures", "kind") if k in more}
        return actions.write(who, self.slug, Written(text, **more), **given).post  # type: ignore[arg-type]

    def reply(
        self, who: Principal, post: UUID, text: str, parent: UUID | None = None, **more: object
    ) -> UUID:
        return actions.reply(who, post, Written(text, **more), parent).id  # type: ignore[arg-type]

    def browser(self, who: Principal) -> Client:
        """Somebody's signed-in browser."""
        assert who.id is not None
        if who.id not in self.clients:
            client = Client()
            limits.forget_all()
            answer = client.post("/sign-in", {"name": who.name, "password": PASSWORD})
            assert answer.status_code == 303, answer.content
            self.clients[who.id] = client
        return self.clients[who.id]

    def page(self, who: Principal | None, path: str, status: int = 200) -> str:
        client = self.browser(who) if who is not None else Client()
        answer = client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()


def circle(reading: str = "members", **changes: object) -> Circle:
    """A fresh group with its people."""
    cache.clear()
    limits.forget_all()
    ada = person("Ada", "facilitator")
    wanted = groups.Wanted(
        name=f"Night owls {next(_numbers)}", purpose="For everybody who sleeps badly.", reading=reading
    )
    group = Group.objects.get(id=groups.found(ada, wanted))
    if changes:
        Group.objects.filter(id=group.id).update(**changes)
        group.refresh_from_db()
    mia, ben, cleo = person("Mia"), person("Ben"), person("Cleo")
    for member in (mia, ben, cleo):
        groups.join(member, group.slug, agreed=True)
    Membership.objects.filter(group=group, account=mia.id).update(welcomer=True)
    return Circle(group, ada, mia, ben, cleo, person("Zoe"))
