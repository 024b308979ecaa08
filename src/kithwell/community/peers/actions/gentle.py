"""Steps of one's own, kindnesses counted for oneself, and what a group does together."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kithwell.community.groups import access as group_access
from kithwell.community.groups import queries as groups
from kithwell.community.peers import words
from kithwell.community.peers.actions.buddies import notice
from kithwell.community.peers.models import Counted, Goal, Kindness, Step
from kithwell.community.peers.rules import gentle
from kithwell.kernel import clock, crypto, ids, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import access

CHANGES = ("do", "undo", "rest", "wake", "away")


def add_step(principal: Principal, title: str) -> UUID:
    """Something small one wants to do. Raises Invalid, Conflict."""
    account = access.own_account(principal)
    said = " ".join(texts.tidy(title, gentle.TITLE_MAX, "title").split())
    if not said:
        raise Invalid({"title": _("Write a few words first.")})
    with transaction.atomic():
        if Step.objects.filter(account=account.pk).count() >= gentle.STEPS_MAX:
            raise Conflict(_("That is a long list already. Take something off it first; nothing was lost."))
        ident = ids.new_id()
        sealed = words.seal(account.subject, said, (words.STEP, "title", ident))
        Step.objects.create(id=ident, account=account.pk, title=sealed, made_at=clock.now())
    return ident


def change_step(principal: Principal, ident: UUID, change: str) -> None:
    """Do, undo, rest, wake, or take away. Nothing is lost by any of them but the step itself by "away"."""
    access.require(principal)
    if change not in CHANGES:
        raise Invalid({"change": _("Please choose one of these.")})
    rows = Step.objects.filter(pk=ident, account=principal.id)
    if change == "away":
        changed = rows.delete()[0]
    elif change in ("do", "undo"):
        changed = rows.update(done_at=clock.now() if change == "do" else None, rests=False)
    else:
        changed = rows.update(rests=change == "rest")
    if not changed:
        raise NotFound()


def count_kindness(account: UUID | None, group: UUID | None, *, key: str, reply: bool) -> bool:
    """One kindness more, for the person's own eyes and for what the group does together. Once for each `key`.

    The two counts are kept apart: nothing says whose kindness a group's was.
    """
    now = clock.now()
    try:
        with transaction.atomic():
            Counted.objects.create(key=crypto.blind_index("peers.counted", key), at=now)
            if account is not None:
                Kindness.objects.get_or_create(account=account, day=now.date())
                held = Kindness.objects.filter(account=account, day=now.date())
                held.update(**({"replies": F("replies") + 1} if reply else {"signs": F("signs") + 1}))
            if group is not None and reply:
                _towards_goal(group, now)
    except IntegrityError:
        return False
    return True


def _towards_goal(group: UUID, now: datetime) -> None:
    running = Goal.objects.filter(group=group, ended_at=None, since__lte=now, until__gt=now)
    if not running.update(n=F("n") + 1):
        return
    goal = running.filter(n__gte=F("wanted"), reached_at=None).first()
    if goal is not None and Goal.objects.filter(pk=goal.pk, reached_at=None).update(reached_at=now):
        card = groups.groups_by_id([group]).get(group)
        for member in groups.members(group):
            url = f"{card.url}/goal" if card else "/groups"
            notice(member.account, "goal-reached", url, {"goal": str(goal.pk)}, group)


def forget_counted() -> int:
    """Events do not come again after a week."""
    now = clock.now()
    Goal.objects.filter(ended_at=None, until__lte=now).update(ended_at=now)
    return Counted.objects.filter(at__lt=now - timedelta(days=7)).delete()[0]


def set_goal(principal: Principal, slug: str, title: str, wanted: int, until: date | None) -> UUID:
    """A facilitator sets what the group wants to do together; one at a time. Raises Invalid, Conflict."""
    place = group_access.facilitator(principal, slug)
    door.enter(principal.id)
    said = " ".join(texts.tidy(title, 120, "title").split())
    now = clock.now()
    end = datetime.combine(until, time(), ZoneInfo("UTC")) if until else None
    wrong: dict[str, str] = {}
    if not said:
        wrong["title"] = _("Write a few words first.")
    if not gentle.WANTED[0] <= wanted <= gentle.WANTED[1]:
        wrong["wanted"] = _("Choose a number from %(low)s to %(high)s.") % {
            "low": gentle.WANTED[0],
            "high": gentle.WANTED[1],
        }
    if end is None or not now < end <= now + gentle.GOAL_MAX:
        wrong["until"] = _("Choose a day within the next four months.")
    if wrong or end is None:
        raise Invalid(wrong)
    with transaction.atomic():
        Goal.objects.filter(group=place.group.id, ended_at=None, until__lte=now).update(ended_at=now)
        if Goal.objects.filter(group=place.group.id, ended_at=None).exists():
            raise Conflict(_("This group has a goal already. End it first."))
        row = Goal.objects.create(
            group=place.group.id, title=said, wanted=wanted, since=now, until=end, made_by=principal.id
        )
    return row.pk


def end_goal(principal: Principal, slug: str) -> None:
    """The goal is put away; nothing is said about not having reached it."""
    place = group_access.facilitator(principal, slug)
    if not Goal.objects.filter(group=place.group.id, ended_at=None).update(ended_at=clock.now()):
        raise NotFound()
