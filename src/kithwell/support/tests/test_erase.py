"""Taking away: with a reason, by the right people, with a receipt, and by age."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kithwell.kernel import clock, crypto
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.models import AuditEntry
from kithwell.people import erasure
from kithwell.people import queries as people
from kithwell.support import actions, export, queries
from kithwell.support.actions import erase
from kithwell.support.models import Attachment, Contact, ContactAddress, Conversation, Message
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, staff, version, visitor

pytestmark = pytest.mark.django_db


def first_message(talk: Conversation) -> Message:
    return Message.objects.get(conversation=talk, n=1)


def test_only_a_supervisor_redacts_and_only_with_a_reason() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, vera = on_shift("Sam"), staff("Vera", "supervisor")
        talk = Phone("1").say("my card number is 4111")
        actions.take_next(sam)
        message = first_message(talk)
        with pytest.raises(Refused):
            actions.redact(sam, message.id, "card number")
        with pytest.raises(Refused):
            actions.erase_message(sam, message.id)
        actions.redact(vera, message.id, "a card number")
        shown = queries.transcript(sam, talk.id).messages[0]
        assert shown.redacted and shown.text == ""
        entry = AuditEntry.objects.get(verb="message.redacted")
        assert entry.reason == "a card number" and entry.actor == vera.id


def test_one_message_one_conversation_or_everything_can_be_erased_with_a_receipt() -> None:
    fake_channel()
    with clock.frozen(START):
        phone = Phone("1")
        talk = phone.say("one")
        phone.say("two")
        person = visitor(talk.contact_id)
        receipt = actions.erase_message(person, first_message(talk).id)
        assert receipt.messages == 1
        assert [m.text for m in queries.transcript(person, talk.id).messages if m.author == "person"] == [
            "",
            "two",
        ]
        receipt = actions.erase_conversation(person, talk.id)
        assert receipt.conversations == 1 and receipt.messages >= 3
        with pytest.raises(NotFound):
            queries.transcript(person, talk.id)
        third = phone.say("three")
        subject = third.contact.subject
        receipt = actions.erase_contact(person, third.contact_id)
        assert receipt.addresses == 1 and receipt.contacts == 1
        with pytest.raises(crypto.Erased):
            crypto.seal(subject, "x", at=("a", "b", 1))
        assert not ContactAddress.objects.exists() and not Message.objects.exists()
        assert Contact.objects.get().handle == ""


def test_nobody_erases_somebody_elses_words() -> None:
    fake_channel()
    one, two = Phone("1").say("mine"), Phone("2").say("theirs")
    with pytest.raises(Refused):
        actions.erase_conversation(visitor(two.contact_id), one.id)
    with pytest.raises(Refused):
        actions.erase_contact(visitor(two.contact_id), one.contact_id)


def test_a_member_finds_their_talks_in_their_export_and_erasure_takes_them() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, mia = on_shift("Sam"), staff("Mia")
        assert mia.id is not None
        subject = people.subjects([mia.id])[mia.id]
        opened = actions.open_web(language="en", country="GB", account_id=mia.id)
        assert actions.open_web(language="en", country="GB", account_id=mia.id) == opened
        event = Phone("", channel="web").words("something private", contact_id=opened.contact_id)
        actions.receive([type(event)(**{**{n: getattr(event, n) for n in event.__slots__}, "addresses": ()})])
        assert queries.transcript(mia, opened.conversation_id).messages[0].mine
        actions.take_next(sam)
        actions.add_note(sam, opened.conversation_id, "a careful note")
        actions.end(sam, opened.conversation_id, "Talked", "rest", version=version(opened.conversation_id))
        files = dict(export.tell(subject, mia.id))
        told = json.loads(next(iter(files.values())))
        assert told["messages"][0]["text"] == "something private"
        assert told["summary"] == "Talked" and told["notes"] == ["a careful note"]
        assert list(export.describe(subject, mia.id)) == ["1 conversation with supporters"]
        assert export.erase(subject, mia.id, erasure.Choices()) > 0
        assert list(export.describe(subject, mia.id)) == []
        assert list(export.tell(subject, mia.id)) == []


def test_every_class_of_data_goes_at_its_own_age() -> None:
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hello, I feel very low")
        actions.take_next(sam)
        actions.add_note(sam, talk.id, "note")
        actions.end(sam, talk.id, "Talked", "rest", version=version(talk.id))
    with clock.frozen(START + timedelta(days=100)):
        erase.retain()
        assert first_message(talk).screening is None and first_message(talk).body is not None
    with clock.frozen(START + timedelta(days=370)):
        erase.retain()
        assert first_message(talk).body is None and fresh(talk).summary is not None
        assert not ContactAddress.objects.exists()
    with clock.frozen(START + timedelta(days=740)):
        erase.retain()
        assert fresh(talk).summary is None


def test_an_erased_file_is_gone_from_the_disk(django_capture_on_commit_callbacks: object) -> None:
    fake_channel()
    event = Phone("1").words("look", kind="image", attachments=({"ref": "m"},))
    received = actions.receive([event])[0]
    talk = Conversation.objects.get(id=received.conversation_id)
    ident = received.attachments[0]
    actions.attachment_ready(ident, b"bytes of a picture", "image/png")
    person = visitor(talk.contact_id)
    assert queries.attachment(person, talk.id, ident).content == b"bytes of a picture"
    from kithwell.support import files

    assert b"bytes of a picture" not in files._place(ident).read_bytes()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.erase_message(person, first_message(talk).id)
    assert not files._place(ident).exists()
    assert Attachment.objects.get().state == "removed"
    with pytest.raises(NotFound):
        queries.attachment(person, talk.id, ident)
    assert not actions.attachment_ready(ident, b"late", "image/png")
