"""The demo: an evening that is still going on when somebody looks later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kithwell.kernel import clock
from kithwell.people import demo as invented
from kithwell.support import demo, tasks
from kithwell.support.actions import desk
from kithwell.support.models import Conversation, SupporterState

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(settings: Any) -> None:
    settings.KITHWELL = {**settings.KITHWELL, "demo": True}
    invented.load()
    demo.load()


def test_the_demo_shows_people_who_wait_and_people_who_are_talked_with_in_several_languages(
    evening: None,
) -> None:
    talking = Conversation.objects.filter(state="human")
    waiting = Conversation.objects.filter(in_queue=True)
    assert talking.count() == 4 and waiting.count() >= 8
    assert len(set(Conversation.objects.values_list("language", flat=True))) >= 5
    assert {"C0", "C3"} < set(Conversation.objects.values_list("level", flat=True))
    assert Conversation.objects.filter(state="ended", first_reply_at__isnull=False).count() >= 20


def test_the_demos_supporters_are_still_there_an_hour_later(evening: None) -> None:
    for minutes in range(1, 61):
        with clock.shifted(timedelta(minutes=minutes)):
            tasks.demo_company()
            if minutes % 10 == 0:
                desk.sweep_leases()
    assert Conversation.objects.filter(state="human").count() == 4
    assert SupporterState.objects.filter(on_shift_since__isnull=False).count() == len(demo.COMPANY)


def test_nobody_is_made_up_outside_the_demo(settings: Any) -> None:
    settings.KITHWELL = {**settings.KITHWELL, "demo": False}
    tasks.demo_company()
    demo.load()
    assert not Conversation.objects.exists() and not SupporterState.objects.exists()
