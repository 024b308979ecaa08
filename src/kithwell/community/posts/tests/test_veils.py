"""Anonymous in this group: attacks through every door. Nothing tells who is behind a veil, to nobody but the person."""

# ruff: noqa: E501  (tables of rows are read best on one line)

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from kithwell.boundaries import actions as boundaries
from kithwell.community.groups import actions as groups
from kithwell.community.groups.models import Group
from kithwell.community.posts import actions, export, queries, veils
from kithwell.community.posts.models import Picture, Post, Reply, State, Veil
from kithwell.community.posts.tests import cast
from kithwell.community.posts.tests.test_changing import png
from kithwell.kernel import clock, events, jobs, live
from kithwell.kernel.errors import Invalid
from kithwell.kernel.models import Job, Subject
from kithwell.moderation import kinds
from kithwell.people import erasure
from kithwell.people import queries as people
from kithwell.people import rules as people_rules
from kithwell.people.actions import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


def traces(of: cast.Principal) -> set[str]:
    """Everything that would point at an account: its id in all its forms, its name, its subject."""
    assert of.id is not None
    subject = people.subjects([of.id])[of.id]
    from kithwell.kernel import ids

    forms = {str(of.id), of.id.hex, ids.short(of.id), of.name, str(subject), subject.hex}
    return forms | {form.upper() for form in forms}


def test_no_page_of_others_tells_who_wrote_under_a_veil(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "nobody may know", anonymous=True)
    reply = circle.reply(circle.ben, post, "still me", anonymous=True)
    other = circle.write(circle.cleo, "mine")
    circle.reply(circle.ben, other, "me again", anonymous=True)
    name = Veil.objects.get().name
    for who in (circle.cleo, circle.mia, circle.ada):
        for path in (f"/g/{circle.slug}", f"/p/{post}", f"/p/{other}", f"/p/{post}/new?since=0", f"/p/{other}/new?since=0",
                     "/feed", f"/g/{circle.slug}/search?q=nobody", f"/g/{circle.slug}/archive", f"/p/{post}?to={reply}&after={post}"):  # fmt: skip
            shown = circle.page(who, path)
            for trace in traces(circle.ben):
                assert trace not in shown, (path, trace)
        assert name in circle.page(who, f"/p/{post}")
    own = circle.page(circle.ben, f"/p/{post}")
    assert name in own and f"/p/{post}/edit" in own


def test_one_person_has_one_veil_in_a_group_and_two_have_nothing_in_common(circle: cast.Circle) -> None:
    second = cast.circle()
    groups.join(circle.ben, second.slug, agreed=True)
    for _n in range(2):
        circle.write(circle.ben, "here", anonymous=True)
    second.write(circle.ben, "and there", anonymous=True)
    a, b = Veil.objects.order_by("id")
    assert {a.group, b.group} == {circle.group.id, second.group.id}
    assert a.owner != b.owner and a.subject != b.subject
    assert circle.ben.name not in (a.name, b.name)
    assert veils.mine(circle.group.id, circle.ben.id) is not None


def test_no_row_of_the_database_holds_veil_and_account_together(circle: cast.Circle) -> None:
    picture = actions.add_picture(circle.ben, circle.slug, png(), "a tree")
    post = circle.write(circle.ben, "I do not want to be here any more", anonymous=True, pictures=[picture])
    circle.reply(circle.ben, post, "you are all stupid idiots and I hate you", anonymous=True, as_is=True)
    assert circle.ben.id is not None
    veil = Veil.objects.get()
    account = {str(circle.ben.id), circle.ben.id.hex, str(people.subjects([circle.ben.id])[circle.ben.id])}
    reply = Reply.objects.get()
    hidden = {str(i) for i in (veil.id, post, reply.id, veil.subject)} | {
        i.hex for i in (veil.id, post, reply.id, veil.subject)
    }
    hung = Picture.objects.get()
    hidden |= {str(hung.id), hung.id.hex}
    joined = []
    with connection.cursor() as cur:
        for model in apps.get_models():
            table = model._meta.db_table
            cur.execute(f'SELECT * FROM "{table}"')
            for row in cur.fetchall():
                text = json.dumps([v.hex() if isinstance(v, (bytes, memoryview)) else str(v) for v in row])
                if any(a in text for a in account) and any(h in text for h in hidden):
                    joined.append((table, text[:300]))
    assert not joined


def test_events_and_live_messages_name_nobody(
    circle: cast.Circle, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    told: list[str] = []
    real, real_live = events.publish, live.publish
    monkeypatch.setattr(events, "publish", lambda event, **p: (told.append(f"{event} {p}"), real(event, **p)))
    monkeypatch.setattr(live, "publish", lambda name, n: (told.append(f"{name} {n}"), real_live(name, n)))
    post = circle.write(circle.ben, "nobody may know", anonymous=True)
    circle.reply(circle.ben, post, "still me", anonymous=True)
    circle.reply(circle.cleo, post, "with you")
    actions.react(circle.cleo, post, "hope")
    assert len(told) > 5
    assert not [line for line in told for trace in traces(circle.ben) if trace in line]


def test_blocking_the_account_tells_nothing_about_the_veil(circle: cast.Circle) -> None:
    """The oldest trick: block everybody one by one and see whose anonymous words vanish."""
    post = circle.write(circle.ben, "nobody may know", anonymous=True)
    circle.reply(circle.cleo, post, "I see you")
    before = re.sub(r"csrf\S+", "", circle.page(circle.cleo, f"/g/{circle.slug}"))
    assert circle.ben.id is not None and circle.cleo.id is not None
    boundaries.block(circle.cleo, circle.ben.id)
    assert "nobody may know" in circle.page(circle.cleo, f"/p/{post}")
    assert ("nobody may know" in before) == (
        "nobody may know" in circle.page(circle.cleo, f"/g/{circle.slug}")
    )
    boundaries.unblock(circle.cleo, circle.ben.id)
    boundaries.block(circle.ben, circle.cleo.id)  # the other way round
    assert "nobody may know" in circle.page(circle.cleo, f"/p/{post}")
    assert "I see you" in circle.page(
        circle.mia, f"/p/{post}"
    )  # nor do a blocked person's replies vanish under it
    veil = Veil.objects.get()
    boundaries.block(circle.cleo, veil.id)
    circle.page(circle.cleo, f"/p/{post}", 404)


def test_answering_oneself_under_another_name_counts_like_anybody_else(circle: cast.Circle) -> None:
    """Otherwise "not answered yet" would tell that the answer came from the writer."""
    post = circle.write(circle.ben, "asked under a veil", anonymous=True)
    circle.reply(circle.ben, post, "answered under a name")
    assert Post.objects.get(id=post).first_reply_at is not None
    closed = circle.write(circle.ben, "only to say it", anonymous=True, replies_from="nobody")
    with pytest.raises(Exception, match="chosen who may answer"):
        circle.reply(circle.ben, closed, "my own name opens nothing")


def test_moderators_see_the_veil_and_only_the_sealed_port_sees_behind(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "nobody may know", anonymous=True)
    kind = kinds.get("community.post")
    assert kind is not None
    seen = kind.snippets([str(post)])[str(post)]
    assert seen.anonymous and seen.author is None
    assert not [
        trace for trace in traces(circle.ben) if trace in repr(seen) or trace in repr(kind.context(str(post)))
    ]
    assert kind.reveal(str(post)) == circle.ben.id  # type: ignore[attr-defined]


def test_only_ones_own_archive_holds_ones_anonymous_words(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "nobody may know", anonymous=True)
    circle.reply(circle.cleo, post, "words of Cleo")

    def archive(who: cast.Principal) -> str:
        assert who.id is not None
        return "".join(
            data.decode(errors="replace")
            for _path, data in export.tell(people.subjects([who.id])[who.id], who.id)
        )

    assert "nobody may know" in archive(circle.ben)
    assert "nobody may know" not in archive(circle.cleo) and "words of Cleo" in archive(circle.cleo)
    assert not [trace for trace in traces(circle.ben) if trace in archive(circle.cleo)]


@pytest.mark.parametrize("writing", ["delete", "anonymise"])
def test_after_an_erasure_nothing_leads_from_the_veil_to_anybody(circle: cast.Circle, writing: str) -> None:
    post = circle.write(circle.ben, "nobody may know", anonymous=True)
    named = circle.write(circle.ben, "under my name")
    assert circle.ben.id is not None
    export.erase(people.subjects([circle.ben.id])[circle.ben.id], circle.ben.id, erasure.Choices(writing))
    veil = Veil.objects.get()
    assert veil.account is None and veils.behind(veil.id) is None
    if writing == "delete":
        with clock.frozen(clock.now() + timedelta(days=15)):
            jobs.run_due()
    assert veils.mine(circle.group.id, circle.ben.id) is None
    assert queries.author_behind(post) is None and queries.author_behind(named) is None
    shown = circle.page(circle.cleo, f"/g/{circle.slug}")
    assert ("nobody may know" in shown) == (writing == "anonymise") == ("under my name" in shown)
    assert circle.ben.name not in shown


@pytest.mark.parametrize("how", ["the group", "the house"])
def test_words_under_a_veil_do_not_go_together_with_the_name(circle: cast.Circle, how: str) -> None:
    """Somebody leaves and has everything deleted: who watches must not see name and veil vanish at the same moment."""
    named, veiled = (
        circle.write(circle.ben, "under my name"),
        circle.write(circle.ben, "nobody", anonymous=True),
    )
    assert circle.ben.id is not None
    subject, veil = people.subjects([circle.ben.id])[circle.ben.id], Veil.objects.get()
    if how == "the group":
        groups.leave(circle.ben, circle.slug, "delete")
        jobs.run_due()
    else:
        export.erase(subject, circle.ben.id, erasure.Choices("delete"))
    assert Post.objects.get(id=named).state == State.GONE and Post.objects.get(id=veiled).state == State.OPEN
    job = Job.objects.get(kind="community.posts.tasks.lift_veil")
    assert (
        timedelta(hours=12)
        <= job.run_at - clock.now() + timedelta(minutes=1)
        <= timedelta(days=14, minutes=1)
    )
    assert not [trace for trace in (*traces(circle.ben), str(subject)) if trace in json.dumps(job.args)]
    with clock.frozen(clock.now() + timedelta(days=15)):
        jobs.run_due()
    assert Post.objects.get(id=veiled).state == State.GONE and "nobody" not in circle.page(
        circle.cleo, f"/g/{circle.slug}"
    )
    assert Subject.objects.filter(id=veil.subject, wrapped_key__isnull=how == "the house").exists()


def test_who_comes_back_keeps_what_they_write_anonymously_afterwards(circle: cast.Circle) -> None:
    old = circle.write(circle.ben, "before", anonymous=True)
    groups.leave(circle.ben, circle.slug, "delete")
    jobs.run_due()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        groups.join(circle.ben, circle.slug, agreed=True)
        new = circle.write(circle.ben, "after", anonymous=True)
    assert Veil.objects.count() == 1
    with clock.frozen(clock.now() + timedelta(days=15)):
        jobs.run_due()
    assert Post.objects.get(id=old).state == State.GONE and Post.objects.get(id=new).state == State.OPEN


def test_where_only_a_few_may_answer_another_name_is_not_offered(circle: cast.Circle) -> None:
    """It would tell that whoever hides behind it is one of the few."""
    post = circle.write(circle.cleo, "for those who welcome", replies_from="welcomers")
    assert 'name="anonymous"' not in circle.page(circle.mia, f"/p/{post}")
    with pytest.raises(Invalid, match="would not hide you"):
        circle.reply(circle.mia, post, "hello", anonymous=True)
    closed = circle.write(circle.cleo, "closed by and by")
    actions.lock(circle.ada, closed, True)
    with pytest.raises(Invalid, match="would not hide you"):
        circle.reply(circle.ada, closed, "one more word", anonymous=True)
    own = circle.write(circle.ben, "asked under a veil", anonymous=True, replies_from="welcomers")
    circle.reply(circle.ben, own, "and added to", anonymous=True)
    assert 'name="anonymous"' in circle.page(circle.ben, f"/p/{own}")


def test_a_draft_that_was_meant_to_be_anonymous_is_never_sent_under_the_name(circle: cast.Circle) -> None:
    post = circle.write(circle.cleo, "a question")
    client = circle.browser(circle.mia)
    for path in (f"/g/{circle.slug}/new", f"/p/{post}/reply"):
        client.post(path, {"text": "not under my name", "anonymous": "1", "act": "draft"})
    Group.objects.filter(id=circle.group.id).update(allow_anonymous=False)
    Post.objects.filter(id=post).update(replies_from="welcomers")
    for page, path in (
        (f"/g/{circle.slug}/new", f"/g/{circle.slug}/new"),
        (f"/p/{post}", f"/p/{post}/reply"),
    ):
        shown = " ".join(circle.page(circle.mia, page).split())
        assert 'name="anonymous" value="1" checked' in shown, "the box is there, and says what was meant"
        assert (
            client.post(path, {"text": "not under my name", "anonymous": "1", "act": "write"}).status_code
            == 422
        )
    assert not Reply.objects.exists() and Post.objects.count() == 1


def test_nobody_takes_the_name_that_somebody_writes_under_anonymously(circle: cast.Circle) -> None:
    """Whose name is "Autumn Acorn" would be read as whoever wrote under it."""
    circle.write(circle.ben, "nobody may know", anonymous=True)
    name = Veil.objects.get().name
    for typed in (name, name.lower(), name.replace(" ", "  ")):
        with pytest.raises(Invalid):
            accounts.checked_name(typed)
    assert people.taken([people_rules.name_key(name), "free name"]) == {people_rules.name_key(name)}
    assert accounts.checked_name("Quiet Teapot") == "Quiet Teapot"
    assert accounts.checked_name(circle.cleo.name, own=circle.cleo.id) == circle.cleo.name


def test_a_veil_leads_nowhere_that_a_stranger_could_ask(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, "nobody may know", anonymous=True)
    veil = Veil.objects.get()
    ident: UUID = veil.id
    shown = circle.page(circle.cleo, f"/p/{post}")
    assert str(ident) in shown  # what a block is about
    assert people.names([ident]) == {} and people.account_named(veil.name) is None
