"""Jobs of this channel. Digesting runs on the crisis queue: nobody can see danger in a message that was not read."""

from __future__ import annotations

from uuid import UUID

from django.db import OperationalError, close_old_connections

from kithwell.kernel import jobs


@jobs.job(queue="crisis", max_attempts=50, base_delay=0.1, max_delay=10.0, name="channels.digest")
def digest() -> None:
    """Digest what came in; asks for another turn when there is more, so that alerts get theirs in between."""
    from kithwell.channels.whatsapp import digest as digesting
    from kithwell.channels.whatsapp import store

    try:
        more = digesting.drain(linger=0.05)
    except OperationalError:
        close_old_connections()
        raise
    if more:
        store.ask_for_digest()


@jobs.every(seconds=5, queue="crisis")
def sweep_intake() -> None:
    """Posts that nobody digested (a lost job, a status asked again) and posts a dead process left on the disk."""
    from kithwell.channels.whatsapp import journal, retention, store

    journal.sweep()
    if retention.anything_due():
        store.ask_for_digest()


@jobs.job(queue="bulk", max_attempts=12, base_delay=2.0, max_delay=1800.0, name="channels.fetch_file")
def fetch_file(attachment_id: str) -> None:
    """Fetch one file a person sent."""
    from kithwell.channels.whatsapp import media

    media.fetch(UUID(attachment_id))


@jobs.every(seconds=300, queue="bulk")
def sweep_files() -> None:
    """Files whose job was lost."""
    from kithwell.channels.whatsapp import media

    media.sweep()


@jobs.every(seconds=3600, queue="bulk")
def purge_raw() -> None:
    """Raw posts that are old enough, and the keys of days that have none left."""
    from kithwell.channels.whatsapp import retention

    retention.purge()
