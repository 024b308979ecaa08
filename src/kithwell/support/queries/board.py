"""The supervisor's view: who waits how long, who talks with whom, how the carers are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.support import access, house
from kithwell.support.actions import common as acting
from kithwell.support.actions import desk as acting_desk
from kithwell.support.models import Alert, Conversation, Debrief, SupporterState
from kithwell.support.queries import common
from kithwell.support.queries.desk import alert_row
from kithwell.support.queries.views import AlertRow, BoardRow, CarerRow, SupervisorBoard
from kithwell.support.rules import care, levels

FIELDS = (
    "id", "contact__handle", "channel", "level", "state", "in_queue", "language", "waiting_since", "first_reply_at",
    "assigned_to", "last_activity_at", "unanswered", "team__name",
)  # fmt: skip
SHOWN = 300
LATE = 300  # seconds


def supervisor_board(principal: Principal) -> SupervisorBoard:
    """Everything open now. Eight queries, whatever the size. Raises Refused for anybody but supervisors and on-call."""
    access.need_role(principal, "supervisor", "oncall")
    now = clock.now()
    open_ = Conversation.objects.exclude(state="ended").filter(last_n__gt=0)
    waiting = list(
        open_.filter(in_queue=True)
        .order_by("band", "effective_since", "waiting_since", "id")
        .values(*FIELDS)[:SHOWN]
    )
    talking = list(
        open_.filter(state="human", in_queue=False).order_by("-level", "assigned_at").values(*FIELDS)[:SHOWN]
    )
    alerts = list(
        Alert.objects.filter(settled_at__isnull=True)
        .filter(Q(acknowledged_at__isnull=True) | Q(created_at__gte=now - timedelta(hours=12)))
        .select_related("conversation__contact")
        .order_by("-level", "created_at")[:50]
    )
    carers = list(SupporterState.objects.filter(on_shift_since__isnull=False)[:SHOWN])
    names = common.names(
        {r["assigned_to"] for r in (*waiting, *talking)}
        | {c.account for c in carers}
        | {a.account for a in alerts}
    )
    alarmed = {a.conversation_id for a in alerts}
    waits = [_row(r, names, alarmed, now) for r in waiting]
    return SupervisorBoard(
        waiting=tuple(waits),
        talking=tuple(_row(r, names, alarmed, now) for r in talking),
        with_assistant=open_.filter(state="assistant").count(),
        carers=_carers(carers, names, now),
        longest_wait_seconds=max((r.waiting_seconds for r in waits), default=0),
        over_five_minutes=sum(1 for r in waits if r.waiting_seconds > LATE and levels.is_urgent(r.level)),
        alerts=_alerts(alerts, names),
        n=acting.pulse(),
    )


def _alerts(rows: list[Alert], names: dict[UUID, str]) -> tuple[AlertRow, ...]:
    """One line for each conversation, however many people were called."""
    found: dict[UUID, list[Alert]] = {}
    for row in rows:
        found.setdefault(row.conversation_id, []).append(row)
    return tuple(
        alert_row(
            max(some, key=lambda a: a.level),
            tuple(sorted({names.get(a.account, "") for a in some if a.acknowledged_at})),
        )
        for some in found.values()
    )


def _row(row: dict[str, Any], names: dict[UUID, str], alarmed: set[UUID], now: datetime) -> BoardRow:
    since = row["waiting_since"]
    until = now if row["in_queue"] else row["first_reply_at"] or now
    waited = int(max(0.0, (until - since).total_seconds())) if since else 0
    return BoardRow(
        id=row["id"],
        handle=row["contact__handle"],
        channel=row["channel"],
        level=row["level"],
        state=row["state"],
        in_queue=row["in_queue"],
        language=row["language"],
        waiting_since=since,
        waiting_seconds=waited,
        assigned_name=names.get(row["assigned_to"], "") if row["assigned_to"] else "",
        assigned_to=row["assigned_to"],
        silent_seconds=int(max(0.0, (now - row["last_activity_at"]).total_seconds())),
        unanswered=row["unanswered"],
        team=row["team__name"] or "",
        alert=row["id"] in alarmed,
    )


def _carers(rows: list[SupporterState], names: dict[UUID, str], now: datetime) -> tuple[CarerRow, ...]:
    limits, held = house.limits(), acting_desk.loads()
    wishing = set(
        Debrief.objects.filter(wants_talk=True, done_at__gte=now - timedelta(days=2)).values_list(
            "account", flat=True
        )
    )
    found = []
    for row in rows:
        me = acting_desk.carer(row, *held.get(row.account, (0, 0)))
        since = row.on_shift_since or now
        found.append(
            CarerRow(
                id=row.account,
                name=names.get(row.account, ""),
                load=me.load,
                cap=care.cap_of(me, limits),
                on_break=me.on_break,
                cooldown_until=row.cooldown_until
                if row.cooldown_until and row.cooldown_until > now
                else None,
                on_shift_since=since,
                heartbeat_seconds=int((now - (row.last_heartbeat or since)).total_seconds()),
                hard_this_week=len(care.recent_hard(me.hard_contacts, limits, now)),
                break_due=care.break_due(me, limits, now),
                wants_talk=row.account in wishing,
            )
        )
    return tuple(sorted(found, key=lambda c: c.name))
