"""What the actions of events share."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from kithwell.community.events.models import Event
from kithwell.kernel import clock, ids, live
from kithwell.kernel.principal import Principal
from kithwell.people import access as people

KEY_MAX = 64


def account_of(principal: Principal) -> UUID:
    """The account that acts. Raises SignInNeeded."""
    people.require(principal)
    assert principal.id is not None
    return principal.id


def moved(event: Event) -> int:
    """Attendees have something new to see. Returns the new number."""
    Event.objects.filter(pk=event.pk).update(n=F("n") + 1, queue_n=F("queue_n") + 1)
    n, queue_n = Event.objects.values_list("n", "queue_n").get(pk=event.pk)
    live.publish(f"event:{event.pk}", n)
    live.publish(f"event-queue:{event.pk}", queue_n)
    return int(n)


def queue_moved(event: Event) -> None:
    """The host has something new to see, nobody else."""
    Event.objects.filter(pk=event.pk).update(queue_n=F("queue_n") + 1)
    live.publish(f"event-queue:{event.pk}", Event.objects.values_list("queue_n", flat=True).get(pk=event.pk))


def touched(event: Event) -> None:
    """What a calendar would show has changed."""
    Event.objects.filter(pk=event.pk).update(changed_at=clock.now(), revision=F("revision") + 1)


def client_key(text: str) -> str:
    """A key that names one sending; anything too long or empty is made short and one of its own."""
    return text[:KEY_MAX] if text.strip() and text.isprintable() else ids.token(12)
