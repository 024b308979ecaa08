"""Asking for one's archive, stopping it, taking it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from kithwell.kernel import audit
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access, export, tasks
from kithwell.people.models import Export, ExportChunk


def ask_for_export(principal: Principal) -> UUID:
    """Start making an archive; one that is being made or lies ready is returned instead of a second one."""
    account = access.own_account(principal)
    with transaction.atomic():
        present = Export.objects.filter(
            account=account, state__in=[Export.State.MAKING, Export.State.READY]
        ).first()
        if present is not None:
            return present.pk
        row = Export.objects.create(account=account)
        tasks.build_export.enqueue(export_id=str(row.pk))
        audit.record(principal, "export.asked", kind="export", id=row.pk, about=account.subject)
    return row.pk


def stop_export(principal: Principal, ident: str | UUID) -> None:
    """Stop the making, or throw away an archive that lies ready. Raises NotFound."""
    row = access.own_export(principal, ident)
    going = Export.objects.filter(pk=row.pk, state__in=[Export.State.MAKING, Export.State.READY])
    with transaction.atomic():
        going.update(state=Export.State.GONE)
        ExportChunk.objects.filter(export_id=row.pk).delete()


def take_export(principal: Principal, ident: str | UUID) -> tuple[Iterator[bytes], int]:
    """The archive's bytes and their number, once. Raises NotFound when it is not there, not ready or taken."""
    row = access.own_export(principal, ident)
    with transaction.atomic():
        ready = Export.objects.filter(pk=row.pk, state=Export.State.READY)
        if not ready.update(state=Export.State.TAKEN):
            raise NotFound()
        audit.record(principal, "export.taken", kind="export", id=row.pk, about=row.account.subject)
    return export.read(row), row.size
