"""Nobody unanswered: posts without a reply go to the group's welcomers, then to a supporter; and how a group fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from kithwell.community.groups import queries as groups
from kithwell.community.groups.health import Figures
from kithwell.community.posts.models import Mood, Post, Reply, Settings, State
from kithwell.community.posts.rules import health
from kithwell.kernel import clock, events

LOOKED_BACK = timedelta(days=7)  # an older post is not brought up again
AT_ONCE = 500
BANDS = {"calm": ("C0",), "heavy": ("C1",), "need": ("C2", "C3", "C4", "C5")}
WAITING_MOST = 100


def look() -> int:
    """Tell about every post that has waited long enough, each step once. Returns how many were told of. All of them are
    looked at, a few hundred at a time: groups choose their own hours, so one that is due may stand behind many that
    are not."""
    now = clock.now()
    waiting = Post.objects.filter(
        first_reply_at=None,
        state=State.OPEN,
        alert_step__lt=2,
        created_at__lte=now - timedelta(hours=min(health.HOURS)),
        created_at__gt=now - LOOKED_BACK,
    )
    waiting = waiting.exclude(replies_from="nobody").exclude(locked=True).exclude(kind=Post.Kind.PROMPT)
    told, at = 0, None
    while True:
        rows = (
            waiting
            if at is None
            else waiting.filter(created_at__gte=at[0]).exclude(created_at=at[0], id__lte=at[1])
        )
        some = list(
            rows.order_by("created_at", "id").values_list("id", "group", "created_at", "alert_step")[:AT_ONCE]
        )
        told += _due(some, now)
        if len(some) < AT_ONCE:
            return told
        at = some[-1][2], some[-1][0]


def _due(rows: Sequence[tuple[UUID, UUID, datetime, int]], now: datetime) -> int:
    hours = dict(
        Settings.objects.filter(group__in={r[1] for r in rows}).values_list("group", "unanswered_hours")
    )
    due = []
    for ident, group, written, step in rows:
        wanted = health.due_step(written, now, hours.get(group, health.DEFAULT_HOURS), step)
        if wanted > step:
            due.append((ident, group, step, wanted))
    cards = groups.groups_by_id(group for _ident, group, *_steps in due)
    return sum(_tell(*one) for one in due if one[1] in cards and not cards[one[1]].archived)


@transaction.atomic
def _tell(ident: UUID, group: UUID, step: int, due: int) -> int:
    """The welcomers always hear before a supporter does."""
    due = min(due, step + 1)
    if not Post.objects.filter(id=ident, alert_step=step, first_reply_at=None).update(alert_step=due):
        return 0
    events.publish("community.post.unanswered", post=str(ident), group=str(group), step=due)
    return 1


def set_hours(group: UUID, hours: int) -> None:
    """After how many hours the welcomers of a group are told."""
    Settings.objects.update_or_create(group=group, defaults={"unanswered_hours": hours})


def hours_of(group: UUID) -> int:
    found = Settings.objects.filter(group=group).values_list("unanswered_hours", flat=True).first()
    return health.DEFAULT_HOURS if found is None else int(found)


def figures(group_id: UUID, since: datetime, until: datetime) -> Figures:
    """How a group fares, as counts and shares of nobody in particular. Seven queries."""
    rows = list(
        Post.objects.filter(
            group=group_id, created_at__gte=since, created_at__lt=until, state__lte=State.LIMITED
        )
        .exclude(kind=Post.Kind.PROMPT)
        .exclude(replies_from="nobody")
        .values_list("created_at", "first_reply_at")
    )
    waits = [(written, first - written) for written, first in rows if first is not None]
    writers = Reply.objects.filter(
        group=group_id, created_at__gte=since, created_at__lt=until, state__lte=State.LIMITED
    )
    mood = dict(
        Mood.objects.filter(group=group_id, day__gte=since.date(), day__lte=until.date())
        .values_list("level")
        .annotate(every=Sum("n"))
    )
    counts = {band: sum(mood.get(level, 0) for level in levels) for band, levels in BANDS.items()}
    waiting = Post.objects.filter(group=group_id, first_reply_at=None, state=State.OPEN).exclude(
        replies_from="nobody"
    )
    return Figures(
        first_reply=health.first_reply_median([wait for _at, wait in waits]),
        weeks=_weeks(waits, since, until),
        answered_share=health.answered_share(len(waits), len(rows)),
        returned_share=_returned(group_id, since, until),
        shoulders_share=health.shoulders_share(writers.values_list("subject", flat=True)),
        mood=health.suppressed(counts),
        waiting=len(waiting.values_list("id")[:WAITING_MOST]),
    )


def _weeks(
    waits: list[tuple[datetime, timedelta]], since: datetime, until: datetime
) -> tuple[tuple[date, timedelta | None], ...]:
    monday = since.date() - timedelta(days=since.weekday())
    found: list[tuple[date, timedelta | None]] = []
    while monday < until.date() and len(found) < 60:
        end = monday + timedelta(days=7)
        week = [wait for at, wait in waits if monday <= at.date() < end]
        found.append((monday, health.first_reply_median(week)))
        monday = end
    return tuple(found)


def _returned(group_id: UUID, since: datetime, until: datetime) -> float | None:
    """Of those who wrote here for the first time in this span: the share who wrote again on a later day."""
    newcomers = {who for who, joined in groups.joined_since(group_id, since).items() if joined < until}
    if len(newcomers) < health.FEWEST:
        return None
    days: dict[UUID, set[date]] = {}
    for model in (Post, Reply):
        rows = model.objects.filter(group=group_id, author__in=newcomers, created_at__gte=since)
        for who, at in rows.values_list("author", "created_at"):
            days.setdefault(who, set()).add(at.date())
    if len(days) < health.FEWEST:
        return None
    return sum(len(found) > 1 for found in days.values()) / len(days)
