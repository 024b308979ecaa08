"""The phone at /sim and the operators' page, over the real pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kithwell.channels.models import RawEvent
from kithwell.channels.whatsapp import accounts, digest, notices
from kithwell.channels.whatsapp.simulator import inside, samples
from kithwell.channels.whatsapp.simulator.postman import Postman
from kithwell.channels.whatsapp.tests import kit
from kithwell.people import actions as people
from kithwell.people.actions import ways_in
from kithwell.people.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: Any) -> Iterator[Any]:
    """A demo whose provider posts nothing by itself; its engine is handed out."""
    monkeypatch.setattr(Postman, "start", lambda self: self)
    monkeypatch.setattr(inside, "_made", None)
    before = settings.KITHWELL
    settings.KITHWELL = {**before, "demo": True, "data_dir": tmp_path, "whatsapp_accounts": ()}
    yield inside.engine()
    inside.engine().close()
    settings.KITHWELL = before


def _new_phone(client: Client, **more: str) -> str:
    answer = client.post("/sim/new", {"name": "Ana", "known_by": "phone", "country": "ES", **more})
    assert answer.status_code == 303
    return answer["Location"]


def test_outside_a_demo_there_is_no_phone(client: Client) -> None:
    for path in ("/sim", "/sim/p/x", "/sim/p/x/new"):
        assert client.get(path).status_code == 404
    assert client.post("/sim/new", {"name": "x"}).status_code == 404
    assert all(a.name != accounts.DEMO for a in accounts.all_accounts())


def test_a_phone_is_taken_written_on_and_shows_what_comes_back(demo: Any, client: Client) -> None:
    page = _new_phone(client)
    ident = page.rsplit("/", 1)[1]
    client.post(f"{page}/say", {"text": "hello out there", "client_key": "k1"})
    client.post(f"{page}/say", {"text": "hello out there", "client_key": "k1"})  # a second click
    shown = client.get(page).content.decode()
    assert shown.count("hello out there") == 1
    phone = demo.person(ident)["phone"]
    button = {"type": "reply", "reply": {"id": "b1", "title": "Managing"}}
    content = {"type": "button", "body": {"text": "how bad is it?"}, "action": {"buttons": [button]}}
    demo.send({"messaging_product": "whatsapp", "to": phone, "type": "interactive", "interactive": content})
    fragment = client.get(f"{page}/new?since=1")
    assert "how bad is it?" in fragment.content.decode() and int(fragment["X-Since"]) > 1
    wamid = demo.chat(ident)[-1].id
    client.post(f"{page}/press", {"button": f"{wamid}|b1", "client_key": "k2"})
    assert demo.chat(ident)[-1].content["button_reply"]["id"] == "b1"
    assert client.post(f"{page}/press", {"button": "wamid.x|b1"}).status_code == 404
    assert demo.chat(ident)[1].status == "read"  # the page was looked at


def test_the_first_country_is_one_whose_lines_speak_english_and_numbers_start_as_they_do_there(
    demo: Any, client: Client
) -> None:
    offered = re.findall(r'<option value="([A-Z]{2})"', client.get("/sim").content.decode())
    assert offered == list(samples.COUNTRIES) and offered[0] == samples.FIRST_COUNTRY == "GB"
    codes = {"GB": "44", "US": "1", "IE": "353", "CA": "1", "AU": "61", "ES": "34"}
    for country, code in codes.items():
        row = demo.person(_new_phone(client, country=country).rsplit("/", 1)[1])
        assert row["phone"].startswith(code) and row["bsuid"].startswith(f"{country}.")
    unknown = demo.person(_new_phone(client, country="XX").rsplit("/", 1)[1])
    assert unknown["bsuid"].startswith("GB.")


def test_pictures_are_taken_and_other_files_are_not(demo: Any, client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = _new_phone(client)
    assert client.post(f"{page}/picture", {"client_key": "p"}).status_code == 303
    media = demo.chat(page.rsplit("/", 1)[1])[-1].content["id"]
    assert client.get(f"{page}/file/{media}")["Content-Type"] == "image/png"
    assert client.get(f"{page}/file/1").status_code == 404
    bad = SimpleUploadedFile("x.png", b"<svg>", "image/png")
    assert client.post(f"{page}/picture", {"picture": bad}).status_code == 422


def test_time_passes_and_the_provider_stumbles_at_the_press_of_a_button(demo: Any, client: Client) -> None:
    page = _new_phone(client, known_by="username")
    ident = page.rsplit("/", 1)[1]
    assert demo.person(ident)["phone"] == "" and "@ana" in client.get(page).content.decode()
    client.post(f"{page}/say", {"text": "hi", "client_key": "k"})
    assert demo.window_open(ident)
    for act in ("day", "off", "block", "trouble"):
        assert client.post(f"{page}/do", {"act": act}).status_code == 303
    assert not demo.window_open(ident) and demo.faults.duplicate > 0
    assert demo.person(ident)["off"] == demo.person(ident)["blocked"] == 1
    assert client.post(f"{page}/do", {"act": "explode"}).status_code == 422


def _steward(client: Client) -> None:
    ident = people.create_account("Stella", roles=("steward",))
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.session = SessionStore()
    ways_in.begin_session(request, ident)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


def test_operators_see_what_stands_still_and_can_try_again(client: Client) -> None:
    assert client.get("/ops/channels").status_code in (302, 303, 403, 404)
    with kit.account():
        kit.straight(b"no json", {"X-Hub-Signature-256": kit.protocol.sign(b"no json", kit.KEYS.app_secret)})
        digest.drain()
        notices.account_down("main", "190")
        _steward(client)
        page = client.get("/ops/channels").content.decode()
        assert "not JSON" in page and "190" in page and "no json" not in page
        row = RawEvent.objects.get()
        assert client.post(f"/ops/channels/{row.id}", {"act": "again"}).status_code == 303
        assert RawEvent.objects.get().state == "new"
        digest.drain()
        assert client.post(f"/ops/channels/{row.id}", {"act": "discard"}).status_code == 303
        assert not RawEvent.objects.exists()
        assert client.post(f"/ops/channels/{row.id}", {"act": "discard"}).status_code == 404
