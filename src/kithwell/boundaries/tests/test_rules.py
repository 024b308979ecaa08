"""`Boundaries.treat`, word folding and the nudge: pure."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.boundaries import labels, nudge, rules
from kithwell.boundaries.rules import Boundaries

ME, OTHER, THIRD = (UUID(int=n) for n in (1, 2, 3))
people = st.sampled_from([None, ME, OTHER, THIRD])
topics = st.lists(st.sampled_from(rules.WARNINGS), unique=True).map(tuple)
texts = st.text(alphabet="abcéß kI1o0'.!? ñçا", max_size=60)
words = st.lists(texts.map(rules.fold).filter(bool), max_size=3, unique=True).map(tuple)
boundaries = st.builds(
    Boundaries,
    blocked=st.frozensets(st.sampled_from([OTHER, THIRD])),
    muted=st.frozensets(st.sampled_from([OTHER, THIRD])),
    words=words,
    filters=st.dictionaries(st.sampled_from(rules.WARNINGS), st.sampled_from(rules.HOWS)),
    me=st.just(ME),
)


def strength(treatment: rules.Treatment) -> int:
    return rules.HOWS.index(treatment.how)


@given(boundaries, people, topics, texts)
def test_what_is_blocked_is_never_there_and_nothing_else_is_away(mine, author, warned, text):
    treatment = mine.treat(author, warned, text)
    assert treatment.there == (author not in mine.blocked)
    assert treatment.shown == (treatment.how != "hide")
    assert bool(treatment.why) == (treatment.how != "show")


@given(boundaries, topics, texts)
def test_what_one_wrote_oneself_is_always_shown(mine, warned, text):
    assert mine.treat(ME, warned, text) == rules.SHOW


@given(boundaries, people, topics, st.sampled_from(rules.WARNINGS), texts)
def test_one_more_warning_never_shows_more(mine, author, warned, topic, text):
    assert strength(mine.treat(author, (*warned, topic), text)) >= strength(mine.treat(author, warned, text))


@given(boundaries, people, topics, texts)
def test_a_filter_that_shows_everything_leaves_only_people_and_words(mine, author, warned, text):
    open_ = Boundaries(mine.blocked, mine.muted, mine.words, dict.fromkeys(rules.WARNINGS, "show"), me=ME)
    assert open_.treat(author, warned, text).why in ("", "blocked", "muted", "word")


@given(boundaries, people, topics, texts)
def test_the_topics_of_a_treatment_are_among_those_warned_of(mine, author, warned, text):
    treatment = mine.treat(author, warned, text)
    assert set(treatment.topics) <= set(warned)
    assert bool(treatment.topics) == (treatment.why == "warning")


@given(texts)
def test_folding_twice_is_folding_once(text):
    assert rules.fold(rules.fold(text)) == rules.fold(text)


@given(texts.filter(lambda t: bool(rules.fold(t))), texts, texts)
def test_a_word_is_found_between_any_other_words(word, before, after):
    folded = rules.fold(word)
    assert rules.says(f"{before} , {folded} , {after}", (folded,))


@given(st.text(max_size=200), words)
def test_no_text_breaks_the_look_for_words(text, muted):
    assert rules.says(text, muted) in (True, False)


def test_a_word_is_a_whole_word_however_it_is_written():
    muted = (rules.fold("Pérdida"), rules.fold("ana"))
    assert rules.says("hoy hablo de mi PERDIDA.", muted)
    assert rules.says("una p3rdida", muted), "lightly disguised"
    assert not rules.says("banana, Anabel and perdidas", muted)


def test_a_topic_that_nobody_knows_counts_as_other():
    mine = Boundaries(filters={"other": "hide"})
    assert mine.treat(OTHER, ("made-up",), "x").how == "hide"
    assert rules.known_warnings(["body", "made-up", "suicide"]) == ("suicide", "body")


def test_a_visitor_sees_warned_posts_covered():
    assert rules.NOBODY.treat(OTHER, ("suicide",), "x") == rules.Treatment("blur", "warning", ("suicide",))
    assert rules.NOBODY.treat(OTHER, (), "x") == rules.SHOW


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You are worthless and everyone here hates you, shut up you idiot", "harassment"),
        ("I will find you and I will hurt you, watch your back", "threat"),
    ],
)
def test_words_that_read_as_an_attack_are_looked_at_twice(text, kind):
    found = nudge.look(text)
    assert found is not None and found.kind in nudge.LOOKED_AT
    assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I want to die and I have a plan",
        "I hate myself, I am so worthless and stupid",
        "My father told me every day that I am worthless. It still hurts.",
        "Thank you all, this group is a good place.",
        "I am so angry today. I feel like screaming.",
    ],
)
def test_nobody_is_nudged_for_how_they_feel(text):
    assert nudge.look(text) is None


def test_the_words_of_the_nudge_stand_in_the_table_for_clinical_review():
    table = (Path(__file__).resolve().parents[4] / "docs/clinical/boundaries.md").read_text(encoding="utf-8")
    for kind, words_ in labels.NUDGE.items():
        assert f"| nudge.{kind} | {words_} |" in table
