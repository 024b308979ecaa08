"""Taking the next person, and the care for those who do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import actions, queries, words
from kithwell.support.actions import desk, ending
from kithwell.support.models import Conversation, Debrief, FollowUp, Message, Shift, SupporterState
from kithwell.support.tests.cast import (
    START,
    Phone,
    fake_channel,
    fresh,
    on_shift,
    staff,
    version,
    visitor,
)

pytestmark = pytest.mark.django_db


def at_level(talk: Conversation, level: str) -> Conversation:
    """Somebody's judgement, put there without the words that would earn it."""
    vera = staff("Vera", "supervisor")
    actions.set_level(vera, talk.id, level, "for the test")
    return fresh(talk)


def take(principal: Principal) -> UUID:
    taken = actions.take_next(principal)
    assert taken is not None
    return taken


def finish(principal: Principal, conversation: UUID) -> None:
    actions.reply(principal, conversation, "hello", client_key=uuid4().hex, version=version(conversation))
    actions.end(principal, conversation, "We talked", "", version=version(conversation))


def test_the_one_who_needs_it_most_comes_first_then_the_one_who_waits_longest() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        calm = Phone("1").say("hi")
    with clock.frozen(START + timedelta(seconds=30)):
        later = Phone("2").say("hi")
        danger = at_level(Phone("3").say("hi"), "C4")
        assert take(sam) == danger.id
        assert take(toni) == calm.id
        assert take(sam) == later.id


def test_the_last_place_is_kept_for_somebody_in_danger() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        for number in "123":
            Phone(number).say("hi")
        take(sam), take(sam)
        assert actions.take_next(sam) is None
        danger = at_level(Phone("4").say("hi"), "C3")
        assert take(sam) == danger.id
        with pytest.raises(Refused) as refused:
            actions.take_next(sam)
        assert refused.value.code == "at_cap"


@pytest.mark.django_db(transaction=True)
def test_two_supporters_never_get_the_same_person_however_fast_they_press() -> None:
    fake_channel()
    crew = [on_shift(name) for name in ("Sam", "Toni", "Uma", "Wim")]
    for _ in range(6):
        Phone(uuid4().hex).say("hi")

    def press(principal: Principal) -> UUID | None:
        try:
            return actions.take_next(principal)
        except Refused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [t for t in pool.map(press, crew * 3) if t is not None]
    assert len(taken) == len(set(taken)) == 6
    for principal in crew:
        assert Conversation.objects.filter(assigned_to=principal.id, state="human").count() <= 2
    assert not Conversation.objects.filter(in_queue=True).exists()


@pytest.mark.django_db(transaction=True)
def test_one_supporter_pressing_twice_at_once_stays_under_the_cap() -> None:
    fake_channel()
    sam = on_shift("Sam")
    for _ in range(8):
        Phone(uuid4().hex).say("hi")

    def press(_: int) -> UUID | None:
        try:
            return actions.take_next(sam)
        except Refused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = [t for t in pool.map(press, range(12)) if t is not None]
    assert len(taken) == 2


def test_off_shift_on_a_break_and_after_too_long_without_one_nobody_new_comes() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = staff("Sam", "supporter")
        Phone("1").say("hi")
        assert _refusal(sam) == "off_shift"
        actions.start_shift(sam)
        actions.start_break(sam)
        assert _refusal(sam) == "on_break"
        actions.end_break(sam)
    with clock.frozen(START + timedelta(hours=2, minutes=1)):
        assert _refusal(sam) == "break_due"
        actions.start_break(sam)
    with clock.frozen(START + timedelta(hours=2, minutes=4)):
        actions.end_break(sam)
        assert _refusal(sam) == "break_due", "three minutes are no break"
        actions.start_break(sam)
    with clock.frozen(START + timedelta(hours=2, minutes=20)):
        actions.end_break(sam)
        take(sam)


def _refusal(principal: Principal) -> str:
    with pytest.raises(Refused) as refused:
        actions.take_next(principal)
    return refused.value.code


def test_invariant_14_after_a_hard_contact_comes_a_rest_and_a_debrief() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        at_level(Phone("1").say("hi"), "C5")
        Phone("2").say("hi")
        hard = take(sam)
        finish(sam, hard)
        assert _refusal(sam) == "cooling_down"
        shown = queries.desk(sam)
        assert [d.conversation_id for d in shown.debriefs] == [hard]
        assert shown.me.cooldown_until == START + timedelta(minutes=15) and shown.me.hard_this_week == 1
        actions.debrief(sam, hard, "talk", "that was a lot")
        assert queries.desk(sam).debriefs == ()
        row = Debrief.objects.get()
        assert row.wants_talk and b"a lot" not in bytes(row.text or b"")
        vera = staff("Vera", "supervisor")
        board = queries.supervisor_board(vera)
        assert next(c for c in board.carers if c.id == sam.id).wants_talk
        assert "a lot" not in repr(board)
    with clock.frozen(START + timedelta(minutes=16)):
        actions.heartbeat(sam)
        take(sam)


def test_invariant_14_a_hard_contact_goes_to_whoever_had_fewer_while_nobody_waits_long_for_it() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        first = at_level(Phone("1").say("hi"), "C4")
        assert take(sam) == first.id
        finish(sam, first.id)
    with clock.frozen(START + timedelta(minutes=20)):
        for principal in (sam, toni):
            actions.heartbeat(principal)
        second = at_level(Phone("2").say("hi"), "C4")
        assert actions.take_next(sam) is None, "Toni is free and had none"
        assert take(toni) == second.id
        third = at_level(Phone("3").say("hi"), "C4")
        actions.start_break(toni)
        assert take(sam) == third.id, "nobody else is free"


def test_a_person_is_kept_for_somebody_who_speaks_their_language_only_while_such_a_one_is_there() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        actions.set_my_languages(sam, ["en"])
        actions.set_my_languages(toni, ["es"])
        spanish = Phone("1", language="es").say("hola")
        Conversation.objects.filter(id=spanish.id).update(language="es")
        assert actions.take_next(sam) is None
        actions.end_shift(toni)
        assert take(sam) == spanish.id


def test_somebody_in_danger_is_not_kept_for_a_speaker_who_has_no_time() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        actions.set_my_languages(sam, ["en"])
        actions.set_my_languages(toni, ["es"])
        spanish = at_level(Phone("1", language="es").say("hola"), "C4")
        Conversation.objects.filter(id=spanish.id).update(language="es")
        assert actions.take_next(sam) is None, "Toni is free and speaks with them"
        SupporterState.objects.filter(account=toni.id).update(personal_cap=0)
        assert take(sam) == spanish.id


def test_whom_somebody_gave_back_comes_to_a_colleague_first() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = Phone("1").say("hi")
        assert take(sam) == talk.id
        actions.release(sam, talk.id)
        assert actions.take_next(sam) is None, "Toni is free"
        at_level(talk, "C4")
    with clock.frozen(START + timedelta(minutes=1)):
        assert take(sam) == talk.id, "somebody in danger does not wait for a colleague who does not come"
        actions.release(sam, talk.id)
        actions.end_shift(toni)
        assert take(sam) == talk.id, "with nobody else there, nobody is left waiting"


def test_an_end_pressed_twice_is_one_end() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = Phone("1").say("hi")
        take(sam)
        seen = version(talk.id)
        due = START + timedelta(hours=4)
        for _ in range(2):
            actions.end(sam, talk.id, "a good talk", "sleep", call_back_at=due, version=seen)
        assert FollowUp.objects.count() == 1
        with pytest.raises(NotFound):
            actions.end(toni, talk.id, "not mine", "", version=seen)


def test_a_button_pressed_twice_brings_one_person() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        one, two = Phone("1").say("hi"), Phone("2").say("hi")
        assert actions.take_next(sam, 0) == one.id
        assert actions.take_next(sam, 0) == one.id, "the page that showed nobody asked once already"
        assert actions.take_next(sam, 1) == two.id


def test_someone_gone_silent_loses_the_person_back_to_the_queue_with_their_place() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        first = Phone("1").say("hi")
        take(sam)
        since = fresh(first).waiting_since
    with clock.frozen(START + timedelta(minutes=2)):
        actions.heartbeat(sam)
        Phone("2").say("hi")
    with clock.frozen(START + timedelta(minutes=4)):
        assert desk.sweep_leases() == 0, "the heartbeat holds the lease"
    with clock.frozen(START + timedelta(minutes=6)):
        assert desk.sweep_leases() == 1
        back = fresh(first)
        assert back.in_queue and back.waiting_since == since and back.assigned_to is None
        assert back.controller == "assistant"
        assert Message.objects.filter(conversation=first, script="support.human_left").count() == 1
        toni = on_shift("Toni")
        assert take(toni) == first.id
        assert queries.desk(sam).mine == ()


def test_the_end_of_a_shift_and_a_shift_nobody_is_at_return_everybody() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        one, two = Phone("1").say("hi"), Phone("2").say("hi")
        take(sam), take(toni)
        assert actions.end_shift(sam) == 1
        assert fresh(one).in_queue
    with clock.frozen(START + timedelta(minutes=20)):
        desk.sweep_leases()
        assert fresh(two).in_queue
        assert SupporterState.objects.get(account=toni.id).on_shift_since is None
        assert Shift.objects.get(account=toni.id).ended_how == "silent"
        assert not queries.openness.open_state().staffed


def test_a_promise_to_get_back_reaches_the_desk_of_the_one_who_made_it() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hi")
        take(sam)
        due = START + timedelta(days=1)
        actions.end(sam, talk.id, "Talked", "call the GP", follow_up_at=due, version=version(talk.id))
        assert ending.bring_follow_ups() == 0
        assert [f.state for f in queries.desk(sam).follow_ups] == ["planned"]
    with clock.frozen(due + timedelta(minutes=1)):
        assert ending.bring_follow_ups() == 1
        assert ending.bring_follow_ups() == 0
        other = Phone("2").say("hi")
        actions.start_shift(sam)
        toni = on_shift("Toni")
        promised = FollowUp.objects.get().reached_id
        assert take(sam) == promised and promised != other.id
        assert queries.conversation(sam, promised).past[0].next_step == "call the GP"
        actions.settle_follow_up(sam, FollowUp.objects.get().id, "done")
        assert queries.desk(sam).follow_ups == () and toni


def test_no_promise_is_made_to_somebody_who_said_stop_and_a_kept_one_is_dropped() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        phone = Phone("1")
        talk = phone.say("hi")
        take(sam)
        actions.end(
            sam, talk.id, "Talked", "", call_back_at=START + timedelta(hours=2), version=version(talk.id)
        )
        phone.say("stop")
    with clock.frozen(START + timedelta(hours=3)):
        assert ending.bring_follow_ups() == 0
        assert FollowUp.objects.get().state == "cancelled"


def test_when_the_person_closes_the_supporter_still_writes_the_summary() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hi")
        take(sam)
        actions.reply(sam, talk.id, "hello", client_key="a", version=version(talk.id))
        actions.close_by_person(talk.id, by=visitor(talk.contact_id))
        assert [c.state for c in queries.desk(sam).mine] == ["ended"]
        actions.end(sam, talk.id, "They had to go", "")
        assert queries.desk(sam).mine == ()
        assert fresh(talk).ended_by == "person"


def test_the_desk_never_shows_the_queue_only_whether_somebody_waits() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        assert not queries.desk(sam).waiting_any
        talk = Phone("1").say("hi")
        shown = queries.desk(sam)
        assert shown.waiting_any and str(talk.id) not in repr(shown)


def test_the_first_answer_can_say_how_long_it_may_take() -> None:
    fake_channel()
    queries.openness.forget()
    with clock.frozen(START):
        assert queries.open_state() == queries.views.Open(False, 0, -1, "next")
        queries.openness.forget()
        on_shift("Sam")
        Phone("1").say("hi")
        queries.openness.forget()
        found = queries.open_state()
        assert found.staffed and found.waiting == 1 and found.wait_minutes >= 5


def test_how_long_it_may_take_is_told_by_ones_own_place_in_line_and_not_by_the_whole_line() -> None:
    fake_channel()
    openness = queries.openness
    with clock.frozen(START):
        on_shift("Sam")
        many = []
        for n in range(12):
            with clock.frozen(START - timedelta(minutes=12 - n)):
                many.append(Phone(f"4{n}").say("hello"))
        urgent = Phone("50").say("I want to kill myself")
        openness.forget()
        assert urgent.level in ("C3", "C4", "C5")
        first, last = openness.open_for(urgent), openness.open_for(many[-1])
        assert first.wait_minutes == 5 and first.position == "next"
        assert last.wait_minutes >= 120 and last.position == "many"
        calm = Phone("51").say("hello, can we talk about my exams")
        told = [_said(talk, "assistant") for talk in (fresh(urgent), calm)]
        assert "minutes" not in told[0].replace("a few minutes", "") and "3 hours" in told[1]


def test_those_in_danger_are_told_how_long_those_in_danger_waited() -> None:
    fake_channel()
    with clock.frozen(START):
        on_shift("Sam")
        talks = [Phone(f"6{n}").say("hello") for n in range(3)]
        Conversation.objects.filter(id__in=[t.id for t in talks]).update(
            waiting_since=START - timedelta(minutes=80), first_reply_at=START, in_queue=False, state="human"
        )
        queries.openness.forget()
        urgent, calm = Phone("70").say("I want to kill myself"), Phone("71").say("hello")
        assert queries.openness.open_for(calm).wait_minutes == 90
        assert queries.openness.open_for(urgent).wait_minutes == 5


def _said(talk: Conversation, author: str) -> str:
    rows = Message.objects.filter(conversation=talk, author=author, body__isnull=False)
    return " ".join(
        words.open_body(talk.contact.subject, m.id, bytes(m.body or b""))[0] for m in rows.order_by("n")
    )


def _moment(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def test_a_cap_of_ones_own_is_kept() -> None:
    fake_channel()
    with clock.frozen(_moment(0)):
        vera, sam = staff("Vera", "supervisor"), on_shift("Sam")
        assert sam.id is not None
        actions.set_duties(vera, sam.id, personal_cap=1)
        for number in "12":
            Phone(number).say("hi")
        take(sam)
        assert _refusal(sam) == "at_cap"


def test_a_supporter_without_the_role_takes_nobody() -> None:
    with pytest.raises(Refused):
        actions.take_next(staff("Max"))
    with pytest.raises(Refused):
        queries.desk(Principal("anonymous"))


def test_signals_of_any_kind_never_raise_at_an_empty_desk() -> None:
    sam: Any = on_shift("Sam")
    assert actions.take_next(sam) is None
    assert queries.desk(sam).mine == ()


def test_a_quiet_talk_with_the_assistant_ends_after_a_day_but_never_one_that_waits_or_may_be_in_danger() -> (
    None
):
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talks = [Phone(number).say("hi") for number in "12"]
        for talk in talks:
            assert actions.take_next(sam) == talk.id
            actions.hand_over(sam, talk.id, "assistant", "", version(talk.id))
        Conversation.objects.filter(id=talks[1].id).update(level="C2")
        waiting = Phone("3").say("hi")
    with clock.frozen(START + timedelta(hours=25)):
        assert ending.close_quiet() == 1
        assert [fresh(t).state for t in (*talks, waiting)] == ["ended", "assistant", "waiting"]
