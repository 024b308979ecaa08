"""What people say and the level it is given. Sober phrases of our own; none is quoted from anyone."""

from __future__ import annotations

import pytest

from kithwell.safety import screen
from kithwell.safety.signals import LEVELS


def level(text: str, context: str = "") -> str:
    return screen(text, context).crisis_level


def labels(text: str) -> str:
    return " | ".join(span.label for span in screen(text).spans)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What a lovely day, thank you all", "C0"),
        ("I feel so alone these days and I can't cope", "C1"),
        ("I wish I was dead", "C2"),
        ("I don't want to be alive any more", "C2"),
        ("everyone would be better off without me", "C2"),
        ("I keep thinking about killing myself", "C3"),
        ("I have had suicidal thoughts every day", "C3"),
        ("I am going to kill myself", "C4"),
        ("I wrote my suicide note", "C4"),
        ("I want to die and I have the pills", "C4"),
        ("I tried to end my life last night", "C4"),
        ("I am going to kill myself tonight", "C5"),
        ("I just took all my pills", "C5"),
    ],
)
def test_plain_words_get_their_level(text: str, wanted: str) -> None:
    assert level(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "I am not suicidal",
        "I would never kill myself",
        "I have no plans to end my life",
        "I don't want to die",
        "suicide is not an option for me",
    ],
)
def test_a_denied_wish_leaves_a_trace_but_is_not_the_wish(text: str) -> None:
    assert level(text) == "C1"
    assert "negated" in labels(text)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to die but I can't live like this",
        "I can't stop thinking about killing myself",
        "I don't know why I shouldn't kill myself",
        "not only am I sad, I want to die",
        "I don't want to wake up tomorrow",
    ],
)
def test_a_no_that_is_part_of_the_wish_does_not_hide_it(text: str) -> None:
    assert level(text) >= "C2"


@pytest.mark.parametrize(
    "text",
    ["I used to be suicidal years ago", "When I was a teenager I wanted to kill myself, I am better now"],
)
def test_the_past_counts_less(text: str) -> None:
    assert level(text) in ("C1", "C2")
    assert "time: past" in labels(text)


def test_a_past_attempt_stays_a_sign_of_risk() -> None:
    assert level("I tried to kill myself in 2015") >= "C2"


def test_the_past_that_is_back_counts_in_full() -> None:
    assert level("I was suicidal years ago and now I want to kill myself again") >= "C3"


@pytest.mark.parametrize(
    "text",
    [
        'In the film he said "I want to die" and then the lights went out',
        "The lyrics go I want to die tonight",
        "the song says I wish I was dead",
        "The main character wants to kill himself in the book",
    ],
)
def test_quotations_and_lyrics_count_less(text: str) -> None:
    assert level(text) == "C1"


def test_quoting_oneself_is_not_quoting() -> None:
    assert level('I told my mother "I want to die"') >= "C2"


@pytest.mark.parametrize(
    "text",
    [
        "My friend wants to die and I don't know what to do",
        "my brother is suicidal",
        "She told me she will hurt herself",
    ],
)
def test_concern_for_another_brings_guidance_for_the_helper(text: str) -> None:
    seen = screen(text)
    assert "concern for another" in seen.guidance
    assert seen.crisis_level in ("C1", "C2")


def test_an_urgent_concern_for_another_reaches_a_human_soon() -> None:
    seen = screen("My friend says she is going to kill herself tonight")
    assert "concern for another" in seen.guidance
    assert seen.crisis_level >= "C3"


def test_a_third_person_nearby_does_not_hide_the_writers_own_wish() -> None:
    assert level("My boyfriend left me and I want to end my life") >= "C3"
    assert level("She makes me want to kill myself") >= "C3"


@pytest.mark.parametrize(
    "text",
    ["Asking for a friend: how many pills would kill you", "my friend wants to die, asking for a friend"],
)
def test_asking_for_a_friend_stays_a_risk(text: str) -> None:
    assert level(text) >= "C3"


def test_loss_by_suicide_is_grief_and_not_a_wish() -> None:
    seen = screen("My brother died by suicide in spring")
    assert seen.crisis_level == "C1"
    assert "loss" in seen.guidance


@pytest.mark.parametrize(
    "text",
    [
        "this exam is killing me",
        "I would kill for a coffee",
        "I killed myself in the game again, stupid fall damage",
        "Suicide Squad was fun",
        "my phone is about to die",
        "We should hang out soon",
    ],
)
def test_figures_of_speech_are_no_crisis(text: str) -> None:
    assert screen(text).crisis_flag is False


@pytest.mark.parametrize(
    "text", ["lol I want to kill myself, this exam is so hard", "honestly gonna kms haha"]
)
def test_dark_humour_keeps_its_level_and_asks_for_a_person(text: str) -> None:
    assert level(text) >= "C3"
    assert "a person should look" in labels(text)


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("I want to die", "I will do it tonight and I have the pills."),
        ("I feel worthless", "I am going to kill myself tonight."),
        ("My week was fine", "I have a plan to end my life."),
        ("I keep thinking about ending it", "I just took all my pills."),
    ],
)
def test_adding_a_plan_never_lowers_the_level_and_reaches_c4(text: str, added: str) -> None:
    before, after = level(text), level(f"{text}. {added}")
    assert LEVELS.index(after) >= max(LEVELS.index(before), 4)


def test_what_was_said_before_gives_means_their_weight() -> None:
    assert level("I have the pills") < "C4"
    assert level("I have the pills", context="I want to die") == "C4"
    assert level("tonight", context="I am going to kill myself") == "C5"


@pytest.mark.parametrize(
    ("text", "lang", "least"),
    [
        ("ya no quiero vivir", "es", "C2"),
        ("quiero suicidarme, no puedo más", "es", "C3"),
        ("me voy a matar esta noche", "es", "C4"),
        ("je veux mourir", "fr", "C2"),
        ("je pense à me suicider", "fr", "C3"),
        ("j'ai plus envie de vivre", "fr", "C2"),
        ("ich will nicht mehr leben", "de", "C2"),
        ("ich möchte mich umbringen", "de", "C3"),
        ("não quero mais viver", "pt", "C2"),
        ("quero me matar", "pt", "C3"),
        ("أريد أن أموت", "ar", "C2"),
        ("أفكر في الانتحار", "ar", "C3"),
        ("मैं मरना चाहता हूँ", "hi", "C2"),
        ("main khudkushi karna chahta hoon", "hi", "C3"),
    ],
)
def test_other_languages_are_heard_by_rules_and_say_they_are_not_validated(
    text: str, lang: str, least: str
) -> None:
    seen = screen(text)
    assert (seen.lang, seen.validated) == (lang, False)
    assert seen.crisis_level >= least
    assert seen.crisis_flag


@pytest.mark.parametrize(
    "text", ["no quiero suicidarme", "je ne veux pas me tuer", "ich will mich nicht umbringen"]
)
def test_a_denied_wish_in_another_language_counts_less(text: str) -> None:
    assert level(text) <= "C2"


@pytest.mark.parametrize(
    "text",
    [
        "i want to k1ll mys3lf",
        "I want to k i l l myself",
        "I want to k\u200bill my\u200bself",
        "I w\u0430nt to kill mys\u0435lf",  # two Cyrillic letters
        "I WANT TO KILL MYSELF",
        "i   want to\tkill\nmyself",
        "i want to unalive myself",
        "\U0001d4f2 want to kill myself",
    ],
)
def test_disguises_are_seen_through(text: str) -> None:
    assert level(text) >= "C3"


@pytest.mark.parametrize("text", ["feeling sui again", "gonna kms", "thinking about sewerslide again"])
def test_short_words_of_the_young_are_known(text: str) -> None:
    assert level(text) >= "C1"
