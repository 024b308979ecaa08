"""Six small questions: each kept at once, each free to skip, sealed, and usable without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from kithwell.community.peers import actions, queries
from kithwell.community.peers.models import Seeking, Start
from kithwell.community.peers.rules import asking
from kithwell.community.peers.rules.asking import Answers
from kithwell.community.peers.tests import cast
from kithwell.kernel import clock
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.people import queries as people

Account = get_user_model()
pytestmark = pytest.mark.django_db


def test_each_step_is_kept_at_once_and_the_next_one_follows() -> None:
    cast.person("Quiet Heron", band="")
    client = cast.enter("Quiet Heron")
    assert "five minutes" in client.get("/welcome").content.decode()
    answer = client.post("/welcome/brings", {"brings": ["sleep", "made-up"], "own_words": "I lie awake"})
    assert answer["Location"] == "/welcome/helps"
    answer = client.post("/welcome/helps", {"do": "skip"})
    assert answer["Location"] == "/welcome/not"
    page = client.get("/welcome/brings").content.decode()
    assert "I lie awake" in page
    assert 'value="sleep" checked' in page
    assert 'href="/welcome/not"' in client.get("/welcome").content.decode(), "it goes on where it stopped"


def test_all_six_can_be_skipped_and_nothing_is_asked_again() -> None:
    who = cast.person("Quiet Heron")
    client = cast.enter("Quiet Heron")
    for step in asking.STEPS:
        assert client.post(f"/welcome/{step}", {"do": "skip"}).status_code == 303
    mine = queries.answers(who).answers
    assert asking.next_open(mine.done) == ""
    assert Start.objects.get().finished_at is not None
    assert not Seeking.objects.exists()


def test_what_is_said_is_sealed() -> None:
    who = cast.person("Quiet Heron")
    actions.keep(who, "brings", Answers(brings=("sleep",), own_words="I lie awake"))
    blob = bytes(Start.objects.get().answers)
    assert b"awake" not in blob
    assert b"sleep" not in blob


def test_only_what_was_ticked_to_be_shared_leaves_the_answers() -> None:
    who = cast.seeks(cast.person("Quiet Heron"), share=("helps", "languages"), own_words="my secret")
    mine = queries.answers(who)
    shared = asking.shared(mine.answers, clock.now())
    assert set(shared) == {"helps", "languages"}
    cast.seeks(who, buddy=False)
    assert not Seeking.objects.exists(), "without the wish for a buddy nothing is shared at all"


def test_the_age_said_at_the_welcome_is_that_of_the_account_and_opens_groups() -> None:
    who = cast.person("Quiet Heron", band="")
    made = cast.group(name="Night owls")
    assert queries.found(who).suited == ()
    client = cast.enter("Quiet Heron")
    assert client.post("/welcome/about", {"languages": ["en"], "age_band": "26-64"}).status_code == 303
    assert people.age_bands([cast.ident(who)])[cast.ident(who)] == "26-64"
    page = client.get("/welcome/found").content.decode()
    assert made.name in page
    assert client.post("/welcome/about", {"age_band": "older than time"}).status_code == 422
    assert Account.objects.get(pk=who.id).age_band == "26-64"


def test_a_group_about_what_one_named_comes_first_with_its_reason() -> None:
    who = cast.person("Quiet Heron")
    for name, topic in (("Aardvarks", "stress"), ("Night owls", "sleep")):
        made = cast.group(name=name)
        made.topic = topic
        made.save()
    actions.keep(who, "brings", Answers(brings=("sleep",)))
    first = queries.found(who).suited[0]
    assert first.card.name == "Night owls"
    assert "Sleep" in first.why


def test_a_group_about_something_hard_is_suggested_only_to_who_named_it() -> None:
    who = cast.person("Quiet Heron")
    made = cast.group(name="After a suicide")
    made.topic = "suicide-loss"
    made.save()
    assert queries.found(who).suited == ()
    actions.keep(who, "brings", Answers(brings=("suicide-loss",)))
    assert [s.card.name for s in queries.found(who).suited] == ["After a suicide"]


def test_a_step_that_is_none_is_not_there() -> None:
    who = cast.person("Quiet Heron")
    with pytest.raises(NotFound):
        actions.keep(who, "made-up", Answers())
    assert cast.enter("Quiet Heron").get("/welcome/made-up").status_code == 404
    with pytest.raises(Invalid):
        actions.keep(who, "about", Answers(), age_band="older than time")


def test_hours_are_compared_on_the_worlds_clock() -> None:
    now = clock.now().replace(month=1)
    assert asking.utc_hours(("evening",), "Asia/Kolkata", now) != asking.utc_hours(("evening",), "UTC", now)
    assert asking.utc_hours(("night",), "UTC", now) == {22, 23, 0, 1}
    assert asking.utc_hours(("night",), "Middle/Earth", now) == {22, 23, 0, 1}


def test_pages_of_the_welcome_take_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    cast.seeks(cast.person("Quiet Heron"))
    for n in range(5):
        cast.group(name=f"Group {n}")
    client = cast.enter("Quiet Heron")
    with django_assert_max_num_queries(4):
        client.get("/welcome/brings")
    with django_assert_max_num_queries(9):
        client.get("/welcome/found")
