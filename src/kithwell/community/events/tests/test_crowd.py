"""Two hundred people at one live hour: they ask and wish all at once, and listen. Nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from kithwell.community.events import actions, queries
from kithwell.community.events.models import Question, Seat, Vote
from kithwell.community.events.rules import queue as rules
from kithwell.community.events.tests import cast
from kithwell.kernel import live

PEOPLE, HANDS = 200, 6


class Ears:
    """Two hundred live listeners of one topic, on an event loop of their own."""

    def __init__(self, topic: str) -> None:
        self.topic, self.heard = topic, [0] * PEOPLE
        self.ready, self.listeners = threading.Event(), [live.Listening() for _ in range(PEOPLE)]
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)

        async def begin() -> None:
            live.hub.start()
            for n, listener in enumerate(self.listeners):
                live.hub.add(listener, [self.topic], f"crowd-{n}")
            self.ready.set()

        self.loop.run_until_complete(begin())
        self.loop.run_forever()

    def __enter__(self) -> Ears:
        self.thread.start()
        assert self.ready.wait(10)
        return self

    def wait_for(self, n: int) -> bool:
        """Has every listener been told that the topic stands at `n`?"""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if all(f'"n":{n}}}'.encode() in x.pending.get(self.topic, b"") for x in self.listeners):
                return True
            threading.Event().wait(0.02)
        return False

    def __exit__(self, *_: object) -> None:
        async def end() -> None:
            for n, listener in enumerate(self.listeners):
                live.hub.remove(listener, [self.topic], f"crowd-{n}")
            live.hub.stop()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def together(work: Any, items: list[Any]) -> list[BaseException]:
    """`work(item)` for all items by a few hands at once."""
    wrong: list[BaseException] = []

    def hand(some: list[Any]) -> None:
        try:
            for item in some:
                work(item)
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand, args=(items[i::HANDS],)) for i in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(180)
def test_two_hundred_people_live_lose_nothing_and_double_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    pia = cast.person("Pia", "professional")
    made = cast.qa(pia)
    crowd = [cast.person("Who") for _ in range(PEOPLE)]
    began = time.perf_counter()

    def come(n: int) -> None:
        who = crowd[n]
        actions.take(who, made)
        first = actions.ask(who, made, f"What helps on night {n}?", f"key-{n}").id
        assert (
            actions.ask(who, made, f"What helps on night {n}?", f"key-{n}").id == first
        )  # sent twice by mistake

    with Ears(f"event:{made}") as ears:
        assert together(come, list(range(PEOPLE))) == []
        asked = time.perf_counter() - began
        assert Seat.objects.filter(event=made).count() == PEOPLE
        texts = Counter(q.text for q in queries.desk(pia, made).queue)
        assert texts == Counter({f"What helps on night {n}?": 1 for n in range(PEOPLE)})
        actions.begin(pia, made)
        chosen = list(Question.objects.order_by("asked_at", "id")[:8])
        for q in chosen:
            actions.approve(pia, made, q.id)
        began = time.perf_counter()

        def wish(n: int) -> None:
            for k, q in enumerate(chosen):
                if n % (k + 1) == 0 and not queries_own(crowd[n], made, q):
                    actions.wish(crowd[n], made, q.id, True)
                    actions.wish(crowd[n], made, q.id, True)  # pressed twice

        assert together(wish, list(range(PEOPLE))) == []
        wished = time.perf_counter() - began
        _votes_are_right(made, chosen, crowd)
        began = time.perf_counter()
        order = [q.id for q in queries.desk(pia, made).listed]
        assert (
            together(
                lambda n: actions.answer(pia, made, order[n], f"Answer {n}.", f"a-{n}"),
                list(range(len(order))),
            )
            == []
        )
        answered = time.perf_counter() - began
        event = cast.row(made)
        assert ears.wait_for(event.n), "a listener did not hear where the event stands"
    lines = queries.show(crowd[0], made).lines
    assert sorted(line.text for line in lines) == sorted(f"Answer {n}." for n in range(8))
    numbers = list(cast.row(made).answers.order_by("n").values_list("n", flat=True))
    assert len(set(numbers)) == 8
    pages = _pages(made)
    with capsys.disabled():
        print(
            f"\nFIGURES live hour: {PEOPLE} people; {PEOPLE} places and {PEOPLE} questions in {asked:.1f} s, "
            f"{Vote.objects.count()} wishes in {wished:.1f} s, {len(order)} answers in {answered:.1f} s, "
            f"{PEOPLE} listeners all at n={event.n}; the live part {pages * 1000:.1f} ms a fetch"
        )


def queries_own(who: Any, made: Any, question: Question) -> bool:
    from kithwell.community.events import access

    return question.mark == access.mark(made, who.id)


def _votes_are_right(made: Any, chosen: list[Question], crowd: list[Any]) -> None:
    """Counters agree with rows, rows with who pressed; the order is that of the rule."""
    for k, q in enumerate(chosen):
        wanted = sum(1 for n in range(PEOPLE) if n % (k + 1) == 0 and not queries_own(crowd[n], made, q))
        row = Question.objects.get(id=q.id)
        assert (row.votes, Vote.objects.filter(question=q).count()) == (wanted, wanted)
    listed = list(Question.objects.filter(event=made, state="open"))
    order = rules.ordered(rules.Standing(q.id, q.votes, q.asked_at) for q in listed)
    pia = Question.objects.filter(event=made, state="open").order_by("-votes", "asked_at", "id")
    assert list(order) == list(pia.values_list("id", flat=True))


def _pages(made: Any) -> float:
    client, began = Client(), time.perf_counter()
    for _ in range(20):
        assert client.get(f"/events/{made}/live").status_code == 200
    return (time.perf_counter() - began) / 20
