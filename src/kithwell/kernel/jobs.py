"""Work to be done after the change that asks for it, written in the same transaction (outbox).

At least once: a job may run again after a crash, so it must be safe to repeat. Failure is retried with exponential
back-off and full jitter; after `max_attempts` the job lies in the dead letter, where `/ops/jobs` shows and re-runs it.
Queues are separate and have workers of their own, so that a crisis alert never waits behind a campaign.

Why not a library: docs/decisions/0002-jobs.md.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from kithwell.kernel import bus, clock

QUEUES = ("crisis", "normal", "bulk")
KEYED_KEPT = timedelta(days=2)  # how long a done job with a key still refuses a twin


class RetryLater(Exception):
    """Raised by a job: try again after `after` seconds (not sooner), counted as an attempt."""

    def __init__(self, after: float, why: str = "") -> None:
        super().__init__(why or f"again in {after:.0f} s")
        self.after = after


class GiveUp(Exception):
    """Raised by a job: do not try again; goes to the dead letter with the reason given (no content in it)."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A function that may be enqueued, and how it is retried (delays in seconds)."""

    name: str
    function: Callable[..., None]
    queue: str
    max_attempts: int
    base_delay: float
    max_delay: float

    def __call__(self, **args: Any) -> None:
        self.function(**args)

    def enqueue(
        self, *, key: str | None = None, delay: float | None = None, queue: str | None = None, **args: Any
    ) -> UUID | None:
        """Write the job in the present transaction; it may run `delay` seconds after.

        With a `key`, a job of this kind that is waiting, running, dead or lately done under the same key makes this
        call a no-op that returns None.
        """
        from kithwell.kernel.models import Job

        queue = queue or self.queue
        if queue not in QUEUES:
            raise ValueError(f"no queue {queue!r}; there are {', '.join(QUEUES)}")
        now = clock.now()
        row = Job(kind=self.name, queue=queue, args=args, key=key, made_at=now)
        row.run_at = now + timedelta(seconds=delay or 0)
        if key is None:
            row.save(force_insert=True)
        else:
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:
                return None
        if not delay:
            wake(queue)
        return row.id

    def delay_after(self, attempts: int) -> float:
        """Seconds to wait after `attempts` failures: doubled each time, capped, jittered by half."""
        full = min(self.max_delay, self.base_delay * 2.0 ** min(attempts - 1, 30))
        return full * random.uniform(0.5, 1.0)


@dataclass(slots=True)
class _Registry:
    kinds: dict[str, JobKind] = field(default_factory=dict)
    schedules: dict[str, tuple[JobKind, float]] = field(default_factory=dict)


registry = _Registry()


def job(
    *,
    queue: str = "normal",
    max_attempts: int = 8,
    base_delay: float = 2.0,
    max_delay: float = 900.0,
    name: str = "",
) -> Callable[[Callable[..., None]], JobKind]:
    """Make a function a job. Its arguments are JSON-able and passed by name."""

    def register(function: Callable[..., None]) -> JobKind:
        known = name or f"{function.__module__.removeprefix('kithwell.')}.{function.__qualname__}"
        kind = JobKind(known, function, queue, max_attempts, base_delay, max_delay)
        registry.kinds[known] = kind
        return kind

    return register


def every(*, seconds: float, queue: str = "normal") -> Callable[[Callable[[], None]], JobKind]:
    """Make a function a job that runs every `seconds` on one worker, however many there are."""

    def register(function: Callable[[], None]) -> JobKind:
        kind = job(queue=queue, max_attempts=1)(function)
        registry.schedules[kind.name] = (kind, seconds)
        return kind

    return register


def wake(queue: str) -> None:
    """Tell the workers of `queue`, on commit, that there is work."""
    bus.say(f"jobs:{queue}")


def rerun(job_id: UUID) -> bool:
    """Put a dead job back in its queue, with fresh attempts. False when it is not dead (any more)."""
    from kithwell.kernel.models import Job

    moved = Job.objects.filter(id=job_id, state=Job.State.DEAD).update(
        state=Job.State.READY, attempts=0, run_at=clock.now(), ended_at=None, error=""
    )
    if moved:
        wake(Job.objects.values_list("queue", flat=True).get(id=job_id))
    return bool(moved)


def discard(job_id: UUID) -> bool:
    """Delete a dead job for good. False when it is not dead (any more)."""
    from kithwell.kernel.models import Job

    return bool(Job.objects.filter(id=job_id, state=Job.State.DEAD).delete()[0])


def run_due(queue: str | None = None, limit: int = 1000) -> int:
    """Tests and small tools: run everything that is due now, here, and return how many jobs ran."""
    from kithwell.kernel.worker import Worker

    worker = Worker([queue] if queue else list(QUEUES))
    ran = 0
    while ran < limit and (count := worker.run_batch(limit=min(50, limit - ran))):
        ran += count
    return ran


def run_worker(queues: list[str], stop: Any) -> None:
    """Work on `queues` until `stop` (threading.Event) is set; the job in hand is finished first."""
    from kithwell.kernel.worker import Worker

    Worker(queues).run(stop)
