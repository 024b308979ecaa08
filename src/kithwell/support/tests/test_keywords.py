"""STOP, START, HELP and OPEN: only when a message is nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.support import keywords


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("STOP", "stop"),
        (" stop. ", "stop"),
        ("Stop!!!", "stop"),
        ("STOP STOP", "stop"),
        ("arrêt", "stop"),
        ("BAJA", "stop"),
        ("रोकें", "stop"),
        ("توقف", "stop"),
        ("help", "help"),
        ("HELP!", "help"),
        ("“help”", "help"),
        ("help help", "help"),
        ("AYUDA", "help"),
        ("¡Ayuda!", "help"),
        ("मदद", "help"),
        ("مساعدة", "help"),
        ("START", "start"),
        ("Öffnen", "open"),
        ("open", "open"),
    ],
)
def test_a_message_that_is_only_the_word_is_the_word(text: str, meaning: str) -> None:
    assert keywords.match(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "please make it stop",
        "I can't stop thinking about it",
        "help me please",
        "nobody can help",
        "end",
        "quit",
        "cancel",
        "enough",
        "",
        "🙂",
        "start over? no. stop? no.",
        "stop " * 40,
    ],
)
def test_words_of_a_person_in_distress_are_never_taken_for_a_command(text: str) -> None:
    assert keywords.match(text) is None


@given(st.text())
def test_any_text_is_answered_without_an_error(text: str) -> None:
    assert keywords.match(text) in (None, "stop", "start", "help", "open")


def test_no_word_means_two_things() -> None:
    seen: dict[str, str] = {}
    for meaning, line in keywords._WORDS.items():
        for word in line.split():
            assert seen.setdefault(word, meaning) == meaning, word
