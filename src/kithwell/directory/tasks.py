"""Keeping the copies of the help page fresh."""

from __future__ import annotations

from kithwell.directory import static
from kithwell.kernel import jobs


@jobs.every(seconds=24 * 3600, queue="bulk")
def keep_help_pages() -> None:
    """Once a day: rows expire, words change with an upgrade."""
    static.write_all()
