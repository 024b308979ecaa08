"""Live questions and answers: asked by somebody, known to nobody; read by a host first; answered for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from kithwell.community.events import access, actions, queries
from kithwell.community.events.kind import QuestionKind
from kithwell.community.events.models import Question
from kithwell.community.events.tests import cast
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Any:
    class Scene:
        pia = cast.person("Pia", "professional")
        ana = cast.person("Ana")
        ben = cast.person("Ben")

    scene = Scene()
    scene.event = cast.qa(scene.pia)  # type: ignore[attr-defined]
    return scene


def test_a_question_is_read_by_a_host_before_others_see_it(scene: Any) -> None:
    asked = actions.ask(scene.ana, scene.event, "How do I fall asleep again?")
    assert queries.show(scene.ben, scene.event).listed == ()
    assert [q.text for q in queries.show(scene.ana, scene.event).own] == ["How do I fall asleep again?"]
    actions.approve(scene.pia, scene.event, asked.id)
    assert [q.text for q in queries.show(scene.ben, scene.event).listed] == ["How do I fall asleep again?"]


def test_the_host_puts_a_question_in_other_words_and_only_the_asker_sees_the_old_ones(scene: Any) -> None:
    asked = actions.ask(scene.ana, scene.event, "I am the baker of Little Wick. How do I sleep?")
    actions.approve(scene.pia, scene.event, asked.id, wording="How do I sleep when I work at night?")
    assert [q.text for q in queries.show(scene.ben, scene.event).listed] == [
        "How do I sleep when I work at night?"
    ]
    assert "baker" in queries.show(scene.ana, scene.event).own[0].text


def test_the_same_sending_twice_is_one_question(scene: Any) -> None:
    first = actions.ask(scene.ana, scene.event, "Once?", "key-1")
    assert actions.ask(scene.ana, scene.event, "Once?", "key-1").id == first.id
    assert Question.objects.count() == 1


def test_wishes_move_a_question_up_in_the_hosts_list_and_nowhere_else(scene: Any) -> None:
    one = actions.ask(scene.ana, scene.event, "First question?").id
    two = actions.ask(scene.ana, scene.event, "Second question?").id
    for ident in (one, two):
        actions.approve(scene.pia, scene.event, ident)
    for who in (scene.ben, cast.person("Che"), scene.ben):
        actions.wish(who, scene.event, two, True)
    assert [q.id for q in queries.desk(scene.pia, scene.event).listed] == [two, one]
    seen = queries.show(scene.ben, scene.event)
    assert [(q.id, q.wished) for q in seen.listed] == [(one, False), (two, True)]
    assert not any(hasattr(q, "votes") for q in seen.listed)
    actions.wish(scene.ben, scene.event, two, False)
    assert Question.objects.get(id=two).votes == 1
    with pytest.raises(Conflict):
        actions.wish(scene.ana, scene.event, two, True)  # one's own


def test_two_questions_joined_keep_every_persons_wish_once(scene: Any) -> None:
    che, dee = cast.person("Che"), cast.person("Dee")
    one = actions.ask(scene.ana, scene.event, "Naps, yes or no?").id
    two = actions.ask(scene.ben, scene.event, "Is a nap good?").id
    for ident in (one, two):
        actions.approve(scene.pia, scene.event, ident)
        actions.wish(che, scene.event, ident, True)
    actions.wish(dee, scene.event, two, True)
    actions.merge(scene.pia, scene.event, two, one)
    assert Question.objects.get(id=one).votes == 3  # Che, Dee, and Ben who asked the same
    assert [q.state for q in queries.show(scene.ben, scene.event).own] == ["merged"]
    with pytest.raises(Conflict):
        actions.merge(scene.pia, scene.event, one, one)


def test_a_question_left_out_tells_its_asker_why_in_kind_words_and_nobody_else(scene: Any) -> None:
    asked = actions.ask(scene.ana, scene.event, "What about the trains?").id
    with pytest.raises(Invalid):
        actions.decline(scene.pia, scene.event, asked, "because")
    actions.decline(scene.pia, scene.event, asked, "elsewhere")
    assert queries.show(scene.ana, scene.event).own[0].reason == "elsewhere"
    assert queries.show(scene.ben, scene.event).listed == ()
    assert [q.id for q in queries.desk(scene.pia, scene.event).declined] == [asked]


def test_an_answer_reaches_everybody_and_is_given_once(scene: Any) -> None:
    asked = actions.ask(scene.ana, scene.event, "Tea or milk?").id
    actions.begin(scene.pia, scene.event)
    n = queries.show(scene.ben, scene.event).n
    one = actions.answer(scene.pia, scene.event, asked, "Whatever you like, warm.", "k1")
    assert actions.answer(scene.pia, scene.event, asked, "Whatever you like, warm.", "k1") == one
    seen = queries.show(scene.ben, scene.event)
    assert [(line.question, line.text) for line in seen.lines] == [
        ("Tea or milk?", "Whatever you like, warm.")
    ]
    assert seen.n == n + 1


def test_only_hosts_and_the_speaker_reach_the_queue(scene: Any) -> None:
    speaker, steward = cast.person("Sol", "professional"), cast.person("Robin", "steward")
    made = cast.qa(scene.pia, speaker=speaker.name)
    asked = actions.ask(scene.ana, made, "Who reads this?").id
    for who in (scene.pia, speaker, steward):
        assert [q.id for q in queries.desk(who, made).queue] == [asked]
    for act in (
        lambda who: queries.desk(who, made),
        lambda who: actions.approve(who, made, asked),
        lambda who: actions.answer(who, made, asked, "me"),
        lambda who: actions.decline(who, made, asked, "later"),
        lambda who: actions.publish_transcript(who, made, set(), {}, True),
    ):
        for who in (scene.ana, scene.ben, cast.person("Other", "professional")):
            with pytest.raises(Refused):
                act(who)
    with pytest.raises(NotFound):
        actions.approve(scene.pia, scene.event, asked)  # a question of another event


def test_one_takes_ones_own_question_back_and_nobody_elses(scene: Any) -> None:
    asked = actions.ask(scene.ana, scene.event, "Should I have asked?").id
    with pytest.raises(NotFound):
        actions.take_back(scene.ben, scene.event, asked)
    actions.take_back(scene.ana, scene.event, asked)
    assert not Question.objects.exists()
    answered = actions.ask(scene.ana, scene.event, "About my sister, is it normal?").id
    actions.answer(scene.pia, scene.event, answered, "Many feel so.")
    actions.take_back(scene.ana, scene.event, answered)
    seen = queries.show(scene.ben, scene.event)
    assert [(line.taken_back, line.question, line.text) for line in seen.lines] == [
        (True, "", "Many feel so.")
    ]
    assert Question.objects.get(id=answered).mark == ""


def test_no_questions_are_taken_when_the_host_says_so_but_somebody_in_distress_is_heard(scene: Any) -> None:
    actions.ask_no_more(scene.pia, scene.event, False)
    with pytest.raises(Conflict):
        actions.ask(scene.ana, scene.event, "Is it too late?")
    told = actions.ask(scene.ana, scene.event, "I want to kill myself tonight, what is the point?")
    assert told.help
    assert [q.tender for q in queries.desk(scene.pia, scene.event).queue] == [True]


def test_somebody_in_distress_is_offered_help_and_no_case_is_made_of_it(
    scene: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from kithwell.kernel import events
    from kithwell.moderation.models import Case

    heard: list[dict[str, Any]] = []

    def listen(**payload: Any) -> None:
        heard.append(payload)

    events.subscribe("moderation.concern")(listen)
    with django_capture_on_commit_callbacks(execute=True):
        asked = actions.ask(scene.ana, scene.event, "I want to end my life and I do not know how to go on")
    events._subscribers["moderation.concern"] = [
        s for s in events._subscribers["moderation.concern"] if s.handler is not listen
    ]
    assert asked.help and [h["account"] for h in heard] == [str(scene.ana.id)]
    assert str(asked.id) not in repr(heard)  # whoever offers help learns that, and not which question it was
    assert not Case.objects.exists()


def test_an_attack_in_a_question_becomes_a_case_that_does_not_say_whose_it_is(scene: Any) -> None:
    from kithwell.moderation.models import Case

    asked = actions.ask(scene.ana, scene.event, "You people are vermin and I will come and kill you all")
    assert [q.held for q in queries.desk(scene.pia, scene.event).queue] == [True]
    case = Case.objects.get()
    assert str(scene.ana.id) not in repr(
        {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields}
    )
    shown = QuestionKind().snippets([str(asked.id)])[str(asked.id)]
    assert shown.author is None and shown.anonymous and "vermin" in shown.text
    QuestionKind().apply(str(asked.id), "remove")
    assert queries.desk(scene.pia, scene.event).queue == ()


def test_the_transcript_holds_questions_without_askers_and_only_what_was_read_through(scene: Any) -> None:
    idents = [actions.ask(scene.ana, scene.event, f"Question number {n}?").id for n in range(3)]
    for ident in idents:
        actions.answer(scene.pia, scene.event, ident, "Rest helps.")
    with pytest.raises(Conflict):
        actions.publish_transcript(scene.pia, scene.event, set(), {}, True)
    actions.end(scene.pia, scene.event)
    with pytest.raises(Invalid):
        actions.publish_transcript(scene.pia, scene.event, set(), {}, False)
    assert queries.transcript(scene.ben, scene.event) is None
    actions.publish_transcript(scene.pia, scene.event, {idents[0]}, {idents[1]: "In other words?"}, True)
    found = queries.transcript(scene.ben, scene.event)
    assert found is not None
    assert [line.question for line in found.lines] == ["In other words?", "Question number 2?"]
    actions.withdraw_transcript(scene.pia, scene.event)
    assert queries.transcript(scene.ben, scene.event) is None


def test_marks_of_one_person_differ_from_event_to_event(scene: Any) -> None:
    other = cast.qa(scene.pia)
    marks = {access.mark(e, scene.ana.id) for e in (scene.event, other)} | {
        access.mark(scene.event, scene.ben.id)
    }
    assert len(marks) == 3 and all(str(scene.ana.id) not in m for m in marks)
