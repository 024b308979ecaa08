"""Hash lists: brought in by stewards, asked about every picture."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation.files import pdq
from kithwell.moderation.files.models import HashEntry, HashList
from kithwell.people import access, roles

MOST = 1_000_000  # hashes in all lists together: they are compared in memory, one after the other
_LINE = re.compile(r"^\s*\"?([0-9a-fA-F]{64})\"?\s*(?:[,;\t].*)?$")


@dataclass(frozen=True, slots=True)
class Match:
    """A picture on a list. `distance` in bits of 256."""

    name: str
    category: str
    effect: str
    distance: int


@dataclass(frozen=True, slots=True)
class ListRow:
    id: UUID
    name: str
    source: str
    category: str
    effect: str
    entries: int
    changed_at: datetime


_Kept = dict[UUID, tuple[HashList, list[int]]]
_kept: tuple[object, _Kept] = (None, {})
_lock = threading.Lock()


def read(text: str) -> list[str]:
    """The hashes of a file: one a line, the first column of a CSV; other lines are heads or notes."""
    return list(dict.fromkeys(m[1].lower() for line in text.splitlines() if (m := _LINE.match(line))))


def bring(
    principal: Principal, name: str, source: str, category: str, effect: str, text: str
) -> tuple[int, int]:
    """Make a list, or add to the one of that name. Gives (new, known). Raises Refused, Invalid."""
    access.require(principal, roles.STEWARD, step_up=True)
    name, source = name.strip()[:80], source.strip()[:200]
    wrong = {}
    if not name:
        wrong["name"] = _("Give the list a name.")
    if not source:
        wrong["source"] = _("Say where the list is from, so that others can check it.")
    if not category or len(category) > 24:
        wrong["category"] = _("Choose one from the list.")
    if effect not in HashList.Effect.values:
        wrong["effect"] = _("Choose one from the list.")
    hashes = read(text)
    if not hashes:
        wrong["file"] = _("There is no PDQ hash in this file: 64 hexadecimal digits, one a line.")
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        row, _made = HashList.objects.select_for_update().get_or_create(
            name=name, defaults={"by": principal.id}
        )
        if HashEntry.objects.count() + len(hashes) > MOST:
            raise Invalid({"file": _("All lists together may hold a million hashes.")})
        before = HashEntry.objects.filter(of=row).count()
        HashEntry.objects.bulk_create(
            [HashEntry(of=row, hash=h) for h in hashes], ignore_conflicts=True, batch_size=2000
        )
        row.source, row.category, row.effect = source, category, effect
        row.entries_n, row.changed_at = HashEntry.objects.filter(of=row).count(), clock.now()
        row.save()
        audit.record(principal, "hashlist.changed", kind="hashlist", id=row.id, entries=row.entries_n)
        return row.entries_n - before, len(hashes) - (row.entries_n - before)


def drop(principal: Principal, ident: UUID) -> None:
    """Take a list away. What it held back stays with its case."""
    access.require(principal, roles.STEWARD, step_up=True)
    with transaction.atomic():
        row = HashList.objects.filter(id=ident).first()
        if row is None:
            raise NotFound()
        audit.record(principal, "hashlist.dropped", kind="hashlist", id=row.id, name=row.name)
        row.delete()


def rows(principal: Principal) -> tuple[ListRow, ...]:
    """All lists. One query."""
    access.require(principal, roles.STEWARD, step_up=True)
    found = HashList.objects.order_by("name")
    return tuple(
        ListRow(r.id, r.name, r.source, r.category, r.effect, r.entries_n, r.changed_at) for r in found
    )


def _current() -> _Kept:
    """All hashes, from this process's memory while nobody changed a list. One query then."""
    global _kept
    stands = tuple(HashList.objects.order_by("id").values_list("id", "changed_at", "entries_n"))
    with _lock:
        if _kept[0] == stands:
            return _kept[1]
    fresh: _Kept = {}
    for row in HashList.objects.all():
        hashes = HashEntry.objects.filter(of=row).values_list("hash", flat=True)
        fresh[row.id] = (row, [int(h, 16) for h in hashes.iterator(chunk_size=5000)])
    with _lock:
        _kept = (stands, fresh)
    return fresh


def match(found: pdq.Hash) -> Match | None:
    """The nearest entry within the distance that counts as the same; "hold" before "blur". Plain pictures match
    nothing: their hashes are alike by chance."""
    if found.quality < pdq.GOOD:
        return None
    best: Match | None = None
    for row, hashes in _current().values():
        near = min((pdq.distance(found.bits, h) for h in hashes), default=pdq.BITS)
        if near > pdq.SAME:
            continue
        this = Match(row.name, row.category, row.effect, near)
        if (
            best is None
            or (this.effect != best.effect and this.effect == "hold")
            or (this.effect == best.effect and near < best.distance)
        ):
            best = this
    return best
