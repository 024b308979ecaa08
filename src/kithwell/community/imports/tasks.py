"""Jobs of moving in: long ones, on the queue that nobody waits for."""

from __future__ import annotations

from uuid import UUID

from kithwell.community.imports import actions, bringing
from kithwell.kernel import jobs


@jobs.job(queue="bulk", name="imports.read")
def read(ident: str) -> None:
    actions.read(UUID(ident))


@jobs.job(queue="bulk", name="imports.bring")
def bring(ident: str) -> None:
    bringing.bring(UUID(ident))


@jobs.every(seconds=6 * 3600, queue="bulk")
def end_old() -> None:
    actions.end_old()
