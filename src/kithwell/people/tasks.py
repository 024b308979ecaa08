"""Jobs of this part: thin calls into its actions."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kithwell.kernel import clock, jobs
from kithwell.people.models import Account, Erasure, Export, ExportChunk, Link


@jobs.job(queue="normal", max_attempts=4, base_delay=10)
def build_export(export_id: str) -> None:
    """Make an archive."""
    from kithwell.people import export

    row = (
        Export.objects.select_related("account").filter(pk=UUID(export_id), state=Export.State.MAKING).first()
    )
    if row is None or row.account.erased_at is not None:
        return
    try:
        export.build(row)
    except export.Stopped:
        return


@jobs.job(queue="normal", max_attempts=20)
def erase(erasure_id: str) -> None:
    """Erase somebody who asked for it."""
    from kithwell.people.actions import leaving

    leaving.finish_erasure(UUID(erasure_id))


@jobs.job(queue="normal")
def send_ways_back(index: str) -> None:
    """Send a sign-in link to every account whose confirmed address has this blind index."""
    held = Account.objects.filter(
        email_index=index, email_confirmed_at__isnull=False, erased_at=None, email_sealed__isnull=False
    )
    for account_id in held.values_list("pk", flat=True)[:5]:
        send_link.enqueue(account_id=str(account_id), purpose="sign-in")


@jobs.job(queue="normal")
def send_link(account_id: str, purpose: str) -> None:
    """Make a link and mail it; neither the link nor the address ever lies in the job's row."""
    from kithwell.people import post

    account = Account.objects.filter(pk=UUID(account_id), erased_at=None, email_sealed__isnull=False).first()
    if account is not None:
        post.send_link(account, purpose)


@jobs.job(queue="crisis", max_attempts=6, base_delay=5, max_delay=60)
def send_call(account_id: str) -> None:
    """Mail one person on call."""
    from kithwell.people import post

    account = Account.objects.filter(
        pk=UUID(account_id), erased_at=None, email_confirmed_at__isnull=False
    ).first()
    if account is not None and account.email_sealed is not None:
        post.send_call(account)


@jobs.every(seconds=3600)
def tidy() -> None:
    """Put away what is over: sessions, links, archives; start erasures that are due."""
    from kithwell.people.sessions import SessionStore

    now = clock.now()
    SessionStore.clear_expired()
    Link.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    old = Export.objects.filter(state=Export.State.READY, expires_at__lt=now)
    ExportChunk.objects.filter(export__in=old).delete()
    old.update(state=Export.State.GONE)
    Export.objects.filter(state=Export.State.MAKING, asked_at__lt=now - timedelta(days=1)).update(
        state=Export.State.FAILED
    )
    for erasure_id in Erasure.objects.filter(state=Erasure.State.WAITING, due_at__lte=now).values_list(
        "pk", flat=True
    ):
        erase.enqueue(erasure_id=str(erasure_id), key=f"{erasure_id}:{now:%Y%m%d}")
