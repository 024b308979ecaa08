"""Reading on where one stopped, finding what is old, keeping what is not sent yet."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest

from kithwell.community.posts import actions, queries, unanswered
from kithwell.community.posts.models import Draft, Post, ReadMark, Reply
from kithwell.community.posts.queries import listing
from kithwell.community.posts.tests import cast
from kithwell.kernel import clock
from kithwell.kernel.errors import Conflict

pytestmark = pytest.mark.django_db
THREAD = import_module("kithwell.community.posts.queries.thread")  # the package has a function of that name


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


def mark(circle: cast.Circle, who: cast.Principal, post: UUID) -> int:
    return ReadMark.objects.get(account=who.id, thing=post).n


def test_the_way_leads_to_what_is_new_also_in_a_thread_of_several_pages(
    circle: cast.Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(THREAD, "A_PAGE", 4)
    post = circle.write(circle.ben, "a long evening")
    for n in range(6):
        circle.reply(circle.mia, post, f"reply number {n}")
    assert "Go to what is new" not in circle.page(circle.cleo, f"/p/{post}")  # a first visit: nothing is new
    assert mark(circle, circle.cleo, post) == 4  # what stands on a later page has not been seen
    shown = circle.page(circle.cleo, f"/p/{post}")
    assert f'href="/p/{post}?from=4#replies"' in shown and "Go to what is new" in shown
    later = circle.page(circle.cleo, f"/p/{post}?from=4")
    first = Reply.objects.get(post=post, n=5)
    assert f'href="#r-{first.id}"' in later and "From the first reply" in later
    assert mark(circle, circle.cleo, post) == 6
    circle.page(circle.cleo, f"/p/{post}")
    assert mark(circle, circle.cleo, post) == 6  # looking at the beginning again forgets nothing
    circle.reply(circle.ben, post, "one more")
    assert f'href="/p/{post}?from=6#replies"' in circle.page(circle.cleo, f"/p/{post}")


def test_jumping_ahead_does_not_count_as_having_read_what_lies_between(
    circle: cast.Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(THREAD, "A_PAGE", 2)
    post = circle.write(circle.ben, "a long evening")
    circle.page(circle.cleo, f"/p/{post}")
    for n in range(6):
        circle.reply(circle.mia, post, f"reply number {n}")
    circle.page(circle.cleo, f"/p/{post}?from=4")
    assert mark(circle, circle.cleo, post) == 0
    circle.page(circle.cleo, f"/p/{post}")
    assert mark(circle, circle.cleo, post) == 2


def test_a_month_with_many_posts_goes_on(circle: cast.Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MONTH_PAGE", 2)
    wrote = [circle.write(circle.ben, f"day {n}") for n in range(5)]
    Post.objects.update(created_at=clock.now())  # all in one moment: the id decides
    found: list[UUID] = []
    path = f"/g/{circle.slug}/archive?month={clock.now():%Y-%m}"
    while path:
        shown = circle.page(circle.cleo, path)
        found += [post for post in wrote if f'id="post-{post}"' in shown]
        before, more, _after = shown.partition("Later in this month")
        path = before.rpartition('href="')[2].split('"')[0].replace("&amp;", "&") if more else ""
    assert found == wrote


def test_only_a_few_posts_stand_on_top(circle: cast.Circle) -> None:
    posts = [circle.write(circle.ben, f"read this {n}") for n in range(6)]
    for post in posts[:5]:
        actions.pin(circle.ada, post, True)
    with pytest.raises(Conflict, match="pinned already"):
        actions.pin(circle.ada, posts[5], True)
    actions.pin(circle.ada, posts[0], True)  # again is no sixth
    actions.pin(circle.ada, posts[0], False)
    actions.pin(circle.ada, posts[5], True)
    assert Post.objects.filter(pinned=True).count() == 5


def test_who_wrote_under_the_other_name_goes_on_under_it_unless_they_say_otherwise(
    circle: cast.Circle,
) -> None:
    """One slip would tell everybody who they are."""
    post = circle.write(circle.cleo, "a question")
    box = 'name="anonymous" value="1" checked'

    def ticked() -> bool:
        return box in " ".join(circle.page(circle.ben, f"/p/{post}").split())

    assert not ticked()
    circle.reply(circle.ben, post, "an answer", anonymous=True)
    assert ticked() and box not in circle.page(circle.mia, f"/p/{post}")
    circle.reply(circle.ben, post, "and one under my name")
    assert not ticked()
    own = circle.write(circle.ben, "asked under it", anonymous=True)
    assert box in circle.page(circle.ben, f"/p/{own}")
    kept = circle.browser(circle.ben).post(
        f"/p/{own}/reply", {"text": "with my name, on purpose", "act": "draft"}
    )
    assert box not in kept.content.decode()


def test_what_a_page_keeps_at_the_last_moment_does_not_come_back_after_it_was_sent(
    circle: cast.Circle,
) -> None:
    for anonymous in ("", "1"):
        form = {"text": f"sent once {anonymous}", "client_key": f"form-{anonymous}", "anonymous": anonymous}
        path = f"/g/{circle.slug}/new"
        assert circle.browser(circle.ben).post(path, {**form, "act": "write"}).status_code == 303
        circle.browser(circle.ben).post(
            path, {**form, "act": "draft"}, headers={"Accept": "application/json"}
        )
        post = Post.objects.latest("created_at").id
        path = f"/p/{post}/reply"
        assert circle.browser(circle.ben).post(path, {**form, "act": "write"}).status_code == 303
        circle.browser(circle.ben).post(
            path, {**form, "act": "draft"}, headers={"Accept": "application/json"}
        )
    assert not Draft.objects.exists() and not queries.drafts(circle.ben)
    circle.browser(circle.ben).post(
        f"/g/{circle.slug}/new", {"text": "another", "client_key": "k", "act": "draft"}
    )
    assert queries.drafts(circle.ben)[0].text == "another"


def test_a_post_that_is_due_is_told_of_however_many_wait_before_it(
    circle: cast.Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "AT_ONCE", 3)
    patient, hasty = cast.circle(), circle
    unanswered.set_hours(patient.group.id, 24)
    unanswered.set_hours(hasty.group.id, 1)
    for n in range(7):
        patient.write(patient.ben, f"no hurry {n}")
    Post.objects.update(created_at=clock.now() - timedelta(hours=10))
    waits = hasty.write(hasty.ben, "is anybody there")
    Post.objects.filter(id=waits).update(created_at=clock.now() - timedelta(hours=2))
    assert unanswered.look() == 1 and Post.objects.get(id=waits).alert_step == 1
    Post.objects.update(created_at=clock.now() - timedelta(hours=49), alert_step=1)
    assert unanswered.look() == 8 and unanswered.look() == 0
