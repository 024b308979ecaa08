"""Pages for stewards: is everything well, and what lies in the dead letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell import __version__
from kithwell.config import checks
from kithwell.kernel import audit, clock, errors, jobs, pages
from kithwell.kernel.models import Job
from kithwell.people import access, roles

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue as the overview shows it; `oldest` is seconds."""

    name: str
    waiting: int
    oldest: float
    dead: int


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up; `error` is the kind of error and the place, never content."""

    id: UUID
    kind: str
    queue: str
    attempts: int
    error: str
    ended_at: datetime | None


def _queues() -> list[QueueRow]:
    now = clock.now()
    return [
        QueueRow(name, waiting, (now - due).total_seconds() if due else 0.0, dead)
        for name, (due, dead, waiting) in checks.queue_figures().items()
    ]


def _dead(offset: int) -> list[DeadJob]:
    rows = Job.objects.filter(state=Job.State.DEAD).order_by("-ended_at", "id")
    fields = ("id", "kind", "queue", "attempts", "error", "ended_at")
    return [DeadJob(**row) for row in rows.values(*fields)[offset : offset + PER_PAGE + 1]]


@pages.page()
@access.staff(roles.STEWARD)
def overview(request: HttpRequest) -> HttpResponseBase:
    """Every check of `kithwell check`, and the queues."""
    found = checks.run(checks.ALL)
    ctx = {"checks": found, "well": all(c.ok for c in found), "queues": _queues(), "version": __version__}
    return pages.render(request, "config/ops.html", ctx)


@pages.page()
@access.staff(roles.STEWARD)
def dead_jobs(request: HttpRequest) -> HttpResponseBase:
    """The dead letter, newest first."""
    given = request.GET.get("from", "0")
    offset = min(int(given), 1_000_000) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    rows = _dead(offset)
    ctx = {
        "jobs": rows[:PER_PAGE],
        "offset": offset,
        "next": offset + PER_PAGE if len(rows) > PER_PAGE else None,
    }
    return pages.render(request, "config/ops_jobs.html", ctx)


@pages.page(methods=("POST",))
@access.staff(roles.STEWARD)
def act_on_job(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    """Run a dead job again, or delete it for good."""
    acts = {"rerun": jobs.rerun, "discard": jobs.discard}
    act = request.POST.get("act", "")
    if act not in acts:
        raise errors.Invalid({"act": _("Choose what to do with the job.")})
    with transaction.atomic():
        if not acts[act](ident):
            raise errors.Conflict(
                _("This job is no longer there: it has run or been deleted in the meantime.")
            )
        audit.record(request.principal, f"job.{act}", kind="job", id=ident)  # type: ignore[attr-defined]
    return pages.redirect("/ops/jobs")
