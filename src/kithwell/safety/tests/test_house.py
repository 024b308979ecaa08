"""What a house changes about "unsafe for others", and that need is heard the same whatever it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwell.safety import house, lexicon, screening
from kithwell.safety.house import Changes
from kithwell.safety.patterns import BadPattern, Rule
from kithwell.safety.signals import Signal

SPAM = house.shipped_rule("conduct.spam")
assert SPAM is not None
OWN = Rule(
    "house.spam.1", "conduct", "spam", "sells lamps", 0.7, patterns=("(moon|star) (lamp|lamps)",),
    yes=("buy a moon lamp",), no=("the moon is bright",),
)  # fmt: skip
# Words of every shipped rule, so that texts made of them meet rules, cues and excuses of all kinds.
WORDS = sorted(
    {
        word
        for rule in lexicon.book(lexicon.MAIN).rules
        for text in (*rule.yes, *rule.no)
        for word in text.split()
    }
)


def flags(text: str, tools: screening.Engine) -> set[str]:
    seen = screening.screen_with(tools, text)
    return {one.category for one in (*seen.harm, *seen.conduct) if one.flag}


def test_a_rule_is_added_changed_and_switched_off() -> None:
    assert flags("buy a moon lamp", house.tools(Changes({OWN.id: OWN}))) == {"spam"}
    assert SPAM is not None
    narrower = replace(SPAM, unless=("(flea market)",))
    told = "limited time offer at the flea market"
    assert "spam" in flags(told, screening.engine())
    assert "spam" not in flags(told, house.tools(Changes({SPAM.id: narrower})))
    assert "spam" not in flags("limited time offer, order now", house.tools(Changes({SPAM.id: None})))
    assert "threat" in flags("I will kill you", house.tools(Changes({SPAM.id: None}))), "others still look"


def test_without_changes_the_shipped_tools_answer() -> None:
    assert house.tools(Changes()) is screening.engine()


def test_the_version_names_the_changes_and_differs_with_each() -> None:
    one, two = Changes({OWN.id: OWN}, number=1), Changes({OWN.id: replace(OWN, weight=0.9)}, number=1)
    versions = {house.tools(changes).version for changes in (one, two, Changes(thresholds={"hate": 0.4}))}
    assert len(versions) == 3 and all(v.startswith(screening.engine().version + "+house.") for v in versions)
    assert all(len(v) <= 120 for v in versions), "a signal keeps it whole"


def test_a_process_works_with_what_it_was_given_and_with_what_is_shipped_again() -> None:
    try:
        screening.work_with(house.tools(Changes({OWN.id: OWN})))
        assert any(s.category == "spam" and s.flag for s in screening.screen("buy a moon lamp").conduct)
        assert "+house." in screening.version()
    finally:
        screening.work_with(None)
    assert not any(s.category == "spam" for s in screening.screen("buy a moon lamp").conduct)


CRISIS = next(rule for rule in lexicon.book(lexicon.MAIN).rules if rule.category == "crisis")
GROUP = next(rule for rule in lexicon.book(lexicon.MAIN).rules if rule.kind == "group")


@pytest.mark.parametrize(
    "rules",
    [
        {CRISIS.id: None},
        {CRISIS.id: replace(CRISIS, unless=("die",))},
        {"house.x": replace(OWN, id="house.x", category="crisis", kind="passive")},
        {GROUP.id: None},
        {CRISIS.id: replace(OWN, id=CRISIS.id)},
        {"other": OWN},
    ],
)
def test_rules_by_which_need_is_heard_cannot_be_touched(rules: dict[str, Rule | None]) -> None:
    with pytest.raises(ValueError, match=r"not a rule|stands under"):
        house.tools(Changes(rules))


def test_a_pattern_nobody_can_run_is_refused() -> None:
    with pytest.raises(BadPattern):
        house.tools(Changes({OWN.id: replace(OWN, patterns=("<3",))}))


EVERYTHING_OFF = house.tools(
    Changes(
        {rule.id: None for file in house.shipped() for rule in file.rules}, {"hate": 0.9, "threat": 0.95}, 7
    )
)
MUCH_MORE = house.tools(
    Changes({
        OWN.id: replace(OWN, patterns=(*OWN.patterns, "(die|dead|pills|tonight|kill|myself|goodbye|alone)")),
        "house.hate.1": replace(OWN, id="house.hate.1", kind="hate", patterns=("(i|want|my|friend|not|never)",)),
    }, {"offensive": 0.1}, 8)
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30))
def test_need_is_heard_the_same_whatever_a_house_changes(words: list[str]) -> None:
    text = " ".join(words)
    as_shipped = house.need_of(screening.screen_with(screening.engine(), text))
    assert house.need_of(screening.screen_with(EVERYTHING_OFF, text)) == as_shipped
    assert house.need_of(screening.screen_with(MUCH_MORE, text)) == as_shipped


def test_need_is_heard_the_same_in_every_example_of_the_crisis_rules_and_with_disguises() -> None:
    odd = tuple(text.replace("i", "1").replace("e", "3") for text in house.words_of_need())
    for tools in (EVERYTHING_OFF, MUCH_MORE):
        assert house.hears_the_same(tools) and house.hears_the_same(tools, odd)
    deaf = replace(screening.engine(), main=lexicon.book(("conduct",)), model=None)
    assert not house.hears_the_same(deaf), "and the comparison can fail"


def test_every_shipped_rule_passes_its_own_tests_here_too() -> None:
    failed = [rule.id for file in house.shipped() for rule in file.rules if not house.test(rule).passed]
    assert not failed


def test_a_rules_own_tests_and_words_of_need_are_held_against_it() -> None:
    wrong = replace(OWN, yes=("buy a sun lamp",), no=("I like my moon lamp",))
    found = house.test(wrong)
    assert (
        found.missed == ("buy a sun lamp",) and found.wrong == ("I like my moon lamp",) and not found.passed
    )
    cruel = replace(
        OWN, kind="encouragement", category="harm", patterns=("want to die",), yes=("want to die",)
    )
    assert house.test(cruel).need, "being in crisis is never against the rules"


def test_a_house_threshold_moves_flags_and_leaves_what_is_excused_alone() -> None:
    signals = (Signal("threat", 0.6, True), Signal("spam", 0.4, False), Signal("hate", 0.45, False))
    told = house.flagged(signals, True, {"threat": 0.65, "spam": 0.35, "hate": 0.4})
    assert [one.flag for one in told] == [False, True, False], (
        "hate was excused: its score is above the shipped one"
    )
    assert [one.score for one in told] == [0.6, 0.4, 0.45], "scores say what they said"
    rules_only = house.flagged((Signal("hate", 0.45, False),), False, {"hate": 0.4})
    assert not rules_only[0].flag, "the scorer's threshold is not that of rules in other languages"


def test_all_a_house_can_flag_has_an_owner_a_version_and_a_file() -> None:
    assert len(house.kinds()) >= 16
    for file in house.shipped():
        assert file.owner and file.version >= 1
        for rule in file.rules:
            assert house.file_of(rule.id) is file and house.is_editable(rule)
            assert house.from_dict(house.as_dict(rule)) == rule
