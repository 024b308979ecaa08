"""The door: what was heard goes in, finished words come out."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from kithwell.assistant import rules, speak
from kithwell.directory import queries


@dataclass(frozen=True)
class Heard:
    text: str = ""
    button: str = ""
    rating: int | None = None
    asked: str = ""


def talk(state: object, *heard: Heard, **more: object) -> speak.Reply:
    known = {"lang": "en", "channel": "web", "country": "GB", "org": "Kith House", **more}
    return speak.converse(state, list(heard), **known)  # type: ignore[arg-type]


def test_what_is_learned_comes_back_beside_the_words() -> None:
    first = talk({}, Heard("hello"))
    rated = talk(first.state, Heard(button="struggling"))
    assert (rated.rating, rated.asked_for_person, rated.level) == (6, False, "")
    person = talk(rated.state, Heard("can I talk to a person?"))
    assert person.asked_for_person and person.rating is None
    danger = talk(person.state, Heard(button="danger"))
    assert (danger.rating, danger.level) == (10, "C5")
    assert danger.messages[0].script == "danger" and "999" in danger.messages[0].text


def test_the_state_is_json_and_holds_no_words_of_the_person() -> None:
    secret = "my name is Rosalind Quibble"
    state = talk({}, Heard(secret)).state
    state = talk(state, Heard("I wish I was gone " + secret), level="C2").state
    assert "Quibble" not in json.dumps(state)


def test_several_messages_at_once_are_answered_once() -> None:
    together = talk({}, Heard("hello"), Heard("are you there"), Heard("I feel bad"))
    assert [m.script for m in together.messages] == ["hello", "private", "rate"]


def test_help_without_a_conversation_gives_numbers_and_greets_nobody() -> None:
    found = talk({}, Heard(asked="help"))
    assert [m.script for m in found.messages] == ["help"]
    assert "999" in found.messages[0].text and "116 123" in found.messages[0].text
    first = talk(found.state, Heard("hello"))
    assert first.messages[0].script == "hello"


def test_help_asks_for_the_country_and_takes_the_answer() -> None:
    asked = talk({}, Heard(asked="help"), country="")
    assert "which country" in asked.messages[0].text
    first = talk(asked.state, Heard("I'm in Ireland"), country="")
    assert first.country == "IE"


def test_a_country_is_only_taken_when_it_was_asked_for() -> None:
    first = talk({}, Heard("Jordan"), country="")
    assert first.country == ""
    assert talk(first.state, Heard("Chad"), country="").country == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ireland", "IE"), ("i'm in the UK", "GB"), ("England.", "GB"), ("México", "MX"), ("Estoy en Argentina", "AR"),
        ("Deutschland", "DE"), ("IE", "IE"), ("the United States", "US"), ("In  Côte", ""), ("my country hates me", ""),
        ("no", ""), ("", ""), ("in", ""), ("x" * 100, ""),
    ],
)  # fmt: skip
def test_a_named_country_is_found_and_nothing_is_guessed(text: str, code: str) -> None:
    assert queries.find_country(text) == code


def test_a_fallback_state_of_the_desk_starts_anew() -> None:
    assert talk({"fallback": True}, Heard("hello")).messages[0].script == "hello"


def test_after_the_handover_there_is_silence_until_it_comes_back() -> None:
    state = speak.handed_over(talk({}, Heard("hello")).state)
    assert talk(state, Heard("are you a robot?")).messages == ()
    back = speak.tell(state, rules.StaffAway(), lang="en", channel="web")
    assert [m.script for m in back.messages] == ["away"]


def test_news_of_the_queue_come_once_each() -> None:
    state = talk({}, Heard("hello")).state
    few = speak.tell(state, rules.QueueUpdate("few", 20), lang="en", channel="web")
    assert "20 minutes" in few.messages[0].text
    assert speak.tell(few.state, rules.QueueUpdate("few", 15), lang="en", channel="web").messages == ()
    assert (
        speak.tell(few.state, rules.QueueUpdate("next"), lang="es", channel="web")
        .messages[0]
        .text.startswith("La próx")
    )


def test_lines_for_everybody_are_said_before_those_for_some() -> None:
    assert all("Trevor" not in line.name for line in speak.facts(country="US", lang="en").lines)
