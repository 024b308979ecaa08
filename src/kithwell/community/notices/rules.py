"""When something is sent to somebody: pure. The door is `plan`.

A notice always stands on the person's own page. Whether and when something also goes out (a push without content, a
mail without content) is decided here: with the next digest, at once, or never; not in the quiet hours of the person's
own clock unless they asked for it; each notice once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

HOWS: Final = ("digest", "each", "none")
DIGESTS: Final = ("daily", "weekly")
NIGHTS: Final = ("nothing", "urgent", "all")
GAP: Final = timedelta(minutes=10)  # between two things sent at once: many replies are one sound, not ten
KEPT_BY_PUSH: Final = timedelta(hours=24)  # a push service holds a message for a device that is off


@dataclass(frozen=True, slots=True)
class Item:
    """A notice that was not read and did not go out. `own` is how its kind goes out when nobody chose."""

    id: UUID
    kind: str
    at: datetime
    group: UUID | None = None
    urgent: bool = False
    own: str = "digest"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose. Hours are those of `zone`; the quiet ones run from `quiet_from` to before `quiet_to`."""

    digest: str = "daily"
    hour: int = 18
    weekday: int = 6  # for the weekly digest; Monday is 0
    zone: str = "UTC"
    quiet_from: int = 21
    quiet_to: int = 8  # equal to `quiet_from`: no quiet hours
    night: str = "nothing"
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[UUID, str] = field(default_factory=lambda: MappingProxyType({}))
    devices: bool = False  # is there a device that can be told at once?
    paused: bool = False  # takes a break


@dataclass(frozen=True, slots=True)
class Plan:
    """`out` goes out now as one message, `still` never does (it stays on the page); look again at `again`."""

    out: tuple[UUID, ...] = ()
    still: tuple[UUID, ...] = ()
    urgent: bool = False
    digest: bool = False
    again: datetime | None = None


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo:
    """The time zone of that name, UTC when this machine does not know it."""
    try:
        return ZoneInfo(name) if name and name != "UTC" else UTC
    except (ValueError, OSError, KeyError):
        return UTC


def _on(day: date, hour: int, zone: tzinfo) -> datetime:
    """That hour of that day. Where the clocks leap over it, the end of the leap; where it comes twice, the first."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)


def quiet(now: datetime, choices: Choices) -> bool:
    """Does `now` lie in the quiet hours?"""
    start, end = choices.quiet_from, choices.quiet_to
    hour = now.astimezone(zone_of(choices.zone)).hour
    if start == end:
        return False
    return start <= hour < end if start < end else hour >= start or hour < end


def awake(moment: datetime, choices: Choices) -> datetime:
    """`moment`, or the end of the quiet hours it lies in."""
    zone = zone_of(choices.zone)
    for _ in range(4):  # once; more often only where the clocks are turned back over the end itself
        if not quiet(moment, choices):
            return moment
        day = moment.astimezone(zone).date()
        end = _on(day, choices.quiet_to, zone)
        moment = end if end > moment else _on(day + timedelta(days=1), choices.quiet_to, zone)
    return moment


def slot_after(moment: datetime, choices: Choices) -> datetime:
    """The first digest after `moment`. One that would fall into the quiet hours comes at their end."""
    zone = zone_of(choices.zone)
    day = moment.astimezone(zone).date() - timedelta(days=8)
    while True:
        if choices.digest == "daily" or day.weekday() == choices.weekday:
            slot = awake(_on(day, choices.hour, zone), choices)
            if slot > moment:
                return slot
        day += timedelta(days=1)


def how(item: Item, choices: Choices) -> str:
    """ "each", "digest" or "none". What was chosen for a group counts before what was chosen for a kind."""
    if item.urgent:
        return "each"
    chosen = choices.groups.get(item.group, "") if item.group else ""
    chosen = chosen or choices.kinds.get(item.kind, "") or item.own
    if chosen == "each" and not choices.devices:
        return "digest"  # nothing but mail is left, and mail comes as a digest
    return chosen if chosen in HOWS else "digest"


def due(item: Item, choices: Choices, now: datetime, last: datetime | None = None) -> datetime | None:
    """When `item` goes out, None for never. `last` is when something was sent last."""
    chosen = how(item, choices)
    if chosen == "none":
        return None
    if choices.paused and not item.urgent:
        return slot_after(now, choices)  # looked at again then
    if chosen == "each":
        moment = max(item.at, last + GAP) if last and not item.urgent else item.at
        if choices.night == "all" or (choices.night == "urgent" and item.urgent):
            return moment
        return awake(max(moment, now), choices)
    slot = slot_after(item.at, choices)
    return slot if slot > now else awake(now, choices)  # a digest that was missed comes as soon as it may


def plan(waiting: Sequence[Item], choices: Choices, now: datetime, last: datetime | None = None) -> Plan:
    """What goes out at `now` of what is waiting, and when to look again."""
    out, still, later = [], [], []
    for item in waiting:
        moment = due(item, choices, now, last)
        if moment is None:
            still.append(item.id)
        elif moment <= now:
            out.append(item)
        else:
            later.append(moment)
    return Plan(
        out=tuple(item.id for item in out),
        still=tuple(still),
        urgent=any(item.urgent for item in out),
        digest=any(how(item, choices) == "digest" for item in out),
        again=min(later, default=None),
    )


def may_sound(now: datetime, choices: Choices, *, urgent: bool) -> bool:
    """May something be sent at `now`? Asked once more at the moment of sending."""
    if not quiet(now, choices) or choices.night == "all":
        return True
    return urgent and choices.night == "urgent"


def kept_for(now: datetime, choices: Choices, *, urgent: bool) -> timedelta:
    """How long a push service may hold a message, so that a device switched on at night stays still."""
    if choices.night == "all" or (urgent and choices.night == "urgent"):
        return KEPT_BY_PUSH
    if choices.quiet_from == choices.quiet_to:
        return KEPT_BY_PUSH
    zone = zone_of(choices.zone)
    day = now.astimezone(zone).date()
    starts = (_on(day + timedelta(days=n), choices.quiet_from, zone) for n in (0, 1, 2))
    until = min((start - now for start in starts if start > now), default=KEPT_BY_PUSH)
    return max(timedelta(0), min(until, KEPT_BY_PUSH))
