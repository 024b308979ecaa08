"""The pains others reported about channels like this one (research, part 2), each with the test that keeps it away.

Pains of the desk alone (stuck assignments, evidence, transfers, retention) are tested in support.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwell.channels.models import AccountState, RawEvent, TemplateState
from kithwell.channels.whatsapp import digest, media
from kithwell.channels.whatsapp.names import own_name
from kithwell.channels.whatsapp.simulator import samples
from kithwell.channels.whatsapp.simulator.api import Person, Simulator
from kithwell.channels.whatsapp.simulator.faults import FailSend, Faults
from kithwell.channels.whatsapp.tests import kit
from kithwell.kernel import clock, ids, jobs
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import actions, queries
from kithwell.support.models import Attachment, Contact, ContactAddress, Conversation, Delivery, Message
from kithwell.support.ports import Button, adapter
from kithwell.support.tests import cast

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with kit.provider() as found:
        yield found


@pytest.fixture
def ana(sim: Simulator) -> Person:
    return sim.person(phone="34600000001", name="Ana")


def _supporter_with(sim: Simulator) -> tuple[Principal, Conversation]:
    """A supporter who holds the only conversation; the assistant's words are out."""
    kit.work(sim)
    sam = cast.on_shift()
    taken = actions.take_next(sam)
    assert taken is not None
    kit.work(sim)
    return sam, Conversation.objects.select_related("contact").get(id=taken)


def _reply(sam: Principal, talk: Conversation, text: str, **more: Any) -> Message:
    version = cast.version(talk.id)
    ident = actions.reply(sam, talk.id, text, client_key=ids.token(8), version=version, **more)
    return Message.objects.get(id=ident)


# 1. Message lost for ever when media fails once -----------------------------------------------------------------


def test_pain_01_a_message_is_at_the_desk_at_once_when_its_file_fails_first(
    sim: Simulator, ana: Person
) -> None:
    sim.faults.fail_media = 2
    ana.send_image(samples.picture(), caption="look", mime="image/png")
    sim.settle()
    digest.drain()
    message = kit.written()[0]
    assert kit.words(message) == "look"
    file = Attachment.objects.get()
    assert file.state == "arriving"
    for _ in range(2):
        with pytest.raises(jobs.RetryLater):
            media.fetch(file.id)
        assert Attachment.objects.get().state == "arriving"
    media.fetch(file.id)
    file = Attachment.objects.get()
    assert (file.state, file.mime) == ("ready", "image/png")
    sam, talk = _supporter_with(sim)
    assert queries.attachment(sam, talk.id, file.id).content == samples.picture()


def test_pain_01_a_post_that_breaks_its_reader_is_kept_and_takes_no_other_with_it(monkeypatch: Any) -> None:
    real = actions.receive

    def sensitive(inbounds: Any) -> Any:
        if any(i.text == "poison" for i in inbounds):
            raise RuntimeError("a bug")
        return real(inbounds)

    monkeypatch.setattr(actions, "receive", sensitive)
    posts = [kit.message_post(kit.text(f"wamid.{n}", f"good {n}", NOON, f"3460000000{n}")) for n in range(9)]
    bad = kit.message_post(
        kit.text("wamid.x", "before", NOON),
        kit.text("wamid.y", "poison", NOON),
        kit.text("wamid.z", "after", NOON),
    )
    with kit.account():
        kit.take(*posts[:4], bad, *posts[4:])
        assert sorted(kit.words(m) for m in kit.written()) == [
            "after",
            "before",
            *(f"good {n}" for n in range(9)),
        ]
        assert RawEvent.objects.get().state == "waiting"
        for hours in range(1, 8):
            with clock.shifted(timedelta(hours=hours)):
                digest.drain()
        row = RawEvent.objects.get()
        assert row.state == "poison" and "RuntimeError" in row.error and "poison" not in row.error
        monkeypatch.setattr(actions, "receive", real)  # mended: an operator asks for it again
        from kithwell.channels import operators

        assert operators.try_again(row.id)
        digest.drain()
    assert len(kit.written()) == 12 and not RawEvent.objects.exists()


# 2. Username users dropped or invisible -------------------------------------------------------------------------


def test_pain_02_somebody_without_a_number_is_heard_seen_and_answered(sim: Simulator) -> None:
    nobody = sim.person(username="quiet.one", bsuid="ES.13491208655302741918")
    nobody.say("nobody knows my number")
    sam, talk = _supporter_with(sim)
    assert queries.desk(sam).mine[0].id == talk.id
    assert queries.transcript(sam, talk.id).messages[0].text == "nobody knows my number"
    _reply(sam, talk, "I am here")
    kit.work(sim)
    assert nobody.texts()[-1] == "I am here"
    assert ContactAddress.objects.get().kind == "bsuid"


def test_pain_02_a_number_that_comes_later_belongs_to_the_same_person(sim: Simulator) -> None:
    person = sim.person(username="quiet.one", bsuid="ES.13491208655302741918")
    person.say("first")
    kit.work(sim)
    person.change(phone="34600000007")
    person.say("second")
    kit.work(sim)
    assert Contact.objects.count() == 1
    assert sorted(ContactAddress.objects.values_list("kind", flat=True)) == ["bsuid", "phone"]


# 3. Duplicates, 4. order ------------------------------------------------------------------------------------------


def _many_posts() -> list[bytes]:
    """Two people, several kinds, batches, equal seconds."""
    a, b = "34600000001", "34600000002"
    at = int(NOON.timestamp())
    reaction = {"id": "wamid.r", "from": a, "timestamp": str(at + 3), "type": "reaction"}
    return [
        kit.message_post(
            kit.text("wamid.1", "one", at), kit.text("wamid.2", "two", at), kit.text("wamid.3", "three", at)
        ),
        kit.message_post(kit.text("wamid.4", "uno", at + 1, b)),
        kit.message_post(kit.text("wamid.5", "four", at + 2), kit.text("wamid.6", "dos", at + 1, b)),
        kit.message_post({**reaction, "reaction": {"message_id": "wamid.1", "emoji": "🙏"}}),
        kit.message_post(kit.text("wamid.7", "five", at + 2)),
        kit.message_post(kit.text("wamid.8", "tres", at + 60, b)),
    ]


def _transcripts() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for message in kit.written():
        found.setdefault(str(message.conversation_id), []).append((message.provider_id, kit.words(message)))
    return {rows[0][0]: rows for rows in found.values()}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_pain_03_and_04_any_shuffle_and_duplication_gives_the_same_transcript(
    db: None, data: st.DataObject
) -> None:
    posts = _many_posts()
    sequence = data.draw(st.permutations(posts + data.draw(st.lists(st.sampled_from(posts), max_size=6))))
    cuts = data.draw(st.sets(st.integers(1, len(sequence) - 1), max_size=4))
    with kit.account(), clock.frozen(NOON + timedelta(minutes=5)), transaction.atomic():
        start = 0
        for cut in [*sorted(cuts), len(sequence)]:
            kit.take(*sequence[start:cut])
            start = cut
        told = _transcripts()
        transaction.set_rollback(True)
        # Two posts of one second tell nothing of their order: then our own name for them decides, always the same way.
        tied = sorted([("wamid.5", "four"), ("wamid.7", "five")], key=lambda pair: own_name(pair[0]))
        one = [("wamid.1", "one"), ("wamid.2", "two"), ("wamid.3", "three"), *tied, ("wamid.r", "🙏")]
        two = [("wamid.4", "uno"), ("wamid.6", "dos"), ("wamid.8", "tres")]
        wanted = {
            own_name(rows[0][0]): [(own_name(ident), text) for ident, text in rows] for rows in (one, two)
        }
    assert told == wanted


def test_pain_03_the_same_words_twice_are_two_messages() -> None:
    with kit.account():
        kit.take(*(kit.message_post(kit.text(f"wamid.{n}", "are you there", NOON)) for n in (1, 2)))
    assert len(kit.written()) == 2


def test_pain_03_and_04_a_provider_that_repeats_and_shuffles_changes_nothing() -> None:
    with kit.provider(
        faults=Faults(seed=7, duplicate=0.6, shuffle=0.05, forge=0.3, reorder_statuses=True)
    ) as sim:
        people = [sim.person(phone=f"3460000010{n}") for n in range(4)]
        start = clock.now() - timedelta(minutes=10)
        for n in range(12):
            people[n % 4].say(f"words {n}", at=start + timedelta(seconds=n))
        kit.work(sim)
        told = sorted([words for _, words in rows] for rows in _transcripts().values())
        assert told == sorted([f"words {n}" for n in range(k, 12, 4)] for k in range(4))
        assert (
            Message.objects.filter(author="assistant").exclude(status__in=("delivered", "read")).count() == 0
        )


# 5. False ticks ---------------------------------------------------------------------------------------------------


def test_pain_05_statuses_only_move_forward_whatever_their_order(sim: Simulator, ana: Person) -> None:
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    sim.faults.reorder_statuses = True
    ana.change(off=1)
    reply = _reply(sam, talk, "hi")
    kit.work(sim)
    wamid = ana.inbox()[-1].id
    for status, shown in [("read", "read"), ("delivered", "read"), ("sent", "read"), ("failed", "read")]:
        sim.engine._tell(wamid, status, "34600000001", "", code=131026 if status == "failed" else 0)
        kit.work(sim)
        assert Message.objects.get(id=reply.id).status == shown


def test_pain_05_a_message_that_cannot_arrive_is_loud_and_a_retry_really_sends(
    sim: Simulator, ana: Person
) -> None:
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    sim.faults.fail_sends = [FailSend(131026)]
    reply = _reply(sam, talk, "hi")
    kit.work(sim)
    row = next(m for m in queries.transcript(sam, talk.id).messages if m.id == reply.id)
    assert (row.status, row.loud, row.error_class) == ("failed", True, "unreachable")
    actions.retry(sam, reply.id)
    kit.work(sim)
    assert ana.texts()[-1] == "hi"
    attempts = Delivery.objects.filter(message=reply).order_by("attempt")
    assert [a.state for a in attempts] == ["failed", "delivered"]
    assert attempts[0].provider_id != attempts[1].provider_id


def test_pain_05_a_status_that_overtakes_the_answer_to_the_send_is_not_lost(
    sim: Simulator, ana: Person
) -> None:
    """The webhook may be here before the answer of the send is stored: our attempt's id travels along."""
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    reply = _reply(sam, talk, "hi")
    kit.work(sim)
    delivery = Delivery.objects.get(message=reply)
    Delivery.objects.filter(id=delivery.id).update(state="sending", provider_id="")
    sim.engine._tell("wamid.told-early", "delivered", "34600000001", str(delivery.id))
    kit.work(sim)
    again = Delivery.objects.get(id=delivery.id)
    assert (again.state, again.provider_id) == ("delivered", own_name("wamid.told-early"))


def test_no_id_of_the_provider_is_stored_because_it_holds_the_phone_number(
    sim: Simulator, ana: Person
) -> None:
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    _reply(sam, talk, "hi")
    kit.work(sim)
    stored = {
        str(value)
        for row in [*Message.objects.values(), *Delivery.objects.values()]
        for name, value in row.items()
        if name in ("provider_id", "reply_to") and value
    }
    assert stored and not any("wamid" in value for value in stored)


def test_pain_05_a_status_of_a_message_we_do_not_know_yet_is_asked_again_and_then_let_go(
    sim: Simulator,
) -> None:
    with clock.frozen(NOON):
        sim.engine._tell("wamid.elsewhere", "delivered", "34600000001", "")
        sim.settle()
        digest.drain()
        assert RawEvent.objects.get().state == "waiting"
    for minutes in range(1, 9):
        with clock.frozen(NOON + timedelta(minutes=5 * minutes)):
            digest.drain()
    assert not RawEvent.objects.exists()


# 6. Writing outside the window, 7. weekend questions ----------------------------------------------------------------


def test_pain_06_and_07_a_reply_after_the_weekend_waits_and_the_person_is_told(
    sim: Simulator, ana: Person
) -> None:
    sim.engine.set_template(
        "reply_waiting", "en", "APPROVED", "A reply is waiting for you. Write OPEN to read it."
    )
    ana.say("it is friday and I do not know what to do")
    sam, talk = _supporter_with(sim)
    with clock.shifted(timedelta(hours=60)):
        actions.heartbeat(sam)
        reply = _reply(sam, talk, "I am sorry that you waited")
        kit.work(sim)
        assert Message.objects.get(id=reply.id).status == "held"
        assert ana.inbox()[-1].content.get("template") == "reply_waiting"
        assert "I am sorry that you waited" not in ana.texts()
        ana.say("OPEN")
        kit.work(sim)
        assert "I am sorry that you waited" in ana.texts()
        assert Message.objects.get(id=reply.id).status in ("delivered", "read")
    assert 131047 not in sim.refused


def test_pain_06_nothing_is_sent_that_the_provider_would_refuse_for_the_window(
    sim: Simulator, ana: Person
) -> None:
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    for hours in (23.9, 23.99, 24.0, 24.1, 30.0, 200.0):
        with clock.shifted(timedelta(hours=hours)):
            actions.heartbeat(sam)
            _reply(sam, talk, f"after {hours}")
            kit.work(sim)
    assert 131047 not in sim.refused


def test_pain_07_a_paused_template_is_not_tried(sim: Simulator, ana: Person) -> None:
    sim.engine.set_template("reply_waiting", "en", "PAUSED", "x")
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    assert TemplateState.objects.get().status == "PAUSED"
    with clock.shifted(timedelta(hours=30)):
        actions.heartbeat(sam)
        _reply(sam, talk, "late words")
        kit.work(sim)
    assert 132015 not in sim.refused
    assert Delivery.objects.filter(template="reply_waiting", error_code="132015").exists()


# 12. Everyone sees everything ---------------------------------------------------------------------------------------


def test_pain_12_no_address_is_in_what_the_desk_reads_or_in_the_tables(sim: Simulator, ana: Person) -> None:
    ana.say("hello")
    kit.work(sim)
    ana.engine.change_number(ana.id, "34600000099")
    sam, talk = _supporter_with(sim)
    seen = (
        repr(queries.desk(sam))
        + repr(queries.conversation(sam, talk.id))
        + repr(queries.transcript(sam, talk.id))
    )
    bsuid = ana.engine.person(ana.id)["bsuid"]
    for address in ("34600000001", "600000001", "34600000099", bsuid, "Ana"):
        assert address not in seen
        assert not Message.objects.filter(raw_kind__contains=address).exists()
        assert all(address.encode() not in bytes(a.value) for a in ContactAddress.objects.all())


# 13. Attachments ----------------------------------------------------------------------------------------------------


def test_pain_13_a_file_is_fetched_without_the_number_and_its_hidden_place_is_taken_out(
    sim: Simulator, ana: Person
) -> None:
    jpeg = b"\xff\xd8\xff\xe1\x00\x0fExif\x00\x00GPS41.4\xff\xda\x00\x02pixels\xff\xd9"
    ana.send_image(jpeg)
    sam, talk = _supporter_with(sim)
    file = Attachment.objects.get()
    found = queries.attachment(sam, talk.id, file.id)
    assert found.mime == "image/jpeg" and b"GPS" not in found.content and b"pixels" in found.content
    stranger = cast.staff("Toni", "supporter")
    with pytest.raises(NotFound):
        queries.attachment(stranger, talk.id, file.id)


def test_pain_13_what_only_claims_to_be_a_picture_is_never_shown_as_one(sim: Simulator, ana: Person) -> None:
    ana.send_image(b"<svg onload=alert(1)>", mime="image/svg+xml")
    kit.work(sim)
    assert Attachment.objects.get().mime == "application/octet-stream"


def test_pain_13_a_file_cut_short_on_the_way_is_fetched_again(sim: Simulator, ana: Person) -> None:
    ident, _ = sim.engine.add_media(samples.picture(), "image/png")
    sim.engine._run("UPDATE media SET data=? WHERE id=?", samples.picture()[:-7], ident)
    wrong = hashlib.sha256(samples.picture()).hexdigest()
    ana.send("image", {"id": ident, "mime_type": "image/png", "sha256": wrong})
    kit.work(sim)
    assert Attachment.objects.get().state == "arriving"
    sim.engine._run("UPDATE media SET data=? WHERE id=?", samples.picture(), ident)
    media.fetch(Attachment.objects.get().id)
    assert Attachment.objects.get().state == "ready"


def test_pain_13_a_file_that_is_gone_is_said_to_be_gone(sim: Simulator, ana: Person) -> None:
    ana.send("document", {"id": "999", "mime_type": "application/pdf", "filename": "x.pdf"})
    kit.work(sim)
    file = Attachment.objects.get()
    assert (file.state, file.error_code) == ("failed", "expired")


def test_pain_13_we_stop_asking_before_the_provider_blocks_us(sim: Simulator, ana: Person) -> None:
    sim.faults.fail_media = 1000
    for _ in range(30):
        ana.send_image(b"\x89PNG\r\n\x1a\n", mime="image/png")
    kit.work(sim)
    for hour in range(3):
        with clock.shifted(timedelta(hours=hour)):
            jobs.run_due("bulk", limit=100)
    assert sim.refused[131016] == media.MAX_FAILURES
    assert len(AccountState.objects.get().media_failures) == media.MAX_FAILURES


# 15. Same person twice ----------------------------------------------------------------------------------------------


def test_pain_15_a_change_of_number_keeps_one_person(sim: Simulator, ana: Person) -> None:
    ana.say("before")
    kit.work(sim)
    sim.engine.change_number(ana.id, "34600000099")
    kit.work(sim)
    ana.say("after")
    kit.work(sim)
    assert Contact.objects.filter(merged_into=None).count() == 1
    assert {m.conversation.contact_id for m in kit.written()} == {Contact.objects.get(merged_into=None).id}


# 16. Sent twice on a weak connection --------------------------------------------------------------------------------


def test_pain_16_a_send_that_timed_out_but_went_out_is_not_sent_again(
    sim: Simulator, ana: Person, monkeypatch: Any
) -> None:
    import httpx

    from kithwell.channels.whatsapp import client

    ana.say("hello")
    sam, talk = _supporter_with(sim)
    real = httpx.Client.post

    def answer_lost(self: Any, *args: Any, **more: Any) -> Any:
        real(self, *args, **more)
        raise httpx.ReadTimeout("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(httpx.Client, "post", answer_lost)
        reply = _reply(sam, talk, "once only")
        jobs.run_due()
    kit.work(sim)  # the status webhook tells that it arrived
    with clock.shifted(timedelta(seconds=client.AMBIGUOUS_WAIT + 60)):
        kit.work(sim)
    assert ana.texts().count("once only") == 1
    assert Message.objects.get(id=reply.id).status in ("delivered", "read")


# 17. Silent payload limits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "buttons", "field"),
    [
        ("x" * 4097, (), "text"),
        ("🙂" * 2049, (), "text"),
        ("  ", (), "text"),
        ("x" * 1025, (Button("a", "Yes"),), "text"),
        ("hi", (Button("a", "twenty-one characters"),), "buttons"),
        ("hi", (Button("a", "🙂" * 11),), "buttons"),
        ("hi", tuple(Button(str(n), f"b{n}") for n in range(4)), "buttons"),
        ("hi", (Button("a", "same"), Button("b", "same")), "buttons"),
        ("hi", (Button("a", ""),), "buttons"),
    ],
)
def test_pain_17_what_the_provider_would_refuse_is_refused_when_it_is_written(
    text: str, buttons: Any, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        adapter("whatsapp").check(text, buttons)
    assert field in refused.value.fields


def test_pain_17_what_passes_the_check_passes_at_the_provider(sim: Simulator, ana: Person) -> None:
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    _reply(sam, talk, "🙂" * 2048)
    _reply(sam, talk, "x" * 1024, buttons=tuple(Button(str(n), f"{n}" * 20) for n in range(3)))
    with pytest.raises(Invalid):
        _reply(sam, talk, "x" * 4097)
    kit.work(sim)
    assert ana.texts()[-2:] == ["🙂" * 2048, "x" * 1024] and not sim.refused


# 18. Closed doors mid-crisis ----------------------------------------------------------------------------------------


def test_pain_18_help_is_answered_with_numbers_even_when_nobody_is_there(sim: Simulator, ana: Person) -> None:
    ana.say("HELP")
    kit.work(sim)
    assert any("112" in text for text in ana.texts()), ana.texts()


def test_pain_18_stop_ends_our_writing_and_start_brings_it_back(sim: Simulator, ana: Person) -> None:
    ana.say("hello")
    kit.work(sim)
    ana.say("STOP")
    kit.work(sim)
    told = len(ana.inbox())
    assert "START" in ana.texts()[-1]
    contact = Contact.objects.get()
    assert contact.opted_out_at is not None
    kit.work(sim)
    assert len(ana.inbox()) == told
    ana.say("start")
    kit.work(sim)
    assert Contact.objects.get().opted_out_at is None and len(ana.inbox()) > told


# Beyond the list ------------------------------------------------------------------------------------------------


def test_a_reply_outlives_a_rate_limit_and_keeps_its_place(sim: Simulator, ana: Person) -> None:
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    sim.faults.fail_sends = [FailSend(131056, times=2)]
    for n in range(3):
        _reply(sam, talk, f"part {n}")
    for minutes in range(0, 40, 4):
        with clock.shifted(timedelta(minutes=minutes)):
            kit.work(sim)
    assert ana.texts()[-3:] == ["part 0", "part 1", "part 2"]


def test_a_token_that_no_longer_works_brings_the_account_down_loudly_and_back(
    sim: Simulator, ana: Person
) -> None:
    ana.say("hello")
    sam, talk = _supporter_with(sim)
    sim.faults.fail_sends = [FailSend(190, http=401)]
    reply = _reply(sam, talk, "hi")
    kit.work(sim)
    assert AccountState.objects.get().down_code == "190"
    assert Message.objects.get(id=reply.id).status == "failed"
    actions.retry(sam, reply.id)
    kit.work(sim)
    assert AccountState.objects.get().down_since is None and ana.texts()[-1] == "hi"


def test_posts_of_another_number_of_the_same_app_reach_that_number(sim: Simulator) -> None:
    from django.conf import settings as django_settings

    options = django_settings.KITHWELL
    other = {**options["whatsapp_accounts"][0], "name": "second", "phone_number_id": "777"}
    django_settings.KITHWELL = {**options, "whatsapp_accounts": (*options["whatsapp_accounts"], other)}
    kit.take(
        kit.message_post(kit.text("wamid.1", "to the second", NOON), metadata={"phone_number_id": "777"})
    )
    assert Conversation.objects.get().account == "second"


def test_a_message_dated_in_the_future_or_not_at_all_takes_the_time_of_arrival() -> None:
    with kit.account(), clock.frozen(NOON):
        kit.take(kit.message_post(kit.text("wamid.1", "later", NOON + timedelta(days=400))))
        kit.take(kit.message_post({**kit.text("wamid.2", "when", NOON), "timestamp": "soon"}))
    assert {m.provider_at for m in kit.written()} == {NOON}
