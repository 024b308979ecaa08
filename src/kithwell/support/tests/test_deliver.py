"""Words out: in order, once, held while the window is shut, loud when they do not arrive."""

from __future__ import annotations

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest

from kithwell.kernel import clock, jobs
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import Principal
from kithwell.support import actions, queries
from kithwell.support.actions import deliveries
from kithwell.support.models import Conversation, Delivery, Message
from kithwell.support.ports import Button, SendError, StatusReport
from kithwell.support.tests.cast import (
    START,
    FakeChannel,
    Phone,
    fake_channel,
    fresh,
    on_shift,
    version,
    visitor,
)

pytestmark = pytest.mark.django_db
_keys = itertools.count()


def talking(channel: FakeChannel, phone: Phone) -> tuple[Principal, Conversation]:
    """A supporter with a person, and everything said so far sent."""
    sam = on_shift("Sam")
    talk = phone.say("hello")
    assert actions.take_next(sam) == talk.id
    jobs.run_due()
    channel.sent.clear()
    return sam, talk


def reply(sam: Principal, talk: Conversation, text: str) -> Message:
    ident = actions.reply(sam, talk.id, text, client_key=f"k{next(_keys)}", version=version(talk.id))
    return Message.objects.get(id=ident)


def test_the_same_client_key_is_one_message_however_often_the_button_was_pressed() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        one = actions.reply(sam, talk.id, "once", client_key="same", version=version(talk.id))
        two = actions.reply(sam, talk.id, "once", client_key="same", version=version(talk.id))
        jobs.run_due()
    assert one == two and channel.texts() == ["once"]


def test_words_a_provider_would_refuse_are_refused_when_they_are_written() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        with pytest.raises(Invalid):
            actions.reply(sam, talk.id, "x" * 5000, client_key="a", version=version(talk.id))
        with pytest.raises(Invalid):
            actions.reply(
                sam,
                talk.id,
                "ok",
                client_key="b",
                version=version(talk.id),
                buttons=[Button("y", "A title that is far too long")],
            )
        with pytest.raises(Invalid):
            actions.reply(sam, talk.id, "   ", client_key="c", version=version(talk.id))
    assert not Message.objects.filter(author="supporter").exists()


def test_a_failed_send_is_tried_again_as_a_new_attempt_and_later_words_wait_for_it() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        channel.failures = [SendError("retry", "130429")]
        first, second = reply(sam, talk, "one"), reply(sam, talk, "two")
        jobs.run_due()
        assert channel.texts() == []
    with clock.frozen(START + timedelta(seconds=30)):
        jobs.run_due()
    assert channel.texts() == ["one", "two"]
    attempts = Delivery.objects.filter(message=first).order_by("attempt")
    assert [(a.attempt, a.state) for a in attempts] == [(1, "failed"), (2, "sent")]
    assert attempts[1].provider_id and attempts[0].provider_id == ""
    assert Message.objects.get(id=second.id).status == "sent"


@pytest.mark.parametrize("cls", ["unreachable", "not_allowed", "content", "account"])
def test_what_will_not_work_is_said_loudly_and_not_tried_again(cls: str) -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        channel.failures = [SendError(cls, "131026", "raw detail with a phone 4477")]
        message = reply(sam, talk, "can you hear me")
        reply(sam, talk, "second")
        jobs.run_due()
        shown = {m.id: m for m in queries.transcript(sam, talk.id).messages}[message.id]
        assert shown.status == "failed" and shown.loud and shown.error_class == cls
        assert queries.desk(sam).mine[0].failed_sends == 1
        assert channel.texts() == ["second"]
        actions.retry(sam, message.id)
        jobs.run_due()
    assert channel.texts() == ["second", "can you hear me"]
    assert Message.objects.get(id=message.id).status == "sent"
    assert Delivery.objects.filter(message=message).count() == 2
    assert "4477" not in str(list(Delivery.objects.values()))


def test_after_the_last_attempt_it_is_a_loud_failure_and_not_an_endless_one() -> None:
    channel = fake_channel(window_hours=None)
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        message = reply(sam, talk, "hello?")
    channel.failures = [SendError("retry", "131016") for _ in range(50)]
    for hour in range(10):
        with clock.frozen(START + timedelta(hours=hour)):
            jobs.run_due()
    assert Message.objects.get(id=message.id).status == "failed"
    assert Delivery.objects.filter(message=message).count() == 8


def test_a_reply_outside_the_window_is_held_and_goes_out_when_they_write_again() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
    later = START + timedelta(hours=25)
    with clock.frozen(later):
        actions.heartbeat(sam)
        one, two = reply(sam, talk, "are you still there?"), reply(sam, talk, "we are")
        jobs.run_due("normal", limit=20)
        assert channel.texts() == [] and [name for _, name in channel.templates] == ["reply_waiting"]
        assert Message.objects.get(id=one.id).status == Message.objects.get(id=two.id).status == "held"
        card = queries.desk(sam).mine[0]
        assert not card.window_open
        seen = queries.transcript(visitor(talk.contact_id), talk.id).messages
        assert {m.id: m.status for m in seen}[one.id] == "pending"
    with clock.frozen(later + timedelta(hours=1)):
        phone.say("open")
        jobs.run_due("normal", limit=20)
    assert channel.texts() == ["are you still there?", "we are"]


def test_a_reaction_lets_no_held_reply_out() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
    with clock.frozen(START + timedelta(hours=30)):
        actions.heartbeat(sam)
        message = reply(sam, talk, "good morning")
        phone.say("\N{WAVING HAND SIGN}", kind="reaction")
        jobs.run_due()
        assert Delivery.objects.filter(message=message).count() == 1, "no attempt was made"
        assert Message.objects.get(id=message.id).status == "held" and channel.texts() == []


def test_the_nudge_is_sent_once_and_never_to_somebody_who_said_stop() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
        talk.contact.opted_out_at = START
        talk.contact.save()
    with clock.frozen(START + timedelta(hours=30)):
        reply(sam, talk, "still here for you")
        jobs.run_due()
    assert channel.templates == []


def test_a_held_reply_that_nobody_came_back_for_expires_loudly() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
    with clock.frozen(START + timedelta(hours=25)):
        message = reply(sam, talk, "hello?")
    with clock.frozen(START + timedelta(days=9)):
        assert deliveries.expire_held() == 1
        shown = {m.id: m for m in queries.transcript(sam, talk.id).messages}[message.id]
    assert shown.status == "expired" and shown.loud


def test_a_held_reply_can_be_taken_back() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        sam, talk = talking(channel, phone)
    with clock.frozen(START + timedelta(hours=25)):
        message = reply(sam, talk, "hello?")
        actions.cancel_held(sam, message.id)
        phone.say("open")
        jobs.run_due("normal", limit=20)
        with pytest.raises(Conflict):
            actions.cancel_held(sam, message.id)
    assert channel.texts() == []


def test_a_window_that_shuts_between_writing_and_sending_holds_the_reply_instead_of_failing_at_the_provider() -> (
    None
):
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        message = reply(sam, talk, "just in time?")
    with clock.frozen(START + timedelta(hours=24)):
        jobs.run_due("normal", limit=20)
    assert channel.texts() == []
    assert Message.objects.get(id=message.id).status == "held"


def test_statuses_in_any_order_leave_the_best_one_and_a_failure_after_sent_is_loud() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        message = reply(sam, talk, "hello")
        jobs.run_due()
        provider_id = Delivery.objects.get(message=message).provider_id
        for status in ("read", "sent", "delivered", "sent"):
            assert actions.record_status("test", "main", provider_id, status, START)
        assert Message.objects.get(id=message.id).status == "read"
        second = reply(sam, talk, "again")
        jobs.run_due()
        other = Delivery.objects.get(message=second).provider_id
        actions.record_status("test", "main", other, "failed", START, SendError("unreachable", "131026"))
        assert queries.desk(sam).mine[0].failed_sends == 1
        actions.record_status("test", "main", other, "delivered", START)
    assert Message.objects.get(id=second.id).status == "delivered"


def test_a_status_that_comes_before_we_know_the_id_is_reported_as_unknown_so_that_it_comes_again() -> None:
    fake_channel()
    report = StatusReport("test", "main", f"out-{uuid4().hex}", "delivered", START)
    assert actions.record_statuses([report]) == (False,)


def test_a_status_that_echoes_our_attempt_settles_it_even_if_its_worker_died() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        message = reply(sam, talk, "hello")
        attempt = Delivery.objects.get(message=message)
        assert (
            deliveries.claim(attempt.id) is not None
        )  # and here the worker dies, after the provider took it
        report = StatusReport("test", "main", "wamid.9", "delivered", START, delivery_id=attempt.id)
        assert actions.record_statuses([report]) == (True,)
    with clock.frozen(START + timedelta(minutes=5)):
        deliveries.rescue()
        jobs.run_due("normal", limit=10)
    assert "hello" not in channel.texts()
    assert Message.objects.get(id=message.id).status == "delivered"


def test_a_worker_that_dies_between_claim_and_send_loses_nothing() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        one = reply(sam, talk, "first")
        reply(sam, talk, "second")
        assert deliveries.claim(Delivery.objects.get(message=one).id) is not None
        jobs.run_due()
        assert channel.texts() == [], "what comes after waits"
    with clock.frozen(START + timedelta(minutes=3)):
        assert deliveries.rescue() >= 1
        jobs.run_due("normal", limit=10)
    assert channel.texts() == ["first", "second"]


def test_a_job_that_was_never_enqueued_is_found_again() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        reply(sam, talk, "hello")
        from kithwell.kernel.models import Job

        Job.objects.all().delete()
    with clock.frozen(START + timedelta(minutes=2)):
        assert deliveries.rescue() == 1
        jobs.run_due("normal", limit=10)
    assert channel.texts() == ["hello"]


def test_words_for_people_at_c3_and_above_go_through_the_crisis_queue() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        actions.set_level(sam, talk.id, "C3", "they said so")
        message = reply(sam, talk, "I am with you")
        assert Delivery.objects.get(message=message).queue == "crisis"
        jobs.run_due("normal")
        assert channel.texts() == []
        jobs.run_due("crisis")
    assert channel.texts() == ["I am with you"]


def test_a_conversation_erased_while_words_wait_sends_nothing() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("1"))
        reply(sam, talk, "hello")
        actions.erase_contact(visitor(talk.contact_id), talk.contact_id)
        jobs.run_due()
    assert channel.texts() == []
    assert not Conversation.objects.filter(id=talk.id).exists()


def test_invariant_11_an_address_never_shows_in_what_an_adapter_might_log() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam, talk = talking(channel, Phone("447700900555"))
        reply(sam, talk, "words in confidence")
        jobs.run_due()
    assert channel.sent[-1].addresses == (("phone", "447700900555"),)
    assert "447700900555" not in repr(channel.sent[-1]) and "confidence" not in repr(channel.sent[-1])
    assert fresh(talk).last_n >= 3
