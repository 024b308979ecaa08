"""Jobs of events: thin calls into actions, safe to repeat."""

from __future__ import annotations

from kithwell.kernel import jobs


@jobs.every(seconds=120, queue="normal")
def reminders() -> None:
    """Tell those who have a place that it is soon."""
    from kithwell.community.events import actions

    actions.remind()


@jobs.every(seconds=600, queue="bulk")
def over() -> None:
    """End what is long over."""
    from kithwell.community.events import actions

    actions.sweep()
