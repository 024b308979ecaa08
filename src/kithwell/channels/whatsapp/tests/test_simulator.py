"""The simulated provider is as strict as the real one, misbehaves on request, and can be repeated."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.channels.whatsapp import build, protocol
from kithwell.channels.whatsapp.simulator import strict
from kithwell.channels.whatsapp.simulator.api import Simulator
from kithwell.channels.whatsapp.simulator.engine import Keys
from kithwell.channels.whatsapp.simulator.faults import FailSend, Faults, from_dict

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Product:
    """Takes webhooks and remembers them; refuses the first `refuse`."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.forged = 0
        self.refuse = 0

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        if not protocol.is_signed(body, headers["X-Hub-Signature-256"], Keys().app_secret):
            self.forged += 1
            return 403
        if self.refuse:
            self.refuse -= 1
            return 503
        self.bodies.append(body)
        return 200

    def posts(self) -> list[protocol.Post]:
        return [protocol.read(body) for body in self.bodies]

    def statuses(self) -> list[str]:
        return [status.status for post in self.posts() for status in post.statuses]


@pytest.fixture
def product() -> Product:
    return Product()


@pytest.fixture
def now() -> list[datetime]:
    return [NOON]


@pytest.fixture
def sim(product: Product, now: list[datetime]) -> Iterator[Simulator]:
    with Simulator(product, clock=lambda: now[0]) as found:
        yield found


def _call(
    sim: Simulator, method: str, path: str, body: Any = None, token: str = Keys().token
) -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        sim.url + path, data, {"Authorization": f"Bearer {token}"}, method=method
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["error"]["code"]


def _send(sim: Simulator, payload: Any, **more: Any) -> tuple[int, Any]:
    return _call(sim, "POST", f"/v26.0/{Keys().phone_number_id}/messages", payload, **more)


def test_what_a_person_says_comes_as_a_signed_post(sim: Simulator, product: Product) -> None:
    ana = sim.person(phone="34600000001", name="Ana")
    wamid = ana.say("hello")
    sim.settle()
    (post,) = product.posts()
    (message,) = post.messages
    assert (message.provider_id, message.text, message.profile_name) == (wamid, "hello", "Ana")
    assert ("phone", "34600000001") in message.addresses and message.at == NOON


def test_a_person_with_a_username_only_is_told_without_a_phone(sim: Simulator, product: Product) -> None:
    sim.person(bsuid="ES.1", username="quiet").say("hello")
    sim.settle()
    assert product.posts()[0].messages[0].addresses == (("bsuid", "ES.1"),)
    assert b'"from"' not in product.bodies[0]


def test_a_send_reaches_the_phone_and_its_statuses_follow(sim: Simulator, product: Product) -> None:
    ana = sim.person(phone="34600000001")
    ana.say("hello")
    status, answer = _send(sim, build.text(("phone", "34600000001"), "hi", callback="attempt-1"))
    assert status == 200 and ana.inbox()[0].id == answer["messages"][0]["id"]
    ana.read()
    sim.settle()
    assert sorted(product.statuses()) == ["delivered", "read", "sent"]
    assert {s.callback for p in product.posts() for s in p.statuses} == {"attempt-1"}


def test_a_phone_that_is_off_gets_it_later_and_one_that_blocked_us_never(
    sim: Simulator, product: Product
) -> None:
    for phone, change in [("34600000001", "off"), ("34600000002", "blocked")]:
        person = sim.person(phone=phone)
        person.say("hello")
        person.change(**{change: 1})
        _send(sim, build.text(("phone", phone), "hi"))
        sim.settle()
        assert product.statuses() == ["sent"]
        if change == "off":
            person.change(off=0)
            sim.settle()
            assert product.statuses() == ["sent", "delivered"]
        product.bodies.clear()


def test_the_wrong_token_number_or_path_is_refused(sim: Simulator) -> None:
    good = build.text(("phone", "34600000001"), "hi")
    assert _send(sim, good, token="other") == (401, 190)
    assert _call(sim, "POST", "/v26.0/1/messages", good) == (400, 33)
    assert _call(sim, "GET", "/v26.0/nothing") == (404, 100)
    assert _send(sim, "text") == (400, 100)


def test_words_after_24_hours_are_refused_and_an_approved_template_is_not(
    sim: Simulator, now: list[datetime]
) -> None:
    ana = sim.person(phone="34600000001")
    to = ("phone", "34600000001")
    assert _send(sim, build.text(to, "before they ever wrote")) == (400, 131047)
    ana.say("hello")
    now[0] += timedelta(hours=23, minutes=59)
    assert _send(sim, build.text(to, "just in time"))[0] == 200
    now[0] += timedelta(minutes=1)
    assert _send(sim, build.text(to, "too late")) == (400, 131047)
    template = build.template(to, "reply_waiting", "en")
    assert _send(sim, template) == (400, 132001)
    for status, code in [("PAUSED", 132015), ("DISABLED", 132016)]:
        sim.engine.set_template("reply_waiting", "en", status)
        assert _send(sim, template) == (400, code)
    sim.engine.set_template("reply_waiting", "en", "APPROVED", "a reply is waiting")
    assert _send(sim, template)[0] == 200
    assert ana.texts()[-1] == "a reply is waiting"
    assert _send(sim, build.text(to, "a template opens nothing")) == (400, 131047)


def test_an_id_in_to_is_taken_and_silently_dropped_as_reported_of_the_provider(
    sim: Simulator, product: Product
) -> None:
    ana = sim.person(bsuid="ES.1")
    ana.say("hello")
    sim.settle()
    product.bodies.clear()
    assert _send(sim, build.text(("phone", "ES.1"), "hi"))[0] == 200
    sim.settle()
    assert not ana.inbox() and not product.bodies
    assert _send(sim, build.text(("bsuid", "ES.1"), "hi"))[0] == 200
    assert ana.texts() == ["hi"]


def test_somebody_who_is_not_there_is_told_by_a_failed_status(sim: Simulator, product: Product) -> None:
    assert _send(sim, build.text(("phone", "34999999999"), "hi"))[0] == 200
    sim.settle()
    status = product.posts()[0].statuses[0]
    assert (status.status, status.error_code) == ("failed", "131026")


def test_more_than_45_at_once_to_one_person_is_refused(sim: Simulator) -> None:
    sim.person(phone="34600000001").say("hello")
    codes = [_send(sim, build.text(("phone", "34600000001"), f"{n}")) for n in range(46)]
    assert [status for status, _ in codes[:45]] == [200] * 45 and codes[45] == (400, 131056)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, 100),
        (build.text(("phone", "1"), "x") | {"messaging_product": "sms"}, 100),
        (build.text(("phone", "1"), "x") | {"colour": "red"}, 100),
        (build.text(("phone", "1"), "x") | {"recipient": "ES.1"}, 131008),
        ({k: v for k, v in build.text(("phone", "1"), "x").items() if k != "to"}, 131008),
        (build.text(("phone", "1"), ""), 131008),
        (build.text(("phone", "1"), "x" * 4097), 100),
        (build.text(("phone", "1"), "🙂" * 2049), 100),
        (build.buttons(("phone", "1"), "x" * 1025, [("a", "A")]), 100),
        (build.buttons(("phone", "1"), "x", []), 131009),
        (build.buttons(("phone", "1"), "x", [(str(n), str(n)) for n in range(4)]), 131009),
        (build.buttons(("phone", "1"), "x", [("a", "x" * 21)]), 131009),
        (build.buttons(("phone", "1"), "x", [("a", "A"), ("a", "B")]), 131009),
        (build.rows(("phone", "1"), "x", "open", [(str(n), str(n)) for n in range(11)]), 131009),
        (build.rows(("phone", "1"), "x", "open", [("a", "x" * 25)]), 131009),
        (build.template(("phone", "1"), "", "en"), 131008),
        (build.media(("phone", "1"), "image", ""), 131008),
        (build.media(("phone", "1"), "image", "7", caption="x" * 1025), 100),
        (build.text(("phone", "1"), "x") | {"type": "dance"}, 131051),
    ],
)
def test_payloads_the_provider_would_refuse_are_refused(payload: Any, code: int) -> None:
    refused = strict.message(payload)
    assert refused is not None and refused[1] == code


@given(
    st.text(min_size=1, max_size=200).filter(str.strip),
    st.lists(st.text("abcde", min_size=1, max_size=20), max_size=3, unique=True),
)
def test_what_we_build_is_never_refused_for_its_shape(text: str, titles: list[str]) -> None:
    to = ("phone", "34600000001")
    assert strict.message(build.text(to, text)) is None
    if titles:
        assert strict.message(build.buttons(to, text, [(t, t) for t in titles])) is None
        assert strict.message(build.rows(to, text, "Choose", [(t, t) for t in titles])) is None


def test_a_file_is_fetched_in_two_steps_and_its_address_lives_five_minutes(
    sim: Simulator, now: list[datetime]
) -> None:
    ident, digest = sim.engine.add_media(b"a picture", "image/png")
    status, told = _call(sim, "GET", f"/v26.0/{ident}")
    assert (status, told["sha256"], told["file_size"]) == (200, digest, 9)
    path = told["url"].removeprefix(sim.url)
    now[0] += timedelta(minutes=5, seconds=1)
    assert _call(sim, "GET", path) == (404, 100)


def test_posts_are_repeated_until_they_are_taken(sim: Simulator, product: Product) -> None:
    product.refuse = 2
    sim.person(phone="34600000001").say("hello")
    sim.settle()
    assert len(product.bodies) == 1 and sim.postman.failed == 2


def test_the_fault_script_does_what_it_says(product: Product) -> None:
    faults = from_dict({"seed": 3, "duplicate": 1.0, "forge": 1.0, "batch": 10, "lose_status": 1.0})
    with Simulator(product, faults=faults) as sim:
        ana = sim.person(phone="34600000001")
        for n in range(3):
            ana.say(str(n))
        _send(sim, build.text(("phone", "34600000001"), "hi"))
        sim.settle()
        messages = [m.text for post in product.posts() for m in post.messages]
        assert sorted(messages) == ["0", "0", "1", "1", "2", "2"]
        assert len(product.bodies) == 1  # one batch
        assert product.forged == 3 and not product.statuses()


def test_the_same_seed_gives_the_same_order(product: Product) -> None:
    orders = []
    for _ in range(2):
        product.bodies.clear()
        with Simulator(product, faults=Faults(seed=11, shuffle=0.05)) as sim:
            ana = sim.person(phone="34600000001")
            for n in range(8):
                ana.say(str(n))
            dues = sim.engine._all("SELECT about, change FROM hook ORDER BY due")
            orders.append([json.loads(row["change"])["value"]["messages"][0]["text"]["body"] for row in dues])
            sim.settle()
    assert orders[0] == orders[1] != [str(n) for n in range(8)]


def test_planned_refusals_come_once_each_and_an_outage_stops_everything(
    sim: Simulator, product: Product
) -> None:
    ana = sim.person(phone="34600000001")
    ana.say("hello")
    sim.settle()
    sim.faults.fail_sends = [FailSend(130429, http=429), FailSend(131000, times=2)]
    payload = build.text(("phone", "34600000001"), "hi")
    assert [_send(sim, payload)[1] for _ in range(3)] == [130429, 131000, 131000]
    assert _send(sim, payload)[0] == 200
    sim.faults.outage = True
    assert _send(sim, payload) == (503, 131016)


def test_unknown_faults_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="explode"):
        from_dict({"explode": 1})


def test_other_programs_can_be_a_person_over_http(sim: Simulator, product: Product) -> None:
    _, made = _call(sim, "POST", "/_sim/person", {"phone": "34600000001"})
    _call(sim, "POST", "/_sim/say", {"person": made["person"], "content": {"body": "hello"}})
    sim.settle()
    assert product.posts()[0].messages[0].text == "hello"
    _send(sim, build.text(("phone", "34600000001"), "hi"))
    _, told = _call(sim, "POST", "/_sim/inbox", {"person": made["person"]})
    assert [m["content"]["body"] for m in told["messages"]] == ["hello", "hi"]
