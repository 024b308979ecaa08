"""What happens by itself: telling the help page who is there, and forgetting old visitors."""

from __future__ import annotations

from kithwell.channels.web import actions
from kithwell.directory import static
from kithwell.kernel import jobs
from kithwell.support import queries


@jobs.every(seconds=60, queue="normal")
def tell_help_page() -> None:
    """The help page asks no database; it reads what is written down here."""
    there = queries.open_state()
    static.tell(there.staffed, there.wait_minutes)


@jobs.every(seconds=24 * 3600, queue="bulk")
def sweep_visitors() -> None:
    """Once a day."""
    actions.sweep()
