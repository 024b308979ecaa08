"""The whole thin way: words in, an answer, a place in the queue, a supporter, a reply out, an end."""

from __future__ import annotations

import pytest

from kithwell.kernel import clock, jobs
from kithwell.support import actions, queries
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, version, visitor

pytestmark = pytest.mark.django_db


def test_a_person_writes_is_answered_queued_taken_answered_by_a_human_and_ended() -> None:
    channel = fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("I feel awful today")
        assert talk.in_queue and talk.state == "waiting" and talk.controller == "assistant"
        jobs.run_due()
        assert channel.sent, "the assistant answered at once"
        taken = actions.take_next(sam)
        assert taken == talk.id
        actions.reply(sam, taken, "Hello, I am here.", client_key="k1", version=version(taken))
        jobs.run_due()
        assert channel.texts()[-1] == "Hello, I am here."
        shown = queries.transcript(visitor(talk.contact_id), taken)
        assert shown.messages[0].author == "person"
        actions.end(sam, taken, "They felt low; we talked.", "Sleep, then the GP", version=version(taken))
        assert fresh(talk).state == "ended"
        assert queries.desk(sam).mine == ()
