"""The first answer, the level, the alarm: with the real screening and the real assistant."""

from __future__ import annotations

import json

import pytest

from kithwell.kernel import clock, jobs
from kithwell.kernel.models import AuditEntry, Job
from kithwell.support import actions, queries
from kithwell.support.models import Conversation, Message
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, staff, version

pytestmark = pytest.mark.django_db

PLAN = "I have written a note and I will end my life tomorrow, I have everything ready"


def said(talk: Conversation) -> list[str]:
    rows = Message.objects.filter(conversation=talk).exclude(author="person").order_by("n")
    return list(rows.values_list("script", flat=True))


def test_the_first_message_is_answered_in_the_same_transaction_and_placed_in_the_queue() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        on_shift("Sam")
        talk = Phone("1").say("hello, I am not doing well")
        assert {"assistant.hello", "assistant.private", "assistant.rate"} <= set(said(talk))
        assert talk.state == "waiting" and talk.in_queue
        jobs.run_due()
    words = " ".join(channel.texts())
    assert "computer" in words and "not a person" in words
    assert channel.sent[-1].buttons, "they can say how bad it is with a tap"


def test_the_welcome_is_said_once() -> None:
    fake_channel()
    phone = Phone("1")
    talk = phone.say("hello")
    for n in range(4):
        phone.say(f"more {n}")
    assert said(talk).count("assistant.hello") == 1


def test_five_messages_at_once_are_answered_once() -> None:
    fake_channel()
    phone = Phone("1")
    received = actions.receive([phone.words(f"line {n}", order=n) for n in range(5)])
    talk = Conversation.objects.get(id=received[0].conversation_id)
    assert len(said(talk)) <= 4


def test_invariant_6_a_plan_pages_the_on_call_people_and_the_talk_stays_open_and_first() -> None:
    fake_channel()
    with clock.frozen(START):
        olu, sam = staff("Olu", "oncall"), on_shift("Sam")
        Phone("1").say("hello")
        talk = Phone("2").say(PLAN)
        assert talk.level in ("C4", "C5") and talk.queue == "crisis" and talk.state == "waiting"
        assert set(Job.objects.filter(kind="support.tasks.raise_alert").values_list("queue", flat=True)) == {
            "crisis"
        }
        jobs.run_due("crisis")
        assert [a.conversation_id for a in queries.desk(olu).alerts] == [talk.id]
        assert actions.take_next(sam) == talk.id
        view = queries.conversation(sam, talk.id)
        assert view.screening is not None and view.screening.level == talk.level and view.screening.spans


def test_invariant_6_a_level_that_rises_while_a_human_holds_it_calls_for_help_too() -> None:
    fake_channel()
    with clock.frozen(START):
        olu, sam = staff("Olu", "oncall"), on_shift("Sam")
        phone = Phone("1")
        talk = phone.say("hello")
        actions.take_next(sam)
        phone.say(PLAN)
        jobs.run_due("crisis")
        assert len(queries.desk(olu).alerts) == 1
        assert fresh(talk).assigned_to == sam.id, "nobody is taken from their supporter by that"


def test_invariant_2_help_offered_is_never_worded_or_stored_as_a_violation() -> None:
    fake_channel()
    talk = Phone("1").say(PLAN)
    rows = Message.objects.filter(conversation=talk)
    assert not any("violat" in json.dumps(m.meta) + m.script for m in rows)
    assert not hasattr(Conversation, "blocked") and talk.state == "waiting"


def test_invariant_9_lines_are_those_of_their_own_country_and_of_no_other() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        on_shift("Sam")
        Phone("1", country="GB").say("I want to kill myself")
        nowhere = Phone("2", country="").say("I want to kill myself")
        jobs.run_due()
    by_person = {d.conversation_id: [] for d in channel.sent}
    for delivery in channel.sent:
        by_person[delivery.conversation_id].append(delivery.text)
    elsewhere = " ".join(by_person[nowhere.id])
    assert "116 123" not in elsewhere and "988" not in elsewhere


def test_invariant_7_every_word_to_the_person_is_a_reviewed_script_or_a_supporters_own() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        phone = Phone("1")
        talk = phone.say(PLAN)
        phone.say("yes")
        actions.take_next(sam)
        actions.reply(sam, talk.id, "I am here", client_key="a", version=version(talk.id))
        actions.end(sam, talk.id, "Talked", "", version=version(talk.id))
    for message in Message.objects.filter(conversation=talk).exclude(author="person"):
        scripted = message.script.startswith(("assistant.", "support."))
        assert scripted != (message.author == "supporter")


def test_invariant_8_nothing_is_ever_sent_to_police_or_emergency_services_and_no_address_is_asked_for() -> (
    None
):
    channel = fake_channel()
    with clock.frozen(START):
        phone = Phone("447700900001")
        for words in (PLAN, "yes", "no", "help", "1", "I do not know"):
            phone.say(words)
        while jobs.run_due("normal") or jobs.run_due("crisis", limit=5):
            pass
    assert {d.addresses for d in channel.sent} == {(("phone", "447700900001"),)}
    words = " ".join(channel.texts()).lower()
    assert "your address" not in words and "where do you live" not in words


def test_invariant_5_and_11_the_whole_evening_leaves_an_audit_without_a_word_of_content() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("my very own words")
        actions.take_next(sam)
        queries.conversation(sam, talk.id)
        actions.reply(sam, talk.id, "an answer of mine", client_key="a", version=version(talk.id))
        actions.end(sam, talk.id, "a summary of mine", "a next step", version=version(talk.id))
    kept = json.dumps(list(AuditEntry.objects.values()), default=str)
    for words in ("very own", "answer of mine", "summary of mine", "next step"):
        assert words not in kept
    assert {"conversation.taken", "conversation.read", "conversation.ended"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


def test_a_tap_on_i_am_in_danger_counts_like_the_words() -> None:
    fake_channel()
    with clock.frozen(START):
        olu = staff("Olu", "oncall")
        phone = Phone("1")
        phone.say("hello")
        talk = phone.say("", kind="interactive", button="danger")
        assert talk.level == "C5" and talk.band == 0 and talk.self_rating == 10
        jobs.run_due("crisis")
        assert len(queries.desk(olu).alerts) == 1


def test_asking_for_a_person_moves_forward_and_is_kept() -> None:
    fake_channel()
    phone = Phone("1")
    phone.say("hello")
    talk = phone.say("", kind="interactive", button="human")
    assert talk.asked_for_person


def test_help_as_the_first_word_is_answered_with_numbers_and_with_a_welcome() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        on_shift("Sam")
        talk = Phone("1", country="GB").say("HELP")
        jobs.run_due()
    assert said(talk)[0] == "assistant.help" and "assistant.hello" in said(talk)
    assert "999" in channel.texts()[0]
    assert talk.in_queue


def test_the_language_of_the_person_is_kept_and_answered_in() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        on_shift("Sam")
        Phone("1", language="es", country="ES").say("hola, no estoy bien")
        jobs.run_due()
    assert "computadora" in " ".join(channel.texts()) or "programa" in " ".join(channel.texts())
