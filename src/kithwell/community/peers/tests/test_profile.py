"""Profiles are there for those they are meant for; following needs a yes; badges end."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from kithwell.boundaries import actions as boundaries
from kithwell.community.notices import queries as notices
from kithwell.community.peers import actions, queries
from kithwell.community.peers.models import Badge, Follow, Profile
from kithwell.community.peers.tests import cast
from kithwell.kernel import clock, events, ids, jobs
from kithwell.kernel.errors import Invalid, KithwellError, NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import kinds
from kithwell.people.access import StepUpNeeded

pytestmark = pytest.mark.django_db
ALL = {"pronouns": "she/her", "likes": "moss and trains", "languages": "English, a little Welsh"}


@pytest.fixture
def ana() -> Principal:
    return cast.person("Quiet Heron")


@pytest.fixture
def ben() -> Principal:
    return cast.person("Calm Otter")


def shows(who: Principal, by: str) -> None:
    actions.set_profile(who, ALL, dict.fromkeys(ALL, by))


def test_each_piece_is_seen_by_those_it_is_meant_for(ana: Principal, ben: Principal) -> None:
    actions.set_profile(ana, ALL, {"pronouns": "members", "likes": "groups", "languages": "nobody"})
    assert set(queries.profile(ben, "Quiet Heron").pieces) == {"pronouns"}
    cast.group(ana, ben)
    assert set(queries.profile(ben, "Quiet Heron").pieces) == {"pronouns", "likes"}
    assert b"moss" not in bytes(Profile.objects.get().pieces)


def test_somebody_who_shows_nothing_is_not_there_for_strangers(ana: Principal, ben: Principal) -> None:
    shows(ana, "groups")
    client = cast.enter("Calm Otter")
    here, nowhere = client.get("/u/Quiet Heron"), client.get("/u/Nobody At All")
    assert here.status_code == nowhere.status_code == 404
    cast.group(ana, ben)
    assert client.get("/u/Quiet Heron").status_code == 200


def test_nothing_is_public(ana: Principal) -> None:
    shows(ana, "members")
    assert Client().get("/u/Quiet Heron").status_code == 303
    assert Client().get("/u/Nobody At All").status_code == 303


def test_a_line_and_an_age_keep_people_apart(ana: Principal, ben: Principal) -> None:
    shows(ana, "members")
    young = cast.person("Small Wren", band="16-17")
    with pytest.raises(NotFound):
        queries.profile(young, "Quiet Heron")
    boundaries.block(ana, cast.ident(ben))
    cast.group(ana, ben)
    with pytest.raises(NotFound):
        queries.profile(ben, "Quiet Heron")


def test_following_needs_a_yes_and_a_no_looks_like_waiting(ana: Principal, ben: Principal) -> None:
    cast.group(ana, ben)
    actions.follow(ben, cast.ident(ana))
    actions.follow(ben, cast.ident(ana))
    row = Follow.objects.get()
    assert queries.my_people(ana).asking[0].name == "Calm Otter"
    assert queries.my_people(ben).following == ()
    before = queries.my_people(ben)
    actions.answer_follow(ana, row.pk, yes=False)
    assert queries.my_people(ben) == before
    assert queries.my_people(ana).asking == ()
    with pytest.raises(NotFound):
        actions.answer_follow(ana, row.pk, yes=True)


def test_one_cannot_say_yes_for_somebody_else_or_follow_a_stranger(ana: Principal, ben: Principal) -> None:
    with pytest.raises(NotFound):
        actions.follow(ben, cast.ident(ana))
    cast.group(ana, ben)
    actions.follow(ben, cast.ident(ana))
    with pytest.raises(NotFound):
        actions.answer_follow(ben, Follow.objects.get().pk, yes=True)
    with pytest.raises(NotFound):
        actions.unfollow(cast.person("Brave Lantern"), Follow.objects.get().pk)


def test_who_follows_hears_of_posts_in_shared_groups_and_of_no_other(ana: Principal, ben: Principal) -> None:
    group = cast.group(ana, ben)
    actions.follow(ben, cast.ident(ana))
    actions.answer_follow(ana, Follow.objects.get().pk, yes=True)
    for author in (str(ana.id), ""):
        events.publish("community.post.written", post=str(ids.new_id()), group=str(group.id), author=author)
    events.publish(
        "community.post.written", post=str(ids.new_id()), group=str(ids.new_id()), author=str(ana.id)
    )
    jobs.run_due()
    heard = [line.text for line in notices.page(ben).lines if "follow" in line.text and "wrote" in line.text]
    assert heard == ["Quiet Heron, whom you follow, wrote something."]
    actions.unfollow(ana, Follow.objects.get().pk)
    assert not Follow.objects.exists(), "either may end it"


def test_no_page_counts_followers(ana: Principal, ben: Principal) -> None:
    cast.group(ana, ben)
    actions.follow(ben, cast.ident(ana))
    actions.answer_follow(ana, Follow.objects.get().pk, yes=True)
    profile = "/u/Quiet Heron"
    for name, path in (("Calm Otter", profile), ("Quiet Heron", profile), ("Quiet Heron", "/me/people")):
        text = cast.enter(name).get(path).content.decode().partition("<main")[2].partition(">")[2]
        text = text.partition("</main>")[0]
        assert not re.search(r"\d", re.sub(r"<[^>]+>", " ", text)), "a number that could be one of followers"


def test_a_badge_says_who_vouched_and_until_when(ana: Principal, ben: Principal) -> None:
    steward = cast.person("Robin", "steward")
    until = clock.now().date() + timedelta(days=365)
    actions.give_badge(steward, "Quiet Heron", "listener", until)
    cast.group(ana, ben)
    page = cast.enter("Calm Otter").get("/u/Quiet Heron").content.decode()
    assert "Trained listener" in page
    assert "vouched for by a steward" in page
    assert until.isoformat() in page


def test_a_badge_ends_with_its_day_and_its_holder_hears_of_it_before(ana: Principal) -> None:
    start = datetime(2026, 5, 5, 12, tzinfo=UTC)
    with clock.frozen(start):
        actions.give_badge(cast.person("Robin", "steward"), "Quiet Heron", "listener", date(2026, 7, 1))
        jobs.run_due()
    with clock.frozen(start + timedelta(days=30)):
        actions.tidy_badges()
        actions.tidy_badges()
        jobs.run_due()
        assert sum("ends soon" in line.text for line in notices.page(ana).lines) == 1
    with clock.frozen(datetime(2026, 7, 1, 0, 1, tzinfo=UTC)):
        assert queries.badges_of([cast.ident(ana)]) == {}, "also before the job has come by"
        assert actions.tidy_badges() == 1
        assert Badge.objects.get().ended_at is not None


def test_badges_are_given_by_those_who_may_vouch_and_never_to_oneself(ana: Principal) -> None:
    until = clock.now().date() + timedelta(days=30)
    for who in (ana, cast.person("Sam", "supporter")):
        with pytest.raises(KithwellError):
            actions.give_badge(who, "Quiet Heron", "listener", until)
    robin = cast.person("Robin", "steward")
    stale = Principal("account", robin.id, robin.name, robin.roles, stepped_up=False)
    with pytest.raises(StepUpNeeded):
        actions.give_badge(stale, "Quiet Heron", "listener", until)
    with pytest.raises(Invalid) as told:
        actions.give_badge(robin, "Robin", "wizard", until + timedelta(days=4000))
    assert set(told.value.fields) == {"name", "kind", "until"}
    badge = actions.give_badge(robin, "Quiet Heron", "listener", until)
    with pytest.raises(NotFound):
        actions.end_badge(cast.person("Calm Otter"), badge)
    actions.end_badge(ana, badge)
    assert queries.own_profile(ana).badges == ()


def test_a_profile_can_be_reported_and_taken_out_of_view(ana: Principal, ben: Principal) -> None:
    shows(ana, "members")
    kind = kinds.get("people.profile")
    assert kind is not None
    assert kind.visible_to(str(ana.id), ben.id)
    assert not kind.visible_to(str(ana.id), None)
    assert "moss" in kind.snippets([str(ana.id)])[str(ana.id)].text
    kind.apply(str(ana.id), "hide")
    with pytest.raises(NotFound):
        queries.profile(ben, "Quiet Heron")
    assert queries.own_profile(ana).hidden
    kind.apply(str(ana.id), "restore")
    assert queries.profile(ben, "Quiet Heron").pieces


def test_a_profile_takes_a_fixed_number_of_queries(
    ana: Principal, ben: Principal, django_assert_max_num_queries: Any
) -> None:
    shows(ana, "members")
    cast.group(ana, ben)
    with django_assert_max_num_queries(12):
        queries.profile(ben, "Quiet Heron")
