"""Properties of `screen` that hold for every text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwell.safety import Screening, language, screen, version
from kithwell.safety.longtext import NEEDLES, WHOLE, pieces
from kithwell.safety.normal import View
from kithwell.safety.screening import engine
from kithwell.safety.signals import LEVELS

pytestmark = pytest.mark.once

ANY = st.text(st.characters(), max_size=300)
CRISES = st.sampled_from(
    [
        "I want to die",
        "I am going to kill myself tonight",
        "I keep thinking about ending my life",
        "I wish I was dead",
    ]
)
HARMLESS = st.lists(
    st.sampled_from(
        [
            "The soup was good.",
            "We walked to the lake.",
            "My sister called.",
            "It rained all day.",
            "School starts on Monday.",
        ]
    ),
    max_size=8,
).map(" ".join)


def rank(seen: Screening) -> int:
    return LEVELS.index(seen.crisis_level)


@settings(max_examples=300, deadline=None)
@given(ANY, ANY, st.sampled_from([None, "", "en", "xx", "de-AT"]))
def test_any_text_gets_an_answer_within_bounds(text: str, context: str, lang: str | None) -> None:
    seen = screen(text, context, lang)
    assert seen.crisis_level in LEVELS
    scores = [seen.crisis_score, seen.distress_score, *(s.score for s in (*seen.harm, *seen.conduct))]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert all(0 <= span.start < span.end <= len(text) for span in seen.spans)
    assert seen.crisis_flag == (rank(seen) >= 2)


@settings(max_examples=60, deadline=None)
@given(CRISES, HARMLESS)
def test_the_same_text_always_gets_the_same_answer(crisis: str, other: str) -> None:
    text = f"{other} {crisis}"
    assert screen(text) == screen(text)


@settings(max_examples=60, deadline=None)
@given(CRISES, HARMLESS)
def test_capitals_and_blanks_change_nothing(crisis: str, other: str) -> None:
    text = f"{other} {crisis}."
    plain = screen(text)
    for variant in (text.upper(), text.lower(), "  " + text.replace(" ", "   ") + " \n"):
        seen = screen(variant)
        assert (seen.crisis_level, seen.crisis_score) == (plain.crisis_level, plain.crisis_score)


@settings(max_examples=80, deadline=None)
@given(CRISES, HARMLESS, HARMLESS)
def test_harmless_words_around_it_never_hide_a_crisis(crisis: str, before: str, after: str) -> None:
    assert rank(screen(f"{before} {crisis}. {after}")) >= min(rank(screen(crisis)), 3)
    assert screen(f"{before} {crisis}. {after}").crisis_flag


@settings(max_examples=80, deadline=None)
@given(HARMLESS, CRISES)
def test_an_explicit_plan_never_lowers_the_level(other: str, crisis: str) -> None:
    plan = "I am going to kill myself tonight and I have the pills."
    assert rank(screen(f"{other} {crisis}. {plan}")) >= max(4, rank(screen(f"{other} {crisis}.")))


def test_reasons_point_at_the_words_they_speak_of() -> None:
    text = "Été – “so” \u200bI want to K1LL mys\u200belf tonight 😂"
    found = {text[span.start : span.end] for span in screen(text).spans}
    assert "K1LL mys\u200belf" in found
    assert "tonight" in found


def test_reasons_never_repeat_the_text() -> None:
    text = "Marguerite wants to die and Zebediah has the pills"
    assert not any(name in span.label for span in screen(text).spans for name in ("Marguerite", "Zebediah"))


@pytest.mark.parametrize(
    "filler", ["all is well today. ", "x", "é ", "\n", "not ", '"', "i want to ", "k i l l "]
)
def test_a_cry_in_the_middle_of_a_very_long_text_is_found(filler: str) -> None:
    side = filler * (400_000 // len(filler))
    assert rank(screen(f"{side}. I am going to kill myself tonight. {side}")) >= 4


@pytest.mark.parametrize(
    "unit",
    ["a", "a1", "a!", "k i l l ", "i want to die ", "i do not want to die but ", '" ', "he said ", "i hate all women ",
     "\n ", "a'", "aа", "😂", "\ud800", "a\u200b", "\u0301", "not ", "kill myself ", "İ", "\0"],
)  # fmt: skip
def test_no_text_takes_long(unit: str) -> None:
    for size in (WHOLE, 2_000_000):
        start = time.thread_time()
        screen(unit * (size // len(unit)))
        assert time.thread_time() - start < 1.5  # seconds of processor time, far above what is needed


def test_fifty_megabytes_are_read_in_bounded_time() -> None:
    text = "all is well today. " * 2_600_000 + "I want to kill myself"
    start = time.thread_time()
    assert screen(text).crisis_flag
    assert time.thread_time() - start < 12


def test_every_telling_phrase_of_long_texts_leads_somewhere() -> None:
    read, origins = pieces("x " * WHOLE + "I am going to kill myself tonight" + " x" * WHOLE)
    assert "kill myself" in read and len(read) < 20_000 and len(origins) > 2
    assert len(set(NEEDLES)) == len(NEEDLES)


def test_screening_is_quick_enough_for_every_message() -> None:
    text = ("my sister called about the weekend and we talked for a long time about nothing at all. " * 6)[
        :450
    ]
    for _ in range(200):
        screen(text)
    start = time.thread_time()
    for _ in range(500):
        screen(text)
    assert (time.thread_time() - start) / 500 < 0.001


def test_the_version_names_rules_and_weights_by_hash() -> None:
    assert screen("hello").version == version()
    assert "rules." in version() and "weights." in version()


def test_without_weights_rules_alone_still_hear_a_crisis(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from kithwell.safety import screening

    bare = replace(engine(), model=None, version="bare")
    monkeypatch.setattr(screening, "engine", lambda: bare)
    seen = screen("I am going to kill myself tonight")
    assert (seen.crisis_level, seen.crisis_flag, seen.validated) == ("C5", True, False)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("I do not know what to do with my life and it is hard", "en"),
        ("no sé qué hacer con mi vida y estoy muy cansada", "es"),
        ("je ne sais pas quoi faire de ma vie et je suis fatigué", "fr"),
        ("ich weiß nicht was ich mit meinem Leben machen soll", "de"),
        ("eu não sei o que fazer com a minha vida e estou cansado", "pt"),
        ("لا أعرف ماذا أفعل بحياتي", "ar"),
        ("मुझे नहीं पता कि क्या करूँ", "hi"),
        ("私は何をすべきかわからない", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_language_is_recognised(text: str, lang: str) -> None:
    view = View(text)
    assert language.detect(view.line, set(view.words)) == lang


def test_a_language_hint_counts_where_the_text_does_not_tell() -> None:
    assert screen("???", lang="fr").lang == "fr"
    assert screen("I do not know what to do with my life", lang="fr").lang == "en"
