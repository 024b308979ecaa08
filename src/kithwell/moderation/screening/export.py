"""What this part holds about a person: which changes of rules a steward wrote, agreed to, or looked into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import ngettext

from kithwell.moderation.screening.models import Change, Drift
from kithwell.people import erasure, export


def _theirs(account: UUID) -> list[Change]:
    """Changes somebody wrote in or settled. Lists in JSON are not asked in the database: there are few stewards."""
    rows = Change.objects.filter(Q(settled_by=account) | ~Q(editors=[])).order_by("made_at")
    return [row for row in rows if row.settled_by == account or str(account) in row.editors]


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """Each change with what one did about it. The rules themselves are the house's."""
    rows = _theirs(account) if account is not None else []
    if rows:
        told = [
            {
                "rule": row.rule,
                "what": row.what,
                "why": row.why,
                "state": row.state,
                "made_at": row.made_at,
                "wrote": str(account) in row.editors,
                "settled": row.settled_by == account,
            }
            for row in rows
        ]
        yield "rule-changes.json", export.as_json(told)


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    n = len(_theirs(account)) if account is not None else 0
    if n:
        yield ngettext(
            "That you wrote in or agreed to %(n)d change of a rule. The rule stays, without you.",
            "That you wrote in or agreed to %(n)d changes of rules. The rules stay, without you.",
            n,
        ) % {"n": n}


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """The rules stay as the house's; nothing says any more who wrote or agreed to them."""
    if account is None:
        return 0
    rows = _theirs(account)
    for row in rows:
        row.editors = [one for one in row.editors if one != str(account)]
        row.settled_by = None if row.settled_by == account else row.settled_by
        row.save(update_fields=["editors", "settled_by"])
    return len(rows) + Drift.objects.filter(seen_by=account).update(seen_by=None)


def register() -> None:
    export.register("screening", tell)
    erasure.register("screening", describe, erase)
