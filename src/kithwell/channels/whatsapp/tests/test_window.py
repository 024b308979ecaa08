"""Whatever people, supporters and the clock do, nothing is sent that the provider would refuse for its window.

The provider is the strict simulator; the steps are drawn by hypothesis: words, words that arrive late, reactions, a
new number, STOP and START, replies, retries, and time, also right at the edge of the 24 hours.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwell.channels.whatsapp import store
from kithwell.channels.whatsapp.simulator.api import Person, Simulator
from kithwell.channels.whatsapp.simulator.faults import FailSend
from kithwell.channels.whatsapp.tests import kit
from kithwell.kernel import clock, crypto, ids
from kithwell.kernel.errors import Conflict, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import actions
from kithwell.support.models import Conversation, Message
from kithwell.support.tests import cast

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
# Hours that pass: a little, nearly a day, the last minute and second of the window, more than a day.
HOURS = st.sampled_from((0.0, 0.1, 5.0, 23.5, 23.99, 24.0 - 61 / 3600, 24.0 - 1 / 3600, 24.0, 24.01, 60.0))
STEPS = st.one_of(
    st.tuples(st.just("pass"), HOURS),
    st.tuples(st.just("late"), HOURS),
    *(
        st.tuples(st.just(name), st.none())
        for name in ("say", "stop", "start", "react", "move", "reply", "end", "stumble", "work")
    ),
)

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
_numbers = itertools.count(1)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with kit.provider() as found:
        yield found


class Evening:
    """One person and one supervisor, who may take over whatever caps and breaks say."""

    def __init__(self, sim: Simulator, number: str, vera: Principal) -> None:
        self.sim, self.vera, self.at, self.moves = sim, vera, NOON, 0
        self.ana: Person = sim.person(phone=number)
        self.number = number

    def do(self, name: str, hours: Any) -> None:
        with clock.frozen(self.at):
            getattr(self, name)(hours)

    def _talk(self) -> Conversation | None:
        return Conversation.objects.exclude(state="ended").order_by("-created_at").first()

    def work(self, _: object = None) -> None:
        kit.work(self.sim)

    def say(self, _: object) -> None:
        self.ana.say("are you there?")
        self.work()

    def late(self, hours: float) -> None:
        """The provider delivers now what was written hours ago."""
        self.ana.say("this took its time", at=self.at - timedelta(hours=hours))
        self.work()

    def react(self, _: object) -> None:
        self.ana.send("reaction", {"message_id": "wamid.x", "emoji": "\N{WAVING HAND SIGN}"})
        self.work()

    def stop(self, _: object) -> None:
        self.ana.say("STOP")
        self.work()

    def start(self, _: object) -> None:
        self.ana.say("START")
        self.work()

    def move(self, _: object) -> None:
        self.moves += 1
        self.ana.engine.change_number(self.ana.id, f"{self.number}{self.moves}")
        self.work()

    def reply(self, _: object) -> None:
        talk = self._talk()
        if talk is None:
            return
        actions.take_over(self.vera, talk.id)
        with contextlib.suppress(Conflict, Refused):
            actions.reply(
                self.vera, talk.id, "I am here", client_key=ids.token(8), version=cast.version(talk.id)
            )

    def end(self, _: object) -> None:
        talk = self._talk()
        if talk is not None and talk.assigned_to == self.vera.id:
            actions.end(self.vera, talk.id, "a good talk", "", version=cast.version(talk.id))

    def stumble(self, _: object) -> None:
        self.sim.faults.fail_sends.append(FailSend(131016, times=2))

    def pass_(self, hours: float) -> None:
        self.at += timedelta(hours=hours)


def test_the_provider_of_these_tests_does_refuse_what_comes_too_late(sim: Simulator) -> None:
    """Else the test below would prove nothing."""
    with clock.frozen(NOON):
        sim.person(phone="34600000001").say("hello")
        kit.work(sim)
        talk = Conversation.objects.get()
    Conversation.objects.update(last_inbound_at=NOON + timedelta(hours=20))  # what we would wrongly believe
    with clock.frozen(NOON + timedelta(hours=25)):
        vera = cast.staff("Vera", "supervisor")
        actions.take_over(vera, talk.id)
        kit.work(sim)
    assert sim.refused[131047] == 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=3, max_size=10))
def test_nothing_is_ever_sent_that_the_provider_would_refuse_for_the_window(
    sim: Simulator, steps: list[tuple[str, Any]]
) -> None:
    sim.faults.fail_sends.clear()
    store.forget_subjects()  # keys of the example before went with its transaction
    crypto.forget_cached_keys()
    with transaction.atomic():
        with clock.frozen(NOON):
            vera = cast.staff("Vera", "supporter", "supervisor")
            evening = Evening(sim, f"346{next(_numbers):07d}", vera)
        for name, hours in [("say", None), *steps, ("work", None), ("pass", 0.5), ("work", None)]:
            evening.do("pass_" if name == "pass" else name, hours)
        # Every send is settled, so nothing was left out of the question.
        left = Message.objects.filter(status__in=("pending", "sending"), author="supporter")
        assert 131047 not in sim.refused, steps
        assert not left.exists() or sim.faults.fail_sends, steps
        transaction.set_rollback(True)
