"""One's own steps and kindnesses, and what groups do together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Sum

from kithwell.community.groups import queries as groups
from kithwell.community.peers import words
from kithwell.community.peers.models import Goal, Kindness, Step
from kithwell.community.peers.rules import gentle
from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.people import access


@dataclass(frozen=True, slots=True)
class StepShown:
    id: UUID
    title: str
    done_at: datetime | None
    rests: bool


@dataclass(frozen=True, slots=True)
class GoalShown:
    """What a group does together: a picture and words. Nobody's share is known."""

    group: str
    url: str
    title: str
    until: datetime
    leaves: int
    most: int
    stage: str


@dataclass(frozen=True, slots=True)
class Gentle:
    open: tuple[StepShown, ...]
    resting: tuple[StepShown, ...]
    done: tuple[StepShown, ...]
    kind: tuple[str, ...]  # sentences about the last week
    goals: tuple[GoalShown, ...]


def steps(principal: Principal) -> Gentle:
    """One's own page. Six queries at most."""
    account = access.own_account(principal)
    now = clock.now()
    rows = [
        StepShown(
            row.pk,
            words.opened(account.subject, row.title, (words.STEP, "title", row.pk)) or "",
            row.done_at,
            row.rests,
        )
        for row in Step.objects.filter(account=account.pk).order_by("made_at", "id")
    ]
    week = Kindness.objects.filter(account=account.pk, day__gt=(now - timedelta(days=7)).date())
    sums = week.aggregate(replies=Sum("replies"), signs=Sum("signs"))
    said = (
        str(words.OFTEN_REPLIES[gentle.often(sums["replies"] or 0)]),
        str(words.OFTEN_SIGNS[gentle.often(sums["signs"] or 0)]),
    )
    mine = {b.group.id: b.group for b in groups.memberships(account.pk, band=account.age_band)}
    goals = Goal.objects.filter(group__in=list(mine), ended_at=None, until__gt=now).order_by("until")
    return Gentle(
        open=tuple(row for row in rows if row.done_at is None and not row.rests),
        resting=tuple(row for row in rows if row.done_at is None and row.rests),
        done=tuple(sorted((r for r in rows if r.done_at), key=lambda r: r.done_at or now, reverse=True)),
        kind=tuple(sentence for sentence in said if sentence),
        goals=tuple(_goal(goal, mine[goal.group].name, mine[goal.group].url) for goal in goals),
    )


def _goal(goal: Goal, name: str, url: str) -> GoalShown:
    return GoalShown(
        group=name,
        url=f"{url}/goal",
        title=goal.title,
        until=goal.until,
        leaves=gentle.leaves(goal.n, goal.wanted),
        most=gentle.LEAVES,
        stage=gentle.stage(goal.n, goal.wanted),
    )


def goal_of(group: UUID, name: str, url: str) -> GoalShown | None:
    """What a group does together now. One query."""
    row = Goal.objects.filter(group=group, ended_at=None, until__gt=clock.now()).first()
    return _goal(row, name, url) if row else None
