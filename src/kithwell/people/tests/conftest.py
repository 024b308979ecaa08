"""People for tests, and browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.test import Client

from kithwell.kernel import limits
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import access, actions, sessions

PASSWORD = "seven quiet lanterns"


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    """Each test starts with every rate limit at rest."""
    limits.forget_all()
    yield
    limits.forget_all()


@pytest.fixture
def make(db: None) -> Callable[..., UUID]:
    """make("Name", "steward", ...) -> account id, with PASSWORD."""

    def make_one(name: str, *roles: str, password: str | None = PASSWORD) -> UUID:
        return actions.create_account(name, password, roles=roles, by=SYSTEM)

    return make_one


@pytest.fixture
def enter() -> Callable[..., Client]:
    """enter("Name") -> a browser signed in as Name."""

    def enter_as(name: str, password: str = PASSWORD, **headers: str) -> Client:
        client = Client(headers=headers or None)
        answer = client.post("/sign-in", {"name": name, "password": password})
        assert answer.status_code == 303, answer.content.decode()[:2000]
        return client

    return enter_as


def who(client: Client) -> Principal:
    """Whom the house takes this browser for."""
    return access.principal_from_cookies({k: m.value for k, m in client.cookies.items()})


def seat(client: Client) -> sessions.Seat | None:
    return sessions.of_cookies({k: m.value for k, m in client.cookies.items()}).seat


def principal(account: UUID, *roles: str, stepped_up: bool = True) -> Principal:
    """Somebody with these roles, as actions are told."""
    return Principal("account", account, "", frozenset({"member", *roles}), stepped_up)
