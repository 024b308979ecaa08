"""Looking after those who look after groups: the activity check, and the weekly prompt."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kithwell.community.groups.models import Group, Membership
from kithwell.community.groups.rules import prompts, quiet
from kithwell.kernel import clock, events

TOUCH_EVERY = timedelta(hours=1)


def touch(group_id: UUID, account: UUID | None) -> None:
    """A facilitator did something here: the group is looked after, and wakes if it rested. At most two queries when
    nothing changes."""
    now = clock.now()
    if account is None:
        return
    Membership.objects.filter(
        group_id=group_id, account=account, left_at__isnull=True, role__in=("facilitator", "cofacilitator")
    ).filter(Q(seen_at__isnull=True) | Q(seen_at__lt=now - TOUCH_EVERY)).update(seen_at=now)
    resting = Group.objects.filter(id=group_id).filter(
        Q(facilitator_seen_at__lt=now - TOUCH_EVERY) | Q(closed_at__isnull=False) | Q(warned_at__isnull=False)
    )
    slept = list(resting.values_list("closed_at", flat=True))
    if slept:
        _wake(group_id, slept[0] is not None)


def _wake(group_id: UUID, slept: bool) -> None:
    with transaction.atomic():
        Group.objects.filter(id=group_id).update(
            facilitator_seen_at=clock.now(), warned_at=None, co_warned_at=None, closed_at=None
        )
        if slept:
            events.publish("community.group.awake", group=str(group_id))


def wrote(group: str, author: str | None = None, **_more: object) -> None:
    """Somebody wrote in a group; when it is a facilitator, the group is looked after."""
    ident, account = UUID(group), UUID(author) if author else None
    leads = Membership.objects.filter(
        group_id=ident, account=account, left_at__isnull=True, role__in=("facilitator", "cofacilitator")
    )
    if account is not None and leads.exists():
        touch(ident, account)


def check() -> int:
    """Warn, warn once more, or let rest the groups nobody looks after. Returns how many steps were taken. Which of them
    are due is told without a lock, however many there are."""
    now = clock.now()
    rows = Group.objects.filter(
        state="open",
        archived_at__isnull=True,
        closed_at__isnull=True,
        facilitator_seen_at__lt=now - timedelta(hours=quiet.SHORTEST),
    ).values_list("id", "facilitator_seen_at", "quiet_hours", "warned_at", "co_warned_at")
    due = [ident for ident, *stands in rows.iterator() if quiet.due(now, *stands) != quiet.AWAKE]
    return sum(_check_one(ident) for ident in due)


def _check_one(ident: UUID) -> int:
    with transaction.atomic():
        group = Group.objects.select_for_update().get(id=ident)
        now = clock.now()
        if group.closed_at is not None or group.archived_at is not None:
            return 0
        step = quiet.due(
            now, group.facilitator_seen_at, group.quiet_hours, group.warned_at, group.co_warned_at
        )
        if step == quiet.AWAKE:
            return 0
        column = {quiet.WARN: "warned_at", quiet.WARN_CO: "co_warned_at", quiet.CLOSE: "closed_at"}[step]
        Group.objects.filter(id=ident).update(**{column: now})
        role = {quiet.WARN: "facilitator", quiet.WARN_CO: "cofacilitator"}.get(step)
        told = Membership.objects.filter(group_id=ident, left_at__isnull=True)
        to = [str(a) for a in told.filter(role=role).values_list("account", flat=True)] if role else []
        events.publish("community.group.quiet", group=str(ident), step=step, to=to)
        return 1


def publish_prompts() -> int:
    """Say which groups have their weekly prompt now. Returns how many."""
    now = clock.now()
    rows = Group.objects.filter(
        Q(prompt_at__isnull=True) | Q(prompt_at__lt=now - timedelta(days=6)),
        state="open",
        archived_at__isnull=True,
        closed_at__isnull=True,
        prompts_on=True,
    ).values_list("id", "timezone", "prompt_day", "prompt_hour", "prompt_at")
    due = [ident for ident, *when in rows.iterator() if prompts.is_due(now, *when)]
    return sum(_prompt_one(ident) for ident in due)


def _prompt_one(ident: UUID) -> int:
    with transaction.atomic():
        group = Group.objects.select_for_update().get(id=ident)
        now = clock.now()
        due = prompts.is_due(now, group.timezone, group.prompt_day, group.prompt_hour, group.prompt_at)
        if not due or group.closed_at is not None or not group.prompts_on:
            return 0
        n = group.prompt_n
        Group.objects.filter(id=ident).update(prompt_at=now, prompt_n=n + 1)
        events.publish("community.prompt.due", group=str(ident), prompt=n)
        return 1
