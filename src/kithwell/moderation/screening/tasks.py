"""Jobs of this part: thin calls into actions."""

from __future__ import annotations

from kithwell.kernel import jobs


@jobs.job(queue="bulk")
def try_out(change: str, revision: int) -> None:
    """A dry run over the last 30 days."""
    from kithwell.moderation.screening.actions import trying

    trying.run(change, revision)


@jobs.job(queue="bulk", max_attempts=3)
def look_beside(kind: str, ident: str) -> None:
    """What candidates would have said of a thing."""
    from kithwell.moderation.screening.actions import beside

    beside.look(kind, ident)


@jobs.every(seconds=24 * 3600, queue="bulk")
def weeks() -> None:
    """Was the last week out of the ordinary?"""
    from kithwell.moderation.screening.actions import counting

    counting.look_for_drift()


@jobs.every(seconds=7 * 24 * 3600, queue="bulk")
def survey_weekly() -> None:
    """Where do the scores lie?"""
    from kithwell.moderation.screening.actions import surveying

    surveying.survey()


@jobs.job(queue="bulk")
def survey_now() -> None:
    """The same, because a steward asked."""
    from kithwell.moderation.screening.actions import surveying

    surveying.survey()
