"""Passkeys: joining, signing in and stepping up with one, and what a dishonest browser gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kithwell.kernel import clock
from kithwell.people import queries
from kithwell.people.models import Account, Passkey
from kithwell.people.tests.conftest import principal, who
from kithwell.people.tests.soft_key import SoftKey

pytestmark = pytest.mark.django_db
Make = Callable[..., UUID]
Enter = Callable[..., Client]


def post(client: Client, to: str, **fields: Any) -> Any:
    return client.post(to, fields, content_type="application/json", headers={"Accept": "application/json"})


def joined(key: SoftKey, name: str = "Quiet Heron") -> Client:
    client = Client()
    asked = post(client, "/join/passkey/begin", own=name)
    assert asked.status_code == 200, asked.content
    done = post(client, "/join/passkey/finish", credential=key.make(asked.json()["publicKey"]))
    assert done.status_code == 200, done.content
    assert done.json() == {"next": "/me?new=1"}
    return client


def shown(client: Client, key: SoftKey, where: str = "/sign-in", **more: Any) -> Any:
    options = post(client, f"{where}/passkey/begin").json()["publicKey"]
    return post(client, f"{where}/passkey/finish", credential=key.show(options), **more)


def test_a_name_and_a_passkey_make_an_account_without_password_or_address() -> None:
    client = joined(SoftKey())
    assert who(client).name == "Quiet Heron" and who(client).stepped_up
    account = Account.objects.get()
    assert not account.has_usable_password() and account.email_sealed is None


def test_a_passkey_alone_signs_in_without_any_name_typed() -> None:
    key = SoftKey()
    joined(key)
    elsewhere = Client()
    done = shown(elsewhere, key, next="/me/keys")
    assert done.json() == {"next": "/me/keys"}
    assert who(elsewhere).name == "Quiet Heron"


def test_an_identifying_name_is_refused_before_the_device_is_asked() -> None:
    answer = post(Client(), "/join/passkey/begin", own="Maria Lopez")
    assert answer.status_code == 422 and "real name" in answer.json()["message"]


def test_a_passkey_of_somebody_else_does_not_sign_in() -> None:
    joined(SoftKey())
    stranger = Client()
    assert shown(stranger, SoftKey()).status_code == 422
    assert not who(stranger).is_account


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://testserver", "http://testserver.evil.example"]
)
def test_an_answer_given_to_another_site_is_worth_nothing_here(origin: str) -> None:
    key = SoftKey()
    joined(key)
    key.origin = origin
    assert shown(Client(), key).status_code == 422


def test_a_challenge_works_once() -> None:
    key, client = SoftKey(), Client()
    joined(key)
    credential = key.show(post(client, "/sign-in/passkey/begin").json()["publicKey"])
    assert post(client, "/sign-in/passkey/finish", credential=credential).status_code == 200
    assert post(client, "/sign-in/passkey/finish", credential=credential).status_code == 422


def test_a_challenge_is_over_after_five_minutes() -> None:
    key, client = SoftKey(), Client()
    joined(key)
    credential = key.show(post(client, "/sign-in/passkey/begin").json()["publicKey"])
    with clock.shifted(timedelta(minutes=6)):
        assert post(client, "/sign-in/passkey/finish", credential=credential).status_code == 422


def test_an_answer_to_one_question_is_no_answer_to_another() -> None:
    key = SoftKey()
    client = joined(key)
    credential = key.show(post(client, "/sign-in/passkey/begin").json()["publicKey"])
    assert post(client, "/step-up/passkey/finish", credential=credential).status_code == 422


def test_a_copied_key_whose_counter_falls_back_is_refused() -> None:
    key = SoftKey()
    joined(key)
    assert shown(Client(), key).status_code == 200
    key.count = 0
    assert shown(Client(), key).status_code == 422


@pytest.mark.parametrize(
    "credential",
    [None, 5, [], {}, {"id": "x"}, {"rawId": "é", "response": {}}, {"rawId": "x" * 5000},
     {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AAAA"}}],
)  # fmt: skip
def test_nonsense_from_a_browser_is_a_kind_no(credential: Any) -> None:
    for where in ("/sign-in", "/join"):
        client = Client()
        post(client, f"{where}/passkey/begin", own="Quiet Heron")
        answer = post(client, f"{where}/passkey/finish", credential=credential)
        assert answer.status_code == 422 and answer.json()["message"]


def test_a_second_passkey_can_be_added_named_and_removed_but_never_the_only_way_in() -> None:
    first, second = SoftKey(), SoftKey()
    client = joined(first)
    options = post(client, "/me/keys/passkey/begin").json()["publicKey"]
    assert [c["id"] for c in options["excludeCredentials"]], "the device already enrolled is named"
    added = post(client, "/me/keys/passkey/finish", credential=second.make(options), name="Blue key")
    assert added.status_code == 200
    me = principal(Account.objects.get().pk)
    newest, oldest = queries.passkeys_of(me)
    assert newest.name == "Blue key"
    assert client.post(f"/me/keys/{oldest.id}", {"do": "remove"}).status_code == 303
    only = client.post(f"/me/keys/{newest.id}", {"do": "remove"})
    assert only.status_code == 409 and "only way in" in only.content.decode()
    assert client.post(f"/me/keys/{newest.id}", {"name": "Green key"}).status_code == 303
    assert queries.passkeys_of(me)[0].name == "Green key"
    assert b"Green key" not in bytes(Passkey.objects.get().name_sealed)


def test_somebody_elses_passkey_is_not_there(make: Make, enter: Enter) -> None:
    joined(SoftKey())
    make("Calm Otter")
    other = enter("Calm Otter")
    key = Passkey.objects.get()
    assert other.get(f"/me/keys/{key.pk}").status_code == 404
    assert other.post(f"/me/keys/{key.pk}", {"do": "remove"}).status_code == 404
    assert Passkey.objects.filter(pk=key.pk).exists()


def test_a_passkey_of_another_account_does_not_step_up(make: Make, enter: Enter) -> None:
    key = SoftKey()
    joined(key)
    make("Calm Otter")
    client = enter("Calm Otter")
    options = post(client, "/step-up/passkey/begin").json()["publicKey"]
    answer = post(client, "/step-up/passkey/finish", credential=key.show(options))
    assert answer.status_code == 422 and who(client).name == "Calm Otter"
