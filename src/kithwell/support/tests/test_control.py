"""The assistant never speaks after a human took over: pure over 10,000 interleavings, then on the database."""

from __future__ import annotations

import random
from uuid import UUID

import pytest

from kithwell.kernel import clock, jobs
from kithwell.kernel.errors import Conflict, KithwellError
from kithwell.support import actions
from kithwell.support.actions import deliveries
from kithwell.support.models import Delivery, Message
from kithwell.support.rules import control
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, version, visitor

STEPS = ("read", "write", "claim", "take", "give_back", "nobody")


def test_over_ten_thousand_random_interleavings_no_assistant_send_follows_a_take_over() -> None:
    dice = random.Random(1)
    for _ in range(10_000):
        held = control.Control()
        read: list[int] = []  # versions that assistant turns in progress have read
        outbox: list[int] = []  # what they wrote, with the version they present
        said: list[tuple[str, int]] = []
        for _ in range(dice.randint(4, 24)):
            step = dice.choice(STEPS)
            if step == "read" and held.controller == control.ASSISTANT:
                read.append(held.version)
            elif step == "write" and read:
                presented = read.pop(dice.randrange(len(read)))
                if control.may_send(held, "assistant", presented):
                    outbox.append(presented)
            elif step == "claim" and outbox:
                presented = outbox.pop(0)
                if control.may_send(held, "assistant", presented):
                    said.append((held.controller, held.version - presented))
            elif step == "take":
                held = control.hand_to(held, control.HUMAN)
            elif step == "give_back":
                held = control.hand_to(held, control.ASSISTANT)
            elif step == "nobody":
                held = control.hand_to(held, control.NOBODY)
        assert all(entry == (control.ASSISTANT, 0) for entry in said)


def test_a_supporter_who_read_an_older_version_cannot_send() -> None:
    held = control.hand_to(control.Control(), control.HUMAN)
    later = control.hand_to(held, control.HUMAN)
    assert control.may_send(held, "supporter", held.version)
    assert not control.may_send(later, "supporter", held.version)
    assert not control.may_send(control.Control(), "supporter", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(60))
def test_on_the_database_no_assistant_word_is_claimed_while_a_human_holds_it(seed: int) -> None:
    """Random steps of the real actions; every claim is checked against who held the conversation at that moment."""
    dice = random.Random(seed)
    channel = fake_channel(window_hours=None)
    with clock.frozen(START):
        sam = on_shift("Sam")
        phone = Phone(f"9{seed}")
        talk = phone.say("hello")
        for n in range(12):
            step = dice.choice(("say", "claim", "claim", "take", "release", "to_assistant", "reply", "ask"))
            before = len(channel.sent)
            holder = fresh(talk).controller
            try:
                _step(step, phone, talk.id, sam, n)
            except KithwellError:
                continue
            finally:
                talk = fresh(talk)
            if step == "claim" and holder == "human":
                authors = Message.objects.filter(id__in=[d.message_id for d in channel.sent[before:]])
                assert "assistant" not in set(authors.values_list("author", flat=True))
        while jobs.run_due():
            pass
        late = Delivery.objects.filter(conversation=talk, author="assistant", state="pending")
        assert not (talk.controller == "human" and late.exists())


def _step(step: str, phone: Phone, conversation: UUID, sam: object, n: int) -> None:
    if step == "say":
        phone.say(f"words {n}")
    elif step == "claim":
        for ident in Delivery.objects.filter(conversation_id=conversation, state="pending").values_list(
            "id", flat=True
        ):
            deliveries.deliver_from(ident)
    elif step == "take":
        actions.take_next(sam)
    elif step == "release":
        actions.release(sam, conversation)
    elif step == "to_assistant":
        actions.hand_over(sam, conversation, "assistant", "", version(conversation))
    elif step == "reply":
        actions.reply(sam, conversation, f"I am here {n}", client_key=f"k{n}", version=version(conversation))
    elif step == "ask":
        actions.ask_human(conversation)


@pytest.mark.django_db
def test_what_the_assistant_has_not_said_yet_is_cancelled_the_moment_a_human_takes_over() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hello")
        waiting = Delivery.objects.filter(conversation=talk, author="assistant")
        assert waiting.exists() and set(waiting.values_list("state", flat=True)) == {"pending"}
        actions.take_next(sam)
        assert set(waiting.values_list("state", flat=True)) == {"cancelled"}
        jobs.run_due()
        authors = Message.objects.filter(id__in=[d.message_id for d in channel.sent]).values_list(
            "author", flat=True
        )
        assert set(authors) == {"system"}, "only the announcement went out"


@pytest.mark.django_db
def test_each_change_of_hands_is_announced_to_the_person() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hello")
        actions.take_next(sam)
        actions.release(sam, talk.id)
        actions.take_next(sam)
        actions.hand_over(sam, talk.id, "assistant", "", version(talk.id))
        scripts = (
            Message.objects.filter(conversation=talk, author="system")
            .order_by("n")
            .values_list("script", flat=True)
        )
        assert list(scripts) == [
            "support.human_joined",
            "support.human_left",
            "support.human_joined",
            "support.to_assistant",
        ]


@pytest.mark.django_db
def test_after_hand_back_the_assistant_answers_again_and_a_person_can_be_asked_for() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        phone = Phone("1")
        talk = phone.say("hello")
        actions.take_next(sam)
        actions.hand_over(sam, talk.id, "assistant", "", version(talk.id))
        assert fresh(talk).state == "assistant" and not fresh(talk).in_queue
        actions.ask_human(talk.id, by=visitor(talk.contact_id))
        assert fresh(talk).state == "waiting" and fresh(talk).in_queue


@pytest.mark.django_db
def test_a_reply_written_before_hands_changed_is_refused_with_kind_words() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hello")
        actions.take_next(sam)
        old = version(talk.id)
        actions.release(sam, talk.id)
        actions.take_next(sam)
        with pytest.raises(Conflict):
            actions.reply(sam, talk.id, "late", client_key="k", version=old)
