"""The rule files: each rule's own examples, and the small language they are written in."""

from __future__ import annotations

import pytest

from kithwell.safety import lexicon
from kithwell.safety.normal import View
from kithwell.safety.patterns import BadPattern, Rule, compile_pattern

BOOKS = [lexicon.book(names) for names in (lexicon.MAIN, lexicon.TIMES, lexicon.CUES, lexicon.EXCUSES)]
RULES = [(book, rule) for book in BOOKS for rule in book.rules]
KNOWN = frozenset().union(*(book.vocabulary for book in BOOKS))


@pytest.mark.parametrize(("book", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_a_rule_finds_its_examples_and_leaves_its_counter_examples(book: lexicon.Book, rule: Rule) -> None:
    def found(text: str) -> bool:
        view = View(text, KNOWN)
        return any(hit.rule.id == rule.id for hit in book.find(view.line, set(view.words)))

    assert [text for text in rule.yes if not found(text)] == []
    assert [text for text in rule.no if found(text)] == []


def test_rule_names_are_unique_and_every_crisis_rule_for_a_wish_has_an_example() -> None:
    names = [rule.id for _, rule in RULES]
    assert len(names) == len(set(names))
    wishes = [
        rule
        for _, rule in RULES
        if rule.lang == "en" and rule.kind in ("active", "passive", "intent", "plan", "underway")
    ]
    assert [rule.id for rule in wishes if not rule.yes and rule.id != "en.active.wordless"] == []


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("(want|wish) to die", "I wish to die", True),
        ("(want|wish) to die", "I wish to dine", False),
        ("want [really] to die", "want really to die", True),
        ("pills <2 hand", "the pills are in hand", True),
        ("pills <2 hand", "the pills. My hand", False),
        ("pills <2 hand", "pills lay there in my hand", False),
        ("own death*", "my own deathbed", True),
    ],
)
def test_the_pattern_language_means_what_its_description_says(pattern: str, text: str, matches: bool) -> None:
    compiled = compile_pattern(pattern, {})
    assert bool(compiled.regex.search(View(text).line)) is matches


@pytest.mark.parametrize("pattern", ["dea*", "@nosuch", "<3", "(|)"])
def test_a_pattern_nobody_could_run_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern, {})
