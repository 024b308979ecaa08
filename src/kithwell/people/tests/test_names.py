"""Names: what is refused and why, what counts as the same, and what is proposed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.people import texts, words
from kithwell.people.rules import Reason, looks_identifying, name_key, propose


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Maria Lopez", Reason.FULL_NAME),
        ("maria lopez", Reason.FULL_NAME),
        ("MariaLopez", Reason.FULL_NAME),
        ("maria_lopez", Reason.FULL_NAME),
        ("María L", Reason.FULL_NAME),
        ("Lopez, Maria", Reason.FULL_NAME),
        ("John Smith 7", Reason.FULL_NAME),
        ("Rachel Green", Reason.FULL_NAME),
        ("me@example.org", Reason.EMAIL),
        ("me (at) example.org", Reason.EMAIL),
        ("https://me.example", Reason.LINK),
        ("mysite.com", Reason.LINK),
        ("@sunny.girl", Reason.HANDLE),
        ("insta sunny", Reason.HANDLE),
        ("sunny#1234", Reason.HANDLE),
        ("+44 7700 900123", Reason.PHONE),
        ("call 07700900123", Reason.PHONE),
        ("Heron 1994", Reason.YEAR),
        ("Heron 12.03.94", Reason.YEAR),
        ("Admin", Reason.STAFF),
        ("4dm1n", Reason.STAFF),
        ("Dr Kind", Reason.STAFF),
        ("Doctora Luz", Reason.STAFF),
        ("Kithwell Team", Reason.STAFF),
        ("pѕусhоlоgist", Reason.STAFF),  # with Cyrillic letters that look Latin
        ("", Reason.EMPTY),
        ("x", Reason.EMPTY),
        ("Quiet\x00Heron", Reason.CHARACTERS),
        ("<b>Heron</b>", Reason.CHARACTERS),
        ("a" * 41, Reason.LONG),
    ],
)
def test_a_name_that_points_at_somebody_is_refused_for_its_reason(name: str, reason: Reason) -> None:
    assert looks_identifying(name) is reason


@pytest.mark.parametrize(
    "name",
    ["Quiet Heron", "Sam", "Noor", "river 7", "Luna", "garza serena", "Rose Garden", "night owl",
     "شمعة هادئة", "शांत सारस",
     "Робкий Ёж", "静かな鷺", "Heron 42", "tea & toast", "Grace"],
)  # fmt: skip
def test_a_name_that_belongs_to_nobody_may_be_used(name: str) -> None:
    assert looks_identifying(name) is None


def test_every_reason_has_kind_words() -> None:
    assert set(texts.NAME) == set(Reason)
    for said in texts.NAME.values():
        assert "error" not in str(said).lower() and "invalid" not in str(said).lower()


@pytest.mark.parametrize(
    "twin", ["quiet heron", "QUIET HERON", "Quiet_Heron", "QuietHeron", "Qu1et Her0n", "Quíet Herón",
     "Quiet Неrоn", "Ｑｕｉｅｔ Heron"]
)  # fmt: skip
def test_names_that_read_the_same_have_one_key(twin: str) -> None:
    assert name_key(twin) == name_key("Quiet Heron")


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_itself_and_holds_no_space(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert not any(ch.isspace() for ch in key)


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_and_whatever_passes_has_a_key(name: str) -> None:
    if looks_identifying(name) is None:
        assert name_key(name)


@given(
    st.sampled_from(sorted(words.GIVEN)),
    st.sampled_from(sorted(words.FAMILY)),
    st.sampled_from(["{} {}", "{}_{}", "{}.{}"]),
)
def test_a_given_name_with_a_family_name_never_passes(given_name: str, family: str, shape: str) -> None:
    assert looks_identifying(shape.format(given_name.title(), family.title())) is not None
    assert looks_identifying(shape.format(family, given_name)) is not None


@given(st.integers(1920, 2035), st.sampled_from(["Heron {}", "{}heron", "heron{}x"]))
def test_a_year_never_passes(year: int, shape: str) -> None:
    assert looks_identifying(shape.format(year)) is Reason.YEAR


@given(st.sampled_from([*words.FRIENDLY, "xx", "pt-BR"]), st.integers(0, 2**32), st.integers(1, 8))
def test_proposals_are_as_many_as_asked_all_different_and_all_allowed(
    language: str, seed: int, count: int
) -> None:
    names = propose(language, count, (), random.Random(seed))
    assert len(names) == count
    assert len({name_key(name) for name in names}) == count
    assert all(looks_identifying(name) is None for name in names)


def test_proposals_go_on_when_every_pair_is_taken() -> None:
    lists = words.FRIENDLY["en"]
    taken = {name_key(f"{a} {n}") for a in lists.adjectives[""].split() for n in lists.nouns[""].split()}
    names = propose("en", 3, taken, random.Random(1))
    assert len(names) == 3 and all(any(ch.isdigit() for ch in name) for name in names)
