"""Jobs of this part: thin calls into actions."""

from __future__ import annotations

from kithwell.kernel import jobs


@jobs.job(queue="bulk")
def tell(notice: str, what: str) -> None:
    """Mail to whoever gave notice, where they left an address."""
    from kithwell.moderation.outside import letters
    from kithwell.moderation.outside.models import Notice

    row = Notice.objects.filter(id=notice).first()
    if row is not None:
        letters.send(row, what)


@jobs.every(seconds=300, queue="bulk")
def settle() -> None:
    """What the desk decided reaches those who gave notice."""
    from kithwell.moderation.outside import actions

    actions.settle()


@jobs.every(seconds=6 * 3600, queue="bulk")
def count_days() -> None:
    """Yesterday is counted for the public, before its rows grow old."""
    from kithwell.moderation.outside import actions

    actions.count_days()


@jobs.every(seconds=24 * 3600, queue="bulk")
def forget() -> None:
    """Words that are no longer needed go."""
    from kithwell.moderation.outside import actions

    actions.forget()
