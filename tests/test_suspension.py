"""Suspended or excluded: every door by which one takes part is shut, and what is one's own stays open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kithwell.community.events import actions as events
from kithwell.community.events.tests import cast as event_cast
from kithwell.community.groups import actions as groups
from kithwell.community.groups.models import Membership
from kithwell.community.peers import actions as peers
from kithwell.community.peers.models import Buddying, Suggestion
from kithwell.community.peers.tests import cast as peer_cast
from kithwell.community.posts import actions as posts
from kithwell.community.posts.actions import Written
from kithwell.community.posts.tests import cast
from kithwell.community.posts.tests.test_changing import png
from kithwell.community.stories import actions as stories
from kithwell.kernel import clock
from kithwell.kernel.errors import Conflict
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions, concerns, queries
from kithwell.moderation.door import NotNow
from kithwell.moderation.models import Concern
from kithwell.moderation.tests import kit

pytestmark = pytest.mark.django_db


def restrict(who: Principal, how: str = "suspend", days: int = 14) -> UUID:
    """The desk decides it, as it always does: about something they wrote, with reasons."""
    wall, mika = kit.wall(), kit.moderator()
    note = wall.write(who, "Nobody wants you here, you are worthless.")
    actions.report(kit.member(), wall.name, note, "harassment")
    case = kit.take(mika)
    ruling = actions.Ruling("remove", how, days, rule="kindness", facts="The note tells somebody to leave.")
    decision = actions.decide(mika, case, ruling)
    if how == "exclude":
        lou = kit.moderator("Lou")
        actions.confirm(lou, kit.take(lou), True, "Agreed: it happened three times.")
    assert queries.standing(who.id).how == how
    return decision


class Scene:
    """Ben belongs to a group, has a post, a draft, a buddy, and things he could do. Then he is suspended."""

    def __init__(self) -> None:
        c = self.circle = cast.circle(reading="everyone")
        self.ben, self.cleo = c.ben, c.cleo
        self.own = c.write(c.ben, "my own words")
        self.post = c.write(c.cleo, "words of Cleo")
        self.poll = c.write(c.cleo, "when?", poll=True, options=("now", "later"))
        self.other = cast.circle(reading="everyone")
        host = event_cast.person("Pia", "professional")
        self.event = events.make(host, event_cast.wanted())
        asked = events.ask(c.cleo, self.event, "How does one sleep?")
        events.approve(host, self.event, asked.id)
        self.question = asked.id
        self.hosted = event_cast.qa(event_cast.person("Sam", "professional"))
        assert c.ben.id and c.cleo.id and c.mia.id
        peer_cast.seeks(c.ben)
        peer_cast.seeks(c.zoe)
        peers.suggest_for(c.ben)
        self.suggestion = Suggestion.objects.filter(account=c.ben.id).get().pk
        self.buddying = Buddying.objects.create(
            a=c.ben.id, b=c.cleo.id, state="open", agreed_at=clock.now(), asked_at=clock.now()
        ).pk
        self.asked_by = Buddying.objects.create(
            a=c.mia.id, b=c.ben.id, state="asked", asked_at=clock.now()
        ).pk
        self.story = stories.begin(c.ben)


def wanted_group() -> Any:
    return groups.Wanted(name="Early birds", purpose="For those who wake early.")


DOORS: dict[str, Callable[[Scene], object]] = {
    "write": lambda s: s.circle.write(s.ben, "more words"),
    "anonymously": lambda s: s.circle.write(s.ben, "more words", anonymous=True),
    "reply": lambda s: s.circle.reply(s.ben, s.post, "an answer"),
    "edit": lambda s: posts.edit(s.ben, s.own, Written("other words")),
    "sign": lambda s: posts.react(s.ben, s.post, "with-you"),
    "vote": lambda s: posts.vote(s.ben, s.poll, 0),
    "picture": lambda s: posts.add_picture(s.ben, s.circle.slug, png(), "a field"),
    "pin": lambda s: posts.pin(s.ben, s.post, True),
    "lock": lambda s: posts.lock(s.ben, s.post, True),
    "join": lambda s: groups.join(s.ben, s.other.slug, agreed=True),
    "found": lambda s: groups.found(s.ben, wanted_group()),
    "lead": lambda s: groups.make_link(s.ben, s.circle.slug, uses=1, days=7),
    "goal": lambda s: peers.set_goal(s.ben, s.circle.slug, "walks", 20, clock.now().date() + timedelta(days=9)),
    "welcome others": lambda s: groups.offer_welcome(s.ben, s.circle.slug, True),
    "question": lambda s: events.ask(s.ben, s.event, "And how does one wake?"),
    "wish": lambda s: events.wish(s.ben, s.event, s.question, True),
    "seat": lambda s: events.take(s.ben, s.event),
    "note": lambda s: peers.write_note(s.ben, s.buddying, "hello"),
    "ask a buddy": lambda s: peers.ask(s.ben, s.suggestion, agreed=True),
    "accept a buddy": lambda s: peers.accept(s.ben, s.asked_by, agreed=True),
    "follow": lambda s: peers.follow(s.ben, s.cleo.id),  # type: ignore[arg-type]
    "profile": lambda s: peers.set_profile(s.ben, {"likes": "tea"}, {"likes": "members"}),
    "story": lambda s: stories.begin(s.ben),
    "file of a story": lambda s: stories.add(s.ben, s.story, png(), "a field"),
}  # fmt: skip


@pytest.mark.parametrize("how", ["suspend", "exclude"])
def test_every_door_is_open_before_and_shut_while_somebody_is_suspended(how: str) -> None:
    scene = Scene()
    # Ben leads, so that leading is among what stops.
    Membership.objects.filter(group=scene.circle.group, account=scene.ben.id).update(role="cofacilitator")
    decision = restrict(scene.ben, how)
    for name, door in DOORS.items():
        with pytest.raises(NotNow) as shut:
            door(scene)
        assert shut.value.url == f"/decisions/{decision}", name
        assert "take part" in str(shut.value.message) and "Talking to us" in str(shut.value.message)
    actions.appeal(scene.ben, decision, "please look again")
    lou = kit.moderator("Lou")
    actions.answer(lou, kit.take(lou), True, "This was decided too hard, and is taken back.")
    for name, door in DOORS.items():
        try:
            door(scene)
        except NotNow:
            pytest.fail(f"still shut: {name}")
        except Conflict:
            assert name.endswith("a buddy")  # there is one already


def test_a_page_that_turns_somebody_away_leads_to_the_reasons(client: Any) -> None:
    scene = Scene()
    decision = restrict(scene.ben)
    browser = scene.circle.browser(scene.ben)
    answer = browser.post(f"/p/{scene.post}/act", {"act": "react", "kind": "with-you"})
    assert answer.status_code == 403 and f'href="/decisions/{decision}"' in answer.content.decode()
    answer = browser.post(f"/p/{scene.post}/reply", {"text": "an answer"})
    shown = answer.content.decode()
    assert answer.status_code == 403 and f'href="/decisions/{decision}"' in shown and "an answer" in shown


def test_what_is_ones_own_and_what_is_public_stays(client: Any) -> None:
    scene = Scene()
    decision = restrict(scene.ben, "exclude")
    browser = scene.circle.browser(scene.ben)
    pages = (
        f"/g/{scene.circle.slug}", f"/p/{scene.post}", "/talk", "/me", "/me/decisions", "/me/notices",
        "/me/boundaries", f"/decisions/{decision}", f"/appeal/{decision}", "/guidelines", "/stories", "/feed",
    )  # fmt: skip
    for page in pages:
        assert browser.get(page, follow=True).status_code == 200, page
    posts.delete(scene.ben, scene.own)
    posts.keep_draft(scene.ben, "new", scene.circle.slug, {"text": "kept"})
    events.leave(scene.ben, scene.event)
    stories.keep_part(scene.ben, scene.story, "hard", "my draft is mine")
    groups.leave(scene.ben, scene.circle.slug, "delete")
    actions.appeal(scene.ben, decision, "please look again")


def test_a_pause_takes_writing_and_nothing_else() -> None:
    scene = Scene()
    restrict(scene.ben, "pause", 3)
    for name in ("write", "reply", "edit", "note", "picture", "question", "profile"):
        with pytest.raises(NotNow):
            DOORS[name](scene)
    for name in ("sign", "vote", "join", "wish", "seat", "follow"):
        DOORS[name](scene)


@pytest.mark.parametrize("door", ["write", "question", "note"])
def test_a_need_in_words_that_are_turned_away_is_heard(door: str) -> None:
    scene = Scene()
    restrict(scene.ben)
    words = "I want to die. I cannot do this any more, I will end my life tonight."
    acts: dict[str, Callable[[], object]] = {
        "write": lambda: scene.circle.write(scene.ben, words),
        "question": lambda: events.ask(scene.ben, scene.event, words),
        "note": lambda: peers.write_note(scene.ben, scene.buddying, words),
    }
    for _again in range(2):
        with pytest.raises(NotNow):
            acts[door]()
    row = Concern.objects.get(account=scene.ben.id)
    assert row.kind == concerns.ANONYMOUS and row.level >= "C2"
