"""What this part holds about a person: which guidelines they accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.moderation.guidelines.models import Acceptance
from kithwell.people import erasure, export


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """The ledger of what one said yes to."""
    rows = list(Acceptance.objects.filter(account=account).order_by("at").values("version", "at"))
    if account is not None and rows:
        yield "guidelines-accepted.json", export.as_json(rows)


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    """Sentences for the page before an erasure."""
    if account is not None and Acceptance.objects.filter(account=account).exists():
        yield _("Which versions of the community guidelines you accepted.")


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """The rows go: with the account gone there is nobody they could be about."""
    return Acceptance.objects.filter(account=account).delete()[0] if account is not None else 0


def register() -> None:
    export.register("guidelines", tell)
    erasure.register("guidelines", describe, erase)
