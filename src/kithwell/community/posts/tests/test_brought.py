"""Nobody unanswered: a post that those who welcome left waiting too is brought to the team, and the team can answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kithwell.boundaries import actions as boundaries
from kithwell.community.groups import actions as groups
from kithwell.community.notices.models import Notice
from kithwell.community.posts import actions, queries, unanswered
from kithwell.community.posts.models import Post, Reply
from kithwell.community.posts.tests import cast
from kithwell.kernel import clock, jobs
from kithwell.kernel.errors import Refused
from kithwell.kernel.models import AuditEntry
from kithwell.moderation import kinds
from kithwell.people.access import StepUpNeeded
from kithwell.support import actions as desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


@pytest.fixture
def sam() -> cast.Principal:
    return cast.person("Sam", "supporter")


def left_waiting(
    circle: cast.Circle, text: str = "is anybody there", hours: int = 13, **more: object
) -> UUID:
    """A post that went through both steps."""
    post = circle.write(circle.ben, text, **more)
    Post.objects.filter(id=post).update(created_at=clock.now() - timedelta(hours=hours))
    unanswered.look()
    unanswered.look()
    assert Post.objects.get(id=post).alert_step == 2
    return post


def test_the_team_finds_reads_and_answers_what_nobody_answered(
    circle: cast.Circle, sam: cast.Principal
) -> None:
    post = left_waiting(circle)
    page = circle.page(sam, "/groups/waiting")
    assert circle.group.name in page and f"/p/{post}" in page
    assert (
        "is anybody there" not in page
    )  # the words are on the post's own page, and reading them is written down
    thread = circle.page(sam, f"/p/{post}")
    assert "is anybody there" in thread and "brought to the team" in thread
    assert AuditEntry.objects.filter(verb="post.brought.read").count() == 1
    sent = circle.browser(sam).post(
        f"/p/{post}/reply", {"text": "I have read it, and I am here", "act": "write"}
    )
    assert sent.status_code == 303
    reply = Reply.objects.get()
    assert reply.author == sam.id and reply.team
    assert Post.objects.get(id=post).first_reply_at is not None
    seen = circle.page(circle.ben, f"/p/{post}")
    assert "I have read it" in seen and "from the team" in seen and sam.name in seen
    assert circle.group.name not in circle.page(sam, "/groups/waiting")
    assert AuditEntry.objects.filter(verb="post.brought.answered").count() == 1


def test_whoever_answered_for_the_team_can_go_on_and_the_others_can_no_longer_look(
    circle: cast.Circle, sam: cast.Principal
) -> None:
    post = left_waiting(circle)
    noor = cast.person("Noor", "supporter")
    circle.reply(sam, post, "here")
    circle.reply(circle.ben, post, "thank you")
    circle.reply(sam, post, "gladly")
    assert "thank you" in circle.page(sam, f"/p/{post}")
    circle.page(noor, f"/p/{post}", 303)  # to the door of the group, as everybody from outside


def test_the_team_sees_that_post_and_nothing_else_of_the_group(
    circle: cast.Circle, sam: cast.Principal
) -> None:
    early = circle.write(circle.cleo, "just written")
    post = left_waiting(circle)
    circle.page(sam, f"/p/{early}", 303)
    circle.page(sam, f"/g/{circle.slug}", 303)
    circle.page(sam, f"/g/{circle.slug}/search?q=just", 303)
    with pytest.raises(Refused):
        actions.write(sam, circle.slug, actions.Written("a post of mine"))
    with pytest.raises(Refused):
        actions.react(sam, post, "hope")
    assert not [one for one in queries.brought(sam) if one.id == early]


def test_no_other_role_and_nobody_without_a_fresh_proof_may_look(
    circle: cast.Circle, sam: cast.Principal
) -> None:
    post = left_waiting(circle)
    for role in ("moderator", "steward", "professional", "facilitator"):
        other = cast.person("Other", role)
        with pytest.raises(Refused):
            queries.brought(other)
        circle.page(other, f"/p/{post}", 303)
    with pytest.raises(StepUpNeeded):
        queries.brought(replace(sam, stepped_up=False))
    with pytest.raises(Refused):
        circle.reply(replace(sam, stepped_up=False), post, "hello")


def test_who_wanted_no_answers_is_never_brought_to_the_team(circle: cast.Circle, sam: cast.Principal) -> None:
    quiet = circle.write(circle.ben, "only to say it", replies_from="nobody")
    waiting = left_waiting(circle)
    actions.set_replies_from(circle.ben, waiting, "nobody")
    Post.objects.filter(id=quiet).update(created_at=clock.now() - timedelta(hours=20), alert_step=2)
    assert queries.brought(sam) == () and not queries.waits_for_team()
    circle.page(sam, f"/p/{quiet}", 303)


def test_a_line_somebody_drew_holds_for_the_team_too(circle: cast.Circle, sam: cast.Principal) -> None:
    post = left_waiting(circle)
    assert sam.id is not None
    boundaries.block(circle.ben, sam.id)
    assert queries.brought(sam) == ()
    circle.page(sam, f"/p/{post}", 404)


def test_under_an_anonymous_name_the_team_learns_no_more_than_the_group(
    circle: cast.Circle, sam: cast.Principal
) -> None:
    post = left_waiting(circle, "nobody may know", anonymous=True)
    for path in ("/groups/waiting", f"/p/{post}"):
        shown = circle.page(sam, path)
        assert str(circle.ben.id) not in shown and circle.ben.name not in shown
    actions.reply(sam, post, actions.Written("I read it", anonymous=True))
    assert Reply.objects.get().author == sam.id  # the team answers under a name


def test_the_desk_says_that_somebody_waits_and_stops_saying_it(
    circle: cast.Circle, sam: cast.Principal
) -> None:
    desk.start_shift(sam)
    assert "/groups/waiting" not in circle.page(sam, "/desk")
    post = left_waiting(circle)
    assert "/groups/waiting" in circle.page(sam, "/desk")
    off_duty = cast.person("Noor", "supporter")
    assert "/groups/waiting" not in circle.page(
        off_duty, "/desk"
    )  # nobody is called before their shift begins
    circle.reply(sam, post, "here")
    assert "/groups/waiting" not in circle.page(sam, "/desk")


def test_what_is_not_on_the_list_is_not_called_for(circle: cast.Circle, sam: cast.Principal) -> None:
    desk.start_shift(sam)
    left_waiting(circle)
    groups.archive(circle.ada, circle.slug, True)
    assert queries.brought(sam) == () and "/groups/waiting" not in circle.page(sam, "/desk")
    second = cast.circle()
    post = second.write(second.ben, "too late")
    groups.archive(second.ada, second.slug, True)
    with clock.shifted(timedelta(hours=13)):
        assert unanswered.look() == 0 and Post.objects.get(id=post).alert_step == 0


def test_the_team_can_report_what_was_brought_to_it(circle: cast.Circle, sam: cast.Principal) -> None:
    post = left_waiting(circle)
    kind = kinds.get("community.post")
    assert (
        kind is not None
        and kind.visible_to(str(post), sam.id)
        and not kind.visible_to(str(post), circle.zoe.id)
    )


def test_when_the_only_answer_goes_the_post_waits_again(circle: cast.Circle, sam: cast.Principal) -> None:
    post = left_waiting(circle)
    reply = circle.reply(sam, post, "here")
    second = circle.reply(circle.cleo, post, "me too")
    actions.delete(sam, reply)
    assert Post.objects.get(id=post).first_reply_at == Reply.objects.get(id=second).created_at
    actions.delete(circle.cleo, second)
    assert Post.objects.get(id=post).first_reply_at is None
    assert [one.id for one in queries.brought(sam)] == [post]


def test_a_few_of_the_team_are_told_once_a_day_and_another_few_each_time(circle: cast.Circle) -> None:
    team = {cast.person(f"Sup{n}", "supporter").id for n in range(6)}
    seen: set[object] = set()
    for n in range(8):
        left_waiting(circle, f"hello {n}")
    jobs.run_due()
    told = list(Notice.objects.filter(kind="brought").values_list("account", flat=True))
    seen = set(told)
    assert seen <= team and len(seen) >= 3 and len(told) == len(seen)


def test_a_veiled_post_is_brought_to_every_welcomer_whatever_lines_they_drew(circle: cast.Circle) -> None:
    """Blocking members one by one and watching which anonymous posts one is not told of would tell who wrote them."""
    assert circle.ben.id is not None and circle.mia.id is not None
    boundaries.block(circle.mia, circle.ben.id)
    veiled = circle.write(circle.ben, "nobody may know", anonymous=True)
    named = circle.write(circle.ben, "under my name")
    Post.objects.update(created_at=clock.now() - timedelta(hours=5))
    unanswered.look()
    jobs.run_due()
    told = Notice.objects.filter(account=circle.mia.id, kind="unanswered")
    from kithwell.community.notices import actions as notices
    from kithwell.people import queries as people

    subject = people.subjects([circle.mia.id])[circle.mia.id]
    urls = {notices.opened(subject, row)[0] for row in told}
    assert urls == {f"/p/{veiled}"} and f"/p/{named}" not in urls
    assert not Notice.objects.filter(account=circle.ben.id, kind="unanswered").exists()
