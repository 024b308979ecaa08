"""Supporters are people too. Who writes in their own need is helped by somebody else, and is no staff to themself."""

from __future__ import annotations

from typing import Any

import pytest

from kithwell.kernel import clock
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import actions, queries
from kithwell.support.models import Contact, Conversation
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, version

pytestmark = pytest.mark.django_db


def _writes_as(principal: Principal, phone: Phone) -> Conversation:
    talk = phone.say("I cannot go on like this")
    Contact.objects.filter(id=talk.contact_id).update(account=principal.id)
    return fresh(talk)


@pytest.fixture
def stage() -> Any:
    fake_channel()
    with clock.frozen(START):
        sam, toni = on_shift("Sam"), on_shift("Toni")
        yield sam, toni, _writes_as(sam, Phone("1"))


def test_nobody_is_given_their_own_conversation(stage: Any) -> None:
    sam, toni, own = stage
    assert actions.take_next(sam) is None
    other = Phone("2").say("hello")
    assert actions.take_next(sam) == other.id
    assert actions.take_next(toni) == own.id


def test_nobody_is_handed_their_own_conversation(stage: Any) -> None:
    sam, toni, own = stage
    assert actions.take_next(toni) == own.id
    with pytest.raises(Invalid):
        actions.hand_over(toni, own.id, f"colleague:{sam.id}", "", version(own.id))


def test_nobody_supervises_or_reads_notes_about_themself(stage: Any) -> None:
    sam, toni, own = stage
    assert actions.take_next(toni) == own.id
    actions.add_note(toni, own.id, "be gentle")
    both = Principal("account", sam.id, "Sam", frozenset({"supporter", "supervisor"}), stepped_up=True)
    for act in (actions.join, actions.take_over):
        with pytest.raises(Refused):
            act(both, own.id)
    with pytest.raises(NotFound):
        queries.conversation(both, own.id)
    vera = on_shift("Vera", "supervisor")
    with pytest.raises(Refused):
        actions.reassign(vera, own.id, sam.id, "a mistake")
    assert fresh(own).assigned_to == toni.id
