"""Two at once: a form sent twice in one moment, two devices, two hands on one sign."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kithwell.community.posts import actions, queries
from kithwell.community.posts.actions import Written
from kithwell.community.posts.models import Draft, Post, Reaction, Reply, Veil, Vote
from kithwell.community.posts.tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


def together(act: Callable[[int], object], times: int = 6) -> list[object]:
    """What each got, when all do it at the same moment."""

    def one(n: int) -> object:
        try:
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_form_that_comes_twice_in_one_moment_is_one_post_and_one_reply(anonymous: bool) -> None:
    circle = cast.circle()
    words = Written("only once", client_key="one-form", anonymous=anonymous)
    posts = {stored.post for stored in together(lambda _n: actions.write(circle.ben, circle.slug, words))}  # type: ignore[attr-defined]
    assert len(posts) == Post.objects.count() == 1
    post = posts.pop()
    replies = {stored.id for stored in together(lambda _n: actions.reply(circle.ben, post, words))}  # type: ignore[attr-defined]
    assert len(replies) == Reply.objects.count() == 1 == Post.objects.get().reply_n
    assert Veil.objects.count() == anonymous


def test_two_devices_keep_one_draft_and_nothing_breaks() -> None:
    circle = cast.circle()
    together(lambda n: actions.keep_draft(circle.ben, "new", circle.slug, {"text": f"device {n}"}))
    assert Draft.objects.count() == 1
    assert queries.drafts(circle.ben)[0].text.startswith("device ")


def test_signs_and_votes_of_one_person_count_once() -> None:
    circle = cast.circle()
    post = circle.write(circle.ben, "tea or milk", poll=True, options=("tea", "milk"))
    together(lambda _n: actions.react(circle.cleo, post, "hope"))
    together(lambda n: actions.vote(circle.cleo, post, n % 2))
    assert Reaction.objects.count() == 1 == Vote.objects.count()
