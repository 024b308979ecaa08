"""The little the assistant understands of free words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.assistant import reading


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Can I talk to a person?", "human"),
        ("PERSON", "human"),
        ("persona", "human"),
        ("I need a real human", "human"),
        ("quiero hablar con alguien", "human"),
        ("are you a bot??", "computer"),
        ("Are you human?", "computer"),
        ("am I talking to a real person", "computer"),
        ("¿Eres una persona?", "computer"),
        ("who can read this?", "privacy"),
        ("is this confidential?", "privacy"),
        ("¿Es confidencial?", "privacy"),
        ("will you call the police?", "police"),
        ("are you going to send the police to me", "police"),
        ("do I have depression?", "diagnosis"),
        ("am I bipolar?", "diagnosis"),
        ("you are useless", "anger"),
        ("fuck you", "anger"),
        ("thanks", "thanks"),
        ("Thank you so much!", "thanks"),
        ("gracias", "thanks"),
    ],
)
def test_a_wish_is_understood(text: str, wish: str) -> None:
    assert reading.wish(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "I feel useless",
        "nobody is a person I can trust",
        "I am so stupid",
        "my life is shit",
        "I told the police about it last year",
        "he is a robot at work",
        "I have been diagnosed, it does not help",
        "thanks to my mother I am still here but I want to die",
        "",
    ],
)
def test_pain_is_not_taken_for_a_wish(text: str) -> None:
    assert reading.wish(text) in ("", "diagnosis") if "diagnos" in text else reading.wish(text) == ""


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("7", 7),
        ("10", 10),
        ("0", 0),
        ("7/10", 7),
        ("about 8 out of 10", 8),
        ("un 6", 6),
        ("9 de 10", 9),
        (" 3. ", 3),
    ],
)
def test_a_number_is_read(text: str, n: int) -> None:
    assert reading.number(text) == n


@pytest.mark.parametrize(
    "text", ["11", "99", "7 years ago", "3 pm", "room 5", "I am 8 months pregnant", "", "-1x"]
)
def test_a_number_in_a_story_is_not_a_rating(text: str) -> None:
    assert reading.number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "my friend wants to kill himself",
        "My sister said she wants to die and I don't know what to do",
        "I'm worried my son might be suicidal",
        "Mi amiga quiere matarse",
        "my boyfriend is cutting himself again",
    ],
)
def test_worry_about_somebody_else_is_understood(text: str) -> None:
    assert reading.about_another(text)


@pytest.mark.parametrize(
    "text",
    [
        "my friend killed himself and I want to die too",
        "my mother hates me, I want to kill myself",
        "my friend wants to die and so do I",
        "I want to die",
        "my friend is funny",
        "mi madre no me entiende y quiero morirme",
        "my sister is getting married",
    ],
)
def test_ones_own_danger_is_never_taken_for_somebody_elses(text: str) -> None:
    assert not reading.about_another(text)


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert isinstance(reading.wish(text), str)
    assert reading.yes_or_no(text) in (True, False, None)
    n = reading.number(text)
    assert n is None or 0 <= n <= 10
    assert reading.about_another(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "said"), [("Yes.", True), ("sí", True), ("yes I am", True), ("no", False), ("No!", False)]
)
def test_yes_and_no_are_read(text: str, said: bool) -> None:
    assert reading.yes_or_no(text) is said


@pytest.mark.parametrize("text", ["no idea what to do", "yesterday was awful", "not today", "nobody"])
def test_a_sentence_is_neither_yes_nor_no(text: str) -> None:
    assert reading.yes_or_no(text) is None
