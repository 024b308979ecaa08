"""Jobs of peers: thin calls into actions. Safe to repeat, every one of them."""

from __future__ import annotations

from kithwell.kernel import jobs


@jobs.every(seconds=600, queue="normal")
def check_in() -> None:
    """The gentle weekly question."""
    from kithwell.community.peers import actions

    actions.check_in()


@jobs.every(seconds=3600, queue="bulk")
def lapse() -> None:
    """Wishes, pauses, badges and goals whose time is over."""
    from kithwell.community.peers import actions

    actions.lapse()
    actions.tidy_badges()
    actions.forget_counted()


@jobs.job(queue="bulk")
def somebody_new(account: str) -> None:
    """Tell those whom somebody new might suit."""
    from uuid import UUID

    from kithwell.community.peers import actions

    actions.somebody_new(UUID(account))
