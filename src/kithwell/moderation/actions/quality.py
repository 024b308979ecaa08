"""Once a week some decisions are read again by somebody else, blind, so that it shows how far people agree here."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import access
from kithwell.moderation.models import Case, Decision, Report, Sample
from kithwell.moderation.rules import agreement, ladder

SIZE = 12


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def draw_week() -> int:
    """Draw from the decisions of last week, some of each outcome. Returns how many; 0 when it was done."""
    this = monday(clock.now().date())
    last = this - timedelta(days=7)
    with transaction.atomic():
        if Sample.objects.filter(week=last).exists():
            return 0
        rows = Decision.objects.filter(
            at__date__gte=last, at__date__lt=this, by__isnull=False, state__in=("active", "reversed")
        ).values_list("id", "thing", "person")[:2000]
        drawn = agreement.draw([agreement.Draw(str(i), t, p) for i, t, p in rows], SIZE, last.isoformat())
        Sample.objects.bulk_create(Sample(id=ids.new_id(), week=last, decision_id=UUID(i)) for i in drawn)
        return len(drawn)


def readable(principal: Principal) -> Q:
    """Samples this person may read: not their own decision, not about them, not what they reported."""
    me = access.reviewer(principal)
    told = Report.objects.filter(reporter=me, case__isnull=False).values("case_id")
    mine = Case.objects.filter(author_key=access.author_key(me)).values("id")
    own = Q(decision__by=me) | Q(decision__second=me) | Q(decision__appeal__decided_by=me)
    return Q(read_at=None) & ~own & ~Q(decision__case__in=told) & ~Q(decision__case__in=mine)


def next_sample(principal: Principal) -> Sample | None:
    """The next decision to read again, without what was decided."""
    rows = Sample.objects.filter(readable(principal)).select_related("decision__case")
    return rows.order_by("week", "id").first()


def read_again(principal: Principal, sample_id: UUID, thing: str, person: str, rule: str) -> None:
    """The second, blind reading. It changes nothing about the decision. Raises NotFound, Invalid."""
    if thing not in ladder.THINGS:
        raise Invalid({"thing": _("Choose one.")})
    if person not in ladder.PERSONS:
        raise Invalid({"person": _("Choose one.")})
    with transaction.atomic():
        rows = Sample.objects.select_for_update(of=("self",)).filter(readable(principal))
        row = rows.filter(id=sample_id).first()
        if row is None:
            raise NotFound()
        row.reader, row.thing, row.person = principal.id, thing, person
        row.rule, row.read_at = rule[:40], clock.now()
        row.save()
        audit.record(principal, "sample.read", kind="sample", id=row.id)
