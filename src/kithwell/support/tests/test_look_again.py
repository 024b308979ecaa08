"""The second look: only ever raises, speaks only while the assistant holds the talk, and is never missed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from kithwell import safety
from kithwell.kernel import clock, jobs
from kithwell.safety import second
from kithwell.safety.signals import Screening
from kithwell.support import actions, bridge, tasks
from kithwell.support.actions.look_again import look_again
from kithwell.support.models import Conversation, Message
from kithwell.support.rules import triage
from kithwell.support.tests.cast import START, FakeChannel, Phone, fake_channel, on_shift

pytestmark = pytest.mark.django_db
UNSURE = "some days I look at the river and it looks back"


@pytest.fixture(autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Which messages a second look was ordered for; the jobs themselves do not run by the way."""
    asked: list[UUID] = []
    order = SimpleNamespace(enqueue=lambda message_id: asked.append(UUID(message_id)))
    monkeypatch.setattr(tasks, "look_again", order)
    return asked


@pytest.mark.skipif(not second.installed(), reason="the packages of the second stage are not here")
def test_the_whole_way_with_both_stages_as_shipped(_asked: list[UUID]) -> None:
    text = "I tied it and stood on the chair for an hour and then my phone rang, I feel so empty now"
    with clock.frozen(START):
        _, talk, message = said(text)
        assert message.level < "C2" and _asked == [message.id]
        assert look_again(message.id)
    talk.refresh_from_db()
    assert talk.level >= "C2" and talk.in_queue


def opinion(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    """Both stages say this level of anything."""

    def full(text: str, context: str = "", lang: str | None = None) -> Screening:
        first = safety.screen(text, context, lang)
        return replace(first, crisis_level=level, crisis_flag=level >= "C2", version=f"{first.version}+test")

    monkeypatch.setattr(bridge.safety, "full", full)


def said(text: str = UNSURE) -> tuple[FakeChannel, Conversation, Message]:
    channel = fake_channel()
    talk = Phone("1").say(text)
    return channel, talk, Message.objects.get(conversation=talk, author="person")


def test_what_both_stages_find_graver_is_raised_with_its_place_and_its_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opinion(monkeypatch, "C3")
    with clock.frozen(START):
        channel, talk, message = said()
        jobs.run_due()
        before = len(channel.sent)
        assert message.level < "C2" and look_again(message.id)
        jobs.run_due()
    talk.refresh_from_db()
    message.refresh_from_db()
    assert (talk.level, message.level, talk.in_queue) == ("C3", "C3", True)
    assert talk.band == triage.band("C3")
    assert message.screening is not None and message.screening["version"].endswith("+test")
    lines = [delivery.text for delivery in channel.sent[before:]]
    assert lines and any("116 123" in text for text in lines)  # their country's own line
    assert not look_again(message.id)  # and once


def test_it_never_lowers(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion(monkeypatch, "C0")
    with clock.frozen(START):
        _, talk, message = said("I want to kill myself")
        level = message.level
        assert level >= "C3" and not look_again(message.id)
    talk.refresh_from_db()
    message.refresh_from_db()
    assert (talk.level, message.level) == (level, level)


def test_a_level_a_supporter_set_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion(monkeypatch, "C3")
    with clock.frozen(START):
        _, talk, message = said()
        Conversation.objects.filter(id=talk.id).update(level="C1", level_by=uuid4())
        assert look_again(message.id)
    talk.refresh_from_db()
    assert talk.level == "C1"
    assert Message.objects.get(id=message.id).level == "C3"  # yet the desk can see it beside the words


def test_the_assistant_says_nothing_after_a_human_took_over(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion(monkeypatch, "C3")
    with clock.frozen(START):
        _, talk, message = said()
        taken = actions.take_next(on_shift())
        assert taken is not None
        before = Message.objects.filter(conversation=talk, author="assistant").count()
        assert look_again(message.id)
    talk.refresh_from_db()
    assert talk.level == "C3" and talk.state == "human" and not talk.in_queue
    assert Message.objects.filter(conversation=talk, author="assistant").count() == before


def test_a_talk_that_ended_or_words_that_are_gone_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion(monkeypatch, "C3")
    with clock.frozen(START):
        _, talk, message = said()
        Conversation.objects.filter(id=talk.id).update(state="ended")
        assert not look_again(message.id)
        Conversation.objects.filter(id=talk.id).update(state="waiting")
        Message.objects.filter(id=message.id).update(body=None)
        assert not look_again(message.id)
    assert not look_again(uuid4())


def test_a_broken_second_stage_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> Screening:
        raise MemoryError

    monkeypatch.setattr(bridge.safety, "full", broken)
    with clock.frozen(START):
        _, talk, message = said()
        assert not look_again(message.id)
    assert Conversation.objects.get(id=talk.id).level == talk.level


def test_it_is_asked_for_what_is_unsure_and_only_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, _asked: list[UUID]
) -> None:
    monkeypatch.setattr(second, "wanted", lambda screening: True)
    monkeypatch.setattr(second, "installed", lambda: True)
    with clock.frozen(START):
        _, _, message = said()
        assert _asked == [message.id]
        said("I want to kill myself tonight, I have the pills")  # as high as it could raise, or higher
        assert _asked == [message.id]
        monkeypatch.setattr(second, "installed", lambda: False)
        said()
        monkeypatch.setattr(second, "installed", lambda: True)
        monkeypatch.setattr(second, "wanted", lambda screening: False)
        said()
    assert _asked == [message.id]
