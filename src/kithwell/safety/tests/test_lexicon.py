"""The rule files: each rule's own examples, and the small language they are written in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kithwell.safety import lexicon, personal
from kithwell.safety.normal import View
from kithwell.safety.patterns import BadPattern, Rule, compile_pattern

BOOKS = [lexicon.book(names) for names in (lexicon.MAIN, lexicon.TIMES, lexicon.CUES, lexicon.EXCUSES)]
LEXICON = Path(lexicon.__file__).parent
RULES = [(book, rule) for book in BOOKS for rule in book.rules]
KNOWN = frozenset().union(*(book.vocabulary for book in BOOKS))


@pytest.mark.parametrize(("book", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_a_rule_finds_its_examples_and_leaves_its_counter_examples(book: lexicon.Book, rule: Rule) -> None:
    def found(text: str) -> bool:
        view = View(text, KNOWN)
        return any(hit.rule.id == rule.id for hit in book.find(view.line, view.features))

    assert [text for text in rule.yes if not found(text)] == []
    assert [text for text in rule.no if found(text)] == []


@pytest.mark.parametrize("shape", personal.shapes(), ids=lambda shape: shape.id)
def test_a_shape_finds_its_examples_and_leaves_its_counter_examples(shape: personal.Shape) -> None:
    assert [text for text in shape.yes if not shape.regex.search(text)] == []
    assert [text for text in shape.no if shape.regex.search(text)] == []


def test_every_file_of_rules_names_its_owner_and_version() -> None:
    for name in (*lexicon.MAIN, *lexicon.TIMES, *lexicon.CUES, *lexicon.EXCUSES):
        content = tomllib.loads((LEXICON / f"{name}.toml").read_text(encoding="utf-8"))
        assert content["owner"] and content["version"] >= 1 and content["category"], name


def test_every_category_has_rules_with_examples_in_all_seven_languages() -> None:
    kinds = "encouragement method_detail pro_eating_disorder graphic threat harassment offensive hate doxxing grooming"
    for kind in (*kinds.split(), "scam", "spam", "personal_data"):
        for lang in ("en", "es", "fr", "de", "pt", "ar", "hi"):
            own = [rule for _, rule in RULES if rule.kind == kind and rule.lang == lang]
            assert own and any(rule.yes for rule in own), f"{kind} in {lang}"


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
