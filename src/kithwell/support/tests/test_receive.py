"""Words in: nothing lost, nothing twice, the same transcript for any order, and a human for every doubt."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithwell import safety
from kithwell.kernel import clock, jobs
from kithwell.support import actions, bridge, queries
from kithwell.support.models import Contact, ContactAddress, ContactMerge, Conversation, Message
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, version, visitor

pytestmark = pytest.mark.django_db


def words_of(talk: Conversation) -> list[str]:
    shown = queries.transcript(visitor(talk.contact_id), talk.id)
    return [m.text for m in shown.messages if m.author == "person"]


def test_the_same_event_twice_in_one_batch_or_in_two_is_one_message() -> None:
    fake_channel()
    with clock.frozen(START):
        event = Phone("1").words("help me please", ident="a")
        first, second = actions.receive([event, event])
        again = actions.receive([event])[0]
    assert (first.duplicate, second.duplicate, again.duplicate) == (False, True, True)
    assert first.message_id == second.message_id == again.message_id
    assert Message.objects.filter(author="person").count() == 1


def test_the_same_words_sent_twice_by_a_frightened_person_are_two_messages() -> None:
    fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        talk = phone.say("please")
        phone.say("please")
    assert words_of(talk) == ["please", "please"]


@pytest.mark.parametrize("seed", range(12))
def test_any_shuffle_duplication_and_batching_gives_the_same_transcript(seed: int) -> None:
    fake_channel()
    dice = random.Random(seed)
    events = [
        Phone(number).words(
            f"{number} says {n}", at=START + timedelta(seconds=n // 3), ident=f"{number}-{n}", order=n
        )
        for number in ("1", "2", "3")
        for n in range(8)
    ]
    shuffled = [*events, *dice.sample(events, 9)]
    dice.shuffle(shuffled)
    with clock.frozen(START + timedelta(minutes=1)):
        while shuffled:
            size = dice.randint(1, 7)
            actions.receive(shuffled[:size])
            shuffled = shuffled[size:]
    for number in ("1", "2", "3"):
        talk = Conversation.objects.get(messages__provider_id=f"{number}-0")
        assert words_of(talk) == [f"{number} says {n}" for n in range(8)]
        numbers = Message.objects.filter(conversation=talk).order_by("n").values_list("n", flat=True)
        assert list(numbers) == list(range(1, fresh(talk).last_n + 1))


@pytest.mark.django_db(transaction=True)
def test_twenty_identical_deliveries_at_the_same_moment_make_one_message_and_one_person() -> None:
    fake_channel()
    event = Phone(uuid4().hex).words("I need somebody", ident=uuid4().hex, at=clock.now())

    def deliver(_: int) -> Any:
        try:
            return actions.receive([event])[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(deliver, range(20)))
    assert len({r.message_id for r in results}) == 1
    assert sum(not r.duplicate for r in results) == 1
    assert Message.objects.filter(provider_id=event.provider_id).count() == 1
    assert Contact.objects.count() == 1 and Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_with_the_same_people_lose_nothing_and_number_without_gaps() -> None:
    fake_channel()
    now = clock.now()
    phones = [Phone(uuid4().hex) for _ in range(4)]
    batches = [
        [phone.words(f"{i}", at=now, order=i) for phone in random.Random(i).sample(phones, 4)]
        for i in range(12)
    ]

    def work(batch: Any) -> None:
        try:
            actions.receive(batch)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, batches))
    assert Message.objects.filter(author="person").count() == 48
    for talk in Conversation.objects.all():
        numbers = Message.objects.filter(conversation=talk).order_by("n").values_list("n", flat=True)
        assert list(numbers) == list(range(1, talk.last_n + 1))
        assert words_of(talk) == [str(i) for i in range(12)]


def test_a_person_without_a_phone_number_is_heard_and_a_phone_that_comes_later_is_the_same_person() -> None:
    fake_channel()
    with clock.frozen(START):
        anonymous = Phone("", extra=(("bsuid", "GB.123"),))
        event = anonymous.words("hello")
        nameless = [a for a in event.addresses if a[0] == "bsuid"]
        first = actions.receive([type(event)(**{**_fields(event), "addresses": tuple(nameless)})])[0]
        both = Phone("447700900001", extra=(("bsuid", "GB.123"),)).words("me again", ident="later")
        second = actions.receive([both])[0]
        by_phone = actions.receive([Phone("447700900001").words("and by phone", ident="phone-only")])[0]
    assert first.conversation_id == second.conversation_id == by_phone.conversation_id
    assert Contact.objects.count() == 1
    assert set(ContactAddress.objects.values_list("kind", flat=True)) == {"bsuid", "phone"}


def _fields(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__slots__}


def _two_strangers(level_words: str = "hello") -> tuple[Conversation, Conversation]:
    by_user = Phone("x", extra=(("bsuid", "GB.9"),)).words(level_words, ident="u")
    by_user = type(by_user)(**{**_fields(by_user), "addresses": (("bsuid", "GB.9"),)})
    first = actions.receive([by_user])[0]
    second = Phone("447700900002").say("hi")
    return Conversation.objects.get(id=first.conversation_id), second


def _end(talk: Conversation) -> None:
    actions.close_by_person(talk.id)


def test_one_webhook_stating_both_addresses_joins_two_contacts_reversibly() -> None:
    fake_channel()
    vera = on_shift("Vera", "supervisor")
    one, two = _two_strangers()
    _end(two)
    third = Phone("447700900002", extra=(("bsuid", "GB.9"),)).say("it is me", ident="both")
    assert third.id == one.id
    merge = ContactMerge.objects.get()
    assert merge.state == "done" and fresh(two).contact.merged_into_id == one.contact_id
    past = queries.conversation(vera, one.id).past
    assert [p.id for p in past] == [two.id], "staff see what came before"
    actions.undo_merge(vera, merge.id)
    assert fresh(two).contact.merged_into_id is None


def test_somebody_in_the_middle_of_a_talk_or_at_high_risk_is_never_joined_by_itself() -> None:
    fake_channel()
    one, two = _two_strangers()
    Conversation.objects.filter(id=one.id).update(level="C3")
    Phone("447700900002", extra=(("bsuid", "GB.9"),)).say("it is me", ident="both")
    assert ContactMerge.objects.get().state == "proposed"
    assert not Contact.objects.filter(merged_into__isnull=False).exists()
    assert fresh(two).contact_id != one.contact_id


def test_invariant_3_when_the_screening_breaks_the_words_are_stored_and_a_human_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake_channel()

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("weights are gone")

    monkeypatch.setattr(safety, "screen", broken)
    talk = Phone("1").say("words that matter")
    calm = Conversation(level="C0", waiting_since=START)
    assert words_of(talk) == ["words that matter"]
    assert talk.state == "waiting" and talk.screening_failed
    assert calm is not None and talk.effective_since is not None and talk.waiting_since is not None
    assert talk.effective_since < talk.waiting_since, "doubt moves forward"


def test_invariant_1_when_triage_breaks_the_words_are_stored_and_the_person_waits_for_a_human(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kithwell.support.actions import answer

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    fake_channel()
    monkeypatch.setattr(answer, "weigh", broken)
    talk = Phone("1").say("are you there")
    assert words_of(talk) == ["are you there"]
    assert talk.state == "waiting" and talk.in_queue
    assert Message.objects.filter(conversation=talk, script="support.waiting").exists()


def test_when_the_assistant_breaks_one_plain_line_is_said_and_the_person_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    fake_channel()
    monkeypatch.setattr(bridge, "_converse", broken)
    phone = Phone("1")
    talk = phone.say("hello?")
    phone.say("anybody?")
    assert talk.in_queue
    said = Message.objects.filter(conversation=talk).exclude(author="person")
    assert [m.script for m in said] == ["support.waiting"]


def test_stop_is_obeyed_before_anything_else_and_start_takes_it_back() -> None:
    channel = fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        talk = phone.say("hello")
        phone.say("STOP")
        jobs.run_due()
        talk = fresh(talk)
        assert talk.state == "ended" and not talk.in_queue
        assert talk.contact.opted_out_at is not None
        assert Message.objects.filter(conversation=talk, script="support.stopped").exists()
        again = phone.say("I am back")
        assert again.id != talk.id and again.in_queue, "who said stop is heard all the same"
        phone.say("start")
        assert fresh(again).contact.opted_out_at is None
        assert channel.sent


def test_invariant_1_stop_does_not_hide_somebody_in_danger_from_a_human() -> None:
    fake_channel()
    phone = Phone("1")
    talk = phone.say("hello")
    Conversation.objects.filter(id=talk.id).update(level="C4", band=0)
    phone.say("stop")
    assert fresh(talk).in_queue and fresh(talk).state == "waiting"


@pytest.mark.parametrize("kind", ["reaction", "deleted", "system"])
def test_a_heart_under_a_goodbye_stays_there_and_begins_nothing(kind: str) -> None:
    channel = fake_channel()
    sam, phone = on_shift("Sam"), Phone("1")
    talk = phone.say("hello")
    actions.take_next(sam)
    actions.end(sam, talk.id, "A good talk", "", version=fresh(talk).controller_version)
    jobs.run_due()
    told = len(channel.sent)
    assert phone.say("\N{HEAVY BLACK HEART}", kind=kind).id == talk.id
    jobs.run_due()
    assert fresh(talk).state == "ended" and len(channel.sent) == told
    assert Conversation.objects.count() == 1 and Message.objects.filter(kind=kind).count() == 1
    assert phone.say("may I write again?").id != talk.id, "words do begin a new one"


@pytest.mark.parametrize("kind", ["reaction", "deleted", "system"])
def test_what_is_no_words_opens_no_window_and_waits_for_no_answer(kind: str) -> None:
    fake_channel()
    phone = Phone("1")
    with clock.frozen(START):
        talk = phone.say("hello")
    before = fresh(talk)
    with clock.frozen(START + timedelta(hours=3)):
        phone.say("", kind=kind)
    assert fresh(talk).last_inbound_at == before.last_inbound_at
    assert fresh(talk).unanswered == before.unanswered


def test_a_new_number_of_somebody_who_never_wrote_greets_nobody() -> None:
    channel = fake_channel()
    talk = Phone("1").say("", kind="system")
    jobs.run_due()
    assert not talk.in_queue and channel.sent == []


def test_help_is_answered_even_while_a_human_holds_the_talk() -> None:
    fake_channel()
    sam = on_shift("Sam")
    phone = Phone("1")
    talk = phone.say("hello")
    actions.take_next(sam)
    phone.say("help")
    said = Message.objects.filter(conversation=talk, author="system").order_by("-n").first()
    assert said is not None and said.script != "support.human_joined"
    assert fresh(talk).controller == "human"


def test_invariant_1_no_limit_on_how_much_somebody_may_write() -> None:
    fake_channel()
    phone = Phone("1")
    talk = phone.say("first")
    actions.receive([phone.words(f"{n}", order=n) for n in range(150)])
    assert fresh(talk).unanswered == 151


def test_unknown_kinds_are_kept_and_shown_as_such() -> None:
    fake_channel()
    talk = Phone("1").say("", kind="unknown", raw_kind="hologram")
    message = Message.objects.get(conversation=talk, author="person")
    assert (message.kind, message.raw_kind) == ("unknown", "hologram")
    assert talk.in_queue


def test_a_file_shows_as_arriving_at_once_and_its_message_is_never_lost_with_it() -> None:
    fake_channel()
    event = Phone("1").words(
        "look", kind="image", attachments=({"ref": "m1", "mime": "image/png", "name": "a.png"},)
    )
    received = actions.receive([event])[0]
    assert received.conversation_id and len(received.attachments) == 1
    ref = actions.attachment_ref(received.attachments[0])
    assert ref is not None and ref.ref == "m1"
    talk = Conversation.objects.get(id=received.conversation_id)

    def shown() -> Any:
        return queries.transcript(visitor(talk.contact_id), talk.id).messages[0].attachments[0]

    assert shown().state == "arriving"
    actions.attachment_failed(ref.id, "503")
    assert shown().state == "failed" and words_of(talk) == ["look"]
    assert actions.attachment_ready(ref.id, b"\x89PNG...", "image/png")
    assert shown().state == "ready" and shown().name == "a.png"
    assert queries.attachment(visitor(talk.contact_id), talk.id, ref.id).content == b"\x89PNG..."


def test_an_erased_message_does_not_come_back_with_a_late_redelivery() -> None:
    fake_channel()
    event = Phone("1").words("forget this", ident="gone")
    talk = Conversation.objects.get(id=actions.receive([event])[0].conversation_id)
    actions.erase_contact(visitor(talk.contact_id), talk.contact_id)
    late = actions.receive([event])[0]
    assert late.duplicate and late.message_id is None
    assert not Message.objects.filter(provider_id="gone").exists()


def test_nothing_a_person_wrote_lies_readable_in_the_database() -> None:
    fake_channel()
    secret = "a-very-particular-sentence"
    talk = Phone("447700900123").say(secret)
    row = Message.objects.get(conversation=talk, author="person")
    assert secret.encode() not in bytes(row.body or b"")
    address = ContactAddress.objects.get()
    assert b"447700900123" not in bytes(address.value) and "447700900123" not in address.index


def test_queries_grow_with_conversations_and_not_with_messages() -> None:
    fake_channel()
    phones = [Phone(str(n)) for n in range(3)]
    actions.receive([p.words("hi") for p in phones])

    def cost(per_person: int) -> int:
        batch = [p.words(f"again {i}", order=i) for p in phones for i in range(per_person)]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            actions.receive(batch)
        return len(seen)

    cost(1)
    assert cost(12) <= cost(1) + 3


def test_a_new_message_after_the_end_opens_a_new_talk_with_the_old_one_in_view() -> None:
    fake_channel()
    sam = on_shift("Sam")
    phone = Phone("1")
    talk = phone.say("hello")
    actions.take_next(sam)
    actions.reply(sam, talk.id, "hi", client_key="a", version=version(talk.id))
    actions.end(sam, talk.id, "Talked about work", "Walk", version=version(talk.id))
    second = phone.say("me again")
    assert second.id != talk.id and second.in_queue
    assert actions.take_next(sam) == second.id
    assert queries.conversation(sam, second.id).past[0].summary == "Talked about work"
