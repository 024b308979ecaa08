"""What happened, told upwards. Parts publish inside their transaction; others hear after the commit.

A plain subscriber runs in this process after the commit, best effort: for live pushes. A durable subscriber becomes
a job in the same transaction: it runs even if the process dies at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kithwell.kernel import jobs, logs

Handler = Callable[..., None]


@dataclass(frozen=True, slots=True)
class _Subscriber:
    handler: Handler
    name: str
    durable: bool
    queue: str


_subscribers: dict[str, list[_Subscriber]] = {}


def subscribe(event: str, *, durable: bool = False, queue: str = "normal") -> Callable[[Handler], Handler]:
    """Register `handler(**payload)` for `event`. Registering the same function twice has no effect."""

    def register(handler: Handler) -> Handler:
        name = f"{handler.__module__}.{handler.__qualname__}"
        known = _subscribers.setdefault(event, [])
        if all(s.name != name for s in known):
            known.append(_Subscriber(handler, name, durable, queue))
        return handler

    return register


def publish(event: str, **payload: Any) -> None:
    """Tell all subscribers of `event`; `payload` is JSON-able ids and codes, never content."""
    for subscriber in _subscribers.get(event, ()):
        if subscriber.durable:
            _deliver.enqueue(event=event, subscriber=subscriber.name, payload=payload, queue=subscriber.queue)
        else:
            transaction.on_commit(_later(subscriber, payload))


def _later(subscriber: _Subscriber, payload: dict[str, Any]) -> Callable[[], None]:
    def run() -> None:
        try:
            subscriber.handler(**payload)
        except Exception as error:
            logs.get("kernel.events").error(
                "event.subscriber_failed", subscriber=subscriber.name, error=type(error).__name__
            )

    return run


@jobs.job(queue="normal", name="kernel.events.deliver")
def _deliver(event: str, subscriber: str, payload: dict[str, Any]) -> None:
    for known in _subscribers.get(event, ()):
        if known.name == subscriber:
            known.handler(**payload)
            return
    raise jobs.GiveUp(f"no subscriber {subscriber} for {event}")
