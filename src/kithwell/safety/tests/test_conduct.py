"""Harm and conduct: what is unsafe for others, kept apart from the question who needs help."""

from __future__ import annotations

import pytest

from kithwell.safety import conduct, screen
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


@pytest.mark.parametrize("text", ["my nigga always has my back", "my bitches and fags so fuck it"])
def test_a_word_used_of_oneself_or_among_friends_is_hate_only_where_the_scorer_is_sure(text: str) -> None:
    hate = next(signal for signal in screen(text).conduct if signal.category == "hate")
    assert hate.score < conduct.SURE and not hate.flag


def test_a_threat_is_found_whoever_it_names_and_a_haircut_is_none() -> None:
    assert "threat" in flags("I will slit his throat") and "threat" in flags("we will break their bones")
    assert "threat" not in flags("I will cut their hair tomorrow")


def test_the_same_is_said_of_a_post_as_it_was_typed_and_as_it_was_copied_from_a_page() -> None:
    typed = screen('you can\'t stop us, you "people" are vermin. I hate immigrants')
    copied = screen(
        "RT @some_one12: you can&#8217;t stop us, you &quot;people&quot; are vermin. I hate immigrants https://t.co/x1"
    )
    assert [one.flag for one in copied.conduct] == [one.flag for one in typed.conduct]
    assert abs(copied.conduct[0].score - typed.conduct[0].score) < 0.1


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


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("my number is +44 7700 900123", "own contact details"),
        ("write to me at ann@example.org", "own contact details"),
        ("her mail is ann@example.org", "someone else's contact details"),
    ],
)
def test_personal_data_is_seen_by_its_shape_and_by_whose_it_is(text: str, label: str) -> None:
    seen = screen(text)
    assert any(signal.category == "personal_data" and signal.flag for signal in seen.conduct)
    spans = [span for span in seen.spans if span.label == label]
    assert spans and all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    "text", ["the helpline is 0800 123 4567 8", "I was born in 1990", "@ann are you home at 10?"]
)
def test_a_helpline_a_year_or_a_user_name_is_no_personal_data(text: str) -> None:
    assert not any(signal.category == "personal_data" for signal in screen(text).conduct)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("te voy a matar", "threat"),
        ("mort aux juifs", "hate"),
        ("du bist ein Arschloch", "harassment"),
        ("você deveria se matar", "encouragement"),
        ("سأقتلك", "threat"),
        ("nudes bhejo", "grooming"),
    ],
)
def test_other_languages_have_the_basic_rules(text: str, category: str) -> None:
    seen = screen(text)
    assert any(signal.category == category and signal.flag for signal in (*seen.harm, *seen.conduct))
    assert not seen.validated


def test_naming_a_group_is_no_signal_and_no_reason() -> None:
    seen = screen("my neighbours are muslims and we had tea together")
    assert [signal.category for signal in seen.conduct if signal.flag] == []
    assert "group" not in {signal.category for signal in seen.conduct}
    assert all("group" not in span.label for span in seen.spans)


@pytest.mark.parametrize(
    "text",
    [
        "I love immigrants",
        "women are great and deserve the same rights",
        "calling muslims animals is shameful, do not write that",
        "nobody should ever hurt gay people",
    ],
)
def test_speaking_well_of_a_group_or_for_it_is_not_flagged_as_hate(text: str) -> None:
    assert "hate" not in flags(text)
