"""Writing and answering: stored first, sealed, once; who may, and what they are told when they may not."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kithwell.community.groups.access import JoinFirst
from kithwell.community.posts import actions, queries
from kithwell.community.posts.actions import Written
from kithwell.community.posts.models import Draft, Post, Reply
from kithwell.community.posts.tests import cast
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import ANONYMOUS
from kithwell.people.access import SignInNeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


def test_what_was_written_can_be_read_by_members_and_lies_sealed(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "The nights are *long*.\n\n- tea\n- a walk")
    assert b"nights" not in bytes(Post.objects.get(id=post).body or b"")
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert "<em>long</em>" in shown and "<li>tea</li>" in shown and circle.ben.name in shown


def test_nobody_outside_reads_a_closed_group(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "only among us")
    for path in (f"/g/{circle.slug}", f"/p/{post}"):
        for who in (circle.zoe, None):
            answer = (circle.browser(who) if who else cast.Client()).get(path)
            assert answer.status_code == 303 and answer["Location"] == f"/g/{circle.slug}/about"
    with pytest.raises(JoinFirst):
        circle.write(circle.zoe, "let me in")
    with pytest.raises(SignInNeeded):
        actions.write(ANONYMOUS, circle.slug, Written("hello"))


def test_a_public_group_is_read_signed_out(circle: cast.Circle) -> None:
    open_circle = cast.circle("everyone")
    post = open_circle.write(open_circle.ben, "for everybody to read")
    assert "for everybody to read" in open_circle.page(None, f"/g/{open_circle.slug}")
    shown = open_circle.page(None, f"/p/{post}")
    assert "for everybody to read" in shown and "csrf" not in shown


def test_a_reply_stands_under_its_post_and_moves_it_up(circle: cast.Circle) -> None:
    first = circle.write(circle.ben, "first of all")
    second = circle.write(circle.cleo, "second thought")
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert shown.rindex("first of all") > shown.rindex("second thought")
    reply = circle.reply(circle.cleo, first, "I am reading this")
    again = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert again.rindex("first of all") < again.rindex("second thought")
    thread = circle.page(circle.mia, f"/p/{first}")
    assert "I am reading this" in thread and f'id="r-{reply}"' in thread
    assert Post.objects.get(id=second).first_reply_at is None
    assert Post.objects.get(id=first).first_reply_at is not None


def test_the_same_form_sent_twice_is_one_post(circle: cast.Circle) -> None:
    a = circle.write(circle.ben, "once", client_key="k1")
    assert circle.write(circle.ben, "once", client_key="k1") == a
    b = circle.reply(circle.cleo, a, "and me", client_key="k2")
    assert circle.reply(circle.cleo, a, "and me", client_key="k2") == b
    assert Reply.objects.filter(post_id=a).count() == 1


def test_words_too_long_or_none_at_all_are_told_and_kept(circle: cast.Circle) -> None:
    client = circle.browser(circle.ben)
    answer = client.post(f"/g/{circle.slug}/new", {"text": "   ", "act": "write"})
    assert answer.status_code == 422
    long = "x" * 8001
    answer = client.post(f"/g/{circle.slug}/new", {"text": long, "act": "write"})
    assert answer.status_code == 422 and long in answer.content.decode()
    with pytest.raises(Invalid):
        circle.write(circle.ben, "a poll", poll=True, options=("only one",))


def test_a_draft_is_there_on_another_device_and_gone_once_sent(circle: cast.Circle) -> None:
    path = f"/g/{circle.slug}/new"
    circle.browser(circle.ben).post(path, {"text": "half a thou", "act": "draft", "warnings": ["death"]})
    sealed = bytes(Draft.objects.get(account=circle.ben.id).content)
    assert b"half" not in sealed
    circle.clients.clear()  # another browser
    shown = circle.page(circle.ben, path)
    assert "half a thou" in shown and 'value="death" checked' in shown
    assert "half a thou" in circle.page(circle.ben, "/drafts")
    assert "half a thou" not in circle.page(circle.cleo, path)
    circle.browser(circle.ben).post(path, {"text": "a whole thought", "act": "write"})
    assert not Draft.objects.exists()


def test_the_writer_says_who_may_answer_and_changes_it_later(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "please only those who welcome", replies_from="welcomers")
    with pytest.raises(Refused):
        circle.reply(circle.cleo, post, "me too")
    circle.reply(circle.mia, post, "welcome")
    circle.reply(circle.ben, post, "thank you")  # the writer may always
    actions.set_replies_from(circle.ben, post, "nobody")
    with pytest.raises(Refused):
        circle.reply(circle.mia, post, "one more")
    with pytest.raises(Refused):
        actions.set_replies_from(circle.cleo, post, "members")
    kept = circle.browser(circle.mia).post(f"/p/{post}/reply", {"text": "do not lose this"})
    assert kept.status_code == 403
    assert queries.draft(circle.mia.id, "reply", post)["text"] == "do not lose this"  # type: ignore[arg-type]


def test_a_reply_to_what_is_not_there_is_refused(circle: cast.Circle) -> None:
    post, other = circle.write(circle.ben, "one"), circle.write(circle.ben, "another")
    stray = circle.reply(circle.cleo, other, "elsewhere")
    with pytest.raises(NotFound):
        circle.reply(circle.cleo, post, "lost", parent=stray)
    with pytest.raises(NotFound):
        circle.reply(circle.cleo, uuid4(), "lost")
