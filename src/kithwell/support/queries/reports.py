"""Figures about waiting, answering and load. Counts only; nobody can be read off them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.support import access
from kithwell.support.models import Conversation, Delivery, Message, Shift
from kithwell.support.queries import common
from kithwell.support.queries.views import Bucket, LoadRow, Reports
from kithwell.support.rules import levels, waiting

URGENT_SECONDS = 300.0
AT_MOST = 100_000  # conversations read for one report
FIELDS = (
    "created_at", "waiting_since", "first_reply_at", "first_reply_by", "first_taken_at", "state", "level", "channel",
    "ended_at", "ended_by", "reason",
)  # fmt: skip


def reports(principal: Principal, since: datetime) -> Reports:
    """Figures of conversations begun since `since`. Five queries. Raises Refused for anybody but supervisors and
    stewards."""
    access.need_role(principal, "supervisor", "steward")
    now = clock.now()
    rows = list(
        Conversation.objects.filter(created_at__gte=since, last_n__gt=0)
        .order_by("created_at")
        .values(*FIELDS)[:AT_MOST]
    )
    waits = [w for r in rows if (w := _wait(r)) is not None]
    urgent, judged, in_time = _urgent(rows, now)
    return Reports(
        since=since,
        started=len(rows),
        answered=len(waits),
        median_wait=waiting.percentile(waits, 0.5),
        p95_wait=waiting.percentile(waits, 0.95),
        urgent=urgent,
        urgent_judged=judged,
        urgent_in_time=in_time,
        abandoned=sum(_abandoned(r) for r in rows),
        by_level=tuple(sorted(Counter(r["level"] for r in rows).items())),
        by_channel=tuple(sorted(Counter(r["channel"] for r in rows).items())),
        buckets=_buckets(rows, since, now),
        load=_load(rows, since, now),
        held=Delivery.objects.filter(state="held").count(),
        failed_sends=Message.objects.filter(
            created_at__gte=since, status__in=("failed", "expired"), author="supporter"
        ).count(),
    )


def _wait(row: dict[str, Any]) -> float | None:
    """Seconds from waiting for a person to that person's first words; None while there were none."""
    if row["first_reply_at"] is None or row["waiting_since"] is None or row["reason"]:
        return None
    return max(0.0, (row["first_reply_at"] - row["waiting_since"]).total_seconds())


def _abandoned(row: dict[str, Any]) -> bool:
    return row["state"] == "ended" and row["first_reply_at"] is None and row["waiting_since"] is not None


def _urgent(rows: Sequence[dict[str, Any]], now: datetime) -> tuple[int, int, int]:
    """(C3 and above, of these answered or waiting for longer than five minutes, answered within five minutes)."""
    count = judged = in_time = 0
    for row in rows:
        if not levels.is_urgent(row["level"]) or row["reason"]:
            continue
        count += 1
        wait = _wait(row)
        since = row["waiting_since"]
        if wait is None and (since is None or (now - since).total_seconds() <= URGENT_SECONDS):
            continue
        judged += 1
        in_time += wait is not None and wait <= URGENT_SECONDS
    return count, judged, in_time


def _buckets(rows: Sequence[dict[str, Any]], since: datetime, now: datetime) -> tuple[Bucket, ...]:
    """Hours for up to two days, days beyond."""
    step = timedelta(hours=1) if now - since <= timedelta(days=2) else timedelta(days=1)
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[int((row["created_at"] - since) / step)].append(row)
    found = []
    for i in range(int((now - since) / step) + 1):
        some = grouped.get(i, [])
        waits = [w for r in some if (w := _wait(r)) is not None]
        found.append(
            Bucket(
                since + i * step,
                len(some),
                len(waits),
                waiting.percentile(waits, 0.5),
                waiting.percentile(waits, 0.95),
                sum(_abandoned(r) for r in some),
            )
        )
    return tuple(found)


def _load(rows: Sequence[dict[str, Any]], since: datetime, now: datetime) -> tuple[LoadRow, ...]:
    talks: Counter[UUID] = Counter()
    hard: Counter[UUID] = Counter()
    for row in rows:
        if row["first_reply_by"] is not None:
            talks[row["first_reply_by"]] += 1
            hard[row["first_reply_by"]] += levels.is_crisis(row["level"])
    hours: dict[UUID, float] = defaultdict(float)
    shifts = Shift.objects.filter(started_at__gte=since).values_list(
        "account", "started_at", "ended_at", "break_seconds"
    )
    for account, started, ended, breaks in shifts:
        hours[account] += max(0.0, ((ended or now) - started).total_seconds() - breaks) / 3600
    accounts = set(talks) | set(hours)
    names = common.names(accounts)
    return tuple(
        LoadRow(a, names.get(a, ""), talks[a], hard[a], hours.get(a, 0.0))
        for a in sorted(accounts, key=lambda a: (-talks[a], names.get(a, "")))
    )
