"""Whoever waits on a phone hears at 5, 15 and 45 minutes that they are not forgotten, and never more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kithwell.kernel import clock, jobs
from kithwell.kernel.principal import Principal
from kithwell.support import actions, ports
from kithwell.support.actions import waiting
from kithwell.support.models import Contact, Conversation, Delivery, Message
from kithwell.support.queries import openness
from kithwell.support.tests.cast import START, FakeChannel, Phone, fake_channel, fresh, on_shift, version

pytestmark = pytest.mark.django_db


def start() -> tuple[FakeChannel, Principal, Conversation]:
    """Somebody waits since START on a channel that is not instant; Sam is on shift."""
    channel = fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("I feel low today")
        jobs.run_due()
    assert talk.in_queue
    channel.sent.clear()
    return channel, sam, talk


def run(minutes: float, sam: Principal | None) -> int:
    """The job at so many minutes after START, with Sam still there; then everything due is sent."""
    with clock.frozen(START + timedelta(minutes=minutes)):
        openness.forget()
        if sam is not None:
            actions.heartbeat(sam)
        told = waiting.tell_waiting()
        jobs.run_due("normal", limit=50)
        return told


def said(talk: Conversation) -> list[str]:
    return list(
        Message.objects.filter(conversation=talk, script__startswith="assistant.queue.")
        .order_by("n")
        .values_list("script", flat=True)
    )


def test_they_are_told_at_five_fifteen_and_fortyfive_minutes_and_at_no_other() -> None:
    channel, sam, talk = start()
    told = [minute for minute in range(0, 120) if run(minute, sam)]
    assert told == [5, 15, 45]
    assert said(talk) == ["assistant.queue.next"] * 3
    assert len([text for text in channel.texts() if "next in line" in text]) == 3
    assert fresh(talk).last_n == Message.objects.filter(conversation=talk).count()


def test_a_job_that_was_late_tells_once_and_not_for_each_step_it_missed() -> None:
    _, sam, talk = start()
    assert [run(20, sam), run(20, sam), run(21, sam)] == [1, 0, 0]
    assert len(said(talk)) == 1


def test_what_they_write_in_between_does_not_start_it_anew() -> None:
    _, sam, _talk = start()
    run(6, sam)
    with clock.frozen(START + timedelta(minutes=7)):
        Phone("1", sent=1).say("are you there?")
    assert run(8, sam) == 0 and run(15, sam) == 1


def test_nothing_is_said_once_a_human_has_it() -> None:
    _, sam, talk = start()
    with clock.frozen(START + timedelta(minutes=4)):
        assert actions.take_next(sam) == talk.id
    assert run(5, sam) == 0 and said(talk) == []


def test_nothing_is_said_when_the_hands_changed_between_finding_and_telling() -> None:
    _, sam, talk = start()
    at = START + timedelta(minutes=5)
    with clock.frozen(at):
        found = version(talk.id)
        assert actions.take_next(sam) == talk.id
        assert not waiting.tell_one(talk.id, found, at, timedelta(minutes=5))
        actions.release(sam, talk.id)  # the assistant has it again, under another version
        assert not waiting.tell_one(talk.id, found, at, timedelta(minutes=5))
    assert said(talk) == []


def test_words_not_yet_sent_are_taken_back_when_a_human_takes_over() -> None:
    channel, sam, talk = start()
    with clock.frozen(START + timedelta(minutes=5)):
        actions.heartbeat(sam)
        openness.forget()
        assert waiting.tell_waiting() == 1
        assert actions.take_next(sam) == talk.id
        jobs.run_due("normal", limit=50)
    told = Delivery.objects.get(conversation=talk, message__script="assistant.queue.next")
    assert told.state == "cancelled"
    assert not any("in line" in text for text in channel.texts())


def test_the_web_page_shows_the_place_itself_and_nothing_is_said_there() -> None:
    ports.register(ports.StoredAdapter("web"))
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1", channel="web").say("hello")
    assert talk.in_queue
    assert run(5, sam) == 0 and said(talk) == []


def test_nobody_who_wrote_stop_hears_of_it_even_if_they_stay_in_the_queue() -> None:
    _, sam, talk = start()
    Contact.objects.filter(id=talk.contact_id).update(opted_out_at=START)
    assert fresh(talk).in_queue
    assert run(5, sam) == 0 and said(talk) == []


def test_nothing_is_written_outside_the_providers_window() -> None:
    _, sam, talk = start()
    Conversation.objects.filter(id=talk.id).update(last_inbound_at=START - timedelta(hours=25))
    assert run(5, sam) == 0 and said(talk) == []


def test_with_nobody_on_duty_they_hear_once_that_the_team_is_away_and_no_place_in_line() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        talk = Phone("1").say("I feel low today")
    assert [minute for minute in range(0, 60) if run(minute, None)] == [5]
    assert said(talk) == []
    assert Message.objects.filter(conversation=talk, script=waiting.CLOSING).count() == 1
    assert any("HELP" in text for text in channel.texts())


def test_one_run_tells_at_most_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    _, sam, _ = start()
    monkeypatch.setattr(waiting, "BATCH", 2)
    with clock.frozen(START):
        for n in range(2, 6):
            Phone(str(n)).say("hello")
    assert [run(5, sam), run(6, sam), run(7, sam), run(8, sam)] == [2, 2, 1, 0]
