"""Web Push as the RFCs say, and only to addresses we know."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.notices import push
from kithwell.community.notices.tests.service import Browser, PushService
from kithwell.kernel import errors, jobs


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(push._unb64(text), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_to_the_byte() -> None:
    """RFC 8291, section 5 and appendix A."""
    subscription = push.Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        push._unb64(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        push._unb64("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = push.seal(
        b"When I grow up, I want to be a watermelon",
        subscription,
        own=_private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=push._unb64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert push._b64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
        "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    told = push.unseal(
        body, _private("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), push._unb64("BTBZMqHH6r4Tts7J_aSIgg")
    )
    assert told == b"When I grow up, I want to be a watermelon"


@given(message=st.binary(min_size=1, max_size=200).filter(lambda m: not m.endswith(b"\x00")))
def test_every_message_is_equally_long_and_opens_in_one_browser_only(message: bytes) -> None:
    ana, ben = Browser("https://push.test/a"), Browser("https://push.test/b")
    body = push.seal(message, ana.subscription, padded=256)
    assert len(body) == 86 + 256 + 16
    assert ana.open(body) == message
    with pytest.raises(Exception):  # noqa: B017  (whatever the cipher says)
        ben.open(body)


def test_the_token_is_for_this_service_and_signed_by_us() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    header = push.vapid("https://push.example.net:443/x/y", 1_000_000, key)
    token, _, shown = header.removeprefix("vapid t=").partition(",k=")
    head, claims, signature = token.split(".")
    raw = push._unb64(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.public_key().verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    told = json.loads(push._unb64(claims))
    assert told["aud"] == "https://push.example.net:443"
    assert 0 < told["exp"] - 1_000_000 <= 24 * 3600, "RFC 8292: at most a day"
    assert push._unb64(shown) == push._point(key.public_key())


def test_the_key_of_this_site_is_made_once_and_kept_to_itself() -> None:
    first, second = push.public_key(), push.public_key()
    assert first == second
    from pathlib import Path

    from kithwell.kernel import conf

    assert (Path(conf.get("data_dir")) / "push-key.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://fcm.googleapis.com/fcm/send/x",  # not encrypted
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://u@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://notify.windows.com.evil/x",
        "https://evilnotify.windows.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://fcm.googleapis.com:x/",
        "https://fcm.googleapis.com\\@127.0.0.1/x",
        "https://127.0.0.1\\@fcm.googleapis.com/x",
        "https://fcm.googleapis.com\t.evil.example/x",
        "https://fcm.googleapis.com/\r\nHost: evil",
        "https://fcm。googleapis.com/x",
        "",
        "https://" + "a" * 2000,
    ],
)
def test_the_server_calls_no_other_address_for_anybody(address: str) -> None:
    assert not push.allowed(address)
    with pytest.raises(errors.Invalid):
        push.parse({"endpoint": address, "keys": Browser("https://x").keys()})


@pytest.mark.parametrize(
    "address",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_the_great_browsers_are_known(address: str) -> None:
    assert push.allowed(address)
    assert push.parse({"endpoint": address, "keys": Browser("https://x").keys()}).endpoint == address


@pytest.mark.parametrize(
    "given_",
    [None, [], "x", {}, {"endpoint": 1, "keys": {}}, {"endpoint": "https://web.push.apple.com/a", "keys": None},
     {"endpoint": "https://web.push.apple.com/a", "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
     {"endpoint": "https://web.push.apple.com/a", "keys": {"p256dh": "²", "auth": "\ud800"}}],
)  # fmt: skip
def test_what_is_no_subscription_is_not_taken(given_: Any) -> None:
    with pytest.raises(errors.Invalid):
        push.parse(given_)


def test_a_strict_push_service_takes_our_messages(push_service: PushService) -> None:
    browser = push_service.browser()
    assert push.send(browser.subscription, b"hello", kept=timedelta(hours=2), urgent=False, now=time.time())
    [message] = push_service.messages
    assert browser.open(message.body) == b"hello"
    assert message.headers["ttl"] == "7200"
    assert message.headers["urgency"] == "normal"


def test_a_browser_that_is_gone_is_told_apart_from_a_service_that_is_busy(push_service: PushService) -> None:
    browser = push_service.browser()
    push_service.answers = [410, 404, 503, 429, 400]
    gone = [
        push.send(browser.subscription, b"x", kept=timedelta(0), urgent=True, now=time.time())
        for _ in range(2)
    ]
    assert gone == [False, False]
    for _ in range(2):
        with pytest.raises(jobs.RetryLater):
            push.send(browser.subscription, b"x", kept=timedelta(0), urgent=True, now=time.time())
    with pytest.raises(jobs.GiveUp):
        push.send(browser.subscription, b"x", kept=timedelta(0), urgent=True, now=time.time())


def test_a_push_service_that_is_not_there_is_tried_again(push_service: PushService) -> None:
    browser = push_service.browser()
    push_service.stop()
    with pytest.raises(jobs.RetryLater):
        push.send(browser.subscription, b"x", kept=timedelta(0), urgent=False, now=time.time())


def test_a_redirect_to_somewhere_inside_is_not_followed(push_service: PushService) -> None:
    browser = push_service.browser()
    push_service.answers = [307]
    with pytest.raises(jobs.GiveUp):
        push.send(browser.subscription, b"x", kept=timedelta(0), urgent=False, now=time.time())
    assert len(push_service.messages) == 1
