"""What /readyz and `kithwell check` look at: one function a thing, one line each."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from kithwell.kernel import conf, logs

READY_SECONDS = 2.0
CLOCK_APART = 5.0  # seconds this machine's clock may differ from the database's
LEAST_DISK = 200_000_000  # bytes
OLDEST_DUE = {
    "crisis": 30.0,
    "normal": 300.0,
    "bulk": 3600.0,
}  # seconds a due job may wait before it is a fault
log = logs.get("config.checks")


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` False is a fault; `note` says what was seen, without content."""

    name: str
    ok: bool
    note: str


def database() -> str:
    """Raises when a query fails."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return str(connection.vendor)


def migrations() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise Fault(_("%(count)d pending; run `kithwell init`") % {"count": len(plan)})
    return _("none pending")


class Fault(Exception):
    """A check failed; the words are ours and may be shown."""


def queues() -> str:
    """Oldest due job and dead letters of each queue."""
    from kithwell.kernel import clock, jobs

    now, notes, faults = clock.now(), [], []
    for queue, (due_at, dead, waiting) in queue_figures().items():
        age = (now - due_at).total_seconds() if due_at else 0.0
        seen = _("%(queue)s: %(waiting)d waiting, oldest due %(age)d s, %(dead)d dead")
        notes.append(seen % {"queue": queue, "waiting": waiting, "age": age, "dead": dead})
        if age > OLDEST_DUE.get(queue, 3600.0):
            faults.append(_("%(queue)s is %(age)d s behind") % {"queue": queue, "age": age})
    if faults:
        raise Fault("; ".join(faults) + " " + _("(is a worker running?)"))
    return "; ".join(notes) if notes else ", ".join(jobs.QUEUES)


def queue_figures() -> dict[str, tuple[datetime | None, int, int]]:
    """By queue: when the oldest due job was due, how many are dead, how many wait. Three queries."""
    from django.db.models import Count, Min

    from kithwell.kernel import clock, jobs
    from kithwell.kernel.models import Job

    ready = Job.objects.filter(state=Job.State.READY, run_at__lte=clock.now())
    due = dict(ready.values_list("queue").annotate(Min("run_at")))
    waiting = dict(ready.values_list("queue").annotate(Count("id")))
    dead = dict(Job.objects.filter(state=Job.State.DEAD).values_list("queue").annotate(Count("id")))
    return {q: (due.get(q), dead.get(q, 0), waiting.get(q, 0)) for q in jobs.QUEUES}


def keys() -> str:
    """Can the people's keys be opened with the master keys we have?"""
    from kithwell.kernel import crypto
    from kithwell.kernel.models import Subject

    known = {crypto.fingerprint(bytes.fromhex(k)) for k in conf.get("master_keys")}
    if not known:
        raise Fault(_("no master key is configured"))
    used = set(Subject.objects.filter(wrapped_key__isnull=False).values_list("master", flat=True).distinct())
    if used - known:
        lost = _("%(count)d master key(s) that people's keys were wrapped with are missing")
        raise Fault(lost % {"count": len(used - known)})
    crypto.blind_index("check", "check")
    return _("%(count)d master key(s), all that are in use") % {"count": len(known)}


def clock_sane() -> str:
    from django.db import connection

    if connection.vendor != "postgresql":
        year = datetime.now(UTC).year
        if year < 2025:
            raise Fault(_("this machine believes it is %(year)d") % {"year": year})
        return _("the database shares this machine's clock")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    note = _("%(seconds)s s apart from the database's clock") % {"seconds": f"{apart:.1f}"}
    if apart > CLOCK_APART:
        raise Fault(note)
    return note


def redis() -> str:
    url = conf.get("redis_url", "")
    if not url:
        return _("not used")
    import redis as client

    client.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1).ping()
    return _("answers")


def disk() -> str:
    free = shutil.disk_usage(conf.get("data_dir")).free
    if free < LEAST_DISK:
        raise Fault(_("only %(size)d MB free in the data directory") % {"size": free / 1e6})
    return _("%(size)s GB free") % {"size": f"{free / 1e9:.1f}"}


def help_page() -> str:
    from kithwell.directory import static

    count = sum(1 for _ in static.folder().glob("*/*.html"))
    if not count:
        raise Fault(_("no copies of the help page yet; a worker makes them, or `kithwell help-pages`"))
    return _("%(count)d copies of the help page are kept") % {"count": count}


def configuration() -> str:
    """Settings were read, or nothing here would run; what is weak about them is said."""
    weak = []
    if not conf.get("public_url", ""):
        weak.append(_("public_url is not set"))
    elif not str(conf.get("public_url")).startswith("https://"):
        weak.append(_("public_url is not https"))
    if conf.get("demo", False):
        weak.append(_("demo mode is on"))
    return _("read") + (": " + ", ".join(weak) if weak else "")


READY: dict[str, Callable[[], str]] = {"database": database, "jobs": queues, "keys": keys, "redis": redis}
ALL: dict[str, Callable[[], str]] = {
    "configuration": configuration,
    "database": database,
    "migrations": migrations,
    "queues": queues,
    "keys": keys,
    "clock": clock_sane,
    "redis": redis,
    "disk": disk,
    "help page": help_page,
}


def run(which: dict[str, Callable[[], str]]) -> list[Check]:
    """Run checks here, one after the other; a check that raises has failed."""
    found = []
    for name, check in which.items():
        try:
            found.append(Check(name, True, check()))
        except Fault as fault:
            found.append(Check(name, False, str(fault)))
        except Exception as error:
            log.warning("check.failed", kind=name, error=error)
            found.append(Check(name, False, type(error).__name__))
    return found


def _run_and_tidy(which: dict[str, Callable[[], str]]) -> list[Check]:
    from django.db import close_old_connections

    close_old_connections()
    try:
        return run(which)
    finally:
        close_old_connections()


_kept: tuple[float, list[Check]] = (-1e9, [])
_KEPT_FOR = 1.0  # seconds; many balancers may ask at once


async def ready() -> list[Check]:
    """The checks of /readyz, within READY_SECONDS."""
    global _kept
    if time.monotonic() - _kept[0] < _KEPT_FOR:
        return _kept[1]
    try:
        found = await asyncio.wait_for(asyncio.to_thread(_run_and_tidy, READY), READY_SECONDS)
    except TimeoutError:
        found = [Check("time", False, _("no answer within %(seconds)d s") % {"seconds": READY_SECONDS})]
    _kept = (time.monotonic(), found)
    return found


async def figures() -> dict[str, Any]:
    """Gauges read now for /metrics; empty when the database does not answer in time."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(_figures), READY_SECONDS)
    except Exception:
        return {"kithwell_database_up": ("Does the database answer?", {(): 0.0})}


def _figures() -> dict[str, Any]:
    from django.db import close_old_connections

    from kithwell.kernel import clock

    try:
        found, now = queue_figures(), clock.now()
    finally:
        close_old_connections()
    ages = {(("queue", q),): (now - due).total_seconds() if due else 0.0 for q, (due, _, _) in found.items()}
    return {
        "kithwell_database_up": ("Does the database answer?", {(): 1.0}),
        "kithwell_job_oldest_due_seconds": ("How long the oldest due job has waited.", ages),
        "kithwell_jobs_dead": (
            "Jobs in the dead letter.",
            {(("queue", q),): d for q, (_, d, _) in found.items()},
        ),
        "kithwell_jobs_waiting": (
            "Jobs that are due.",
            {(("queue", q),): w for q, (_, _, w) in found.items()},
        ),
    }
