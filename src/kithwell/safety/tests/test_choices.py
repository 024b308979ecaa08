"""A list of choices written as one expression finds what the plain list finds, the same one first."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from kithwell.safety.choices import expression

WORD = st.text("ab.", min_size=1, max_size=4)
CHOICE = st.lists(WORD, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(st.lists(CHOICE, min_size=1, max_size=8, unique=True), st.text("ab. ", max_size=30))
def test_the_same_choice_is_found_first_at_every_place(choices: list[str], text: str) -> None:
    plain = re.compile("(?:" + "|".join(map(re.escape, choices)) + ")(?= )")
    quick = re.compile(f"(?:{expression(choices)})(?= )")
    line = f" {text} "
    for at in range(len(line)):
        expected, found = plain.match(line, at), quick.match(line, at)
        assert (found and found.span()) == (expected and expected.span())


def test_of_two_that_fit_the_one_named_first_is_taken() -> None:
    assert re.match(expression(["end", "end it"]), "end it").group() == "end"  # type: ignore[union-attr]
    assert re.match(expression(["end it", "end"]), "end it").group() == "end it"  # type: ignore[union-attr]
    three = expression(["end it all", "end", "end it"])
    assert re.match(f"(?:{three})(?= now)", "end it now").group() == "end it"  # type: ignore[union-attr]


def test_shared_beginnings_are_written_once_and_open_endings_stay() -> None:
    assert expression(["hurt", "hurts", "hurting"]) == "hurt(?:|s|ing)"
    assert re.fullmatch(expression(["self*", "me"]), "selfharm")
