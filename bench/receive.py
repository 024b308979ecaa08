"""What one message from a person costs: stored, sealed, screened, triaged, answered and put into the outbox.

Counts processor time of this process (not the database server's on PostgreSQL), in batches as the webhook job makes
them. Held to 2.5 ms for each event of a usual batch (eighteen people we talk with, two new ones who get the whole first
answer), so that 200 events a second take half of one core.

usage: ./dev bench receive [--batches N]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable

BAR_MS = 2.5


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench receive", description=__doc__.split("\n")[0])
    parser.add_argument("--batches", type=int, default=20)
    batches = parser.parse_args(argv).batches
    with tempfile.TemporaryDirectory(prefix="kithwell-bench-", ignore_cleanup_errors=True) as folder:
        os.environ["KITHWELL_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithwell.config.settings")
        import django
        from django.test.utils import setup_databases, teardown_databases

        django.setup()
        old = setup_databases(verbosity=0, interactive=False)
        try:
            return measure(batches)
        finally:
            teardown_databases(old, verbosity=0)


def measure(batches: int) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kithwell.support import actions
    from kithwell.support.ports import Inbound
    from kithwell.support.tests.cast import Phone, fake_channel

    fake_channel()
    text = (
        "I feel so tired today and nobody at work or at home listens to me, I do not know what to do any more"
    )

    def events(kind: str, batch: int, size: int, people: int) -> list[Inbound]:
        return [
            Phone(f"{batch}-{i % people}").words(text, ident=f"{kind}-{batch}-{i}", order=i)
            for i in range(size)
        ]

    def cost(make: Callable[[int], list[Inbound]]) -> tuple[float, int]:
        sizes = 0
        began = time.process_time()
        for batch in range(batches):
            some = make(batch)
            actions.receive(some)
            sizes += len(some)
        spent = (time.process_time() - began) * 1000 / sizes
        with CaptureQueriesContext(connection) as seen:
            actions.receive(make(batches))
        return spent, len(seen)

    def mixed(batch: int) -> list[Inbound]:
        """Eighteen people we talk with and two who write for the first time."""
        return events("mix", batch, 18, 18) + [
            Phone(f"stranger-{batch}-{i}").words(text, ident=f"stranger-{batch}-{i}", order=i)
            for i in range(2)
        ]

    actions.receive(events("warm", 10_000, 20, 20))
    rows = [
        ("20 new people", *cost(lambda b: events("new", b, 20, 20))),
        ("20 known people", *cost(lambda b: events("known", b, 20, 20))),
        ("18 known and 2 new people", *cost(mixed)),
        ("50 events of 20 people", *cost(lambda b: events("fifty", b, 50, 20))),
        ("20 seen before", *cost(lambda b: events("known", b, 20, 20))),
        ("one alone", *cost(lambda b: events("one", b, 1, 1))),
    ]
    print(f"{'batch of':26}{'CPU ms / event':>16}{'queries / batch':>17}")
    for name, spent, queries in rows:
        print(f"{name:26}{spent:16.2f}{queries:17}")
    good = next(spent for name, spent, _ in rows if name.startswith("18")) <= BAR_MS
    shown = {name.replace(" ", "_"): round(spent, 2) for name, spent, _ in rows}
    print(
        "BENCH " + json.dumps({"bench": "receive", "ok": good, "bar_ms": BAR_MS, "cpu_ms_per_event": shown})
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
