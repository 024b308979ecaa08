"""What stands beside a group's posts: names that lead on, events, what the group does together, hours, robots."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from kithwell.community.events import actions as events
from kithwell.community.events.tests import cast as event_cast
from kithwell.community.groups.models import Group
from kithwell.community.peers import actions as peers
from kithwell.community.posts import actions, unanswered
from kithwell.community.posts.models import Picture, Veil
from kithwell.community.posts.tests import cast
from kithwell.community.posts.tests.test_changing import png
from kithwell.kernel import clock
from kithwell.kernel.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


def test_names_in_a_thread_lead_to_the_person_and_veils_lead_nowhere() -> None:
    circle = cast.circle("everyone")
    post = circle.write(circle.ben, "a question")
    circle.reply(circle.mia, post, "an answer")
    circle.reply(circle.cleo, post, "a quiet answer", anonymous=True)
    shown = circle.page(circle.ada, f"/p/{post}")
    for who in (circle.ben, circle.mia):
        path = f"/u/{who.name.replace(' ', '%20')}"
        assert f'href="{path}"' in shown
        circle.page(circle.ada, path)
    assert shown.count('href="/u/') == 2 and Veil.objects.get().name in shown
    assert 'href="/u/' not in circle.page(None, f"/p/{post}")


def test_a_group_page_shows_its_events_and_what_it_does_together_to_members(
    django_assert_max_num_queries: object,
) -> None:
    circle = cast.circle("everyone")
    assert "/goal" in circle.page(circle.ada, f"/g/{circle.slug}"), "facilitators find the way"
    assert "/goal" not in circle.page(circle.cleo, f"/g/{circle.slug}")
    peers.set_goal(
        circle.ada, circle.slug, "A hundred kind replies", 100, clock.now().date() + timedelta(days=20)
    )
    event = events.make(
        circle.ada, event_cast.wanted(audience="group", group=circle.group.id, title="Tea together")
    )
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert "A hundred kind replies" in shown and f"/g/{circle.slug}/goal" in shown and 'class="tree"' in shown
    assert "Tea together" in shown and f"/events/{event}" in shown
    for outside in (circle.page(circle.zoe, f"/g/{circle.slug}"), circle.page(None, f"/g/{circle.slug}")):
        assert "A hundred kind replies" not in outside and "Tea together" not in outside


def test_facilitators_choose_when_the_welcomers_hear() -> None:
    circle = cast.circle()
    assert f"/g/{circle.slug}/unanswered" in circle.page(circle.ada, f"/g/{circle.slug}/settings")
    assert 'value="4" selected' in circle.page(circle.ada, f"/g/{circle.slug}/unanswered")
    answer = circle.browser(circle.ada).post(f"/g/{circle.slug}/unanswered", {"hours": "8"})
    assert answer.status_code == 303 and unanswered.hours_of(circle.group.id) == 8
    assert 'value="8" selected' in circle.page(circle.ada, f"/g/{circle.slug}/unanswered")
    circle.page(circle.cleo, f"/g/{circle.slug}/unanswered", 403)
    for who, hours, error in ((circle.cleo, 8, Refused), (circle.ada, 5, Invalid)):
        with pytest.raises(error):
            actions.set_unanswered_hours(who, circle.slug, hours)
    circle.write(circle.ben, "hello?")
    with clock.shifted(timedelta(hours=7)):
        assert unanswered.look() == 0
    with clock.shifted(timedelta(hours=8, minutes=1)):
        assert unanswered.look() == 1


def test_search_engines_are_told_to_stay_away_by_the_header_too() -> None:
    circle = cast.circle("everyone")
    post = circle.write(circle.ben, "a question")
    for path in (f"/g/{circle.slug}", f"/p/{post}"):
        for who in (Client(), circle.browser(circle.cleo)):
            assert "noindex" in who.get(path)["X-Robots-Tag"]
    shown = actions.add_picture(circle.ben, circle.slug, png(), "a tree")
    with_picture = circle.write(circle.ben, "and a tree", pictures=[shown])
    picture = Picture.objects.get(post=with_picture).id
    Group.objects.filter(id=circle.group.id).update(indexable=True)
    for path in (f"/g/{circle.slug}", f"/p/{post}"):
        assert "X-Robots-Tag" not in circle.browser(circle.cleo).get(path)
    for path in (f"/picture/{picture}", f"/p/{post}/new?since=0", f"/g/{circle.slug}/news?since=0"):
        assert "noindex" in Client().get(path)["X-Robots-Tag"], (
            path
        )  # pieces of pages are never found by themselves
