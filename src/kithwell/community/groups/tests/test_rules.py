"""The pure decisions of groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.groups.rules import ages, find, mood, prompts, quiet, size

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ACCOUNT_BANDS = ("", "under-16", "16-17", "18-25", "26-64", "65-plus", "made-up")
hours = st.integers(0, 24 * 40).map(lambda n: timedelta(hours=n))


@given(st.sampled_from(ages.GROUP_BANDS), st.sampled_from(ACCOUNT_BANDS), st.sampled_from(ACCOUNT_BANDS))
def test_no_group_can_be_joined_by_both_a_minor_and_an_adult(group: str, one: str, other: str) -> None:
    if ages.may_join(group, one) and ages.may_join(group, other):
        assert ages.side(one) == ages.side(other) != ""


@given(st.sampled_from(ages.GROUP_BANDS), st.sampled_from(ACCOUNT_BANDS))
def test_whoever_may_join_may_know_and_the_other_side_may_not(group: str, band: str) -> None:
    if ages.may_join(group, band):
        assert ages.may_know(group, band)
    if ages.side(band) == "minor" and not ages.is_for_minors(group):
        assert not ages.may_know(group, band)
    if ages.side(band) != "minor" and ages.is_for_minors(group):
        assert not ages.may_know(group, band)


@given(hours, st.integers(1, 400), st.none() | hours, st.none() | hours)
def test_a_group_rests_only_after_two_warnings_a_day_apart(
    silent: timedelta, setting: int, warned: timedelta | None, co_warned: timedelta | None
) -> None:
    first = NOW - warned if warned is not None else None
    second = NOW - co_warned if co_warned is not None else None
    step = quiet.due(NOW, NOW - silent, setting, first, second)
    if silent < timedelta(hours=24):
        assert step == quiet.AWAKE
    if step == quiet.CLOSE:
        assert first is not None and second is not None
        assert NOW - first >= quiet.STEP and NOW - second >= quiet.STEP and second >= first
        assert silent >= timedelta(hours=max(24, setting))


def test_a_server_that_was_off_for_a_month_warns_before_it_lets_a_group_rest() -> None:
    seen = NOW - timedelta(days=30)
    assert quiet.due(NOW, seen, 72) == quiet.WARN
    assert quiet.due(NOW, seen, 72, warned=NOW) == quiet.AWAKE
    later = NOW + timedelta(days=1)
    assert quiet.due(later, seen, 72, warned=NOW) == quiet.WARN_CO
    assert quiet.due(later, seen, 72, warned=NOW, co_warned=later) == quiet.AWAKE
    assert quiet.due(later + timedelta(days=1), seen, 72, NOW, later) == quiet.CLOSE


def test_a_warning_from_before_the_facilitator_came_back_does_not_count() -> None:
    seen = NOW - timedelta(hours=80)
    assert quiet.due(NOW, seen, 72, warned=seen - timedelta(days=3), co_warned=None) == quiet.WARN


zones = st.sampled_from(("Europe/Madrid", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"))
moments = st.integers(0, 400 * 24 * 4).map(lambda quarters: NOW + timedelta(minutes=15 * quarters))


@given(moments, zones, st.integers(0, 6), st.integers(0, 23))
def test_the_last_moment_of_a_prompt_is_its_hour_where_the_group_lives(
    now: datetime, zone: str, day: int, hour: int
) -> None:
    moment = prompts.last_moment(now, zone, day, hour)
    here = moment.astimezone(ZoneInfo(zone))
    assert moment <= now
    assert now - moment < timedelta(days=7, hours=2)
    assert (moment.weekday(), moment.hour) == (day, hour)
    assert here.weekday() in (
        day,
        (day + 1) % 7,
    )  # an hour that a clock change leaves out becomes the next one


@given(zones, st.integers(0, 6), st.integers(0, 23))
def test_a_prompt_comes_once_a_week_all_year(zone: str, day: int, hour: int) -> None:
    now, last, came = NOW, None, 0
    for _step in range(53 * 7 * 4):
        if prompts.is_due(now, zone, day, hour, last):
            last, came = now, came + 1
        now += timedelta(hours=6)
    assert 52 <= came <= 54


@given(st.dictionaries(st.sampled_from(mood.MOODS), st.integers(0, 40)))
def test_moods_of_fewer_than_five_are_not_told_nor_by_subtraction(counts: dict[str, int]) -> None:
    told = mood.shown(counts)
    assert all(n is None or n == 0 or n >= 5 for n in told.values())
    hidden = [key for key, n in told.items() if n is None]
    if any(n is not None and n >= 5 for n in told.values()):
        assert len(hidden) != 1
    assert mood.shown(told) == told


@given(st.integers(0, 5000), st.none() | st.integers(2, 5000))
def test_sizes_and_rooms_have_words(members: int, capacity: int | None) -> None:
    assert size.word(members) in ("few", "small", "dozens", "hundred", "many")
    room = size.room(members, capacity)
    assert (room == "full") == (capacity is not None and members >= capacity)


@given(st.text(max_size=60))
def test_every_word_of_a_name_finds_it_again(text: str) -> None:
    for word in find.words(text):
        assert find.asked(word)
        assert find.key(word) == find.fold(word)[:3] or find.fold(word) != word


def test_accents_and_case_do_not_matter() -> None:
    assert find.words("Insomnio Y CAFÉ") == {"insomnio", "y", "cafe"}
    assert find.words("ليل हिन्दी") and find.asked("Größe") == ["grosse"]
