"""What must not be lost because something before it was not read, and what many people get at one hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kithwell.community.groups.models import Group, Membership
from kithwell.community.notices import actions, queries
from kithwell.community.notices.models import Chosen, Notice
from kithwell.community.notices.tests.service import PushService
from kithwell.community.notices.tests.test_notices import NOON, at, person, told_device, wanted
from kithwell.kernel import clock, events, ids, jobs

pytestmark = pytest.mark.django_db


def happened(name: str, **payload: Any) -> None:
    events.publish(name, **payload)
    jobs.run_due()


def test_the_reminder_an_hour_before_comes_also_when_the_one_of_yesterday_was_not_read(
    push_service: PushService,
) -> None:
    ana, event = person("Quiet Heron"), str(ids.new_id())
    with clock.frozen(NOON):
        told_device(ana, push_service)
        happened("community.event.soon", ident=event, account=str(ana.id), when="day")
    at(NOON)
    with clock.frozen(NOON + timedelta(hours=23)):
        for _twice in range(2):  # the event may be delivered again after a crash
            happened("community.event.soon", ident=event, account=str(ana.id), when="hour")
    at(NOON + timedelta(hours=23))
    assert len(push_service.messages) == 2
    with clock.frozen(NOON + timedelta(hours=23)):
        assert [line.new for line in queries.page(ana).lines] == [True, False]
        happened("community.event.soon", ident=event, account=str(ana.id), when="day")
        assert [line.new for line in queries.page(ana).lines] == [True, False], (
            "an old word does not come back"
        )


def test_each_offer_of_support_sounds_also_when_the_last_one_was_not_read(push_service: PushService) -> None:
    ana = person("Quiet Heron")
    with clock.frozen(NOON):
        told_device(ana, push_service)
    for n in range(3):
        moment = NOON + timedelta(hours=n)
        with clock.frozen(moment):
            happened("support.offer.made", account=str(ana.id), offer=str(n))
        at(moment)
    assert len(push_service.messages) == 3
    assert [line.new for line in queries.page(ana).lines] == [True, False, False]


def test_an_event_that_moves_twice_and_is_called_off_is_told_each_time(push_service: PushService) -> None:
    ana, event = person("Quiet Heron"), str(ids.new_id())
    with clock.frozen(NOON):
        told_device(ana, push_service)
    for n, (name, more) in enumerate(
        [
            ("moved", {"revision": 1}),
            ("moved", {"revision": 2}),
            ("moved", {"revision": 2}),
            ("called-off", {}),
        ]
    ):
        moment = NOON + timedelta(hours=n)
        with clock.frozen(moment):
            happened(f"community.event.{name}", ident=event, account=str(ana.id), **more)
        at(moment)
    assert len(push_service.messages) == 3  # the third is the second once more


def test_what_is_chosen_for_all_groups_counts_where_a_group_has_no_choice_of_its_own() -> None:
    group = Group(slug="owls", name="Night owls", name_key="night owls", purpose="For those awake at night")
    group.settle()
    group.save()
    each, page, quiet = person("Quiet Heron"), person("Calm Otter"), person("Blue Wren")
    for who in (each, page, quiet):
        Membership.objects.create(group=group, account=who.id)
    actions.choose(each, wanted(kinds={"groups": "each"}))
    actions.choose(quiet, wanted(kinds={"groups": "each"}, groups={group.id: "none"}))
    for _ in range(3):
        happened("community.post.written", post=str(ids.new_id()), group=str(group.id), author="")
    assert len(queries.page(each).lines) == 3
    assert len(queries.page(page).lines) == 1
    assert len(queries.page(quiet).lines) == 1, "only on the page means on the page"
    at(clock.now())
    assert Notice.objects.get(account=quiet.id).settled_at is not None
    assert Chosen.objects.get(pk=quiet.id).next_at is None


def test_a_summary_for_more_people_than_one_bite_goes_out_in_one_run() -> None:
    crowd = [person(f"Owl of {n}ville") for n in range(7)]
    with clock.frozen(NOON):
        for who in crowd:
            actions.tell(who.id, "house", "/me", {"n": "1"})  # type: ignore[arg-type]
    with clock.frozen(NOON + timedelta(hours=7)):
        assert actions.send_due(limit=2) == 7
        assert actions.send_due(limit=2) == 0
