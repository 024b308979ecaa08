"""Jobs of the desk: thin calls into actions."""

from __future__ import annotations

from kithwell.kernel import jobs


@jobs.every(seconds=300)
def first_thing() -> None:
    """What was hidden overnight comes to a person before everything else."""
    from kithwell.moderation.actions import sweep

    sweep.first_thing()


@jobs.every(seconds=24 * 3600, queue="bulk")
def retention() -> None:
    """What is no longer needed goes."""
    from kithwell.moderation.actions import sweep

    sweep.sweep()


@jobs.every(seconds=24 * 3600, queue="bulk")
def weekly_sample() -> None:
    """Draw last week's decisions for a second, blind reading; once a week, however often it runs."""
    from kithwell.moderation.actions import quality

    quality.draw_week()
