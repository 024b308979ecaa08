"""Care for carers: caps, breaks, a cool-down after a hard contact, and a fair share of hard contacts.

Sources: short shifts and few calls (Samaritans practice); "no time for a break" is the strongest organisational
stressor of crisis volunteers (Frontiers in Public Health 2021, 10.3389/fpubh.2021.699116). The numbers are defaults an
organisation can change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kithwell.support.rules import levels


@dataclass(frozen=True, slots=True)
class Limits:
    """`cap` conversations at once, `reserve` of these places kept for C3 and above, `hard_cap` at C4 or above at once;
    the rest are durations."""

    cap: int = 3
    reserve: int = 1
    hard_cap: int = 1
    cooldown: timedelta = timedelta(minutes=15)
    work_before_break: timedelta = timedelta(hours=2)
    break_length: timedelta = timedelta(minutes=10)
    lease: timedelta = timedelta(seconds=180)
    fair_share_wait: timedelta = timedelta(seconds=45)
    hard_window: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Carer:
    """One supporter as the rules see them. `hard_contacts`: times of recent C4-C5 contacts."""

    on_shift: bool
    on_break: bool
    load: int
    hard_load: int = 0
    cooldown_until: datetime | None = None
    worked_since: datetime | None = None  # end of the last full break, or start of the shift
    shift_ends: datetime | None = None
    hard_contacts: tuple[datetime, ...] = ()
    cap: int | None = None  # a personal cap (new supporters start lower); None: the house's


def cap_of(carer: Carer, limits: Limits) -> int:
    return limits.cap if carer.cap is None else min(carer.cap, limits.cap)


def room_for(carer: Carer, urgent: bool, limits: Limits) -> bool:
    """Is there a place for somebody at C3 or above (`urgent`), or for anybody else?

    The last place is kept for C3 and above. Without it a surge fills every place with people who have waited for
    hours, and somebody in danger waits until a conversation ends (bench/queue.py: 77 % instead of 99 % of C3 and above
    in five minutes during surges, with the same people on shift). Somebody whose cap is one keeps no place free.
    """
    cap = cap_of(carer, limits)
    return carer.load < (cap if urgent else max(1, cap - limits.reserve))


def break_due(carer: Carer, limits: Limits, now: datetime) -> bool:
    """Has this carer worked long enough that a break comes before the next person?"""
    return carer.worked_since is not None and now - carer.worked_since >= limits.work_before_break


def refusal(carer: Carer, limits: Limits, now: datetime) -> str:
    """Why this carer may not take another person now; "" when they may.

    One of: off_shift, on_break, cooling_down, break_due, at_cap. Nobody can wave these away, not even themselves.
    """
    if not carer.on_shift:
        return "off_shift"
    if carer.on_break:
        return "on_break"
    if carer.cooldown_until is not None and now < carer.cooldown_until:
        return "cooling_down"
    if break_due(carer, limits, now):
        return "break_due"
    if carer.load >= cap_of(carer, limits):
        return "at_cap"
    return ""


def recent_hard(contacts: Sequence[datetime], limits: Limits, now: datetime) -> tuple[datetime, ...]:
    """Those of `contacts` that still weigh, oldest first."""
    return tuple(sorted(at for at in contacts if now - at < limits.hard_window))


def may_take(
    carer: Carer,
    level: str,
    waited: timedelta,
    free_others_hard: Sequence[int],
    limits: Limits,
    now: datetime,
) -> bool:
    """May this carer (whom `refusal` lets through) take a conversation at `level` that has waited `waited`?

    A second C4-C5 at the same time is never laid on one carer while somebody else is free. Somebody who has had more
    hard contacts lately than a free colleague lets the colleague go first, but only for `fair_share_wait`: fairness
    between carers never makes a person in crisis wait long. `free_others_hard`: recent hard contacts of each free
    colleague.
    """
    if not room_for(carer, levels.is_urgent(level), limits):
        return False
    if not levels.is_crisis(level):
        return True
    if not free_others_hard or waited >= limits.fair_share_wait:
        return True
    if carer.hard_load >= limits.hard_cap:
        return False
    return len(recent_hard(carer.hard_contacts, limits, now)) <= min(free_others_hard)


def cooldown_after(level: str, limits: Limits, now: datetime) -> datetime | None:
    """Until when a carer rests after a conversation that reached `level`."""
    return now + limits.cooldown if levels.is_crisis(level) else None


def is_full_break(started: datetime, now: datetime, limits: Limits) -> bool:
    """Was that long enough to count as a break?"""
    return now - started >= limits.break_length
