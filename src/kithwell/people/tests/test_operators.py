"""What operators do at the command line, and the demo's people."""

from __future__ import annotations

import argparse
import io
import re
from typing import Any

import pytest
from django.test import Client

from kithwell.people import commands, demo, queries
from kithwell.people.models import Account
from kithwell.people.tests.conftest import who

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    args = parser.parse_args(list(words))
    return int(args.run(args))


def test_the_first_steward_comes_in_by_a_link_that_works_once(capsys: Any) -> None:
    assert run("steward", "create", "--pseudonym", "Robin") == 0
    link = re.findall(r"/link/\S+", capsys.readouterr().out)[0]
    client = Client()
    assert client.post(link)["Location"] == "/me/keys"
    assert who(client).has("steward") and who(client).stepped_up
    assert client.get("/people").status_code == 200
    assert Client().post(link).status_code == 404


def test_a_steward_without_a_name_gets_a_kind_one(capsys: Any) -> None:
    assert run("steward", "create") == 0
    assert len(queries.accounts_with_role("steward")) == 1


def test_a_password_is_asked_for_and_checked(capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run("steward", "create", "--pseudonym", "Robin", "--password") == 1
    assert not Account.objects.exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("seven quiet lanterns\n"))
    assert run("steward", "create", "--pseudonym", "Robin", "--password") == 0
    assert Client().post("/sign-in", {"name": "Robin", "password": "seven quiet lanterns"}).status_code == 303


def test_somebody_who_lost_every_way_in_gets_a_link(capsys: Any, make: Any) -> None:
    make("Sam", "supporter", password=None)
    assert run("account", "link", "--pseudonym", "sam") == 0
    assert "/link/" in capsys.readouterr().out
    assert run("account", "link", "--pseudonym", "nobody") == 1


def test_demo_people_exist_in_demo_mode_only_and_can_be_loaded_twice(settings: Any) -> None:
    with pytest.raises(RuntimeError):
        demo.load()
    assert not Account.objects.exists()
    settings.KITHWELL = {**settings.KITHWELL, "demo": True}
    demo.load()
    demo.load()
    assert Account.objects.count() == len(demo.SIGN_INS) == 8
    for line in demo.SIGN_INS:
        client = Client()
        assert client.post("/sign-in", {"name": line.pseudonym, "password": line.password}).status_code == 303
        assert who(client).has(line.role)
    assert {role for role, _name, _password in demo.sign_ins()} == {
        "member", "supporter", "supervisor", "oncall", "steward",
    }  # fmt: skip
