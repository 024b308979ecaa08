"""What the assistant says next, for any sequence of events at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.assistant import rules, speak, texts
from kithwell.assistant.rules import (
    Asked,
    AssistantState,
    Closed,
    Facts,
    FirstMessage,
    HandedOver,
    Message,
    Pressed,
    QueueUpdate,
    Rating,
    StaffAway,
)

BUTTONS = [key.removeprefix("button.") for key in texts.EN if key.startswith("button.")]
WORDS = [
    "hello", "I want to die", "7", "10", "yes", "no", "thanks", "are you a robot?", "fuck you", "help me please",
    "my friend wants to kill herself", "Ireland", "who can read this?", "do I have depression?", "talk to a person", "",
    "will you call the police?", "no sé", "sí", "x" * 300,
]  # fmt: skip
events = st.one_of(
    st.builds(Message, st.sampled_from(WORDS) | st.text(max_size=60)),
    st.builds(Pressed, st.sampled_from(BUTTONS) | st.text(max_size=8)),
    st.builds(Rating, st.integers(-5, 20)),
    st.builds(Asked, st.sampled_from(["human", "help", "stop", "privacy", "what"])),
    st.builds(QueueUpdate, st.sampled_from(["next", "few", "some", "many", "?"]), st.integers(-1, 90)),
    st.builds(FirstMessage, st.sampled_from(WORDS)),
    st.just(Closed()),
)
hands = st.one_of(events, events, events, st.just(HandedOver()), st.just(StaffAway()))


@st.composite
def talks(draw: st.DrawFn, moves: Any = events) -> list[tuple[Any, Facts]]:
    """A conversation: events, each with what is true then. The level of a conversation only rises."""
    country = draw(st.sampled_from(["", "GB", "US", "ID", "LK", "MX", "LT"]))
    level, steps = 0, []
    for event in [FirstMessage(draw(st.sampled_from(WORDS))), *draw(st.lists(moves, max_size=25))]:
        level = max(level, draw(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5])))
        country = country or draw(st.sampled_from(["", "", "IE"]))
        facts = speak.facts(
            country=country,
            lang="en",
            level=f"C{level}",
            staffed=draw(st.sampled_from([None, True, False])),
            wait_minutes=draw(st.sampled_from([-1, 0, 4, 25])),
            on_call=draw(st.booleans()),
        )
        steps.append((event, facts))
    return steps


@given(talks(hands), st.sampled_from(["en", "es"]), st.sampled_from(["web", "whatsapp", "sms"]))
def test_any_conversation_stays_within_every_channels_limits_and_always_leads_to_a_person(
    steps: list[tuple[Any, Facts]], lang: str, channel: str
) -> None:
    state = AssistantState()
    for event, facts in steps:
        says, state = rules.answer(state, event, facts)
        assert len(says) <= rules.MAX_SAYS
        for say in says:
            text, buttons = texts.shown(say, lang, channel, org="Kith House")
            assert 0 < len(text) <= 1024 and "{" not in text.replace("{}", "")
            assert len(buttons) <= 3 and all(1 <= len(title) <= 20 for _, title in buttons)
            assert len({ident for ident, _ in buttons}) == len(buttons)
        if says and not state.asked_human:
            assert any(rules._leads(say) for say in says)
        assert rules.state_from(json.loads(json.dumps(state.as_dict()))) == state


@given(talks(hands))
def test_it_is_silent_while_a_person_has_the_conversation(steps: list[tuple[Any, Facts]]) -> None:
    state = AssistantState()
    human = False
    for event, facts in steps:
        says, state = rules.answer(state, event, facts)
        human = (human or isinstance(event, HandedOver)) and not isinstance(event, StaffAway)
        if human:
            assert says == ()


@given(talks())
def test_it_never_repeats_itself_unasked(steps: list[tuple[Any, Facts]]) -> None:
    state = AssistantState()
    heard: set[str] = set()
    for event, facts in steps:
        says, state = rules.answer(state, event, facts)
        for say in says:
            asked_for = say.script in (
                "help", "human", "private", "computer", "stop", "breathe", "ground", "safe_now", "cannot_call",
            )  # fmt: skip
            if not asked_for and say.script != "lines":
                assert say.script not in heard, say.script
            heard.add(say.script)


@given(talks())
def test_numbers_come_at_c2_and_above_once_for_each_rise(steps: list[tuple[Any, Facts]]) -> None:
    state = AssistantState()
    shown, countries = 0, set()
    for event, facts in steps:
        before = state
        says, state = rules.answer(state, event, facts)
        now = max(rules.LEVELS.index(facts.level), rules.LEVELS.index(state.level))
        countries.add(facts.country)
        scripts = [say.script for say in says]
        shown += sum(s in ("lines", "lines_again", "lines_unknown", "danger") for s in scripts)
        if isinstance(event, Message | FirstMessage) and now >= 2 and before.lines_at < 2:
            third = "third" in scripts
            assert third or {"lines", "lines_unknown", "danger"} & set(scripts) or before.asked_country, (
                scripts
            )
        if now < 2 and not before.asked_country:
            assert not {"lines", "lines_again", "danger"} & set(scripts)
    assert shown <= 2 * 4 + 2 * len(countries)


@given(talks())
def test_in_danger_the_emergency_number_comes_first(steps: list[tuple[Any, Facts]]) -> None:
    state = AssistantState()
    for event, facts in steps:
        before = state
        says, state = rules.answer(state, event, facts)
        if "danger" in state.said and "danger" not in before.said:
            assert says[0].script == "danger"
            text, buttons = texts.shown(says[0], "en", "web")
            numbers = [number for _, number in facts.emergency]
            assert all(n in text for n in numbers[:2]) if numbers else "local emergency number" in text
            assert len(buttons) >= 2


@given(talks())
def test_it_says_that_somebody_is_being_called_only_when_that_is_true(steps: list[tuple[Any, Facts]]) -> None:
    state = AssistantState()
    for event, facts in steps:
        says, state = rules.answer(state, event, facts)
        for say in says:
            if say.script == "danger_people":
                assert (say.params["how"] == "oncall") == facts.on_call
                assert say.params["how"] != "staffed" or facts.staffed is not False
            if say.script == "human":
                assert (say.params["how"] == "closed") == (facts.staffed is False and not facts.on_call)


@given(
    st.dictionaries(
        st.text(max_size=12), st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers())
    )
)
def test_a_stored_state_of_any_shape_is_read(raw: dict[str, Any]) -> None:
    state = rules.state_from({**AssistantState().as_dict(), **raw})
    rules.answer(state, Message("hello"), Facts())
    assert rules.state_from(None) == rules.state_from("x") == AssistantState()  # type: ignore[arg-type]


def test_the_first_answer_says_who_this_is_what_is_private_the_wait_and_asks_how_bad_it_is() -> None:
    facts = speak.facts(country="GB", lang="en", staffed=True, wait_minutes=12)
    says, state = rules.answer(AssistantState(), FirstMessage("bad day"), facts)
    assert [say.script for say in says] == ["hello", "private", "rate"]
    words = " ".join(texts.shown(say, "en", "web", org="Kith House")[0] for say in says)
    for piece in (
        "computer program",
        "not a person",
        "can read it",
        "not an emergency service",
        "12 minutes",
        "0 (fine)",
    ):
        assert piece in words
    assert [b.id for b in says[-1].buttons] == ["managing", "struggling", "danger"]
    assert state.greeted


@pytest.mark.parametrize(
    ("staffed", "minutes", "words"),
    [
        (True, 3, "few minutes"),
        (True, 20, "20 minutes"),
        (True, 90, "90 minutes"),
        (True, 120, "2 hours"),
        (True, 130, "3 hours"),
        (False, -1, "Nobody from our team"),
        (None, -1, "cannot say"),
    ],
)
def test_the_wait_is_told_as_it_is(staffed: bool | None, minutes: int, words: str) -> None:
    says, _ = rules.answer(AssistantState(), FirstMessage("hi"), Facts(staffed=staffed, wait_minutes=minutes))
    assert words in texts.shown(says[-1], "en", "web")[0]


def test_the_danger_button_counts_as_the_highest_level_and_rating() -> None:
    _, state = rules.answer(AssistantState(), FirstMessage("hi"), Facts())
    says, state = rules.answer(state, Pressed("danger"), Facts())
    assert (state.rated, state.level, says[0].script) == (10, "C5", "danger")


def test_a_plan_told_by_button_counts_as_danger() -> None:
    facts = speak.facts(country="GB", lang="en", level="C3")
    _, state = rules.answer(AssistantState(), FirstMessage("I think about suicide"), facts)
    says, state = rules.answer(state, Message("I do not know what to do"), facts)
    assert says[-1].script == "ask_plan"
    says, state = rules.answer(state, Pressed("yes"), facts)
    assert says[0].script == "danger" and state.level == "C4"


def test_naming_the_country_when_asked_brings_its_numbers_and_no_other() -> None:
    unknown = speak.facts(country="", lang="en", level="C2")
    says, state = rules.answer(AssistantState(), FirstMessage("I wish I was not here"), unknown)
    assert "lines_unknown" in [say.script for say in says]
    ireland = speak.facts(country="IE", lang="en", level="C2")
    says, state = rules.answer(state, Message("Ireland"), ireland)
    text = texts.shown(says[0], "en", "web")[0]
    assert "116 123" in text and "999" in text and "988" not in text


def test_somebody_elses_danger_gets_guidance_for_the_helper_and_a_question_about_themself() -> None:
    facts = speak.facts(country="GB", lang="en", level="C2")
    says, _ = rules.answer(AssistantState(), FirstMessage("my friend wants to kill himself"), facts)
    assert [say.script for say in says] == ["hello", "private", "third", "third_self"]
