"""What is asked all day is answered from an index, however long the history grows. (SQLite tells its plan in words.)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithwell.kernel import clock
from kithwell.support import actions, queries
from kithwell.support.actions import desk, ending, waiting
from kithwell.support.queries import openness
from kithwell.support.tests.cast import Phone, fake_channel, on_shift, staff, version

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plans of SQLite"),
]
GROWING = (
    "conversation",
    "message",
    "delivery",
    "contact",
    "flag",
    "followup",
    "alert",
    "handover",
    "debrief",
    "note",
)


def whole_tables(act: Callable[[], Any]) -> list[str]:
    """The reads of `act` that walk through a whole growing table, with their plans."""
    with CaptureQueriesContext(connection) as caught:
        act()
    found = []
    for sql in (q["sql"] for q in caught.captured_queries if q["sql"].startswith("SELECT")):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            steps = [str(row[-1]) for row in cursor.fetchall()]
        found += [
            f"{step}: {sql[:200]}"
            for step in steps
            if step in {f"SCAN support_{table}" for table in GROWING}
            or step.startswith("SCAN support_conversation USING INDEX conversation_created")
        ]
    return found


def test_no_read_of_the_desk_walks_through_the_history() -> None:
    fake_channel()
    openness.forget()
    sam, vera = on_shift("Sam"), staff("Vera", "supervisor", "steward")
    talk = Phone("1").say("I want to kill myself.")
    actions.take_next(sam)
    actions.reply(sam, talk.id, "hi", client_key="a", version=version(talk.id))
    since = clock.now() - timedelta(days=1)
    acts: dict[str, Callable[[], Any]] = {
        "desk": lambda: queries.desk(sam),
        "conversation": lambda: queries.conversation(sam, talk.id),
        "transcript": lambda: queries.transcript(sam, talk.id, 1),
        "board": lambda: queries.supervisor_board(vera),
        "reports": lambda: queries.reports(vera, since),
        "open": openness.open_state,
        "take": lambda: actions.take_next(sam),
        "receive": lambda: Phone("2").say("hello"),
        "leases": desk.sweep_leases,
        "waiting": waiting.tell_waiting,
        "quiet": ending.close_quiet,
        "promises": ending.bring_follow_ups,
    }
    walked = {name: found for name, act in acts.items() if (found := whole_tables(act))}
    assert walked == {}
