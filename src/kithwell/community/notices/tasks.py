"""Jobs of notices: thin calls into actions. Safe to repeat, every one of them."""

from __future__ import annotations

from uuid import UUID

from kithwell.kernel import jobs


@jobs.every(seconds=30, queue="normal")
def send_due() -> None:
    """Send what is due."""
    from kithwell.community.notices import actions

    actions.send_due()


@jobs.job(queue="normal", max_attempts=6, base_delay=30.0, max_delay=1800.0)
def push_to(device: str, urgent: bool, made_at: str) -> None:
    """Tell one device."""
    from kithwell.community.notices import sending

    sending.push_to(UUID(device), urgent=urgent, made_at=made_at)


@jobs.job(queue="normal", max_attempts=6, base_delay=60.0, max_delay=3600.0)
def mail_to(account: str, urgent: bool) -> None:
    """Mail one person."""
    from kithwell.community.notices import sending

    sending.mail_to(UUID(account), urgent=urgent)


@jobs.job(queue="bulk")
def tell_group(group: str, kind: str, url: str, about: dict[str, str], but: list[str]) -> None:
    """Tell everybody in a group."""
    from kithwell.community.notices import listeners

    listeners.tell_group(UUID(group), kind, url, about, {UUID(one) for one in but})


@jobs.every(seconds=86400, queue="bulk")
def tidy() -> None:
    """Let go of what is old."""
    from kithwell.community.notices import actions

    actions.tidy()
