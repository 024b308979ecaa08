"""Harm and conduct: what is unsafe for others, kept apart from the question who needs help."""

from __future__ import annotations

import pytest

from kithwell.safety import screen
from kithwell.safety.signals import CONDUCT_ALWAYS


def flags(text: str) -> set[str]:
    seen = screen(text)
    return {signal.category for signal in (*seen.harm, *seen.conduct) if signal.flag}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("go kill yourself", "encouragement"),
        ("looking for a suicide partner", "pact"),
        ("tips to purge without anyone knowing", "pro_eating_disorder"),
        ("here is a step by step guide to suicide", "method_detail"),
        ("there was blood dripping everywhere", "graphic"),
        ("I will kill you and your family", "threat"),
        ("I know where you live", "threat"),
        ("you are such a pathetic loser", "harassment"),
        ("I hate all immigrants, they are vermin", "hate"),
        ("her home address is below, visit her", "doxxing"),
        ("you are so mature for your age, this is our little secret", "grooming"),
        ("guaranteed profit, contact me on telegram", "scam"),
        ("limited time offer, order now", "spam"),
    ],
)
def test_what_is_unsafe_for_others_is_flagged(text: str, category: str) -> None:
    assert category in flags(text)


@pytest.mark.parametrize(
    "text",
    [
        "please don't kill yourself, stay with us",
        "people who say that immigrants are vermin are wrong",
        'he said "I hate all women" and was thrown out, rightly so',
        "nobody should ever hurt gay people",
        "as a queer person I am proud of us",
        "I hate mondays and long queues",
        "you are not worthless",
        "the helpline keeps her number safe",
    ],
)
def test_opposing_denying_reclaiming_and_comforting_are_not_flagged(text: str) -> None:
    assert not flags(text) & {"hate", "harassment", "threat", "encouragement", "doxxing"}


@pytest.mark.parametrize(
    "text", ["I want to die", "I am going to kill myself tonight", "I hurt myself again"]
)
def test_a_cry_for_help_is_never_a_violation(text: str) -> None:
    assert not flags(text) - {"offensive"}


def test_the_four_conduct_categories_are_always_listed() -> None:
    assert [signal.category for signal in screen("").conduct] == list(CONDUCT_ALWAYS)


def test_abuse_told_by_the_one_who_suffers_it_is_no_conduct_of_theirs() -> None:
    seen = screen("he told me to go kill yourself and that nobody likes you")
    assert "encouragement" not in {signal.category for signal in seen.harm if signal.flag}
