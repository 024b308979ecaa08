"""Hand-over, supervision, alerts: changes of hands that leak nothing and lose nobody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kithwell.kernel import audit, clock, jobs
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.models import AuditEntry
from kithwell.kernel.principal import Principal
from kithwell.support import actions, queries
from kithwell.support.actions import supervise
from kithwell.support.models import Alert, Conversation, Flag, HandOver, Message, Team
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, staff, version, visitor

pytestmark = pytest.mark.django_db


def begin(principal: Principal, number: str = "1") -> Conversation:
    talk = Phone(number).say("hello")
    assert actions.take_next(principal) == talk.id
    return fresh(talk)


def to(principal: Principal) -> str:
    return f"colleague:{principal.id}"


def test_a_receiver_sees_transcript_and_note_before_accepting_and_the_sender_keeps_it_until_then() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = begin(sam)
        with pytest.raises(NotFound):
            queries.conversation(toni, talk.id)
        actions.hand_over(sam, talk.id, to(toni), "They like to be asked twice.", version(talk.id))
        offer = queries.desk(toni).offers[0]
        assert offer.note == "They like to be asked twice." and offer.from_name.startswith("Sam")
        view = queries.conversation(toni, talk.id)
        assert view.role == "offered" and "accept" in view.can and "reply" not in view.can
        assert any(m.text == "hello" for m in view.transcript.messages)
        actions.reply(sam, talk.id, "still me", client_key="a", version=version(talk.id))
        with pytest.raises(Conflict):
            actions.reply(toni, talk.id, "me too", client_key="b", version=version(talk.id))
        before = version(talk.id)
        assert actions.accept_hand_over(toni, talk.id) == talk.id
        assert fresh(talk).assigned_to == toni.id and version(talk.id) == before + 1
        with pytest.raises(Conflict):
            actions.accept_hand_over(toni, talk.id)
        with pytest.raises((Conflict, NotFound)):
            actions.reply(sam, talk.id, "late", client_key="c", version=before)


def test_the_welcome_is_not_said_again_and_the_note_is_never_shown_to_the_person() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = begin(sam)
        said = Message.objects.filter(conversation=talk, author="assistant").count()
        actions.hand_over(sam, talk.id, to(toni), "a private remark", version(talk.id))
        actions.accept_hand_over(toni, talk.id)
        assert Message.objects.filter(conversation=talk, author="assistant").count() == said
        assert "private remark" not in repr(queries.transcript(visitor(talk.contact_id), talk.id))


def test_a_declined_or_withdrawn_offer_leaves_everything_as_it_was() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = begin(sam)
        actions.hand_over(sam, talk.id, to(toni), "", version(talk.id))
        actions.decline_hand_over(toni, talk.id)
        assert fresh(talk).assigned_to == sam.id and queries.desk(toni).offers == ()
        actions.hand_over(sam, talk.id, to(toni), "", version(talk.id))
        actions.withdraw_hand_over(sam, talk.id)
        with pytest.raises((Conflict, NotFound)):
            actions.accept_hand_over(toni, talk.id)
        assert fresh(talk).controller == "human"


def test_ending_in_the_middle_of_a_hand_over_ends_the_offer_too() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = begin(sam)
        actions.hand_over(sam, talk.id, to(toni), "", version(talk.id))
        actions.end(sam, talk.id, "They were fine after all", "", version=version(talk.id))
        assert queries.desk(toni).offers == ()
        with pytest.raises((Conflict, NotFound)):
            actions.accept_hand_over(toni, talk.id)
        assert HandOver.objects.get().state == "withdrawn"


def test_a_team_finds_it_in_its_queue_while_the_sender_stays_until_somebody_takes_it() -> None:
    fake_channel()
    with clock.frozen(START):
        vera, sam, toni = staff("Vera", "supervisor"), on_shift("Sam"), on_shift("Toni")
        uma = on_shift("Uma")
        assert toni.id is not None and uma.id is not None
        Team.objects.create(slug="night", name="Night")
        actions.set_duties(vera, uma.id, teams=["night"])
        talk = begin(sam)
        actions.hand_over(sam, talk.id, "team:night", "needs a clinician", version(talk.id))
        assert fresh(talk).state == "human" and fresh(talk).in_queue
        assert actions.take_next(toni) is None, "not of that team"
        actions.reply(sam, talk.id, "I stay with you", client_key="a", version=version(talk.id))
        actions.set_duties(vera, toni.id, teams=["night"])
        assert actions.take_next(toni) == talk.id
        assert fresh(talk).assigned_to == toni.id and not fresh(talk).in_queue
        assert queries.desk(sam).mine == ()


def test_caps_hold_for_hand_overs_too() -> None:
    fake_channel()
    with clock.frozen(START):
        vera, sam, toni = staff("Vera", "supervisor"), on_shift("Sam"), on_shift("Toni")
        assert toni.id is not None
        actions.set_duties(vera, toni.id, personal_cap=1)
        begin(toni, "8")
        talk = begin(sam)
        actions.hand_over(sam, talk.id, to(toni), "", version(talk.id))
        with pytest.raises(Refused):
            actions.accept_hand_over(toni, talk.id)
        assert fresh(talk).assigned_to == sam.id


def test_a_supervisor_joins_whispers_and_takes_over_and_the_person_hears_of_each_change_but_not_of_whispers() -> (
    None
):
    fake_channel()
    with clock.frozen(START):
        vera, sam = staff("Vera", "supervisor"), on_shift("Sam")
        talk = begin(sam)
        actions.join(vera, talk.id)
        actions.join(vera, talk.id)
        assert queries.conversation(sam, talk.id).present != ()
        actions.whisper(vera, talk.id, "ask about tonight")
        assert any(m.text == "ask about tonight" for m in queries.transcript(sam, talk.id).messages)
        theirs = queries.transcript(visitor(talk.contact_id), talk.id)
        assert all("tonight" not in m.text and m.author != "note" for m in theirs.messages)
        actions.take_over(vera, talk.id, "hard one, new supporter")
        assert fresh(talk).assigned_to == vera.id
        scripts = list(Message.objects.filter(author="system").order_by("n").values_list("script", flat=True))
        assert scripts[-2:] == ["support.supervisor_joined", "support.handed_over"]
        assert queries.desk(sam).mine == ()
        jobs.run_due()


def test_supporters_may_not_supervise() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = begin(sam)
        for act in (actions.join, actions.take_over):
            with pytest.raises((Refused, NotFound)):
                act(toni, talk.id)
        with pytest.raises(Refused):
            actions.take_over(sam, talk.id)
        with pytest.raises(Refused):
            queries.supervisor_board(sam)
        with pytest.raises(Refused):
            queries.reports(sam, START)


def test_invariant_6_c4_calls_the_on_call_people_at_once_on_their_own_queue_and_supervisors_when_nobody_answers() -> (
    None
):
    fake_channel()
    with clock.frozen(START):
        olu, vera = staff("Olu", "oncall"), staff("Vera", "supervisor")
        talk = Phone("1").say("hello")
        actions.set_level(vera, talk.id, "C4", "said so on the phone")
        jobs.run_due("crisis")
        alert = queries.desk(olu).alerts[0]
        assert alert.conversation_id == talk.id and queries.desk(vera).alerts == ()
        assert queries.conversation(olu, talk.id).role == "oncall"
    with clock.frozen(START + timedelta(minutes=3)):
        jobs.run_due("crisis")
        assert len(queries.desk(vera).alerts) == 1
        assert actions.acknowledge_alert(olu, alert.id) == talk.id
        assert queries.desk(olu).alerts == ()
        actions.take_over(olu, talk.id, "on call")
        assert fresh(talk).assigned_to == olu.id
        assert not Alert.objects.filter(settled_at__isnull=True).exists()


def test_with_nobody_on_call_whoever_is_there_is_called() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hello")
        assert supervise.raise_alert(talk.id, "C5") >= 1
        assert len(queries.desk(sam).alerts) == 1


def test_an_alert_is_raised_again_when_somebody_in_danger_loses_their_supporter() -> None:
    fake_channel()
    with clock.frozen(START):
        olu, sam = staff("Olu", "oncall"), on_shift("Sam")
        vera = staff("Vera", "supervisor")
        talk = Phone("1").say("hello")
        actions.set_level(vera, talk.id, "C4", "said so")
        jobs.run_due("crisis")
        actions.take_next(sam)
        assert queries.desk(olu).alerts == ()
    with clock.frozen(START + timedelta(minutes=1)):
        actions.release(sam, talk.id)
        jobs.run_due("crisis", limit=3)
        assert len(queries.desk(olu).alerts) == 1


def test_invariant_11_an_address_is_shown_only_for_a_reason_that_is_kept() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        talk = begin(sam, "447700900222")
        with pytest.raises(Invalid):
            actions.reveal_address(sam, talk.id, "why not")
        with pytest.raises(NotFound):
            actions.reveal_address(toni, talk.id, "just curious about this person")
        assert actions.reveal_address(sam, talk.id, "they asked us to call back") == "phone: 447700900222"
        entry = AuditEntry.objects.get(verb="address.revealed")
        assert entry.actor == sam.id and entry.reason == "they asked us to call back"
        assert "447700900222" not in repr(list(AuditEntry.objects.values()))
        audit.verify()


def test_flags_have_an_end_and_notes_stay_with_staff() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = begin(sam)
        actions.add_note(sam, talk.id, "likes tea")
        with pytest.raises(Invalid):
            actions.set_flag(sam, talk.id, "care", START + timedelta(days=400), "for ever")
        actions.set_flag(sam, talk.id, "care", START + timedelta(days=7), "lost their job")
        view = queries.conversation(sam, talk.id)
        assert [n.text for n in view.notes] == ["likes tea"]
        assert [f.reason for f in view.flags] == ["lost their job"]
        assert "tea" not in repr(queries.transcript(visitor(talk.contact_id), talk.id))
        flag = Flag.objects.get()
    with clock.frozen(START + timedelta(days=8)):
        vera = staff("Vera", "supervisor")
        assert queries.conversation(vera, talk.id).flags == ()
        actions.remove_flag(vera, flag.id)


def test_a_level_set_by_a_person_stands_until_more_serious_words_come() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        phone = Phone("1")
        talk = phone.say("hello")
        actions.take_next(sam)
        actions.set_level(sam, talk.id, "C3", "they told me")
        phone.say("thank you, that is kind")
        assert fresh(talk).level == "C3"
        actions.set_level(sam, talk.id, "C1", "it was a song they quoted")
        phone.say("have a nice evening")
        assert fresh(talk).level == "C1"


def test_reassigning_gives_it_to_somebody_on_shift_only() -> None:
    fake_channel()
    with clock.frozen(START):
        vera, sam, toni = staff("Vera", "supervisor"), on_shift("Sam"), staff("Toni", "supporter")
        assert toni.id is not None
        talk = begin(sam)
        with pytest.raises(Invalid):
            actions.reassign(vera, talk.id, toni.id, "Sam must leave")
        actions.start_shift(toni)
        actions.reassign(vera, talk.id, toni.id, "Sam must leave")
        assert fresh(talk).assigned_to == toni.id


def test_unknown_ids_are_not_there() -> None:
    fake_channel()
    sam = on_shift("Sam")
    nowhere = UUID(int=7)
    with pytest.raises(NotFound):
        queries.conversation(sam, nowhere)
    with pytest.raises(NotFound):
        actions.redact(staff("Vera", "supervisor"), nowhere, "a good reason")
