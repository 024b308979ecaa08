"""What somebody with bad intentions may try, one sentence each. Every attack goes through the product's own doors."""

# ruff: noqa: E501  (hostile bodies are read best on one line)

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.access import desk, parts, rest, talk, world

from kithwell import safety
from kithwell.channels.models import RawEvent
from kithwell.channels.whatsapp import digest, protocol
from kithwell.channels.whatsapp.tests import kit
from kithwell.config.front import Front
from kithwell.config.tests import driver
from kithwell.kernel import clock, ids, limits, live
from kithwell.people.tests.matrix import ACCESS_MATRIX
from kithwell.support import actions
from kithwell.support.models import Conversation, Message
from kithwell.support.tests import cast

pytestmark = pytest.mark.django_db

# As bytes of a form or an address: what no honest browser sends is sent all the same.
HOSTILE = {
    "a null byte": b"a%00b",
    "only a null byte": b"%00",
    "half a character": b"%ED%A0%80",
    "no UTF-8": b"%FF%FE%80",
    "a superscript two": b"%C2%B2",
    "a very long number": b"9" * 5000,
    "a negative number": b"-1",
    "no number": b"nan",
    "letters turned round": b"%E2%80%AEgpj.exe",
    "a long text": b"x%F0%9F%92%A5" * 3_000,
    "a way out of the folder": b"..%2F..%2Fetc%2Fpasswd",
    "a template": b"%7B%7B7*7%7D%7D%25s%25n",
    "a line break": b"a%0D%0ASet-Cookie:%20x=y",
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    limits.forget_all()
    yield
    limits.forget_all()


@pytest.fixture
def house() -> world.World:
    return world.build()


@pytest.fixture
def front(monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """The whole front; its threads leave no connection behind."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    made = Front()
    yield made
    for pool in (made.pages, made.streams):
        pool.stop(5)


def ask(front: Front, method: str, path: str, **more: Any) -> driver.Reply:
    return asyncio.run(asyncio.wait_for(driver.ask(front, method, path, **more), 30))


def _send(client: Client, method: str, path: str, body: bytes = b"") -> int:
    """One request whose effects are taken back; errors of the product come as their status."""
    limits.forget_all()
    client.raise_request_exception = False
    jar = client.cookies.output(header="", sep="; ")
    with transaction.atomic():
        answer = client.generic(method, path, body, content_type=FORM)
        transaction.set_rollback(True)
    client.cookies.load(jar)
    return int(answer.status_code)


def _able(statuses: dict[str, int]) -> str:
    """A role for which the form does something."""
    return next(
        (role for role in ("holder", "supervisor", "oncall") if statuses[role] in (200, 303)), "holder"
    )


def _encoded(form: dict[str, Any], places: dict[str, str]) -> dict[str, bytes]:
    return {key: quote(str(value).format(**places)).encode() for key, value in form.items()}


# -- forms, addresses, cookies ---------------------------------------------------------------------------------------


def test_no_field_of_any_form_breaks_a_page(house: world.World) -> None:
    rows = [(house.clients[_able(row[3])], row) for row in desk.ROWS]
    rows += [(house.clients["steward"], row) for row in rest.ROWS]
    rows += [(house.clients["visitor"], row) for row in talk.ROWS]
    rows += [(house.clients["anonymous"], row) for row in talk.ROWS]
    rows += [(house.clients[_freest(row[3])], row) for row in parts.ROWS]
    broken = []
    for client, (method, path, form, _statuses) in rows:
        if method != "POST":
            continue
        given = _encoded(form, house.places)
        for field in form:
            for name, value in HOSTILE.items():
                fields = {**given, field: value}
                body = b"&".join(key.encode() + b"=" + v for key, v in fields.items())
                status = _send(client, "POST", path.format(**house.places), body)
                if status >= 500:
                    broken.append(f"POST {path}: {field} is {name}: {status}")
    assert not broken, "\n".join(broken)


SIGN_FORMS = {
    "/join": ("own", "pick", "password", "age_band", "next"),
    "/sign-in": ("name", "password", "next"),
    "/sign-in/other": ("name", "code", "email"),
    "/step-up": ("password", "next"),
    "/me": ("language", "country", "theme", "age_band", "email"),
    "/me/name": ("own", "pick", "password"),
    "/me/keys": ("act", "key", "password", "new"),
    "/me/sessions": ("session", "act"),
    "/me/consents": ("item", "act"),
    "/me/export": ("password",),
    "/me/erase": ("writing", "password", "act"),
    "/people": ("name", "role", "act", "account", "reason"),
    "/link/made-up": ("password",),
}


def test_no_field_of_the_sign_in_forms_breaks_a_page(house: world.World) -> None:
    known = {path for path, method, _statuses in ACCESS_MATRIX if method == "POST"}
    broken = []
    for path, fields in SIGN_FORMS.items():
        assert path in known, f"{path} takes no form any more: bring SIGN_FORMS up to date"
        for client in (house.clients["anonymous"], house.clients["steward"]):
            for field in fields:
                for name, value in HOSTILE.items():
                    fields_now = {f: b"x" for f in fields} | {field: value}
                    body = b"&".join(key.encode() + b"=" + v for key, v in fields_now.items())
                    if (status := _send(client, "POST", path, body)) >= 500:
                        broken.append(f"POST {path}: {field} is {name}: {status}")
    assert not broken, "\n".join(broken)


QUERIES = ("since", "of", "tab", "notice", "days", "from", "next", "new", "said", "lang", "country", "dir")


def _freest(statuses: dict[str, int]) -> str:
    """Whoever gets furthest here."""
    return min(statuses, key=lambda role: statuses[role])


def test_no_address_breaks_a_page(house: world.World) -> None:
    people = {(method, path) for path, method, _statuses in ACCESS_MATRIX}
    asked = [("steward", method, path) for method, path in sorted(people)]
    asked += [("supervisor", method, path) for method, path, *_rest in desk.ROWS]
    asked += [("steward", method, path) for method, path, *_rest in rest.ROWS]
    asked += [("visitor", method, path) for method, path, *_rest in talk.ROWS]
    asked += [(_freest(statuses), method, path) for method, path, _form, statuses in parts.ROWS]
    broken = []
    for role, method, path in dict.fromkeys(asked):
        bare = path.partition("?")[0]
        for name, value in HOSTILE.items():
            if len(value) > 6000:
                continue  # the front refuses such a line before anybody reads it
            if "{" in path:
                tried = re.sub(r"{\w+}", value.decode(), path)
            elif method == "GET":
                tried = bare + "?" + "&".join(f"{q}={value.decode()}" for q in QUERIES)
            else:
                continue
            if (status := _send(house.clients[role], method, tried)) >= 500:
                broken.append(f"{role}: {method} {path} with {name}: {status}")
    assert not broken, "\n".join(broken)


def test_no_cookie_breaks_a_page(house: world.World) -> None:
    names = ("sessionid", "csrftoken", "kw_visitor", "kw_device", "kw_sim", "language", "theme", "country")
    for value in ("", "x", "²" * 50, "9" * 3000, "a.b.c", "../..", "'; DROP TABLE", "\x7f", "a" * 201):
        client = Client(raise_request_exception=False)
        for name in names:
            client.cookies[name] = value
        for path in ("/", "/sign-in", "/talk", "/talk/c", "/desk", "/me", "/sim", "/talk/r/" + "x" * 40):
            assert client.get(path).status_code < 500, (path, value)


@pytest.mark.django_db(transaction=True)
def test_no_header_breaks_a_live_stream_or_the_help_page(front: Front) -> None:
    for value in (
        "²",
        "=²",
        "topic=²",
        "=" + "9" * 5000,
        "a=b=c",
        "\xff",
        '"',
        "$x=1; =; a[b]={c}",
        "a=1, b=2;;;=",
    ):
        for header in ("last-event-id", "cookie", "accept-language"):
            headers = {header: value}
            assert ask(front, "GET", "/live?topic=conversation:x", headers=headers).status == 403
            assert ask(front, "GET", "/help?country=%C2%B2&lang=%00", headers=headers).status == 200


def test_where_to_go_next_is_never_another_site(house: world.World) -> None:
    elsewhere = (
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "/\t/evil.example", "javascript:alert(1)", "/%09/evil.example", "//evil.example/%2f..", " //evil.example",
        "/@evil.example:x//", "http:evil.example", "\x00//evil.example",
    )  # fmt: skip
    for target in elsewhere:
        limits.forget_all()
        forms: list[tuple[str, dict[str, str]]] = [
            ("/sign-in", {"name": world.NAMES["member"], "password": world.PASSWORD}),
            ("/language", {"language": "es"}),
            ("/theme", {"theme": "dark"}),
            ("/country", {"country": "ES"}),
        ]
        for path, form in forms:
            answer = Client(raise_request_exception=False).post(path, {**form, "next": target})
            assert answer.status_code in (303, 422), (path, target, answer.status_code)
            assert _inside(answer.headers.get("Location", "/")), (path, target, answer["Location"])
        signed_in = house.clients["member"].get("/sign-in", {"next": target})
        assert _inside(signed_in["Location"]), (target, signed_in["Location"])
        proved = house.clients["stale"].post("/step-up", {"password": world.PASSWORD, "next": target})
        assert _inside(proved["Location"]), (target, proved["Location"])


def _inside(location: str) -> bool:
    """Would every browser stay on this site? Browsers drop tabs and line breaks and take a backslash for a slash."""
    read = re.sub(r"[\t\r\n\x00]", "", location).strip().replace("\\", "/")
    return read.startswith("/") and not read.startswith("//")


@pytest.mark.django_db(transaction=True)
def test_headers_cannot_be_smuggled_into_an_answer(front: Front) -> None:
    for name in ("x-request-id", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "referer"):
        reply = ask(front, "GET", "/sign-in", headers={name: "evil.example\r\nset-cookie: a=b"})
        shown = reply.body + b"".join(k + b": " + v for k, v in reply.headers)
        assert reply.status == 200 and b"evil.example" not in shown and b"a=b" not in shown, name
    for host in (
        "evil.example",
        "localhost.evil.example",
        "localhost:80@evil.example",
        "evil.example:8000",
        "",
    ):
        assert ask(front, "GET", "/sign-in", headers={"host": host}).status == 421, host
    reply = ask(front, "GET", "/language%0d%0aset-cookie:a=b")
    assert reply.status == 404 and "set-cookie" not in dict(reply.headers)


@pytest.mark.django_db(transaction=True)
def test_no_file_outside_the_static_folder_is_served(front: Front) -> None:
    for path in (
        "/static/../settings.py", "/static/..%2f..%2fconfig/settings.py", "/static//etc/passwd", "/static/%00",
        "/static/....//....//pyproject.toml", "/static/dist/../../templates/ui/base.html", "/static/", "/static/.",
        "/static/\\..\\..\\pyproject.toml", "/sim/graph/../../etc/passwd", "/sim/p/..%2f..%2fetc/file/passwd",
        "/desk/c/..%2f..%2f/file/..%2fpasswd",
    ):  # fmt: skip
        reply = ask(front, "GET", path)
        assert reply.status in (303, 404), (path, reply.status)
        assert b"INSTALLED_APPS" not in reply.body and b"root:" not in reply.body


@pytest.mark.django_db(transaction=True)
def test_a_body_of_fifty_megabytes_is_refused_before_it_is_read(front: Front) -> None:
    size = str(50_000_000)
    for path in ("/talk/start", "/sign-in", "/hooks/whatsapp/main", "/desk/c/x/reply"):
        with kit.account():
            said = {"content-type": FORM, "content-length": size}
            assert ask(front, "POST", path, headers=said, chunks=[b"text=x"]).status == 413, path
            endless = [b"x" * 1_000_000] * 50  # says nothing of its length
            said = {"content-type": FORM, "transfer-encoding": "chunked"}
            assert ask(front, "POST", path, headers=said, chunks=endless).status == 413, path


@pytest.mark.django_db(transaction=True)
def test_a_packed_bomb_is_not_unpacked(front: Front) -> None:
    bomb = gzip.compress(b"text=" + b"a" * 50_000_000)
    headers = {"content-type": FORM, "content-encoding": "gzip", "content-length": str(len(bomb))}
    began = time.process_time()
    assert ask(front, "POST", "/talk/start", headers=headers, chunks=[bomb]).status in (
        303,
        400,
        403,
        415,
        422,
    )
    assert time.process_time() - began < 5
    assert not Message.objects.exists()


# -- webhooks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def door() -> Iterator[kit.Door]:
    with kit.account():
        made = kit.Door()
        yield made
        made.close()


def _body(text: str = "hello", ident: str = "wamid.1") -> bytes:
    return kit.message_post(kit.text(ident, text, clock.now()))


@pytest.mark.django_db(transaction=True)
def test_a_forged_webhook_is_refused_whatever_its_signature_looks_like(door: kit.Door) -> None:
    body = _body()
    right = protocol.sign(body, kit.KEYS.app_secret)
    forged = {
        "none": {},
        "empty": {"X-Hub-Signature-256": ""},
        "only the prefix": {"X-Hub-Signature-256": "sha256="},
        "another secret": {"X-Hub-Signature-256": protocol.sign(body, "other")},
        "an empty secret": {"X-Hub-Signature-256": protocol.sign(body, "")},
        "that of another body": {"X-Hub-Signature-256": protocol.sign(body + b" ", kit.KEYS.app_secret)},
        "cut short": {"X-Hub-Signature-256": right[:-1]},
        "without its name": {"X-Hub-Signature-256": right.removeprefix("sha256=")},
        "under the old header": {"X-Hub-Signature": right},
        "not of ASCII": {"X-Hub-Signature-256": "sha256=é".encode()},
        "many": {"X-Hub-Signature-256": f"{right}, {right}"},
    }
    for what, headers in forged.items():
        assert door.post(body, headers) == 403, what
    assert door.post(body.replace(b"hello", b"hallo"), {"X-Hub-Signature-256": right}) == 403
    assert door.post(body + b"\n", {"X-Hub-Signature-256": right}) == 403
    assert not RawEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_replayed_webhook_is_one_message_today_and_tomorrow(door: kit.Door) -> None:
    body = _body()
    for _ in range(3):
        assert door.signed(body) == 200
        kit.work()
    respaced = json.dumps(json.loads(body), indent=1).encode()  # another body, the same message
    assert door.signed(respaced) == 200
    kit.work()
    with clock.shifted(timedelta(days=3)):
        assert door.signed(body) == 200
        kit.work()
    assert Message.objects.filter(author="person").count() == 1


def _strange_posts() -> dict[str, bytes]:
    inner = '{"entry":[{"changes":[{"field":"messages","value":%s}]}]}'
    return {
        "nothing": b"",
        "no JSON": b"<xml/>",
        "deep lists": b"[" * 100_000,
        "deep objects": b'{"a":' * 100_000,
        "a deep field": (inner % ('{"messages":[{"id":"d","from":"34600000009","type":"text","text":' + "[" * 900 + "]" * 900 + "}]}")).encode(),
        "a huge number": (inner % ('{"messages":[{"id":"n","from":"34600000009","timestamp":' + "9" * 4000 + "}]}")).encode(),
        "a number beyond": (inner % ('{"messages":[{"id":"n","from":"34600000009","timestamp":' + "9" * 9000 + "}]}")).encode(),
        "not a number": (inner % '{"messages":[{"id":"n2","from":"34600000009","timestamp":NaN}]}').encode(),
        "UTF-16": json.dumps({"entry": []}).encode("utf-16"),
        "broken UTF-8": b'{"entry":[{"changes":[{"value":{"messages":[{"id":"\xff"}]}}]}]}',
        "null bytes": (inner % '{"messages":[{"id":"a\\u0000b","from":"34600000009","type":"text","text":{"body":"\\u0000x"}}]}').encode(),
        "lone surrogates": (inner % '{"messages":[{"id":"s\\ud800","from":"34600000009","type":"text","text":{"body":"\\udfff"}}],"contacts":[{"wa_id":"34600000009","profile":{"name":"\\ud83d"}}]}').encode(),
        "lists for texts": (inner % '{"messages":[{"id":[],"from":{},"type":[],"text":7,"timestamp":[]}],"statuses":[{"id":{},"status":[]}],"contacts":{}}').encode(),
        "strange codes": (inner % '{"statuses":[{"id":"x","status":"failed","errors":[{"code":"²"}]}]}').encode(),
        "a long id": (inner % ('{"messages":[{"id":"' + "i" * 5000 + '","from":"34600000009","type":"text","text":{"body":"x"}}]}')).encode(),
        "gzip": gzip.compress(_body()),
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_no_signed_body_stops_the_next_one(door: kit.Door) -> None:
    """Even the provider's key in wrong hands does not keep the next person from being heard."""
    for n, (what, body) in enumerate(_strange_posts().items()):
        assert door.signed(body) == 200, what
        assert door.signed(_body(f"after {what}", f"wamid.after-{n}")) == 200
        digest.drain()
        heard = [kit.words(message) for message in kit.written()]
        assert f"after {what}" in heard, f"{what}: the message after it was not heard"
    assert not RawEvent.objects.filter(state="new").exists()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(), lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(["entry", "changes", "value", "messages", "statuses", "contacts", "errors", "calls", "id", "from", "type", "text", "body", "field"]), x, max_size=4), max_leaves=20))  # fmt: skip
def test_no_shape_of_a_post_breaks_its_reader(shape: Any) -> None:
    for body in (
        shape,
        {"entry": [{"changes": [{"field": "messages", "value": shape}]}]},
        {"entry": [{"changes": shape}]},
    ):
        protocol.read(json.dumps(body).encode())


def test_no_text_makes_the_screening_slow() -> None:
    """Long and repetitive words are read in the time of long words: no pattern blows up."""
    safety.screen("warm up")
    pieces = ("a", "not ", "want to die ", "I ", "! ", "' ", "my friend said ", "0", "don't ", "\n", "é", "if ", "tonight ", '"', "🙂")  # fmt: skip
    for piece in pieces:
        text = piece * (60_000 // len(piece))
        began = time.thread_time()
        safety.screen(text, text[:4000])
        assert time.thread_time() - began < 2.0, f"{piece!r} times {len(text) // len(piece)}"


# -- words that are code ---------------------------------------------------------------------------------------------

EVIL = (
    "\"'><img src=x onerror=alert(1)><script>alert(2)</script><svg/onload=alert(3)>{{7*7}}</textarea></title>"
)
ALIVE = re.compile(r"<img src=x|<script>alert|<svg/onload|(?<![\w-])49(?![\w-])</p>|</textarea></title>")


def _evil_whatsapp() -> None:
    """Everything a person can fill in on WhatsApp, filled with code."""
    now = str(int(clock.now().timestamp()))
    sender = {"from": "34600000077", "timestamp": now}
    parts: list[dict[str, Any]] = [
        {"type": "text", "text": {"body": EVIL}},
        {"type": "image", "image": {"id": "m1", "mime_type": EVIL, "caption": EVIL, "filename": EVIL}},
        {"type": "document", "document": {"id": "m2", "mime_type": "text/html\r\nX-Evil: 1", "filename": EVIL}},
        {"type": "contacts", "contacts": [{"name": {"formatted_name": EVIL}, "phones": [{"phone": EVIL}]}]},
        {"type": "location", "location": {"name": EVIL, "address": EVIL, "latitude": 1.5, "longitude": 2}},
        {"type": "button", "button": {"text": EVIL, "payload": EVIL}},
        {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": EVIL, "title": EVIL}}},
        {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": EVIL, "response_json": json.dumps({EVIL: EVIL})}}},
        {"type": "reaction", "reaction": {"emoji": EVIL, "message_id": EVIL}},
        {"type": "order", "order": {"text": EVIL, "product_items": [{"quantity": EVIL, "product_retailer_id": EVIL}]}},
        {"type": EVIL, EVIL: {"body": EVIL}},
        {"type": "system", "system": {"type": EVIL, "body": EVIL}},
    ]  # fmt: skip
    messages = [{**sender, "id": f"wamid.evil-{n}", **part} for n, part in enumerate(parts)]
    card = {"wa_id": "34600000077", "profile": {"name": EVIL, "username": EVIL}}
    kit.take(kit.message_post(*messages, contacts=[card]))


def _evil_desk(house: world.World, conversation: Conversation) -> None:
    """Everything staff can fill in, filled with code, through the pages."""
    sam, vera, place = house.clients["holder"], house.clients["supervisor"], f"/desk/c/{conversation.id}"
    version = str(cast.version(conversation.id))
    forms = [
        (sam, "/reply", {"text": EVIL, "client_key": EVIL[:60], "version": version}),
        (sam, "/note", {"text": EVIL}),
        (vera, "/note", {"text": EVIL, "kind": "whisper"}),
        (sam, "/flag", {"kind": "care", "days": "7", "reason": EVIL}),
        (
            sam,
            "/hand-over",
            {"to": f"colleague:{house.people['supporter'].id}", "note": EVIL, "version": version},
        ),
    ]
    for client, path, form in forms:
        assert client.post(place + path, form).status_code == 303, path


def test_no_words_of_anybody_become_code_on_any_page(house: world.World) -> None:
    with kit.account():
        _evil_whatsapp()
    newest = Conversation.objects.get(channel="whatsapp")
    sam = house.people["holder"].id
    assert sam is not None
    actions.reassign(house.people["supervisor"], newest.id, sam, EVIL)
    _evil_desk(house, newest)
    guest = Client()
    guest.post("/talk/start", {"text": EVIL, "client_key": EVIL[:60], "language": EVIL, "country": EVIL})
    place = f"/desk/c/{newest.id}"
    seen = {
        "holder": ["/desk", "/desk/side", place, place + "/new?since=0", f"{place}?tab={quote(EVIL)}&notice={quote(EVIL)}"],
        "supporter": ["/desk", place],
        "supervisor": ["/supervisor", "/supervisor/board", "/supervisor/reports", place],
    }  # fmt: skip
    pages = [(role, path, house.clients[role].get(path)) for role, paths in seen.items() for path in paths]
    pages += [("guest", path, guest.get(path)) for path in ("/talk/c", "/talk/c/new?since=0", "/talk/c/now")]
    too_long = {"text": EVIL * 400, "client_key": "abcdefgh"}  # comes back in its box
    pages.append(("guest", "/talk/c/send", guest.post("/talk/c/send", too_long)))
    stale = {"text": EVIL, "client_key": EVIL[:50], "version": "0"}
    pages.append(("holder", "/reply", house.clients["holder"].post(place + "/reply", stale)))
    wrong = Client().post("/sign-in", {"name": EVIL, "password": "x", "next": EVIL})
    pages.append(("anonymous", "/sign-in", wrong))
    for role, path, answer in pages:
        assert answer.status_code in (200, 409, 422), (role, path, answer.status_code)
        html = answer.content.decode()
        found = ALIVE.search(html)
        assert not found, f"{role}: {path}: {html[max(0, found.start() - 200) : found.end() + 60]}"
    assert "onerror=alert(1)" in pages[2][2].content.decode(), "the words must be there, as words"
    _end_with_code(house, newest)


def _end_with_code(house: world.World, conversation: Conversation) -> None:
    """Summary and next step, and the next conversation of the same person, which shows both."""
    sam, place = house.clients["holder"], f"/desk/c/{conversation.id}"
    form = {"summary": EVIL, "next_step": EVIL, "version": str(cast.version(conversation.id))}
    assert sam.post(place + "/end", form).status_code == 303
    with kit.account():
        kit.take(kit.message_post(kit.text("wamid.evil-again", "me again", clock.now(), "34600000077")))
    again = Conversation.objects.exclude(state="ended").get(channel="whatsapp")
    sam_id = house.people["holder"].id
    assert sam_id is not None
    actions.reassign(house.people["supervisor"], again.id, sam_id, "again")
    html = sam.get(f"/desk/c/{again.id}").content.decode()
    assert "onerror=alert(1)" in html and not ALIVE.search(html)


def test_a_file_that_says_it_is_a_page_is_never_shown_as_one(house: world.World) -> None:
    """Whatever type the provider names: no page of ours runs it, and no type breaks the answer."""
    held = house.talks["held"]
    page = b"<html><script>alert(1)</script>"
    for mime in (
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "image/png\r\nX-Evil: 1",
        "text/xml",
        EVIL,
        "",
        "é",
    ):
        file = {"kind": "document", "mime": mime, "name": EVIL, "ref": "m"}
        sent = cast.Phone("447700900101").words("see this", ident=f"file-{ids.new_id()}", attachments=(file,))
        attachment = actions.receive([sent])[0].attachments[0]
        actions.attachment_ready(attachment, page, mime)
        client = house.clients["holder"]
        client.raise_request_exception = False
        answer = client.get(f"/desk/c/{held.id}/file/{attachment}")
        assert answer.status_code == 200, (mime, answer.status_code)
        kind = answer.headers["Content-Type"].partition(";")[0]
        shown = answer.headers["Content-Disposition"] == "inline"
        assert not shown or kind in ("image/png", "image/jpeg", "image/gif", "image/webp"), mime
        assert "X-Evil" not in answer.headers


def test_no_file_name_is_dressed_up_as_another(house: world.World) -> None:
    """Letters that turn the reading direction round would show "photo<RLO>gnp.exe" as a picture."""
    turned = "photo\u202egnp.exe"
    now = str(int(clock.now().timestamp()))
    file = {"id": "m9", "mime_type": "application/octet-stream", "filename": turned + "\u2066\u0000"}
    message = {
        "id": "wamid.bidi",
        "from": "34600000088",
        "timestamp": now,
        "type": "document",
        "document": file,
    }
    with kit.account():
        kit.take(kit.message_post(message))
    place = Conversation.objects.get(channel="whatsapp").id
    page = house.clients["supervisor"].get(f"/desk/c/{place}").content.decode()
    assert "photognp.exe" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


# -- whose session, whose conversation -------------------------------------------------------------------------------


def test_a_session_planted_before_signing_in_is_not_the_one_after(house: world.World) -> None:
    victim = Client()
    victim.cookies["sessionid"] = planted = "attacker-chose-this-0123456789"
    assert (
        victim.post("/sign-in", {"name": world.NAMES["member"], "password": world.PASSWORD}).status_code
        == 303
    )
    assert victim.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/me").status_code == 303
    other = world.enter(world.NAMES["supporter"])
    first = other.cookies["sessionid"].value
    other.post("/sign-out")
    thief = Client()
    thief.cookies["sessionid"] = first
    assert thief.get("/me").status_code == 303, "signing out must end the session on the server"


def test_a_planted_or_changed_secret_opens_no_conversation(house: world.World) -> None:
    victim = Client()
    victim.cookies["kw_visitor"] = planted = "attacker-chose-this-0123456789ab"
    victim.post("/talk/start", {"text": "only for you", "client_key": "abcdefgh"})
    real = victim.cookies["kw_visitor"].value
    assert real != planted and victim.get("/talk/c").status_code == 200
    flags = victim.cookies["kw_visitor"]
    assert flags["httponly"] and flags["samesite"] == "Lax"
    changed = [
        real[:-1],
        real + "x",
        real.swapcase(),
        real[::-1],
        planted,
        "",
        "null",
        str(house.talks["held"].contact_id),
    ]
    for guess in changed:
        thief = Client()
        thief.cookies["kw_visitor"] = guess
        answer = thief.get("/talk/c")
        assert answer.status_code == 303 and "only for you" not in answer.content.decode()
        assert thief.get("/talk/c/new?since=0").status_code == 404


def test_a_link_opens_nothing_in_another_browser_and_only_its_last_version_works(house: world.World) -> None:
    link = house.places["link"]
    stolen = Client()
    assert stolen.get(f"/talk/r/{link}").status_code == 404
    stolen.cookies["kw_device"] = house.clients["stranger"].cookies["kw_device"].value
    assert stolen.get(f"/talk/r/{link}").status_code == 404
    page = house.clients["visitor"].post("/talk/c/link").content.decode()
    newer = re.search(r"/talk/r/([\w-]{20,})", page)
    assert newer and newer[1] != link
    assert house.clients["visitor"].get(f"/talk/r/{link}").status_code == 404
    for n in range(0, len(newer[1]), 5):
        close = newer[1][:n] + ("A" if newer[1][n] != "A" else "B") + newer[1][n + 1 :]
        assert house.clients["visitor"].get(f"/talk/r/{close}").status_code == 404
    before = house.clients["visitor"].cookies["kw_visitor"].value
    assert house.clients["visitor"].get(f"/talk/r/{newer[1]}").status_code == 303
    old = Client()
    old.cookies["kw_visitor"] = before
    assert old.get("/talk/c").status_code == 303, "coming back by link ends the visit that was open elsewhere"


def test_a_visitors_cookie_hears_no_other_conversation(house: world.World) -> None:
    cookies = {k: m.value for k, m in house.clients["stranger"].cookies.items()}
    for place in ("talk", "held", "waiting", "alarm"):
        with pytest.raises(live.Refused):
            live.authorise(cookies, f"conversation:{house.places[place]}")
    for topic in ("supervisor", "queue", f"desk:{house.people['holder'].id}"):
        with pytest.raises(live.Refused):
            live.authorise(cookies, topic)


def test_the_same_form_twice_is_one_message_and_one_reply(house: world.World) -> None:
    form = {"text": "I pressed twice", "client_key": "pressed-twice-1"}
    for _ in range(3):
        house.clients["visitor"].post("/talk/c/send", form)
    talk_id = house.places["talk"]
    assert Message.objects.filter(conversation=talk_id, author="person").count() == 2
    held = f"/desk/c/{house.places['held']}/reply"
    said = {"text": "here", "client_key": "desk-twice-1", "version": house.places["held_version"]}
    for _ in range(3):
        assert house.clients["holder"].post(held, said).status_code == 303
    assert Message.objects.filter(client_key="desk-twice-1").count() == 1


def test_the_key_of_another_s_form_is_of_no_use(house: world.World) -> None:
    """A client key seen elsewhere neither hides the words of whoever repeats it nor tells them the other's message."""
    form = {"text": "mine", "client_key": "seen-by-both-1"}
    house.clients["visitor"].post("/talk/c/send", form)
    house.clients["stranger"].post("/talk/c/send", {**form, "text": "mine too"})
    assert "mine too" in house.clients["stranger"].get("/talk/c").content.decode()
    held = house.talks["held"].id
    said = {"text": "hello from Sam", "client_key": "k-of-sam-1", "version": house.places["held_version"]}
    assert house.clients["holder"].post(f"/desk/c/{held}/reply", said).status_code == 303
    toni = house.people["supporter"].id
    assert toni is not None
    actions.reassign(house.people["supervisor"], held, toni, "Sam has to go")
    house.clients["supporter"].raise_request_exception = False
    again = {"text": "hello from Toni", "client_key": "k-of-sam-1", "version": str(cast.version(held))}
    assert house.clients["supporter"].post(f"/desk/c/{held}/reply", again).status_code in (303, 409)


def test_who_lost_a_conversation_reads_and_writes_nothing_more_in_it(house: world.World) -> None:
    sam, held = house.clients["holder"], house.talks["held"].id
    place, cookies = f"/desk/c/{held}", {k: m.value for k, m in house.clients["holder"].cookies.items()}
    assert sam.get(place).status_code == 200
    toni = house.people["supporter"].id
    assert toni is not None
    actions.reassign(house.people["supervisor"], held, toni, "Sam fell silent")
    cast.Phone("447700900101").say("a new word after Sam left")
    for path in ("", "/new?since=0", f"/file/{house.places['file']}"):
        assert sam.get(place + path).status_code == 404, path
    for path, form in (
        ("/reply", {"text": "x", "client_key": "k99", "version": str(cast.version(held))}),
        ("/note", {"text": "x"}),
        ("/reveal", {"reason": "I still want to know"}),
        ("/end", {"summary": "x", "next_step": "y", "version": str(cast.version(held))}),
        ("/level", {"level": "C0"}),
        (f"/message/{house.places['unsent']}", {"step": "retry"}),
    ):
        assert sam.post(place + path, form).status_code == 404, path
    with pytest.raises(live.Refused):
        live.authorise(cookies, f"conversation:{held}")
    assert "a new word after" not in sam.get("/desk").content.decode()


def test_a_role_taken_away_ends_at_once(house: world.World) -> None:
    from kithwell.kernel.principal import SYSTEM
    from kithwell.people import actions as people

    vera = house.people["supervisor"].id
    assert vera is not None
    assert house.clients["supervisor"].get("/supervisor").status_code == 200
    people.revoke_role(SYSTEM, vera, "supervisor")
    assert house.clients["supervisor"].get("/supervisor").status_code in (303, 403)
    assert house.clients["supervisor"].get(f"/desk/c/{house.places['held']}").status_code in (303, 403, 404)


def test_no_action_page_answers_a_cross_site_get(house: world.World) -> None:
    """Signing out, leaving a conversation, erasing: a picture on another site cannot do any of it."""
    assert house.clients["member"].get("/sign-out").status_code == 200
    assert house.clients["member"].get("/me").status_code == 200
    for path in ("/talk/c/end", "/talk/c/away", "/talk/c/person", "/talk/c/send?text=x"):
        assert house.clients["visitor"].get(path).status_code == 405
    assert house.clients["visitor"].get("/talk/c/delete").status_code == 200
    assert house.clients["visitor"].get("/talk/c").status_code == 200


def test_nothing_of_this_machine_is_told_in_an_error() -> None:
    answer = Client(raise_request_exception=False).get("/no/such/place")
    text = answer.content.decode()
    assert answer.status_code == 404 and not re.search(r"Traceback|/work|site-packages|\.py\b", text)
    assert str(Path.home()) not in text
