"""What this part holds about a person, told and taken away through `people`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kithwell.boundaries import queries
from kithwell.boundaries.models import Line, Wishes
from kithwell.people import erasure, export
from kithwell.people import queries as people


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """One's own lines, words and choices. Who blocked this person is theirs and stands in no copy."""
    if account is None:
        return
    rows = list(Line.objects.filter(account=account).order_by("at"))
    wishes = Wishes.objects.filter(pk=account).first()
    if not rows and wishes is None:
        return
    names = people.names(row.other for row in rows)
    yield (
        "boundaries.json",
        export.as_json(
            {
                "people": [
                    {"what": row.kind, "name": names.get(row.other, ""), "since": row.at} for row in rows
                ],
                "muted words": [typed for typed, _folded in queries.words_of(wishes)],
                "content warnings": wishes.filters if wishes else {},
                "who may write to you": wishes.contact if wishes else "",
                "break until": wishes.break_until if wishes else None,
            }
        ),
    )


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    """Sentences for the page before an erasure."""
    if account is not None and (
        Line.objects.filter(account=account).exists() or Wishes.objects.filter(pk=account).exists()
    ):
        yield _("Whom you blocked or muted, your muted words and your choices about warnings.")


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Everything goes, whatever the choice about writing; others' lines towards an account that is gone go too."""
    if account is None:
        return 0
    lines = Line.objects.filter(Q(account=account) | Q(other=account)).delete()[0]
    return lines + Wishes.objects.filter(pk=account).delete()[0]


def register() -> None:
    export.register("boundaries", tell)
    erasure.register("boundaries", describe, erase)
