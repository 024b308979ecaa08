"""Consent: an item at a time, with the text somebody said yes to, an end, and a way back that leaves a receipt.

Parts register their items (`register`), ask before they act (`is_given`), and listen for `consent.withdrawn`
(payload: subject, item, receipt), on which they take the thing back from everywhere it went.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise

from kithwell.kernel import clock, events, ids
from kithwell.kernel.errors import Invalid
from kithwell.people.models import Consent


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to say yes or no to. `text` is what the person reads; a change of its meaning is a new `version`.

    `days` is how long a yes lasts when the person names no end; None: until withdrawn.
    """

    key: str
    title: str | Promise
    text: str | Promise
    version: str
    days: int | None = 365


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger."""

    item: str
    given: bool
    text_version: str
    at: datetime
    until: datetime | None
    receipt: str


_items: dict[str, Item] = {}


def register(item: Item) -> Item:
    """Make an item known; it appears on everybody's page of consents."""
    _items[item.key] = item
    return item


def items() -> tuple[Item, ...]:
    """All known items, in the order they were registered."""
    return tuple(_items.values())


def give(subject: UUID, item: str, *, until: datetime | None = None, text_version: str) -> str:
    """Write down a yes and return its receipt. Without `until`, the item's own number of days counts.

    Raises Invalid when the end lies in the past.
    """
    now = clock.now()
    known = _items.get(item)
    if until is None and known is not None and known.days is not None:
        until = now + timedelta(days=known.days)
    if until is not None and until <= now:
        raise Invalid({"until": "the end of a consent lies in the future"})
    return _write(subject, item, True, text_version, until)


def withdraw(subject: UUID, item: str) -> str:
    """Write down a no and return its receipt; parts that listen take back what they had. Never refused."""
    last = _last(subject, [item]).get(item)
    if last is not None and not last.given:
        return last.receipt
    with transaction.atomic():
        receipt = _write(subject, item, False, last.text_version if last else "", None)
        events.publish("consent.withdrawn", subject=str(subject), item=item, receipt=receipt)
    return receipt


def is_given(subject: UUID, item: str) -> bool:
    """Does a yes stand now? No answer, a later no, or a yes whose time is over all mean no."""
    last = _last(subject, [item]).get(item)
    return last is not None and stands(last)


def stands(entry: Entry) -> bool:
    """Is this (last) entry a yes whose time is not over?"""
    return entry.given and (entry.until is None or entry.until > clock.now())


def present(subject: UUID) -> dict[str, Entry]:
    """The last word on each item the person ever answered."""
    return _last(subject, None)


def history(subject: UUID) -> tuple[Entry, ...]:
    """The whole ledger of one person, newest first."""
    rows = Consent.objects.filter(subject=subject).order_by("-seq")
    return tuple(
        Entry(*row) for row in rows.values_list("item", "given", "text_version", "at", "until", "receipt")
    )


def _last(subject: UUID, wanted: Iterable[str] | None) -> dict[str, Entry]:
    rows = Consent.objects.filter(subject=subject).order_by("seq")
    if wanted is not None:
        rows = rows.filter(item__in=list(wanted))
    found = rows.values_list("item", "given", "text_version", "at", "until", "receipt")
    return {row[0]: Entry(*row) for row in found}


def _write(subject: UUID, item: str, given: bool, version: str, until: datetime | None) -> str:
    row = Consent(
        subject=subject,
        item=item,
        given=given,
        text_version=version,
        at=clock.now(),
        until=until,
        receipt=ids.token(15),
    )
    row.save(force_insert=True)
    return row.receipt
