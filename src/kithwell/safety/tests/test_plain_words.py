"""Plain sentences, each with the least or the highest level it may get: nobody in danger passes for calm."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kithwell.safety import screen

SENTENCES = tomllib.loads(Path(__file__).with_name("plain_words.toml").read_text(encoding="utf-8"))
# What stands beside a wish in the same sentence and must take nothing from it.
BESIDE = (
    "{wish}",
    "my dog is asleep and {wish}",
    "my boss fired me and {wish}",
    "{wish} because of my boss",
    "I lost my job a year ago and {wish}",
    "I used to be happy and {wish}",
    "my car died and {wish}",
    "I was bullied in the game and {wish}",
    "I missed the bus after the party and {wish}",
    "{wish}, have a good life",
    "the movie ended and {wish}",
    "it is nearly christmas and {wish}",
    "my doctor and my friend do not know that {wish}",
    "I stopped taking my meds, {wish}",
    "I am never good enough, {wish}",
    "no more, {wish}",
    "he is my hero but {wish}",
    "see you on the other side, {wish}",
    "in the kitchen and on the train {wish}",
    "when I was 15 my dad left and {wish}",
)
WISHES = {
    "I want to die": "C2",
    "I want to kill myself": "C3",
    "I am going to kill myself": "C4",
    "I just took all my pills": "C5",
}


def _rows(side: str) -> list[tuple[str, str]]:
    return [(level, text) for level, texts in SENTENCES[side].items() for text in texts]


@pytest.mark.parametrize(("level", "text"), _rows("at_least"))
def test_somebody_in_danger_is_heard(level: str, text: str) -> None:
    assert screen(text).crisis_level >= level, text


@pytest.mark.parametrize(("level", "text"), _rows("at_most"))
def test_everyday_talk_is_no_alarm(level: str, text: str) -> None:
    assert screen(text).crisis_level <= level, text


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("beside", BESIDE)
def test_what_stands_beside_a_wish_takes_nothing_from_it(beside: str, wish: str) -> None:
    text = beside.format(wish=wish)
    assert screen(text).crisis_level >= WISHES[wish], text
