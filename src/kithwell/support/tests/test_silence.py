"""STOP: nothing goes out to somebody who asked for silence, until they write anything else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.kernel import clock, jobs
from kithwell.support import actions, queries
from kithwell.support.models import Delivery, Message
from kithwell.support.rules import silence
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, version
from kithwell.support.tests.test_deliver import reply, talking

MINUTE = timedelta(minutes=1)


@given(st.integers(-100, 100))
def test_silence_holds_until_words_that_came_after_the_word(minutes: int) -> None:
    assert silence.holds(START, START + minutes * MINUTE) == (minutes <= 0)
    assert silence.holds(START, None) and not silence.holds(None, START)


@pytest.mark.django_db
def test_what_a_supporter_writes_after_stop_waits_until_they_write_again() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
    with clock.frozen(START + MINUTE):
        phone.say("STOP")
        jobs.run_due()
        assert len(channel.sent) == 1 and "START" in channel.texts()[0]
        assert queries.conversation(sam, talk.id).silent
    with clock.frozen(START + 2 * MINUTE):
        kept = reply(sam, talk, "I am here if you want to talk")
        phone.say("\N{PERSON WITH FOLDED HANDS}", kind="reaction")
        jobs.run_due()
        assert len(channel.sent) == 1, "a reaction is no wish to be written to"
        assert Message.objects.get(id=kept.id).status == "held" and channel.templates == []
    with clock.frozen(START + 3 * MINUTE):
        phone.say("sorry, I do want to talk")
        jobs.run_due()
        assert channel.texts()[1:] == ["I am here if you want to talk"]
        assert not queries.conversation(sam, talk.id).silent


@pytest.mark.django_db
def test_words_on_their_way_when_stop_comes_do_not_arrive_after_it() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
        kept = reply(sam, talk, "on its way")
    with clock.frozen(START + MINUTE):
        phone.say("stop")
        jobs.run_due()
        assert [m for m in channel.texts() if m == "on its way"] == []
        assert Message.objects.get(id=kept.id).status == "held"
    with clock.frozen(START + 2 * MINUTE):
        phone.say("START")
        jobs.run_due()
        assert channel.texts()[-1] == "on its way" or "on its way" in channel.texts()


@pytest.mark.django_db
def test_stop_as_the_answer_to_a_waiting_reply_does_not_let_it_out() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
    with clock.frozen(START + timedelta(hours=30)):
        actions.heartbeat(sam)
        reply(sam, talk, "good morning")
        jobs.run_due()
        assert [name for _, name in channel.templates] == ["reply_waiting"]
        phone.say("STOP")
        jobs.run_due()
        assert "good morning" not in channel.texts()
        assert Delivery.objects.filter(conversation=talk, author="supporter", state="held").count() == 1


@pytest.mark.django_db
def test_somebody_in_danger_who_wrote_stop_is_taken_up_and_no_notice_breaks_the_silence() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        talk = phone.say("I have a plan to end my life")
        jobs.run_due()
    with clock.frozen(START + MINUTE):
        phone.say("stop")
        jobs.run_due()
        told = len(channel.sent)
        sam = on_shift("Sam")
        assert actions.take_next(sam) == talk.id
        actions.end(sam, talk.id, "They asked for silence", "", version=version(talk.id))
        jobs.run_due()
    assert len(channel.sent) == told and fresh(talk).state == "ended"


@pytest.mark.django_db
def test_a_page_that_somebody_opens_by_themself_keeps_nothing_back() -> None:
    channel = fake_channel(instant=True, window_hours=None)
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
    with clock.frozen(START + MINUTE):
        phone.say("stop")
        assert not queries.conversation(sam, talk.id).silent
        assert reply(sam, talk, "I will wait here").status == "delivered"
