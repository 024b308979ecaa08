"""Every address of the product, for everybody. A new address without a row fails here, by its name."""

from __future__ import annotations

import asyncio
import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from tests.access import desk, parts, rest, talk, world
from tests.access.desk import ROLES, Row

from kithwell.channels.whatsapp.tests import kit
from kithwell.config.front import Front
from kithwell.config.tests import driver
from kithwell.kernel import errors, ids, limits, live
from kithwell.people.tests.matrix import ACCESS_MATRIX
from kithwell.support import actions
from kithwell.support.tests import cast

pytestmark = pytest.mark.django_db
ROWS: list[Row] = [*desk.ROWS, *rest.ROWS]
VISITORS = ("visitor", "stranger")
# Choosing language, theme and country: see kernel/choices.py for why these carry no token.
WITHOUT_TOKEN = {"language", "theme", "country"}


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "01890000-0000-7000-8000-000000000000"


def patterns() -> list[URLPattern]:
    """Every page of the product."""
    return [p for p in get_resolver().url_patterns if isinstance(p, URLPattern)]


def named(path: str) -> str:
    return str(resolve(path.partition("?")[0].format_map(_Anything())).url_name)


def test_every_page_has_a_row_in_the_matrix() -> None:
    here = {named(path) for _method, path, _form, _statuses in (*ROWS, *talk.ROWS, *parts.ROWS)}
    people = {named(path) for path, _method, _statuses in ACCESS_MATRIX}
    missing = sorted(f"{p.name} (/{p.pattern})" for p in patterns() if p.name not in here | people)
    assert not missing, "No row in tests/access/ says who may open: " + ", ".join(missing)


def test_every_native_route_has_a_row_in_the_matrix() -> None:
    front = Front()
    known = [*front.exact, *(route.path for route in front.routes)]
    asked = [path.partition("?")[0] for _method, path, *_rest in rest.NATIVE]

    def has_row(route: str) -> bool:
        form = re.sub(r"\{\w+:path\}", ".+", route)
        form = re.sub(r"\{\w+\}", "[^/]+", form)
        return any(re.fullmatch(form, path) for path in asked)

    missing = [route for route in known if not has_row(route)]
    assert not missing, "No row in tests/access/rest.py (NATIVE) says who gets what at: " + ", ".join(missing)


def test_every_live_topic_has_a_row_in_the_matrix() -> None:
    have = {topic.partition(":")[0] for topic in (*rest.TOPICS, *parts.TOPICS)}
    shipped = {
        kind for kind, known in live._authorisers.items() if any(".tests." not in f.__module__ for f in known)
    }
    missing = sorted(shipped - have)
    assert not missing, f"No row in tests/access/rest.py (TOPICS) says who may listen to: {missing}"


def test_every_row_names_every_role() -> None:
    assert all(set(statuses) == set(ROLES) for *_rest, statuses in ROWS)
    assert all(set(statuses) == set(talk.ROLES) for *_rest, statuses in talk.ROWS)
    for part in parts.MODULES:
        assert all(set(statuses) == set(part.ROLES) for *_rest, statuses in part.ROWS), part.__name__


@pytest.fixture
def house() -> Iterator[world.World]:
    limits.forget_all()
    yield world.build()
    limits.forget_all()


def ask(client: Client, method: str, path: str, form: dict[str, Any], places: dict[str, str]) -> Any:
    """One request, and then everything as it was before."""
    limits.forget_all()
    jar, path = copy.deepcopy(client.cookies), path.format(**places)
    filled = {key: str(value).format(**places) for key, value in form.items()}
    with transaction.atomic():
        answer = client.get(path) if method == "GET" else client.post(path, filled)
        transaction.set_rollback(True)
    client.cookies = jar
    return answer


def test_everybody_gets_the_answer_that_is_theirs(house: world.World) -> None:
    wrong = []
    for method, path, form, statuses in (*ROWS, *talk.ROWS, *parts.ROWS):
        for role, status in statuses.items():
            answer = ask(house.clients[role], method, path, form, house.places)
            if answer.status_code != status:
                wrong.append(f"{role}: {method} {path} {form or ''}: {answer.status_code}, not {status}")
    assert not wrong, "\n".join(wrong)


def test_a_visitor_is_nobody_at_the_desk(house: world.World) -> None:
    for method, path, form, statuses in desk.ROWS:
        for role in VISITORS:
            answer = ask(house.clients[role], method, path, form, house.places)
            assert answer.status_code == statuses["anonymous"], f"{role}: {method} {path}"


def test_each_browser_sees_its_own_web_chat_and_no_other(house: world.World) -> None:
    for method, path, form, _statuses in talk.ROWS:
        for role in talk.ROLES:
            shown = ask(house.clients[role], method, path, form, house.places).content.decode()
            if role != "visitor":
                assert "from the library" not in shown, f"{role}: {method} {path}"
            if role != "stranger":
                assert "from the train" not in shown, f"{role}: {method} {path}"


def _bare(answer: Any) -> str:
    """A page without what differs from one request to the next: tokens, its own address."""
    text = answer.content.decode()
    return re.sub(r'(name="(csrfmiddlewaretoken|next)"[^>]*value=")[^"]*', r"\1", text)


def test_what_belongs_to_another_looks_like_what_is_not_there(house: world.World) -> None:
    nothing = {k: v if "version" in k else str(ids.new_id()) for k, v in house.places.items()}
    for method, path, form, statuses in ROWS:
        for role in ("supporter", "oncall", "member", "steward"):
            if statuses[role] not in (403, 404) or "{" not in path:
                continue
            theirs = ask(house.clients[role], method, path, form, house.places)
            gone = ask(house.clients[role], method, path, form, nothing)
            what = f"{role}: {method} {path}"
            assert (theirs.status_code, _bare(theirs)) == (gone.status_code, _bare(gone)), what
            for word in ("447700", "I feel low"):
                assert word not in theirs.content.decode(), f"{what} tells {word!r}"


def test_no_form_is_taken_without_its_token(house: world.World) -> None:
    exempt = {p.name for p in patterns() if getattr(p.callback, "csrf_exempt", False)}
    without = WITHOUT_TOKEN | parts.TOKENLESS
    assert exempt == without, f"these pages take forms without a token: {exempt - without}"
    strict = {
        role: Client(enforce_csrf_checks=True) for role in ("holder", "supervisor", "steward", "oncall")
    }
    for role, client in strict.items():
        client.cookies = house.clients[role].cookies
    for method, path, form, _statuses in ROWS:
        if method == "POST" and named(path) not in WITHOUT_TOKEN:
            for role, client in strict.items():
                answer = ask(client, "POST", path, form, house.places)
                assert answer.status_code == 403, f"{role}: POST {path} without a token: {answer.status_code}"
    writer = Client(enforce_csrf_checks=True)
    writer.cookies = house.clients["visitor"].cookies
    for method, path, form, _statuses in talk.ROWS:
        if method == "POST":
            assert ask(writer, "POST", path, form, house.places).status_code == 403, f"visitor: POST {path}"
    for method, path, form, statuses in parts.ROWS:
        if method == "POST" and named(path) not in parts.TOKENLESS:
            for role in statuses:
                client = Client(enforce_csrf_checks=True)
                client.cookies = house.clients[role].cookies
                answer = ask(client, "POST", path, form, house.places)
                assert answer.status_code == 403, f"{role}: POST {path} without a token: {answer.status_code}"
    for path, method, _rest in ACCESS_MATRIX:
        if method == "POST":
            found = path.format_map(_Anything())
            assert ask(strict["steward"], "POST", found, {}, {}).status_code == 403, f"POST {path}"


def test_another_site_cannot_make_a_visitor_choose(house: world.World) -> None:
    for name in WITHOUT_TOKEN:
        answer = Client(headers={"sec-fetch-site": "cross-site"}).post(f"/{name}", {name: "es"})
        assert answer.status_code == 403


def test_pages_know_their_methods(house: world.World) -> None:
    """GET where only POST is known changes nothing and says so; no page answers PUT, PATCH or DELETE."""
    rows = (*ROWS, *parts.ROWS)
    posted = {path for method, path, *_rest in rows if method == "POST"}
    gotten = {path.partition("?")[0] for method, path, *_rest in rows if method == "GET"}
    shown = {named(path) for path in gotten}
    client = house.clients["supervisor"]
    for path in sorted(posted | gotten):
        found = path.partition("?")[0].format(**house.places)
        for method in ("PUT", "PATCH", "DELETE"):
            assert client.generic(method, found).status_code == 405, f"{method} {path}"
        if named(path) not in shown:
            assert client.get(found).status_code == 405, f"GET {path}"


def test_live_topics_are_heard_only_by_those_who_may(house: world.World) -> None:
    wrong = []
    for topic, allowed in (rest.TOPICS | parts.TOPICS).items():
        for role in dict.fromkeys((*ROLES, *VISITORS, *parts.ASKED.get(topic, ()))):
            cookies = {key: morsel.value for key, morsel in house.clients[role].cookies.items()}
            try:
                live.authorise(cookies, topic.format(**house.places))
            except errors.KithwellError:
                heard = False
            else:
                heard = True
            if heard != (role in allowed):
                wrong.append(f"{role} {'hears' if heard else 'does not hear'} {topic}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db(transaction=True)
def test_native_routes_answer_everybody_alike() -> None:
    front = Front()
    wrong = []
    try:
        with kit.account():
            for method, path, headers, client, status in rest.NATIVE:
                found = path.replace("{account}", kit.NAME)
                asked = driver.ask(front, method, found, headers=headers, client=client)
                reply = asyncio.run(asyncio.wait_for(asked, 20))
                if reply.status != status:
                    wrong.append(f"{method} {path} {headers} from {client}: {reply.status}, not {status}")
    finally:
        for pool in (front.pages, front.streams):
            pool.stop(5)
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db(transaction=True)
def test_one_topic_of_another_closes_the_whole_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a topic of their own together with one of somebody else gets neither."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)  # threads leave nothing behind
    cast.fake_channel()
    sam, own, theirs = world.join("Sam", "supporter"), cast.Phone("1").say("a"), cast.Phone("2").say("b")
    with transaction.atomic():
        actions.start_shift(sam)
        mine = actions.take_next(sam)
    another = own.id if mine == theirs.id else theirs.id
    cookies = "; ".join(f"{k}={m.value}" for k, m in world.enter("Sam").cookies.items())
    assert live.authorise(dict(c.split("=", 1) for c in cookies.split("; ")), f"conversation:{mine}")
    query = f"/live?topic=conversation:{mine}&topic=conversation:{another}"
    front = Front()
    try:
        asked = driver.ask(front, "GET", query, headers={"cookie": cookies})
        reply = asyncio.run(asyncio.wait_for(asked, 20))
    finally:
        for pool in (front.pages, front.streams):
            pool.stop(5)
    assert reply.status == 403 and str(mine) not in reply.text
