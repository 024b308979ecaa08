"""The view of a text: folding, disguises, and the way back to the text as given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwell.safety.normal import View, followers, pairs_in

KNOWN = frozenset({"kill", "die", "myself", "suicide", "to", "want"})
PIECES = st.sampled_from(
    [
        "die",
        "Die",
        "DIÉ",
        "die-hard",
        "d i e",
        "d1e",
        "don't",
        "dont",
        "“die”",
        "di\u200be",
        "x",
        ".",
        "\n\n",
        "_die_",
        "😂",
        "d\u0456e",
        "@die_to",
        "don&#39;t",
        "&amp;",
        "https://die.to/die",
    ]
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I don't WANT to", "i dont want to"),
        ("Été “so” …", 'ete " so " .'),
        ("k1ll mys3lf su!cide", "kill myself suicide"),
        ("room 4b, b2b and 100th", "room 4b b2b and 100th"),
        ("I want to d i e now", "i want to die now"),
        ("w\u0430nt", "want"),
        ("хочу", "хочу"),
        ("one\n\ntwo", "one . two"),
        ("मैं मरना चाहता हूँ।", "मैं मरना चाहता हूँ ."),
        ("a\0b", "ab"),
        ("@ann_to: I want to", "i want to"),
        ("@die now", "die now"),
        ("ann@die.org", "ann die . org"),
        ("RT @myself_too I don&#8217;t &quot;want&quot; &amp; die&#8230;", 'rt i dont " want " die .'),
        ("see https://x.y/die?a=1&b=2. Then www.die.org, so", "see . then so"),
        ("a & b; c @ d", "a b ; c d"),
    ],
)
def test_words_are_folded_to_their_plain_form(text: str, words: str) -> None:
    assert " ".join(View(text, KNOWN).words) == words


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12).map(" ".join))
def test_every_word_leads_back_to_its_own_place(text: str) -> None:
    view = View(text, KNOWN)
    at, last = 0, 0
    for word in view.words:
        end = at + 1 + len(word)
        first, finish = view.span(at, end)
        assert last <= first < finish <= len(text)
        again = " ".join(View(text[first:finish], KNOWN).words)
        assert again == word or text[first:finish] == "\n\n"
        at, last = end, finish


@given(
    st.lists(st.sampled_from("abcd"), max_size=30), st.sets(st.sampled_from(["a b", "b a", "c c", "d", "a"]))
)
def test_the_pairs_found_are_those_of_the_text_that_are_known(words: list[str], known: set[str]) -> None:
    text = View(" ".join(words))
    pairs = {name for name in known if " " in name}
    assert pairs_in(text.words, followers(known)) == pairs & text.features


@pytest.mark.parametrize("text", ["so!", "so! much", "ki!!", "a | b", "* x"])
def test_a_sign_is_a_letter_only_before_a_letter(text: str) -> None:
    assert "kill" not in View(text, KNOWN).words
    assert "kill" in View(f"{text} k!ll", KNOWN).words


@pytest.mark.parametrize("text", ["Don’t", "Été " + "é" * 60, "𝓭𝓲𝓮", "d\u200bie"])
def test_few_odd_characters_are_folded_as_many_are(text: str) -> None:
    assert View(text).words == View(f"{text} " + "ñ" * 50).words[:-1]
