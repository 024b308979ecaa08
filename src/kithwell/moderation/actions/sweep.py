"""What goes with time, and what is brought to somebody first thing in the morning."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from kithwell.kernel import clock, crypto, events
from kithwell.moderation.models import (
    Appeal,
    Case,
    Concern,
    Decision,
    Exposure,
    Note,
    Report,
    Sample,
    Signal,
    Unsealing,
)
from kithwell.moderation.queries import hours
from kithwell.moderation.rules import priority, retention

BATCH = 500


def first_thing() -> int:
    """Staff are back: what a threshold hid comes before everything else. Returns how many cases were moved up."""
    now = clock.now()
    if not hours.staffed(now):
        return 0
    front = now - priority.MOST
    with transaction.atomic():
        rows = Case.objects.filter(hidden_at__isnull=False, state="open", effective_since__gt=front)
        moved = 0
        for case in rows.select_for_update()[:BATCH]:
            wanted = front - (now - case.waiting_since)  # among themselves, the one that waits longest first
            Case.objects.filter(id=case.id).update(effective_since=wanted)
            moved += 1
        if moved:
            events.publish("moderation.first_thing", cases=moved)
        return moved


def sweep() -> dict[str, int]:
    """Take away what is no longer needed, each class of data at its own time; at most BATCH of each a run."""
    now = clock.now()
    gone: dict[str, int] = {}
    with transaction.atomic():
        old = Report.objects.filter(settled_at__lt=retention.before("report words", now), words__isnull=False)
        gone["report words"] = old.update(words=None)
        quiet = _quiet().filter(decided_at__lt=retention.before("nothing found", now))
        gone["nothing found"] = _strip(quiet)
        gone["evidence"] = _strip(Case.objects.filter(decided_at__lt=retention.before("evidence", now)))
        gone["decision"] = _forget(retention.before("decision", now))
        gone["concern"] = Concern.objects.filter(at__lt=retention.before("concern", now)).delete()[0]
        days = retention.before("exposure", now).date()
        gone["exposure"] = Exposure.objects.filter(day__lt=days).delete()[0]
        weeks = retention.before("sample", now).date()
        gone["sample"] = Sample.objects.filter(week__lt=weeks).delete()[0]
        settled = retention.before("unsealing", now)
        gone["unsealing"] = Unsealing.objects.filter(settled_at__lt=settled).delete()[0]
    return gone


def _quiet() -> object:
    """Cases in which everything stayed as it was."""
    acted = Decision.objects.filter(case=OuterRef("id")).exclude(thing="nothing", person="nothing")
    return Case.objects.filter(~Exists(acted), state__in=("decided", "closed"))


def _strip(rows: object) -> int:
    """Take evidence, signals and notes away from these cases."""
    found = list(rows.filter(evidence__isnull=False).values_list("id", flat=True)[:BATCH])  # type: ignore[attr-defined]
    Signal.objects.filter(case__in=found).delete()
    Note.objects.filter(case__in=found).delete()
    return int(Case.objects.filter(id__in=found).update(evidence=None))


def _forget(before: object) -> int:
    """Cases whose last decision lies that far back, with all that hangs on them; their keys are destroyed."""
    held = Decision.objects.filter(case=OuterRef("id"), state="active", until__gt=clock.now())
    for_good = Decision.objects.filter(case=OuterRef("id"), state="active", person="exclude")
    waiting = Appeal.objects.filter(decision__case=OuterRef("id"), state="waiting")
    rows = Case.objects.filter(
        ~Exists(held),
        ~Exists(for_good),
        ~Exists(waiting),
        state__in=("decided", "closed"),
        decided_at__lt=before,
    )
    found = list(rows.values_list("id", "subject")[:BATCH])
    Case.objects.filter(id__in=[ident for ident, _subject in found]).delete()
    for _ident, subject in found:
        crypto.erase_subject(subject)
    return len(found)
