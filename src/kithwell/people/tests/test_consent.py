"""Consent: item by item, with an end, taken back with a receipt, and never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kithwell.kernel import clock, crypto, events, ids, jobs
from kithwell.kernel.errors import Invalid
from kithwell.people import consent
from kithwell.people.models import Consent

Make = Callable[..., UUID]
Enter = Callable[..., Client]
heard: list[dict[str, str]] = []


@events.subscribe("consent.withdrawn", durable=True)
def _hear(subject: str, item: str, receipt: str) -> None:
    heard.append({"subject": subject, "item": item, "receipt": receipt})


@pytest.fixture
def subject(db: None) -> Iterator[UUID]:
    heard.clear()
    yield crypto.new_subject()


def test_nothing_said_is_no(subject: UUID) -> None:
    assert not consent.is_given(subject, "story.publish")


def test_a_yes_lasts_until_its_end(subject: UUID) -> None:
    consent.give(subject, "story.publish", until=clock.now() + timedelta(days=30), text_version="2")
    assert consent.is_given(subject, "story.publish")
    with clock.shifted(timedelta(days=31)):
        assert not consent.is_given(subject, "story.publish")


def test_a_yes_to_one_thing_is_no_yes_to_another_nor_anybody_elses(subject: UUID) -> None:
    consent.give(subject, "story.publish", text_version="1")
    assert not consent.is_given(subject, "story.translate")
    assert not consent.is_given(crypto.new_subject(), "story.publish")


def test_taking_back_leaves_a_receipt_and_tells_whoever_must_take_it_back_too(subject: UUID) -> None:
    consent.give(subject, "story.publish", text_version="1")
    receipt = consent.withdraw(subject, "story.publish")
    assert not consent.is_given(subject, "story.publish")
    jobs.run_due()
    assert heard == [{"subject": str(subject), "item": "story.publish", "receipt": receipt}]
    assert consent.withdraw(subject, "story.publish") == receipt, "once is enough"


def test_the_ledger_is_only_ever_added_to(subject: UUID) -> None:
    consent.give(subject, "story.publish", text_version="1")
    row = Consent.objects.get()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


def test_an_end_in_the_past_is_no_end(subject: UUID) -> None:
    with pytest.raises(Invalid):
        consent.give(subject, "story.publish", until=clock.now(), text_version="1")


def test_the_page_says_yes_and_takes_it_back(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    yes = client.post("/me/consents", {"item": "people.feedback", "say": "yes"}).content.decode()
    assert "You said yes" in yes and "Your receipt" in yes
    no = client.post("/me/consents", {"item": "people.feedback", "say": "no"}).content.decode()
    assert "You said yes" not in no
    assert client.post("/me/consents", {"item": "made.up", "say": "yes"}).status_code == 404


class TestLedger(TestCase):
    @given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=12))
    def test_the_last_word_on_each_item_counts_and_every_receipt_differs(
        self, said: list[tuple[str, bool]]
    ) -> None:
        subject = ids.new_id()
        last: dict[str, bool] = {}
        for item, yes in said:
            if yes:
                consent.give(subject, item, text_version="1")
            else:
                consent.withdraw(subject, item)
            last[item] = yes
        for item in "ab":
            assert consent.is_given(subject, item) == last.get(item, False)
        receipts = [entry.receipt for entry in consent.history(subject)]
        assert len(receipts) == len(set(receipts))
