"""The provider's posts, as written down by us from its documentation: every kind, and everything that can be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.channels.whatsapp import build, errors, protocol
from kithwell.channels.whatsapp.countries import country_of
from kithwell.support.ports import MESSAGE_KINDS, SEND_ERRORS

BODIES = sorted((Path(__file__).parent / "bodies").glob("*.json"))


def _simple(value: Any) -> Any:
    return [_simple(v) for v in value] if isinstance(value, (tuple, list)) else value


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_each_kind_of_post_is_read_as_written_beside_it(path: Path) -> None:
    golden = json.loads(path.read_text())
    post = protocol.read(json.dumps(golden["post"]).encode())
    for name in ("messages", "statuses", "notices", "unreadable"):
        found, wanted = getattr(post, name), golden["expect"].get(name, [])
        assert len(found) == len(wanted), (name, found)
        for part, expected in zip(found, wanted, strict=True):
            for key, value in expected.items():
                assert _simple(getattr(part, key)) == value, (key, part)
    for message in post.messages:
        assert message.kind in MESSAGE_KINDS


def test_every_kind_the_desk_knows_from_a_person_has_a_body() -> None:
    seen = {
        m["kind"]
        for path in BODIES
        for m in json.loads(path.read_text())["expect"].get("messages", [])
        if "kind" in m
    }
    assert set(MESSAGE_KINDS) - seen == {"template"}  # templates only go out


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"entry": 5}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_post_at_all_is_kept_with_a_reason(body: bytes) -> None:
    assert protocol.read(body).unreadable


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(BODIES), st.data())
def test_no_post_with_a_part_replaced_by_anything_raises(path: Path, data: st.DataObject) -> None:
    root = json.loads(path.read_text())["post"]
    node, steps = root, data.draw(st.integers(1, 8))
    for _ in range(steps):
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(node[key], (dict, list)) and node[key] and data.draw(st.booleans()):
            node = node[key]
            continue
        node[key] = data.draw(_JSON)
        break
    post = protocol.read(json.dumps(root).encode())
    assert isinstance(post, protocol.Post)


def test_the_challenge_is_echoed_for_the_right_token_only() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "t0ken", "hub.challenge": "1158201444"}
    assert protocol.challenge(asked, "t0ken") == "1158201444"
    assert protocol.challenge(asked | {"hub.verify_token": "other"}, "t0ken") is None
    assert protocol.challenge(asked | {"hub.mode": "unsubscribe"}, "t0ken") is None
    assert protocol.challenge({"hub.mode": "subscribe"}, "") is None


def test_a_signature_covers_the_raw_bytes() -> None:
    body = b'{"a": "\\u00e9"}'
    header = protocol.sign(body, "secret")
    assert protocol.is_signed(body, header, "secret")
    assert not protocol.is_signed(b'{"a":"\xc3\xa9"}', header, "secret")  # the same JSON, other bytes
    assert not protocol.is_signed(body, header, "other")
    assert not protocol.is_signed(body, header.removeprefix("sha256="), "secret")
    assert not protocol.is_signed(body, "", "secret")
    assert not protocol.is_signed(body, "sha256=é\udc80", "secret")
    assert not protocol.is_signed(
        body, protocol.sign(body, ""), ""
    )  # no secret configured: nothing is believed


def test_the_signature_is_the_one_of_the_standard() -> None:
    # RFC 4231, test case 2 (HMAC-SHA-256)
    expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert protocol.sign(b"what do ya want for nothing?", "Jefe") == expected


def test_a_phone_goes_into_to_and_a_scoped_id_into_recipient() -> None:
    assert build.text(("phone", "34600000001"), "hi")["to"] == "34600000001"
    to_id = build.text(("bsuid", "ES.1"), "hi", callback="x", reply_to="wamid.A")
    assert to_id["recipient"] == "ES.1" and "to" not in to_id
    assert to_id["context"] == {"message_id": "wamid.A"} and to_id["biz_opaque_callback_data"] == "x"
    assert build.address_for([("bsuid", "ES.1"), ("phone", "34")]) == ("phone", "34")
    assert build.address_for([("bsuid", "ES.2"), ("bsuid", "ES.1")]) == ("bsuid", "ES.2")
    assert build.address_for([("email", "x")]) is None


def test_each_code_has_a_class_the_desk_knows_and_words_for_people() -> None:
    for code in (*errors.codes(), "200", "250", "299", "999999"):
        found = errors.meaning(code)
        assert found.cls in SEND_ERRORS and str(found.says) and str(found.next_step)


@pytest.mark.parametrize(
    ("cls", "codes"),
    [
        ("retry", "4 80007 130429 131048 131056 131057 133016 131016 131000 135000 424242"),
        ("window", "131047"),
        ("unreachable", "131026 131021 131030"),
        ("not_allowed", "131049 130472 131050"),
        ("content", "132000 132001 132005 132007 132008 132012 132015 132016 131008 131009 131051"),
        ("media", "131052 131053"),
        ("account", "0 3 10 190 200 299 368 131031 130497 131005"),
    ],
)
def test_codes_are_in_the_class_their_documentation_gives(cls: str, codes: str) -> None:
    assert {errors.meaning(code).cls for code in codes.split()} == {cls}


def test_the_pair_rate_backs_off_by_powers_of_four() -> None:
    assert [errors.wait_after("131056", n) for n in (1, 2, 3)] == [4.0, 16.0, 64.0]


def test_a_country_is_read_only_where_it_is_sure() -> None:
    assert country_of([("bsuid", "US.123")]) == "US"
    assert country_of([("phone", "5215512345678")]) == "MX"
    assert country_of([("phone", "351912345678")]) == "PT"
    assert country_of([("phone", "12025550123")]) == ""  # shared by two dozen countries
    assert country_of([("phone", "447911123456")]) == ""
    assert country_of([("bsuid", "xx.1"), ("bsuid", "nothing")]) == ""
