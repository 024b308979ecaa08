"""Changing, taking back, pictures, polls, signs, places read; and what others' choices do to what is shown."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from kithwell.boundaries import actions as boundaries
from kithwell.community.posts import actions, export, queries
from kithwell.community.posts.actions import Written
from kithwell.community.posts.models import Earlier, Picture, Post, Reaction, Vote, Word
from kithwell.community.posts.tests import cast
from kithwell.kernel import clock
from kithwell.kernel.errors import Invalid, Refused
from kithwell.moderation import kinds

pytestmark = pytest.mark.django_db


def png(**more: object) -> bytes:
    """A small picture that tells where and with what it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SpyCam 3000"
    exif.get_ifd(0x8825)[2] = (51.5, 0, 0)
    Image.new("RGB", (64, 32), "green").save(out, "JPEG", exif=exif, comment=b"hidden words")
    return out.getvalue()


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


def test_an_edit_is_said_and_the_earlier_words_are_kept_for_few(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "first words")
    actions.edit(circle.ben, post, Written("second words", warnings=("death",)))
    shown = circle.page(circle.cleo, f"/p/{post}")
    assert "edited" in shown and "second words" in shown and "first words" not in shown
    assert b"first" not in bytes(Earlier.objects.get().body)
    assert "first words" in circle.page(circle.ben, f"/p/{post}/earlier")
    assert "first words" in circle.page(circle.ada, f"/p/{post}/earlier")
    circle.page(circle.cleo, f"/p/{post}/earlier", 404)
    with pytest.raises(Refused):
        actions.edit(circle.cleo, post, Written("not mine"))


def test_what_is_taken_back_is_gone_and_others_replies_stay(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "regretted words")
    reply = circle.reply(circle.cleo, post, "words of Cleo")
    below = circle.reply(circle.mia, post, "words of Mia", parent=reply)
    actions.edit(circle.ben, post, Written("regretted again"))
    actions.delete(circle.cleo, reply)
    actions.delete(circle.ben, post)
    shown = circle.page(circle.mia, f"/p/{post}")
    assert "regretted" not in shown and "words of Cleo" not in shown and "words of Mia" in shown
    assert "took it back" in shown
    assert "regretted" not in circle.page(circle.mia, f"/g/{circle.slug}")
    assert not Earlier.objects.exists() and not Word.objects.filter(piece__in=[post, reply]).exists()
    actions.delete(circle.mia, below)
    alone = circle.write(circle.ben, "nobody answered this")
    actions.delete(circle.ben, alone)
    circle.page(circle.cleo, f"/p/{alone}", 404)


def test_somebody_blocked_is_not_there_in_either_direction(circle: cast.Circle) -> None:
    bens, cleos = circle.write(circle.ben, "words of Ben"), circle.write(circle.cleo, "words of Cleo")
    circle.reply(circle.cleo, bens, "answer of Cleo")
    third = circle.write(circle.mia, "words of Mia")
    circle.reply(circle.cleo, third, "Cleo was here")
    assert circle.cleo.id is not None
    boundaries.block(circle.ben, circle.cleo.id)
    for who, gone, path in ((circle.ben, "words of Cleo", cleos), (circle.cleo, "words of Ben", bens)):
        assert gone not in circle.page(who, f"/g/{circle.slug}") + circle.page(who, "/feed")
        circle.page(who, f"/p/{path}", 404)
    assert "Cleo was here" not in circle.page(circle.ben, f"/p/{third}")
    assert "answer of Cleo" not in circle.page(circle.ben, f"/p/{bens}")
    assert "answer of Cleo" not in circle.page(circle.mia, f"/p/{bens}")  # not under Ben's post, for nobody
    assert "Cleo was here" in circle.page(circle.ada, f"/p/{third}")


def test_a_warning_covers_and_a_filter_leaves_out_with_an_honest_line(circle: cast.Circle) -> None:
    circle.write(circle.ben, "about my grandmother", warnings=("death",), own_warning="a hospital")
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert (
        "Covered:" in shown
        and "a hospital" in shown
        and "<details" in shown.partition("about my grandmother")[0]
    )
    boundaries.set_filters(circle.cleo, {"death": "hide"})
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert "about my grandmother" not in shown and "as you chose" in shown
    boundaries.set_filters(circle.cleo, {"death": "show"})
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert "Covered:" not in shown and "about my grandmother" in shown


def test_signs_are_for_the_writer_alone_and_in_words(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "a hard day")
    for who in (circle.cleo, circle.mia, circle.ada):
        actions.react(who, post, "with-you")
        actions.react(who, post, "with-you")  # a form sent twice is one sign
    assert "People are with you." in circle.page(circle.ben, f"/p/{post}")
    for who in (circle.cleo, circle.ada):
        shown = circle.page(who, f"/p/{post}")
        assert "are with you" not in shown and 'aria-pressed="true"' in shown
    sent = {"act": "react", "piece": str(post), "kind": "with-you:off"}
    before = circle.page(circle.ben, f"/p/{post}")
    for _twice in range(2):
        assert circle.browser(circle.cleo).post(f"/p/{post}/act", sent).status_code == 303
    after = circle.page(circle.ben, f"/p/{post}")
    received = re.compile(r'<ul class="received".*?</ul>', re.DOTALL)
    assert received.findall(before) == received.findall(after) != []  # two or three: nobody counts
    with pytest.raises(Refused):
        actions.react(circle.ben, post, "hope")
    older = Post.objects.get(id=post).activity_at
    assert older == Post.objects.get(id=post).created_at  # a sign moves nothing up
    assert Reaction.objects.count() == 2


def test_a_vote_is_private_and_shows_once_a_few_have_chosen(circle: cast.Circle) -> None:
    post = circle.write(
        circle.ben, "when do we meet?", poll=True, options=("mornings", "evenings"), poll_days=3
    )
    assert b"mornings" not in bytes(Post.objects.get(id=post).poll.options)
    actions.vote(circle.cleo, post, 1)
    poll = queries.thread(circle.cleo, post).poll
    assert poll is not None and poll.shares is None and poll.mine == 1
    for who in (circle.mia, circle.ada):
        actions.vote(who, post, 0)
    assert queries.thread(circle.cleo, post).poll.shares == (67, 33)  # type: ignore[union-attr]
    assert queries.thread(circle.ben, post).poll.shares is None  # type: ignore[union-attr]  # has not chosen yet
    actions.vote(circle.cleo, post, 0)
    assert Vote.objects.count() == 3
    with clock.shifted(timedelta(days=4)):
        assert queries.thread(circle.ben, post).poll.shares == (100, 0)  # type: ignore[union-attr]
        with pytest.raises(Refused):
            actions.vote(circle.ben, post, 0)


def test_a_picture_loses_all_it_told_and_asks_for_a_description(circle: cast.Circle) -> None:
    with pytest.raises(Invalid):
        actions.add_picture(circle.ben, circle.slug, png(), "")
    picture = actions.add_picture(circle.ben, circle.slug, png(), "a green field")
    post = circle.write(circle.ben, "look", pictures=[picture], warnings=("body",))
    hung = Picture.objects.get()
    assert hung.account is None and hung.id != picture
    mime, data = queries.picture(circle.cleo, hung.id)
    made = Image.open(io.BytesIO(data))
    assert mime == "image/webp" and made.size == (64, 32)
    assert not made.getexif() and b"SpyCam" not in data and b"hidden words" not in data
    shown = circle.page(circle.cleo, f"/p/{post}")
    assert 'alt="a green field"' in shown and "<details" in shown.partition(f"/picture/{hung.id}")[0][-400:]
    for bad in (b"", b"GIF89a", b"<svg onload=alert(1)>", png()[:100], b"%PDF-1.4"):
        with pytest.raises(Invalid):
            actions.remake(bad) if hasattr(actions, "remake") else actions.add_picture(
                circle.ben, circle.slug, bad, "x"
            )


def test_new_since_you_were_here_is_said_once(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "a question")
    circle.page(circle.cleo, f"/p/{post}")
    circle.reply(circle.mia, post, "an answer")
    assert "new since you were here" in circle.page(circle.cleo, f"/g/{circle.slug}")
    assert "new since you were here" in circle.page(circle.cleo, f"/p/{post}")
    assert "new since you were here" not in circle.page(circle.cleo, f"/p/{post}")


def test_search_finds_sealed_words_in_this_group_only(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "Chamomile tea, at *midnight*")
    circle.reply(circle.cleo, post, "with honey")
    other = cast.circle()
    other.write(other.ben, "chamomile elsewhere")
    place = queries.thread(circle.mia, post).place
    for asked in ("chamomile", "CHAMOMILE midnight", "tea honey"):
        assert [p.id for p in queries.search(circle.mia, place, asked).posts] == [post], asked
    assert not queries.search(circle.mia, place, "chamomile coffee").posts
    actions.edit(circle.ben, post, Written("only coffee"))
    assert not queries.search(circle.mia, place, "chamomile").posts


def test_a_decision_takes_effect_and_can_be_taken_back(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "contested words")
    kind = kinds.get("community.post")
    assert (
        kind is not None
        and kind.visible_to(str(post), circle.cleo.id)
        and not kind.visible_to(str(post), circle.zoe.id)
    )
    for effect in ("hide", "hide", "remove"):
        kind.apply(str(post), effect)
        circle.page(circle.cleo, f"/p/{post}", 404)
        assert "contested words" not in circle.page(circle.cleo, f"/g/{circle.slug}")
        assert "contested words" in circle.page(circle.ben, f"/p/{post}")
    kind.apply(str(post), "restore")
    kind.apply(str(post), "label", warning="violence")
    assert "Covered:" in circle.page(circle.cleo, f"/p/{post}")
    kind.apply(str(post), "limit")
    assert "contested words" not in circle.page(circle.cleo, "/feed")
    circle.page(circle.cleo, f"/p/{post}")


def test_facilitators_pin_and_close_and_nobody_else_does(circle: cast.Circle) -> None:
    first = circle.write(circle.ben, "first of all")
    circle.write(circle.ben, "second thought")
    with pytest.raises(Refused):
        actions.pin(circle.ben, first, True)
    actions.pin(circle.ada, first, True)
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert shown.index("first of all") < shown.index("second thought")
    actions.lock(circle.ada, first, True)
    with pytest.raises(Refused):
        circle.reply(circle.cleo, first, "too late")


def test_leaving_a_group_does_with_the_words_what_was_chosen(circle: cast.Circle) -> None:
    kept = circle.write(circle.cleo, "Cleo stays")
    post = circle.write(circle.ben, "leave these words")
    gone = circle.write(circle.mia, "take these away")
    circle.reply(circle.cleo, gone, "an answer to Mia")
    assert circle.ben.id and circle.mia.id
    export.left(str(circle.group.id), str(circle.ben.id), "anonymise")
    export.left(str(circle.group.id), str(circle.mia.id), "delete")
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert "leave these words" in shown and circle.ben.name not in shown and "Somebody who left" in shown
    assert "take these away" not in shown and "an answer to Mia" in circle.page(circle.cleo, f"/p/{gone}")
    assert Post.objects.get(id=post).author is None and Post.objects.get(id=kept).author == circle.cleo.id
