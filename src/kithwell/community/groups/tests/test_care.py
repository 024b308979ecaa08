"""Groups are looked after: activity check, rest and waking, prompts, hand-over, ages that change, leaving for good."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from kithwell.community.groups import access, actions, queries
from kithwell.community.groups.actions import watch
from kithwell.community.groups.models import Group, Invitation, JoinRequest, Membership
from kithwell.community.groups.tests.cast import group, joins, lead_of, somebody
from kithwell.community.posts import actions as posts
from kithwell.community.posts import queries as post_queries
from kithwell.kernel import clock, events, jobs
from kithwell.kernel.errors import Conflict, KithwellError, NotFound, Refused
from kithwell.people import actions as people
from kithwell.people import erasure, export
from kithwell.people import queries as people_queries

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def told() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What is published about groups, as it is said."""
    heard: list[tuple[str, dict[str, Any]]] = []
    before = events.publish

    def publish(event: str, **payload: Any) -> None:
        heard.append((event, payload))
        before(event, **payload)

    patch = pytest.MonkeyPatch()
    patch.setattr(events, "publish", publish)
    yield heard
    patch.undo()


def _at(hours: float) -> datetime:
    return clock.now() + timedelta(hours=hours)


def test_a_group_nobody_looks_after_is_warned_twice_rests_and_wakes(told: list[Any]) -> None:
    owls, ana = group(), somebody("Ana")
    joins(ana, owls)
    lead = lead_of(owls)
    steps: list[str] = []
    for hours in (10, 73, 74, 98, 99, 123):
        with clock.frozen(_at(hours)):
            watch.check()
        steps = [payload["step"] for event, payload in told if event == "community.group.quiet"]
    assert steps == ["facilitators", "cofacilitators", "closed"]
    place = access.reader(ana, owls.slug)
    assert place.may_read and not place.may_post and place.why_not == "asleep"
    assert "is resting" in place.why_not_words
    assert access.reader(lead, owls.slug).may_post
    watch.wrote(str(owls.id), str(ana.id))
    assert not access.reader(ana, owls.slug).may_post
    watch.wrote(str(owls.id), str(lead.id))
    assert access.reader(ana, owls.slug).may_post
    assert any(event == "community.group.awake" for event, _payload in told)


def test_a_group_with_a_busy_facilitator_is_left_in_peace(told: list[Any]) -> None:
    owls = group()
    lead = lead_of(owls)
    for day in range(1, 12):
        with clock.frozen(_at(24 * day)):
            actions.touch(owls.id, lead.id)
            watch.check()
    assert not [event for event, _p in told if event == "community.group.quiet"]


def test_a_prompt_is_due_once_a_week_and_has_words_in_the_language_of_the_group(told: list[Any]) -> None:
    owls = group(language="es", prompts_on=True, prompt_day=0, prompt_hour=10, timezone="Europe/Madrid")
    own = group(prompts_on=True, prompts="One?\nTwo?", prompt_day=0, prompt_hour=10)
    Group.objects.filter(id=group().id).update(prompts_on=False)
    for hours in range(0, 24 * 15, 1):
        with clock.frozen(_at(hours)):
            watch.publish_prompts()
    due = [p for event, p in told if event == "community.prompt.due"]
    mine = [p["prompt"] for p in due if p["group"] == str(owls.id)]
    assert mine in ([0, 1], [0, 1, 2])
    assert queries.prompt(owls.id, 0).startswith("¿")
    assert [queries.prompt(own.id, n) for n in range(3)] == ["One?", "Two?", "One?"]
    assert len(queries.shipped("fr")) >= 8 and queries.shipped("xx") == queries.shipped("en")


def test_newcomers_are_announced_to_a_few_welcomers_and_not_always_to_the_same(told: list[Any]) -> None:
    owls = group()
    for n in range(6):
        who = somebody(f"W{n}")
        joins(who, owls)
        actions.offer_welcome(who, owls.slug, True)
    told.clear()
    for n in range(4):
        joins(somebody(f"N{n}"), owls)
    asked = [tuple(p["to"]) for event, p in told if event == "community.group.newcomer"]
    assert len(asked) == 4 and all(len(to) == 3 for to in asked)
    assert len(set(asked)) > 1


def test_who_comes_back_is_no_newcomer(told: list[Any]) -> None:
    owls, ana = group(), somebody("Ana")
    joins(ana, owls)
    actions.leave(ana, owls.slug, "keep")
    told.clear()
    joins(ana, owls)
    assert [event for event, _p in told if event.startswith("community.group.")] == ["community.group.joined"]


def test_leaving_says_what_becomes_of_the_words(told: list[Any]) -> None:
    owls, ana = group(), somebody("Ana")
    joins(ana, owls)
    actions.leave(ana, owls.slug, "delete")
    left = [p for event, p in told if event == "community.group.left"]
    assert left == [{"group": str(owls.id), "account": str(ana.id), "choice": "delete"}]
    with pytest.raises(access.JoinFirst):
        access.reader(ana, owls.slug)


def test_a_co_facilitator_steps_in_when_the_facilitator_goes() -> None:
    owls, ana = group(), somebody("Ana")
    lead = lead_of(owls)
    joins(ana, owls)
    actions.set_role(lead, owls.slug, _stay(owls, ana).id, "cofacilitator")
    with pytest.raises(Refused):
        actions.set_role(ana, owls.slug, _stay(owls, lead).id, "member")
    actions.leave(lead, owls.slug, "keep")
    assert _stay(owls, ana).role == "facilitator"
    assert Group.objects.get(id=owls.id).closed_at is None


def _stay(where: Group, who: Any) -> Membership:
    return Membership.objects.get(group=where, account=who.id, left_at=None)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_people_do_an_awake_group_has_somebody_who_leads(seed: int) -> None:
    dice, owls = random.Random(seed), group(capacity=4)
    crowd = [lead_of(owls), *(somebody(f"P{n}") for n in range(4))]
    for _turn in range(40):
        who, other = dice.choice(crowd), dice.choice(crowd)
        acts: list[Callable[[], Any]] = [
            lambda who=who: joins(who, owls),
            lambda who=who: actions.leave(who, owls.slug, "keep", anyway=dice.random() < 0.3),
            lambda who=who: actions.step_down(who, owls.slug),
            lambda who=who, other=other: actions.set_role(
                who, owls.slug, _stay(owls, other).id, dice.choice(("facilitator", "cofacilitator", "member"))
            ),
        ]
        with contextlib.suppress(KithwellError, Membership.DoesNotExist):
            dice.choice(acts)()
        now = Group.objects.get(id=owls.id)
        stays = Membership.objects.filter(group=owls, left_at=None)
        assert now.member_n == stays.count() <= 4
        assert now.closed_at is not None or stays.filter(role="facilitator").exists()


def test_saying_another_age_ends_stays_on_the_other_side() -> None:
    owls, kids = group(), group(age_band="16-17")
    ana = somebody("Ana")
    joins(ana, owls)
    people.set_about(ana, language="en", country="", age_band="16-17")
    with pytest.raises(NotFound):
        access.reader(ana, owls.slug)  # at once, before any job ran
    assert queries.memberships(ana.id) == ()  # type: ignore[arg-type]
    jobs.run_due()
    assert not Membership.objects.filter(account=ana.id, left_at=None).exists()
    assert Group.objects.get(id=owls.id).member_n == 1
    assert joins(ana, kids) == "joined"


def test_an_archived_group_is_read_and_not_written_nor_joined() -> None:
    owls, ana = group(), somebody("Ana")
    joins(ana, owls)
    actions.archive(lead_of(owls), owls.slug, True)
    place = access.reader(ana, owls.slug)
    assert place.may_read and not place.may_post and place.why_not == "archived"
    with pytest.raises(Refused):
        joins(somebody("Ben"), owls)
    assert queries.directory(somebody("Cleo"), queries.Asked()).groups == ()
    actions.archive(lead_of(owls), owls.slug, False)
    assert joins(somebody("Ben"), owls) == "joined"


def test_a_full_group_takes_nobody_and_capacity_never_puts_anybody_out() -> None:
    owls = group(capacity=2)
    joins(somebody("Ana"), owls)
    with pytest.raises(actions.Full):
        joins(somebody("Ben"), owls)
    place, now = queries.settings(lead_of(owls), owls.slug)
    assert place.group.room == "full"
    from dataclasses import replace

    actions.change(lead_of(owls), owls.slug, replace(now, capacity=3))
    with pytest.raises(KithwellError):
        actions.change(lead_of(owls), owls.slug, replace(now, capacity=1))
    assert joins(somebody("Cleo"), owls) == "joined"


def test_changed_rules_are_a_new_version_and_others_settings_are_not() -> None:
    from dataclasses import replace

    owls = group(guidelines="Be kind.")
    lead = lead_of(owls)
    _place, now = queries.settings(lead, owls.slug)
    actions.change(lead, owls.slug, replace(now, about="More about it."))
    assert Group.objects.get(id=owls.id).guidelines_version == 1
    actions.change(lead, owls.slug, replace(now, guidelines="Be kind.\nBe brief."))
    ana = somebody("Ana")
    joins(ana, owls)
    assert _stay(owls, ana).group_guidelines_version == 2
    assert _stay(owls, ana).guidelines_version >= 1


def test_one_request_is_answered_once() -> None:
    owls, ana = group(joining="request"), somebody("Ana")
    joins(ana, owls)
    assert joins(ana, owls) == "asked"
    ident = JoinRequest.objects.get().id
    actions.decide(lead_of(owls), owls.slug, ident, accept=True)
    with pytest.raises(Conflict):
        actions.decide(lead_of(owls), owls.slug, ident, accept=False)
    other = group(joining="request")
    with pytest.raises(NotFound):
        actions.decide(lead_of(other), other.slug, ident, accept=False)


def test_everything_about_me_is_told_and_goes_when_i_go() -> None:
    owls = group(questions="What brings you?", joining="request")
    ana = somebody("Ana")
    joins(ana, owls, answers=["sleepless nights"])
    actions.decide(lead_of(owls), owls.slug, JoinRequest.objects.get().id, accept=True)
    mine = group()
    own = lead_of(mine)
    subject = people_queries.subjects([ana.id])[ana.id]  # type: ignore[list-item,index]
    parts = dict(export._tellers["groups"](subject, ana.id))
    assert b"sleepless nights" in parts["groups.json"] and owls.name.encode() in parts["groups.json"]
    described = [line for line in erasure.describe(subject, ana.id) if "group" in line]
    assert described
    erasure._parts["groups"][1](subject, ana.id, erasure.Choices())
    assert not Membership.objects.filter(account=ana.id).exists()
    assert not JoinRequest.objects.filter(account=ana.id).exists()
    assert Group.objects.get(id=owls.id).member_n == 1
    theirs = people_queries.subjects([own.id])[own.id]  # type: ignore[list-item,index]
    actions.make_link(own, mine.slug, uses=3, days=7)
    erasure._parts["groups"][1](theirs, own.id, erasure.Choices())
    left = Group.objects.get(id=mine.id)
    assert left.closed_at is not None and left.proposed_by is None
    assert not Invitation.objects.filter(made_by=own.id).exists()


def test_the_steward_wakes_an_orphaned_group_by_naming_somebody() -> None:
    owls, robin, max_ = group(), somebody("Robin", "steward"), somebody("Max")
    joins(somebody("Ana"), owls)
    actions.leave(lead_of(owls), owls.slug, "keep", anyway=True)
    assert [one.slug for one in queries.oversight(robin).resting] == [owls.slug]
    actions.name_facilitator(robin, owls.id, max_.name)
    assert access.facilitator(max_, owls.slug).may_facilitate
    assert queries.oversight(robin).resting == ()
    with pytest.raises(Refused):
        actions.name_facilitator(max_, owls.id, max_.name)


def test_a_break_from_one_group_keeps_it_out_of_the_feed_and_from_welcoming() -> None:
    owls, other, ana = group(), group(), somebody("Ana")
    for where in (owls, other):
        joins(ana, where)
        posts.write(lead_of(where), where.slug, posts.Written(f"a quiet evening in {where.slug}"))
    actions.offer_welcome(ana, owls.slug, True)
    actions.take_break(ana, owls.slug, 7)
    assert set(post_queries.feed(ana)[1]) == {other.id}
    assert ana.id not in queries.welcomers(owls.id)
    with clock.frozen(_at(24 * 8)):
        assert set(post_queries.feed(ana)[1]) == {owls.id, other.id}
        assert ana.id in queries.welcomers(owls.id)
