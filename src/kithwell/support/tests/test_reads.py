"""Reads: who may see what, no address anywhere, a fixed number of queries, every look recorded once."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithwell.kernel import clock, jobs
from kithwell.kernel.errors import NotFound
from kithwell.kernel.models import AuditEntry
from kithwell.kernel.principal import ANONYMOUS, Principal
from kithwell.support import actions, queries
from kithwell.support.models import Conversation
from kithwell.support.queries import views
from kithwell.support.tests.cast import START, Phone, fake_channel, on_shift, staff, version, visitor

pytestmark = pytest.mark.django_db

NUMBER = "447700900777"


def test_invariant_11_no_shape_that_leaves_the_desk_has_room_for_an_address() -> None:
    for shape in vars(views).values():
        if dataclasses.is_dataclass(shape):
            names = {f.name for f in dataclasses.fields(shape)}
            assert not names & {
                "address",
                "addresses",
                "phone",
                "number",
                "bsuid",
                "profile_name",
                "provider_id",
            }


def test_invariant_11_everything_staff_can_read_holds_no_address() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, vera = on_shift("Sam"), staff("Vera", "supervisor")
        event = Phone(NUMBER).words("hello", profile_name="Real Name")
        talk = Conversation.objects.get(id=actions.receive([event])[0].conversation_id)
        actions.take_next(sam)
        jobs.run_due()
        seen = [
            queries.desk(sam),
            queries.conversation(sam, talk.id),
            queries.transcript(sam, talk.id),
            queries.supervisor_board(vera),
            queries.reports(vera, START - timedelta(days=1)),
        ]
    assert NUMBER not in repr(seen) and "Real Name" not in repr(seen)


def test_a_transcript_is_for_its_person_its_supporter_and_supervisors() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni, vera = on_shift("Sam"), on_shift("Toni"), staff("Vera", "supervisor")
        talk, other = Phone("1").say("mine"), Phone("2").say("theirs")
        actions.take_next(sam)
        for allowed in (visitor(talk.contact_id), sam, vera):
            assert queries.transcript(allowed, talk.id).messages
        strangers = [visitor(other.contact_id), toni, ANONYMOUS, staff("Max"), Principal("visitor", None)]
        for stranger in strangers:
            with pytest.raises(NotFound):
                queries.transcript(stranger, talk.id)


def test_whoever_helps_a_person_now_may_read_what_came_before_and_nobody_else() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        phone = Phone("1")
        first = phone.say("the first time")
        actions.take_next(sam)
        actions.end(sam, first.id, "Talked", "", version=version(first.id))
        with pytest.raises(NotFound):
            queries.transcript(toni, first.id)
        second = phone.say("again")
        assert actions.take_next(toni) == second.id
        assert any(m.text == "the first time" for m in queries.transcript(toni, first.id).messages)


def test_since_gives_only_what_came_after_and_the_newest_number() -> None:
    fake_channel()
    with clock.frozen(START):
        phone = Phone("1")
        talk = phone.say("one")
        known = queries.transcript(visitor(talk.contact_id), talk.id).n
        phone.say("two")
        new = queries.transcript(visitor(talk.contact_id), talk.id, since=known)
        assert "two" in [m.text for m in new.messages] and "one" not in [m.text for m in new.messages]
        assert new.n > known


def test_a_look_is_recorded_once_a_quarter_of_an_hour_without_content_and_never_for_the_person() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("a secret thing")
        actions.take_next(sam)
        for _ in range(5):
            queries.transcript(sam, talk.id)
            queries.conversation(sam, talk.id)
            queries.transcript(visitor(talk.contact_id), talk.id)
    with clock.frozen(START + timedelta(minutes=16)):
        queries.transcript(sam, talk.id)
    looks = AuditEntry.objects.filter(verb="conversation.read")
    assert [look.actor for look in looks] == [sam.id, sam.id]
    assert "secret" not in repr(list(looks.values()))


def _busy(people: int) -> tuple[Principal, Principal, Conversation]:
    sam, vera = on_shift("Sam"), staff("Vera", "supervisor")
    phones = [Phone(f"{people}-{n}") for n in range(people)]
    for turn in range(3):
        actions.receive([p.words(f"turn {turn}", order=turn) for p in phones])
    talk = Conversation.objects.get(id=actions.take_next(sam))
    for n in range(people):
        actions.reply(sam, talk.id, f"reply {n}", client_key=str(n), version=version(talk.id))
        actions.add_note(sam, talk.id, f"note {n}")
    queries.transcript(sam, talk.id)
    queries.transcript(vera, talk.id)
    return sam, vera, talk


def _cost(call: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


def test_reads_cost_the_same_number_of_queries_however_much_there_is() -> None:
    fake_channel()
    costs = []
    with clock.frozen(START):
        for people in (2, 9):
            sam, vera, talk = _busy(people)
            costs.append(
                (
                    _cost(lambda s=sam: queries.desk(s)),
                    _cost(lambda s=sam, t=talk: queries.conversation(s, t.id)),
                    _cost(lambda s=sam, t=talk: queries.transcript(s, t.id)),
                    _cost(lambda t=talk: queries.transcript(visitor(t.contact_id), t.id)),
                    _cost(lambda v=vera: queries.supervisor_board(v)),
                    _cost(lambda v=vera: queries.reports(v, START - timedelta(days=1))),
                )
            )
    assert costs[0] == costs[1]
    desk, conversation, transcript, own, board, reports = costs[1]
    assert desk <= 11 and conversation <= 24 and transcript <= 6 and own <= 4 and board <= 8 and reports <= 5


def test_the_figures_say_what_happened() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, vera = on_shift("Sam"), staff("Vera", "supervisor")
        quick = Phone("1").say("hello")
        actions.set_level(vera, quick.id, "C3", "said so")
        gone = Phone("2").say("hello")
        actions.close_by_person(gone.id)
    with clock.frozen(START + timedelta(seconds=100)):
        actions.take_next(sam)
        actions.reply(sam, quick.id, "hi", client_key="a", version=version(quick.id))
    with clock.frozen(START + timedelta(minutes=10)):
        found = queries.reports(vera, START - timedelta(hours=1))
    assert (found.started, found.answered, found.abandoned) == (2, 1, 1)
    assert found.median_wait == found.p95_wait == 100
    assert (found.urgent, found.urgent_judged, found.urgent_in_time) == (1, 1, 1)
    assert sum(b.started for b in found.buckets) == 2
    assert found.load[0].conversations == 1 and found.load[0].hours > 0


def test_the_person_sees_where_they_stand() -> None:
    fake_channel()
    with clock.frozen(START):
        opened = actions.open_web(language="en", country="GB")
        person = visitor(opened.contact_id)
        assert queries.person(person).queue_position == -1, "an opened page waits for nobody"
        Phone("1").say("I was first")
        event = Phone("", channel="web").words("hello", contact_id=opened.contact_id)
        event = dataclasses.replace(event, addresses=())
        with clock.shifted(timedelta(seconds=5)):
            received = actions.receive([event])[0]
        assert received.conversation_id == opened.conversation_id
        found = queries.person(person)
        assert found.state == "waiting" and found.queue_position == 1
        said = queries.transcript(person, opened.conversation_id).messages
        assert said[0].mine and all(m.status == "delivered" for m in said[1:])


def test_rating_and_asking_move_somebody_forward_and_are_their_own_to_do() -> None:
    fake_channel()
    with clock.frozen(START):
        first, second = Phone("1").say("hi"), Phone("2").say("hi")
        with pytest.raises(NotFound):
            actions.rate(second.id, 9, by=visitor(first.contact_id))
        actions.rate(second.id, 9, by=visitor(second.contact_id))
        actions.ask_human(second.id, by=visitor(second.contact_id))
        sam = on_shift("Sam")
        assert actions.take_next(sam) == second.id
