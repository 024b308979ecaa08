"""Other pure decisions: where to return to, passwords, codes, devices, how long a proof holds."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.people import rules

NOW = datetime(2030, 5, 17, 22, 44, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "evil",
    ["//evil.example", "/\\evil.example", "https://evil.example", "\\\\evil.example", "/\t/evil.example",
     "javascript:alert(1)",
     "/ok\nSet-Cookie: x", " //evil.example", "///evil.example", "/" + "a" * 600, "http:evil", ""],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(evil: str) -> None:
    assert rules.safe_next(evil, "/me") == "/me"


def test_a_path_of_this_site_is_kept() -> None:
    assert rules.safe_next("/desk?x=1#y", "/me") == "/desk?x=1#y"


@given(st.text(alphabet=st.sampled_from(list("/\\:.?#@ \t\n%20evilhttpsjavscript")), max_size=40))
def test_whatever_is_asked_for_a_browser_stays_here(target: str) -> None:
    there = urljoin("https://here.example/sign-in", rules.safe_next(target, "/me"))
    assert urlsplit(there).netloc == "here.example" and urlsplit(there).scheme == "https"


@pytest.mark.parametrize(
    ("password", "weak"),
    [("short", rules.Weak.SHORT), ("passwordpassword", rules.Weak.COMMON), ("1234567890", rules.Weak.COMMON),
     ("aaaaaaaaaaaa", rules.Weak.COMMON), ("quietheron12", rules.Weak.NAME), ("x" * 501, rules.Weak.LONG)],
)  # fmt: skip
def test_a_password_that_is_easy_to_guess_is_refused(password: str, weak: rules.Weak) -> None:
    assert rules.weak_password(password, "Quiet Heron") is weak


def test_a_few_words_make_a_good_password() -> None:
    assert rules.weak_password("seven quiet lanterns", "Quiet Heron") is None


@given(st.integers(0, 2**32))
def test_a_code_typed_with_spaces_and_capitals_is_the_same_code(seed: int) -> None:
    code = rules.recovery_code(random.Random(seed))
    assert rules.normal_code(code.upper().replace("-", " ")) == rules.normal_code(code)
    assert len(rules.normal_code(code)) == rules.CODE_GROUPS * rules.CODE_GROUP


def test_a_device_is_told_in_two_coarse_words() -> None:
    phone = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/125.0.6422.53 Mobile Safari/537.36"
    assert rules.device_words(phone) == "Chrome · Android"
    assert rules.device_words("curl/8") == ""


@given(st.integers(0, 48 * 60), st.integers(0, 48 * 60))
def test_a_proof_holds_while_it_is_young_and_in_use(age: int, idle: int) -> None:
    proved, seen = NOW - timedelta(minutes=age), NOW - timedelta(minutes=idle)
    holds = rules.proof_holds(proved, seen, NOW, life=timedelta(hours=12), idle=timedelta(hours=4))
    assert holds == (age <= 720 and min(age, idle) <= 240)


def test_no_proof_and_a_proof_from_the_future_do_not_hold() -> None:
    span = timedelta(hours=12)
    assert not rules.proof_holds(None, NOW, NOW, life=span, idle=span)
    assert not rules.proof_holds(NOW + timedelta(hours=1), NOW, NOW, life=span, idle=span)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_a_quarter_never_lies_ahead_nor_further_back_than_fifteen_minutes(moment: datetime) -> None:
    cut = rules.quarter(moment)
    assert timedelta(0) <= moment - cut < timedelta(minutes=15) and cut.minute % 15 == 0


@pytest.mark.parametrize(
    "typed", ["", "a", "a@b", "a b@c.de", "a@b..de", "@c.de", "a@c.d", '"a"@c.de', "a" * 250 + "@c.de"]
)
def test_what_cannot_be_an_address_is_none(typed: str) -> None:
    assert rules.normal_email(typed) is None


def test_the_domain_of_an_address_has_no_case() -> None:
    assert rules.normal_email(" Some.One@Example.ORG ") == "Some.One@example.org"
