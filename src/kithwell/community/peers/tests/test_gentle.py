"""Steps, kindnesses and shared goals: nothing to lose, no ranks, nobody's share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.notices import queries as notices
from kithwell.community.peers import actions, queries
from kithwell.community.peers.models import Counted, Goal, Kindness, Step
from kithwell.community.peers.rules import gentle
from kithwell.community.peers.tests import cast
from kithwell.community.posts.models import Post, Reply
from kithwell.community.posts.tests import cast as posts_cast
from kithwell.kernel import clock, events, ids, jobs
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal

START = datetime(2026, 5, 5, 12, tzinfo=UTC)


@given(n=st.integers(0, 10**6), more=st.integers(0, 1000), wanted=st.integers(1, 10**5))
def test_a_tree_only_ever_grows(n: int, more: int, wanted: int) -> None:
    assert 0 <= gentle.leaves(n, wanted) <= gentle.leaves(n + more, wanted) <= gentle.LEAVES
    assert (gentle.leaves(n, wanted) == gentle.LEAVES) == (n >= wanted)
    assert (gentle.stage(n, wanted) == "there") == (n >= wanted)


@given(n=st.integers(0, 10**6))
def test_counts_become_words(n: int) -> None:
    assert gentle.often(n) in ("none", "once", "twice", "few", "many", "again")


@pytest.fixture
def ana() -> Principal:
    return cast.person("Quiet Heron")


def answered(by: Principal, to: Principal, group: Any) -> None:
    now = clock.now()
    post = Post.objects.create(
        group=group.id, author=to.id, subject=ids.new_id(), created_at=now, activity_at=now
    )
    reply = Reply.objects.create(
        group=group.id, author=by.id, subject=ids.new_id(), created_at=now, post=post, n=1
    )
    for _ in range(2):  # an event may come twice
        events.publish(
            "community.reply.written",
            reply=str(reply.id),
            post=str(post.id),
            group=str(group.id),
            author=str(by.id),
        )
    jobs.run_due()


@pytest.mark.django_db
def test_a_step_can_be_done_undone_and_rested_and_nothing_is_lost(ana: Principal) -> None:
    ident = actions.add_step(ana, "  open the   window ")
    assert b"window" not in bytes(Step.objects.get().title)
    assert queries.steps(ana).open[0].title == "open the window"
    actions.change_step(ana, ident, "do")
    assert queries.steps(ana).done[0].title == "open the window"
    actions.change_step(ana, ident, "undo")
    actions.change_step(ana, ident, "rest")
    with clock.shifted(timedelta(days=400)):
        assert queries.steps(ana).resting[0].title == "open the window", "a rest may last as long as it likes"
        actions.change_step(ana, ident, "wake")
    assert [row.title for row in queries.steps(ana).open] == ["open the window"]


@pytest.mark.django_db
def test_steps_are_ones_own(ana: Principal) -> None:
    ident = actions.add_step(ana, "open the window")
    ben = cast.person("Calm Otter")
    with pytest.raises(NotFound):
        actions.change_step(ben, ident, "away")
    assert queries.steps(ben).open == ()
    with pytest.raises(Invalid):
        actions.change_step(ana, ident, "boast")
    with pytest.raises(Invalid):
        actions.add_step(ana, "   ")


@pytest.mark.django_db
def test_an_answer_to_somebody_else_is_a_kindness_told_in_words_to_oneself_alone(ana: Principal) -> None:
    ben = cast.person("Calm Otter")
    group = cast.group(ana, ben)
    answered(ana, ben, group)
    answered(ana, ana, group)
    sign = {"post": "x", "kind": "with-you", "group": str(group.id), "author": ""}
    events.publish("community.reaction.given", **sign, by=str(ana.id))
    jobs.run_due()
    assert queries.steps(ana).kind == ("You answered somebody.", "You gave somebody a kind sign.")
    assert queries.steps(ben).kind == ()
    page = cast.enter("Quiet Heron").get("/me/steps").content.decode()
    assert "You answered somebody." in page
    with clock.shifted(timedelta(days=9)):
        assert queries.steps(ana).kind == ()
        page = cast.enter("Quiet Heron").get("/me/steps").content.decode()
        for word in ("streak", "lost", "days in a row", "missed"):
            assert word not in page.replace("can be lost", "")
    assert Kindness.objects.count() == 1


@pytest.mark.django_db
def test_a_group_reaches_its_goal_together_and_nobodys_share_is_kept(ana: Principal) -> None:
    ben = cast.person("Calm Otter")
    lead = cast.person("Robin Song")
    group = cast.group(ana, ben, lead=lead)
    until = (clock.now() + timedelta(days=30)).date()
    actions.set_goal(lead, group.slug, "Ten kind replies", 10, until)
    for n in range(10):
        answered(ana if n % 3 else ben, lead, group)
        shown = queries.goal_of(group.id, group.name, f"/g/{group.slug}")
        assert shown is not None
        assert shown.leaves >= n * gentle.LEAVES // 10
    assert Goal.objects.get().reached_at is not None
    assert any("reached what it set out" in line.text for line in notices.page(ben).lines)
    kept = {f.name for f in Goal._meta.fields} | {f.name for f in Counted._meta.fields}
    assert not kept & {"account", "author", "by", "accounts"}
    page = cast.enter("Quiet Heron").get(f"/g/{group.slug}/goal").content.decode()
    assert "You did this together" in page
    assert "Calm Otter" not in page


@pytest.mark.django_db
def test_only_those_who_lead_set_a_goal_and_only_members_see_it(ana: Principal) -> None:
    lead = cast.person("Robin Song")
    group = cast.group(ana, lead=lead)
    until = (clock.now() + timedelta(days=30)).date()
    with pytest.raises(Refused):
        actions.set_goal(ana, group.slug, "Ten kind replies", 10, until)
    with pytest.raises(Invalid) as told:
        actions.set_goal(lead, group.slug, "", 3, until + timedelta(days=900))
    assert set(told.value.fields) == {"title", "wanted", "until"}
    actions.set_goal(lead, group.slug, "Ten kind replies", 10, until)
    with pytest.raises(Conflict):
        actions.set_goal(lead, group.slug, "Another", 10, until)
    cast.person("Calm Otter")
    assert cast.enter("Calm Otter").get(f"/g/{group.slug}/goal").status_code in (303, 403, 404)
    actions.end_goal(lead, group.slug)
    assert queries.goal_of(group.id, "", "") is None


@pytest.mark.django_db
def test_a_goal_not_reached_is_put_away_without_a_word(ana: Principal) -> None:
    lead = cast.person("Robin Song")
    group = cast.group(ana, lead=lead)
    actions.set_goal(lead, group.slug, "Ten kind replies", 10, (clock.now() + timedelta(days=3)).date())
    with clock.shifted(timedelta(days=9)):
        actions.forget_counted()
        jobs.run_due()
        assert queries.goal_of(group.id, "", "") is None
        assert notices.page(ana).lines == ()


@pytest.mark.django_db
def test_the_page_takes_a_fixed_number_of_queries(ana: Principal, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        actions.add_step(ana, f"step {n}")
    with django_assert_max_num_queries(6):
        queries.steps(ana)


@pytest.mark.django_db
def test_what_a_group_does_together_does_not_tell_who_answered_themself_under_another_name() -> None:
    circle = posts_cast.circle()
    actions.set_goal(circle.ada, circle.slug, "Ten kind words", 10, clock.now().date() + timedelta(days=20))
    post = circle.write(circle.ben, "under my name")
    circle.reply(circle.ben, post, "and under the other", anonymous=True)
    jobs.run_due()
    assert Goal.objects.get().n == 1  # as for anybody's answer
    assert not Kindness.objects.filter(account=circle.ben.id).exists()  # but it is no kindness of one's own
    circle.reply(circle.ben, post, "and once more as myself")
    jobs.run_due()
    assert Goal.objects.get().n == 1
