"""Jobs of stories: thin calls into actions, safe to repeat."""

from __future__ import annotations

from kithwell.kernel import jobs


@jobs.every(seconds=300, queue="normal")
def expire() -> None:
    """End what was given for a time that is over."""
    from kithwell.community.stories import actions

    actions.expire()
