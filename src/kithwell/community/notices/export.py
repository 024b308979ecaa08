"""What notices hold about somebody, told and taken away through `people`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.notices import actions
from kithwell.community.notices.models import Chosen, Device, GroupChosen, Notice
from kithwell.people import erasure, export


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """What one was told, how one wants to be told, and which devices may be."""
    if account is None:
        return
    told = []
    for row in Notice.objects.filter(account=account).order_by("created_at"):
        url, about = actions.opened(subject, row)
        told.append({"kind": row.kind, "url": url, "about": about, "at": row.created_at, "read": row.read_at})
    if told:
        yield "notices.json", export.as_json(told)
    chosen = list(Chosen.objects.filter(account=account).values())
    if chosen:
        held = {key: value for key, value in chosen[0].items() if key != "stop"}
        held["groups"] = list(GroupChosen.objects.filter(account=account).values("group", "how"))
        held["devices"] = list(
            Device.objects.filter(account=account).values("words", "created_at", "told_on")
        )
        yield "choices.json", export.as_json(held)


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    if account is not None and Notice.objects.filter(account=account).exists():
        yield _("What you were told here, and how you wanted to be told.")


@transaction.atomic
def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    if account is None:
        return 0
    tables = (Notice, Device, GroupChosen, Chosen)
    return sum(table.objects.filter(account=account).delete()[0] for table in tables)


def register() -> None:
    export.register("notices", tell)
    erasure.register("notices", describe, erase)
