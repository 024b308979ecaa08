"""Whether to call emergency services: two people decide, and it is kept."""

import pytest
from django.db import IntegrityError, transaction

from kithwell.kernel import errors, jobs
from kithwell.kernel.models import AuditEntry
from kithwell.kernel.principal import Principal
from kithwell.support import actions, export, queries
from kithwell.support.models import Alert, Rescue
from kithwell.support.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    """(conversation, holder, supervisor, on-call person)"""
    cast.fake_channel()
    holder = cast.staff("Sam", "supporter")
    supervisor, oncall = cast.staff("Vera", "supervisor"), cast.staff("Olu", "oncall")
    conversation = cast.Phone("1").say("I am going to end my life right now.")
    jobs.run_due()
    actions.start_shift(holder)
    actions.take_next(holder)
    return conversation, holder, supervisor, oncall


def row(principal: Principal, conversation) -> queries.rescues:
    return queries.rescues(principal, conversation.id)[0]


def test_one_asks_and_another_decides_and_both_reasons_are_kept(talk) -> None:
    conversation, holder, supervisor, _oncall = talk
    rescue = actions.ask_rescue(holder, conversation.id, "they say they stand on a bridge")
    assert row(holder, conversation).can == {"withdraw"}
    assert row(supervisor, conversation).can == {"decide"}
    actions.decide_rescue(supervisor, rescue, True, "we tried three times")
    actions.record_rescue(holder, rescue, "rang 112 at nine, they are with them")
    told = row(holder, conversation)
    assert (told.state, told.reason) == ("agreed", "they say they stand on a bridge")
    assert (told.answer, told.outcome) == ("we tried three times", "rang 112 at nine, they are with them")
    verbs = list(
        AuditEntry.objects.filter(verb__startswith="rescue").order_by("seq").values_list("verb", flat=True)
    )
    assert verbs == ["rescue.asked", "rescue.agreed", "rescue.outcome"]


def test_nobody_decides_alone(talk) -> None:
    conversation, holder, supervisor, _oncall = talk
    rescue = actions.ask_rescue(supervisor, conversation.id, "I am worried")
    with pytest.raises(errors.Refused):
        actions.decide_rescue(supervisor, rescue, True, "me again")
    with pytest.raises(errors.Refused):
        actions.decide_rescue(holder, rescue, True, "I agree, but I am not the one to decide")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rescue.objects.filter(id=rescue).update(state="agreed", decided_by=supervisor.id)
    assert row(holder, conversation).state == "open"


def test_the_question_calls_those_who_decide(talk) -> None:
    conversation, holder, _supervisor, oncall = talk
    Alert.objects.all().delete()
    actions.ask_rescue(holder, conversation.id, "they stopped answering")
    jobs.run_due()
    assert Alert.objects.filter(conversation=conversation, account=oncall.id, level="C5").exists()


def test_agreeing_shows_no_address_and_sends_nothing(talk) -> None:
    conversation, holder, supervisor, _oncall = talk
    rescue = actions.ask_rescue(holder, conversation.id, "they stopped answering")
    before = list(conversation.messages.values_list("id", flat=True))
    actions.decide_rescue(supervisor, rescue, True, "yes")
    assert list(conversation.messages.values_list("id", flat=True)) == before
    assert not AuditEntry.objects.filter(verb__contains="reveal").exists()


def test_one_question_at_a_time_and_a_reason_always(talk) -> None:
    conversation, holder, supervisor, _oncall = talk
    with pytest.raises(errors.Invalid):
        actions.ask_rescue(holder, conversation.id, "  ")
    rescue = actions.ask_rescue(holder, conversation.id, "they stopped answering")
    with pytest.raises(errors.Conflict):
        actions.ask_rescue(supervisor, conversation.id, "me too")
    with pytest.raises(errors.Invalid):
        actions.decide_rescue(supervisor, rescue, False, "")
    actions.decide_rescue(supervisor, rescue, False, "they answered on the other line")
    with pytest.raises(errors.Conflict):
        actions.record_rescue(holder, rescue, "rang anyway")
    actions.withdraw_rescue(holder, actions.ask_rescue(holder, conversation.id, "again silent"))
    assert [r.state for r in queries.rescues(holder, conversation.id)] == ["withdrawn", "declined"]


def test_whoever_has_nothing_to_do_with_it_finds_nothing(talk) -> None:
    conversation, holder, _supervisor, _oncall = talk
    rescue = actions.ask_rescue(holder, conversation.id, "they stopped answering")
    other = cast.staff("Toni", "supporter")
    for act in (
        lambda: actions.ask_rescue(other, conversation.id, "curious"),
        lambda: actions.decide_rescue(other, rescue, True, "curious"),
        lambda: actions.withdraw_rescue(other, rescue),
    ):
        with pytest.raises(errors.NotFound):
            act()


def test_the_person_finds_it_in_their_copy_of_everything(talk) -> None:
    conversation, holder, _supervisor, _oncall = talk
    actions.ask_rescue(holder, conversation.id, "they stopped answering")
    told = b"".join(body for _path, body in export.tell(conversation.contact.subject, None))
    assert b"they stopped answering" in told
