"""Safe wording: every rule by its own examples; places are right; nobody's words are lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.stories import wording

EXAMPLES = [(r, text, True) for r in wording.rules() for text in r.yes]
EXAMPLES += [(r, text, False) for r in wording.rules() for text in r.no]


@pytest.mark.parametrize(("rule", "text", "wanted"), EXAMPLES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_rule_finds_what_it_is_for_and_leaves_the_rest_alone(
    rule: wording.Rule, text: str, wanted: bool
) -> None:
    codes = {note.code for note in wording.check(text, rule.language)}
    assert (rule.code in codes) is wanted, (rule.code, text, codes)
    if not wanted:
        assert not codes, f"{text!r} is harmless, and is marked as {codes}"


def test_every_rule_has_a_reason_a_suggestion_a_source_and_examples_both_ways() -> None:
    for rule in wording.rules():
        assert rule.why and rule.instead and rule.source and rule.yes and rule.no
        assert rule.weight in ("advise", "stop") and rule.language in wording.LANGUAGES
    assert {r.code for r in wording.rules() if r.weight == "stop"} == {"method", "place", "hiding"}
    assert {r.language for r in wording.rules() if r.code == "method"} == {"en", "es"}


def test_the_suggestions_themselves_are_free_of_what_they_replace() -> None:
    for rule in wording.rules():
        assert not wording.check(rule.instead, rule.language), rule.code


def test_only_method_place_and_hiding_stop_a_reviewer() -> None:
    assert not wording.stops(wording.check("My uncle committed suicide.", "en"))
    assert wording.stops(wording.check("My uncle hanged himself.", "en"))


def test_a_language_without_rules_of_its_own_is_looked_at_with_all() -> None:
    assert wording.check("she committed suicide", "fr") and wording.check("cometió suicidio", "")


@given(st.text(max_size=400), st.sampled_from(["en", "es", "", "fr"]))
def test_the_marked_text_is_the_text(text: str, language: str) -> None:
    notes = wording.check(text, language)
    assert "".join(p.text for p in wording.pieces(text, notes)) == text
    assert all(0 <= n.start < n.end <= len(text) for n in notes)
    assert len(wording.folded(text)) == len(text)


@given(st.text(alphabet="é ñ’áx\n.", max_size=40), st.text(max_size=20))
def test_places_are_right_after_accents_and_odd_characters(before: str, after: str) -> None:
    text = f"{before} committed suicide {after}"
    found = [text[n.start : n.end] for n in wording.check(text, "en") if n.code == "commit"]
    assert "committed suicide" in found


def test_a_long_text_is_looked_at_quickly() -> None:
    import time

    text = ("I went out and walked and cut my hair and took the train and then I " * 300)[:20_000]
    began = time.process_time()
    wording.check(text, "en")
    assert time.process_time() - began < 1.5
