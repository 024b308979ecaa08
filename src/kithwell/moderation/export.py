"""What the desk holds about a member, told and taken away through `people`. Who reported them is never told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import ngettext

from kithwell.kernel import crypto
from kithwell.moderation import access, words
from kithwell.moderation.models import Case, Concern, Decision, Exposure, Report, Sample, Watch
from kithwell.moderation.queries import statements
from kithwell.people import erasure, export


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """One's own reports with their words, and every decision about oneself as a statement of reasons."""
    if account is None:
        return
    told = [
        {
            "at": row.at,
            "about": row.kind,
            "category": row.category,
            "words": words.unseal(subject, row.words, "moderation_report", "words", row.id),
            "outcome": row.outcome,
        }
        for row in Report.objects.filter(reporter=account).order_by("at")
    ]
    if told:
        yield "reports.json", export.as_json(told)
    about = statements.all_about(account)
    if about:
        yield "decisions.json", export.as_json([statements.as_data(row) for row in about])


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    if account is None:
        return
    reports = Report.objects.filter(reporter=account).count()
    if reports:
        yield ngettext("%(n)d report you made", "%(n)d reports you made", reports) % {"n": reports}
    decisions = Decision.objects.filter(author_key=access.author_key(account)).count()
    if decisions:
        yield ngettext("%(n)d decision about you", "%(n)d decisions about you", decisions) % {"n": decisions}


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Reports stay without their words and without a name; cases about them lose their key and every link to them.

    What stays of a decision are codes and dates: the figures of the house stay true.
    """
    if account is None:
        return 0
    n = Report.objects.filter(reporter=account).update(reporter=None, words=None)
    key = access.author_key(account)
    found = list(Case.objects.filter(author_key=key).values_list("id", "subject"))
    n += Case.objects.filter(id__in=[i for i, _s in found]).update(author=None, author_key="", evidence=None)
    Case.objects.filter(id__in=[i for i, _s in found], state__in=("open", "claimed")).update(
        state="closed", claimed_by=None, claimed_until=None, hidden_at=None
    )
    Decision.objects.filter(author_key=key).update(author_key="", facts=None, second_words=None)
    for _ident, case_key in found:
        crypto.erase_subject(case_key)
    n += Concern.objects.filter(account=account).delete()[0]
    n += (
        Exposure.objects.filter(account=account).delete()[0]
        + Watch.objects.filter(account=account).delete()[0]
    )
    Sample.objects.filter(reader=account).update(reader=None)
    return n


def register() -> None:
    export.register("moderation", tell)
    erasure.register("moderation", describe, erase)
