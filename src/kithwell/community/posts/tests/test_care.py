"""Crisis and conduct: stored first, offered then, never hidden; a second look once; nobody unanswered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.posts import actions, unanswered
from kithwell.community.posts.actions import Nudged, Written, prompts
from kithwell.community.posts.models import Mood, Post
from kithwell.community.posts.rules import health, threads, writing
from kithwell.community.posts.tests import cast
from kithwell.kernel import clock, events
from kithwell.moderation.models import Case, Concern

pytestmark = pytest.mark.django_db
HEAVY = "I want to die. I do not want to be here any more."
ATTACK = "You are a worthless idiot and everybody here hates you, shut up"


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


def test_heavy_words_are_posted_and_help_is_offered_to_the_writer_alone(circle: cast.Circle) -> None:
    answer = circle.browser(circle.ben).post(f"/g/{circle.slug}/new", {"text": HEAVY, "act": "write"})
    assert answer.status_code == 303 and "?after=" in answer["Location"]
    shown = circle.page(circle.ben, answer["Location"])
    assert "And how are you?" in shown and "Talk to someone" in shown and "I want to die" in shown
    other = circle.page(circle.cleo, answer["Location"])
    assert "I want to die" in other and "And how are you?" not in other
    concern = Concern.objects.get()
    assert concern.account == circle.ben.id and concern.kind == "community.post" and not Case.objects.exists()
    post = Post.objects.get()
    assert post.state == 0


def test_heavy_words_under_a_veil_raise_a_concern_that_does_not_lead_to_them(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, HEAVY, anonymous=True)
    concern = Concern.objects.get()
    assert concern.account == circle.ben.id and str(post) not in (concern.ident, concern.kind)


def test_an_attack_is_asked_about_once_and_then_goes_out_with_a_signal(circle: cast.Circle) -> None:
    with pytest.raises(Nudged):
        circle.write(circle.ben, ATTACK)
    assert not Post.objects.exists()
    client = circle.browser(circle.ben)
    path = f"/g/{circle.slug}/new"
    second = client.post(path, {"text": ATTACK, "act": "write"})
    assert second.status_code == 409 and "worthless idiot" in second.content.decode()
    sent = client.post(
        path, {"text": ATTACK, "act": "write", "nudge": "seen", "nudge_language": "en", "first_text": ATTACK}
    )
    assert sent.status_code == 303 and Post.objects.get().state == 0
    assert not Concern.objects.exists()
    assert Case.objects.get().kind == "community.post"


def test_somebody_in_need_is_never_asked_to_rephrase(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, f"{HEAVY} {ATTACK}")
    assert Post.objects.filter(id=post).exists() and Concern.objects.exists()


def test_somebody_paused_is_told_why_where_to_object_and_loses_nothing(circle: cast.Circle) -> None:
    from kithwell.moderation import access as moderation_access
    from kithwell.moderation.models import Decision

    assert circle.ben.id is not None
    circle.write(circle.ben, ATTACK, as_is=True)
    row = Decision(
        case=Case.objects.get(),
        author_key=moderation_access.author_key(circle.ben.id),
        person="pause",
        until=clock.now() + timedelta(days=2),
        state=Decision.State.ACTIVE,
    )
    row.save()
    answer = circle.browser(circle.ben).post(
        f"/g/{circle.slug}/new", {"text": "let me speak", "act": "write"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 403 and f"/decisions/{row.id}" in shown and "let me speak" in shown
    assert "let me speak" in circle.page(circle.ben, f"/g/{circle.slug}/new")


def test_nobody_stays_unanswered(circle: cast.Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, object]] = []
    real = events.publish
    monkeypatch.setattr(events, "publish", lambda e, **p: (told.append({"event": e, **p}), real(e, **p)))
    post = circle.write(circle.ben, "is anybody there?")
    answered = circle.write(circle.cleo, "and here?")
    circle.reply(circle.mia, answered, "yes")
    steps = lambda: [(t["post"], t["step"]) for t in told if t["event"] == "community.post.unanswered"]  # noqa: E731
    unanswered.look()
    assert steps() == []
    with clock.shifted(timedelta(hours=4, minutes=1)):
        unanswered.look()
        unanswered.look()
    assert steps() == [(str(post), 1)]
    with clock.shifted(timedelta(hours=12, minutes=1)):
        unanswered.look()
        unanswered.look()
    assert steps() == [(str(post), 1), (str(post), 2)]
    unanswered.set_hours(circle.group.id, 1)
    assert unanswered.hours_of(circle.group.id) == 1


def test_those_who_offered_to_welcome_see_the_unanswered_first(circle: cast.Circle) -> None:
    circle.write(circle.ben, "is anybody there?")
    for n in range(3):
        circle.reply(circle.mia, circle.write(circle.cleo, f"chat {n}"), "yes")
    assert "Nobody has answered yet" in circle.page(circle.mia, f"/g/{circle.slug}")
    shown = circle.page(circle.mia, f"/g/{circle.slug}")
    assert shown.index("is anybody there?") < shown.index("chat 2")
    assert "Nobody has answered yet" not in circle.page(circle.cleo, f"/g/{circle.slug}")


def test_figures_of_health_are_counts_of_many_or_nothing(circle: cast.Circle) -> None:
    now = clock.now()
    circle.write(circle.ben, "tea and toast")
    since, until = now - timedelta(days=28), now + timedelta(hours=1)
    few = unanswered.figures(circle.group.id, since, until)
    assert (
        few.first_reply is None
        and few.answered_share is None
        and few.mood["calm"] is None
        and few.waiting == 1
    )
    for n in range(6):
        post = circle.write(circle.cleo, f"tea and toast {n}")
        with clock.shifted(timedelta(minutes=10)):
            circle.reply(circle.mia, post, "lovely")
    figures = unanswered.figures(circle.group.id, since, until)
    assert figures.first_reply is not None and timedelta(minutes=9) < figures.first_reply < timedelta(
        minutes=11
    )
    assert figures.answered_share == 6 / 7 and figures.shoulders_share == 1.0
    assert figures.mood["need"] == 0 and Mood.objects.count() >= 1


IDS = st.integers(0, 30).flatmap(lambda n: st.lists(st.integers(-1, max(0, n - 1)), min_size=n, max_size=n))


@given(IDS)
def test_every_reply_is_laid_out_once_after_what_it_answers(parents: list[int]) -> None:
    from uuid import UUID

    rows = [(UUID(int=i), UUID(int=p) if 0 <= p < i else None) for i, p in enumerate(parents)]
    out = threads.lay_out(rows)
    assert sorted(p.id for p in out) == sorted(r[0] for r in rows)
    at = {p.id: n for n, p in enumerate(out)}
    for ident, parent in rows:
        assert parent is None or at[parent] < at[ident]
    assert all(p.level < threads.SHOWN_DEEPEST for p in out)
    gone = {r[0]: r[0].int % 3 == 0 for r in rows}
    kept = {r[0] for r in threads.pruned(rows, gone)}
    assert {r[0] for r in rows if not gone[r[0]]} <= kept


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6))
def test_shares_add_up(counts: list[int]) -> None:
    found = writing.shares(counts)
    assert sum(found) == (100 if sum(counts) else 0) and len(found) == len(counts)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 40), max_size=4))
def test_small_counts_are_never_shown_nor_told_by_the_rest(counts: dict[str, int]) -> None:
    shown = health.suppressed(counts)
    hidden = [key for key, n in shown.items() if n is None]
    assert all(n is None or n == 0 or n >= health.FEWEST for n in shown.values())
    big = [key for key, n in counts.items() if n >= health.FEWEST]
    assert len(hidden) != 1 or not [k for k in big if k not in hidden]


@given(st.integers(0, 48 * 60), st.sampled_from(health.HOURS), st.integers(0, 2))
def test_a_step_is_never_taken_back(minutes: int, hours: int, step: int) -> None:
    start = datetime(2026, 11, 21, tzinfo=clock.now().tzinfo)
    due = health.due_step(start, start + timedelta(minutes=minutes), hours, step)
    assert due >= step or due == 2
    assert due != 2 or step == 2 or minutes >= 12 * 60


def test_writing_says_what_was_stored(circle: cast.Circle) -> None:
    stored = actions.write(circle.ben, circle.slug, Written("a calm day"))
    assert not stored.offers_help and stored.level == "C0"


def test_the_weekly_prompt_is_a_post_of_the_group_and_comes_once(circle: cast.Circle) -> None:
    for _again in range(2):
        prompts.prompt_due(group=str(circle.group.id), prompt=0)
    post = Post.objects.get()
    assert post.author is None and post.kind == "prompt"
    assert "A question for this week" in circle.page(circle.cleo, f"/g/{circle.slug}")
    circle.reply(circle.cleo, post.id, "an answer")
    with clock.shifted(timedelta(hours=20)):
        assert unanswered.look() == 0


def test_the_demo_fills_its_groups_once(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from kithwell.community.groups import demo as group_demo
    from kithwell.community.posts import demo
    from kithwell.community.posts.models import Reply, Veil
    from kithwell.kernel import conf
    from kithwell.people import demo as people_demo

    real = conf.get
    monkeypatch.setattr(conf, "get", lambda name, *d: True if name == "demo" else real(name, *d))
    people_demo.load()
    group_demo.load()
    demo.load()
    written = Post.objects.count()
    demo.load()
    assert written == Post.objects.count() == sum(len(t) for t in demo.THREADS.values()) + len(demo.WEEKS)
    answers = sum(len(p.replies) for t in demo.THREADS.values() for p in t) + len(demo.WEEKS)
    assert Reply.objects.count() == answers
    assert Veil.objects.count() == 1 and Post.objects.filter(first_reply_at=None).exists()
