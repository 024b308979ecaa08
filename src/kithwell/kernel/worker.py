"""The worker: claims due jobs under a lease, runs them, and puts what failed back or into the dead letter."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
import traceback
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q

from kithwell.kernel import bus, clock, ids, jobs, logs
from kithwell.kernel.models import Job, Schedule

LEASE = timedelta(seconds=60)
POLL = 1.0  # seconds between looks when no word came
_SWEEP = 10.0  # seconds between looks for jobs whose worker died
log = logs.get("kernel.jobs")


class Worker:
    """One worker process (or, in tests, one call) on some queues."""

    def __init__(self, queues: list[str]) -> None:
        self.queues = queues
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{ids.token(4)}"
        self._swept = 0.0
        self._mine: set[Any] = set()
        self._mine_lock = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        ear = bus.listen(work_only=True)
        keeper = threading.Thread(target=self._keep_leases, args=(stop,), daemon=True, name="job-leases")
        keeper.start()
        try:
            while not stop.is_set():
                close_old_connections()
                try:
                    self._housekeeping()
                    busy = self.run_batch()
                except Exception as error:
                    log.error("worker.loop_failed", error=type(error).__name__)
                    stop.wait(1.0)
                    continue
                if not busy:
                    self._wait(ear, stop)
        finally:
            ear.close()

    def _wait(self, ear: bus.Listener, stop: threading.Event) -> None:
        until = time.monotonic() + POLL
        wanted = {f"jobs:{queue}" for queue in self.queues}
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([ear.fileno()], [], [], min(left, 0.25))
            if readable and any(topic in wanted for topic, _ in ear.read()):
                return

    def _keep_leases(self, stop: threading.Event) -> None:
        while not stop.wait(LEASE.total_seconds() / 3):
            with self._mine_lock:
                mine = list(self._mine)
            if mine:
                try:
                    Job.objects.filter(id__in=mine, worker=self.name).update(lease_until=clock.now() + LEASE)
                except Exception as error:
                    log.error("worker.lease_failed", error=type(error).__name__)
                finally:
                    close_old_connections()

    def _housekeeping(self) -> None:
        self._schedule()
        if time.monotonic() - self._swept > _SWEEP or not self._swept:
            self._swept = time.monotonic()
            self._take_back()
            _forget_done()

    def _schedule(self) -> None:
        mine = {n: (k, s) for n, (k, s) in jobs.registry.schedules.items() if k.queue in self.queues}
        if not mine:
            return
        now = clock.now()
        due = dict(Schedule.objects.filter(name__in=mine).values_list("name", "next_at"))
        for name, (kind, seconds) in mine.items():
            if name not in due:
                Schedule.objects.bulk_create([Schedule(name=name, next_at=now)], ignore_conflicts=True)
            elif due[name] <= now:
                _start_scheduled(name, kind, due[name], now + timedelta(seconds=seconds))

    def _take_back(self) -> None:
        """Jobs whose lease ran out, or whose worker on this host is dead, are ready again."""
        host = socket.gethostname()[:40]
        running = Job.objects.filter(state=Job.State.RUNNING, queue__in=self.queues)
        gone = [
            worker
            for worker in running.values_list("worker", flat=True).distinct()
            if worker.startswith(host + ":") and not _alive(int(worker.split(":")[-2]))
        ]
        count = running.filter(Q(lease_until__lt=clock.now()) | Q(worker__in=gone)).update(
            state=Job.State.READY, worker="", lease_until=None
        )
        if count:
            log.warning("jobs.taken_back", count=count)

    def run_batch(self, limit: int = 10) -> int:
        """Claim up to `limit` due jobs, run them one after the other, return how many ran."""
        claimed = self._claim(limit)
        with self._mine_lock:
            self._mine = {row.id for row in claimed}
        for row in claimed:
            self._run(row)
            with self._mine_lock:
                self._mine.discard(row.id)
        return len(claimed)

    def _claim(self, limit: int) -> list[Job]:
        now = clock.now()
        due = Job.objects.filter(state=Job.State.READY, queue__in=self.queues, run_at__lte=now)
        # Outside a transaction first: an idle worker must not take SQLite's write lock once a second.
        if not due.exists():
            return []
        with transaction.atomic():
            rows = due.order_by("run_at", "id")
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            claimed = list(rows[:limit])
            Job.objects.filter(id__in=[r.id for r in claimed], state=Job.State.READY).update(
                state=Job.State.RUNNING, worker=self.name, lease_until=now + LEASE, attempts=F("attempts") + 1
            )
        for row in claimed:
            row.attempts += 1
        return claimed

    def _run(self, row: Job) -> None:
        kind = jobs.registry.kinds.get(row.kind)
        logs.bind(job=str(row.id), job_kind=row.kind)
        started = time.monotonic()
        try:
            if kind is None:
                raise jobs.GiveUp("no code for this kind of job in this version")
            kind.function(**row.args)
        except Exception as error:
            self._failed(row, kind, error)
        else:
            self._done(row)
            log.info("job.done", ms=round((time.monotonic() - started) * 1000, 1), attempts=row.attempts)
        finally:
            logs.unbind("job", "job_kind")

    def _done(self, row: Job) -> None:
        mine = Job.objects.filter(id=row.id, worker=self.name)
        if row.key is None:
            mine.delete()
        else:
            mine.update(state=Job.State.DONE, ended_at=clock.now(), worker="", lease_until=None)

    def _failed(self, row: Job, kind: jobs.JobKind | None, error: Exception) -> None:
        mine = Job.objects.filter(id=row.id, worker=self.name)
        now = clock.now()
        if kind is None or isinstance(error, jobs.GiveUp) or row.attempts >= kind.max_attempts:
            log.error("job.dead", error=_describe(error), attempts=row.attempts)
            mine.update(
                state=Job.State.DEAD, ended_at=now, error=_describe(error), worker="", lease_until=None
            )
            return
        delay = error.after if isinstance(error, jobs.RetryLater) else kind.delay_after(row.attempts)
        log.warning("job.retry", error=_describe(error), attempts=row.attempts, delay=round(delay, 1))
        mine.update(
            state=Job.State.READY,
            run_at=now + timedelta(seconds=delay),
            error=_describe(error),
            worker="",
            lease_until=None,
        )


def _start_scheduled(name: str, kind: jobs.JobKind, was_due: datetime, next_at: datetime) -> None:
    with transaction.atomic():
        if Schedule.objects.filter(name=name, next_at=was_due).update(next_at=next_at):
            kind.enqueue()


def _forget_done() -> None:
    old = Job.objects.filter(state=Job.State.DONE, ended_at__lt=clock.now() - jobs.KEYED_KEPT)
    if old.exists():
        old.delete()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _describe(error: Exception) -> str:
    """The kind of error and where it arose. Its message may hold content, so only our own reasons are kept."""
    if isinstance(error, (jobs.GiveUp, jobs.RetryLater)):
        return f"{type(error).__name__}: {error}"[:300]
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"[:300]
