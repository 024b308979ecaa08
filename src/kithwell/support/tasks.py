"""Jobs of the desk: thin calls into actions. Safe to repeat, every one of them."""

from __future__ import annotations

from uuid import UUID

from kithwell.kernel import jobs


@jobs.job(queue="normal", max_attempts=20, base_delay=2.0, max_delay=120.0)
def deliver(delivery_id: str) -> None:
    """Send one attempt and what waits behind it. Runs on the queue the delivery names (crisis for C3 and above)."""
    from kithwell.support.actions import deliveries

    deliveries.deliver_from(UUID(delivery_id))


@jobs.job(queue="normal", max_attempts=5, base_delay=2.0, max_delay=60.0)
def look_again(message_id: str) -> None:
    """Ask the second stage of the screening about words the first was unsure of."""
    from kithwell.support.actions import look_again as action

    action.look_again(UUID(message_id))


@jobs.job(queue="crisis", max_attempts=30, base_delay=1.0, max_delay=30.0)
def raise_alert(conversation_id: str, level: str) -> None:
    """Call the on-call people about somebody in danger."""
    from kithwell.support.actions import supervise

    supervise.raise_alert(UUID(conversation_id), level)


@jobs.job(queue="crisis", max_attempts=30, base_delay=1.0, max_delay=30.0)
def escalate_alert(conversation_id: str, level: str) -> None:
    """Call the supervisors as well when nobody answered."""
    from kithwell.support.actions import supervise

    supervise.escalate_alert(UUID(conversation_id), level)


@jobs.every(seconds=15, queue="crisis")
def sweep_leases() -> None:
    """Bring back conversations whose supporter fell silent."""
    from kithwell.support.actions import desk

    desk.sweep_leases()


@jobs.every(seconds=30, queue="crisis")
def missed_alerts() -> None:
    """Call about somebody in danger whose call got lost."""
    from kithwell.support.actions import supervise

    supervise.find_missed_alerts()


@jobs.every(seconds=30, queue="crisis")
def rescue_deliveries() -> None:
    """Send what a dead worker left behind."""
    from kithwell.support.actions import deliveries

    deliveries.rescue()


@jobs.every(seconds=60, queue="crisis")
def tell_waiting() -> None:
    """Tell those who wait on a phone that they are not forgotten."""
    from kithwell.support.actions import waiting

    waiting.tell_waiting()


@jobs.every(seconds=300, queue="normal")
def expire_held() -> None:
    """Give up on replies nobody came back for, loudly."""
    from kithwell.support.actions import deliveries

    deliveries.expire_held()


@jobs.every(seconds=60, queue="normal")
def follow_ups() -> None:
    """Bring promises that are due to the desk."""
    from kithwell.support.actions import ending

    ending.bring_follow_ups()


@jobs.every(seconds=60, queue="normal")
def demo_company() -> None:
    """In demo mode: the invented supporters stay at their desks."""
    from kithwell.support import demo

    demo.keep_company()


@jobs.every(seconds=3600, queue="bulk")
def retention() -> None:
    """Let go of what is older than the organisation keeps."""
    from kithwell.support.actions import ending, erase

    ending.close_quiet()
    erase.retain()
