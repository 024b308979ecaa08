"""When something is sent: never in the quiet hours, never twice, nothing lost, right when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.notices import rules
from kithwell.community.notices.rules import Choices, Item

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Cairo",
)
GROUPS = [UUID(int=n) for n in (1, 2)]
KINDS = ("replies", "thanks", "house")

choices = st.builds(
    Choices,
    digest=st.sampled_from(rules.DIGESTS),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    zone=st.sampled_from(ZONES),
    quiet_from=st.integers(0, 23),
    quiet_to=st.integers(0, 23),
    night=st.sampled_from(rules.NIGHTS),
    kinds=st.dictionaries(st.sampled_from(KINDS), st.sampled_from(rules.HOWS)),
    groups=st.dictionaries(st.sampled_from(GROUPS), st.sampled_from(rules.HOWS)),
    devices=st.booleans(),
)
# Around both changes of the clocks in both halves of the world.
moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)).map(
    lambda m: m.replace(tzinfo=UTC, microsecond=0)
)


@st.composite
def items(draw: st.DrawFn, start: datetime) -> list[Item]:
    count = draw(st.integers(1, 6))
    return [
        Item(
            id=UUID(int=100 + n),
            kind=draw(st.sampled_from(KINDS)),
            at=start + timedelta(minutes=draw(st.integers(0, 4 * 24 * 60))),
            group=draw(st.sampled_from([None, *GROUPS])),
            urgent=draw(st.integers(0, 5)) == 0,
        )
        for n in range(count)
    ]


def run(told: list[Item], chosen: Choices) -> tuple[list[tuple[datetime, tuple[UUID, ...], bool]], set[UUID]]:
    """Life goes on: each item appears at its time, and the job looks when it was told to."""
    left, waiting, sent, still = sorted(told, key=lambda i: i.at), [], [], set()
    now, last, again = left[0].at, None, None
    for _ in range(200):
        if not left and not waiting:
            return sent, still
        moments = [m for m in (left[0].at if left else None, again) if m is not None]
        now = max(now, min(moments))
        while left and left[0].at <= now:
            waiting.append(left.pop(0))
        made = rules.plan(waiting, chosen, now, last)
        if made.out:
            sent.append((now, made.out, made.urgent))
            last = now
        still |= set(made.still)
        waiting = [i for i in waiting if i.id not in {*made.out, *made.still}]
        again = made.again
        assert again is None or again > now, "the job would look for ever"
    raise AssertionError("something never went out")


@given(data=st.data(), start=moments, chosen=choices)
def test_nothing_goes_out_in_the_quiet_hours_unless_asked(
    data: st.DataObject, start: datetime, chosen: Choices
) -> None:
    for now, _ids, urgent in run(data.draw(items(start)), chosen)[0]:
        assert rules.may_sound(now, chosen, urgent=urgent)
        if chosen.night == "nothing":
            assert not rules.quiet(now, chosen)


@given(data=st.data(), start=moments, chosen=choices)
def test_each_notice_goes_out_once_or_was_not_wanted(
    data: st.DataObject, start: datetime, chosen: Choices
) -> None:
    told = data.draw(items(start))
    sent, still = run(told, chosen)
    out = [ident for _now, idents, _urgent in sent for ident in idents]
    assert sorted(out + list(still)) == sorted(item.id for item in told), "twice, or lost"
    assert all((item.id in still) == (rules.how(item, chosen) == "none") for item in told)


@given(data=st.data(), start=moments, chosen=choices)
def test_nobody_waits_longer_than_their_digest_and_one_night(
    data: st.DataObject, start: datetime, chosen: Choices
) -> None:
    told = {item.id: item for item in data.draw(items(start))}
    most = timedelta(days=1 if chosen.digest == "daily" else 7, hours=26)
    for now, idents, _urgent in run(list(told.values()), chosen)[0]:
        assert all(now - told[ident].at <= most for ident in idents)


@given(start=moments, chosen=choices)
def test_there_is_one_digest_for_each_day_or_week_of_the_persons_own_calendar(
    start: datetime, chosen: Choices
) -> None:
    moment, seen = start, []
    for _ in range(10):
        moment = rules.slot_after(moment, chosen)
        seen.append(moment)
    zone = ZoneInfo(chosen.zone)
    apart = [b.astimezone(zone).date() - a.astimezone(zone).date() for a, b in pairwise(seen)]
    assert all(gap == timedelta(days=1 if chosen.digest == "daily" else 7) for gap in apart)
    assert not any(rules.quiet(moment, chosen) for moment in seen)


def test_the_digest_keeps_its_hour_when_the_clocks_change() -> None:
    berlin = Choices(zone="Europe/Berlin", hour=18)
    before = rules.slot_after(datetime(2026, 3, 28, 0, tzinfo=UTC), berlin)
    after = rules.slot_after(before, berlin)
    assert (before.hour, after.hour) == (17, 16), "18 o'clock in winter, then 18 o'clock in summer"
    assert after - before == timedelta(hours=23)


def test_an_hour_that_the_clocks_leap_over_is_not_lost() -> None:
    night_owl = Choices(zone="Europe/Berlin", hour=2, quiet_from=4, quiet_to=4)
    slot = rules.slot_after(datetime(2026, 3, 28, 12, tzinfo=UTC), night_owl)
    assert slot == datetime(2026, 3, 29, 1, tzinfo=UTC), "02:00 does not exist that night; 03:00 does"


def test_many_replies_are_one_sound() -> None:
    chosen = Choices(kinds={"replies": "each"}, devices=True, quiet_from=0, quiet_to=0)
    start = datetime(2026, 5, 5, 12, tzinfo=UTC)
    told = [Item(UUID(int=n), "replies", start + timedelta(minutes=n)) for n in range(9)]
    sent, _still = run(told, chosen)
    assert [len(idents) for _now, idents, _urgent in sent] == [1, 8]


def test_a_break_holds_back_everything_but_what_is_urgent() -> None:
    start = datetime(2026, 5, 5, 12, tzinfo=UTC)
    resting = Choices(paused=True, devices=True)
    told = [Item(UUID(int=1), "replies", start), Item(UUID(int=2), "house", start, urgent=True)]
    made = rules.plan(told, resting, start + timedelta(days=3))
    assert made.out == (UUID(int=2),)
    assert made.again is not None
    back = rules.plan([told[0]], Choices(devices=True), start + timedelta(days=9))
    assert back.out == (UUID(int=1),), "what waited is there when the break is over"


def test_what_is_urgent_waits_for_the_morning_unless_the_person_wants_to_be_woken() -> None:
    at = datetime(2026, 5, 5, 23, tzinfo=UTC)
    told = [Item(UUID(int=1), "house", at, urgent=True)]
    assert rules.plan(told, Choices(devices=True), at).again == datetime(2026, 5, 6, 8, tzinfo=UTC)
    assert rules.plan(told, Choices(devices=True, night="urgent"), at).out == (UUID(int=1),)


def test_a_device_switched_on_at_night_stays_still() -> None:
    at = datetime(2026, 5, 5, 20, 30, tzinfo=UTC)
    assert rules.kept_for(at, Choices(), urgent=False) == timedelta(minutes=30)
    assert rules.kept_for(at, Choices(night="all"), urgent=False) == rules.KEPT_BY_PUSH


def test_a_zone_this_machine_does_not_know_is_not_an_error() -> None:
    assert rules.quiet(datetime(2026, 5, 5, 23, tzinfo=UTC), Choices(zone="Middle/Earth"))
