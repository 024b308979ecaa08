"""How long raw posts stay: by default not at all once digested; those set aside 30 days, so that somebody can look."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from kithwell.channels.models import IntakeKey, RawEvent
from kithwell.kernel import clock, conf, crypto

POISON_DAYS = 30


def anything_due() -> bool:
    """Is there a post to digest now?"""
    due = Q(state=RawEvent.State.NEW) | Q(state=RawEvent.State.WAITING, next_at__lte=clock.now())
    return RawEvent.objects.filter(due).exists()


def purge() -> int:
    """Delete what is old enough, then destroy the keys of past days without posts. Returns how many posts went."""
    now = clock.now()
    kept = timedelta(days=float(conf.get("whatsapp_raw_days", 0)))
    old = Q(state=RawEvent.State.DONE, digested_at__lte=now - kept) | Q(
        state=RawEvent.State.POISON, received_at__lte=now - timedelta(days=POISON_DAYS)
    )
    gone, _ = RawEvent.objects.filter(old).delete()
    yesterday = now.date() - timedelta(days=1)  # a spooled post may still come under yesterday's key
    for ident, subject in IntakeKey.objects.filter(day__lt=yesterday).values_list("id", "subject"):
        if not RawEvent.objects.filter(key=subject).exists():
            crypto.erase_subject(subject)
            IntakeKey.objects.filter(id=ident).delete()
    return gone
