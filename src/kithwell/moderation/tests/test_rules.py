"""The pure decisions of the desk: order, ladder, night, hours, exposure, agreement."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.moderation.rules import (
    agreement,
    categories,
    exposure,
    hours,
    ladder,
    night,
    priority,
    retention,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
weights = st.builds(priority.Weight, st.integers(0, 4), st.integers(0, 40), st.booleans(), st.booleans())
ages = st.timedeltas(timedelta(0), timedelta(days=60))


# -- order ---------------------------------------------------------------------------------------------------------


@given(weights, weights, ages)
def test_no_case_waits_for_ever(light: priority.Weight, grave: priority.Weight, age: timedelta) -> None:
    """Whatever comes in now, a case that waited longer than the longest head start is before it."""
    old = priority.effective(light, NOW - priority.MOST - age - timedelta(seconds=1))
    assert old < priority.effective(grave, NOW)


@given(st.integers(0, 3), st.integers(0, 40), st.booleans())
def test_more_harm_comes_first_at_the_same_age(harm: int, reporters: int, crisis: bool) -> None:
    less = priority.effective(priority.Weight(harm, reporters, crisis), NOW)
    more = priority.effective(priority.Weight(harm + 1, reporters, crisis), NOW)
    assert more < less


@given(weights, st.integers(1, 1000))
def test_a_crowd_of_reporters_cannot_push_a_case_further_than_a_few_hours(
    weight: priority.Weight, more: int
) -> None:
    alone = priority.head_start(priority.Weight(weight.harm, 1, weight.crisis, weight.hidden))
    crowd = priority.head_start(priority.Weight(weight.harm, 1 + more, weight.crisis, weight.hidden))
    assert timedelta(0) <= crowd - alone <= priority.PER_REPORTER * priority.MOST_REPORTERS


def test_a_claim_that_ran_out_is_free() -> None:
    until = priority.claim_until(NOW)
    assert not priority.is_free(until, NOW) and priority.is_free(until, until) and priority.is_free(None, NOW)


def test_telling_of_abuse_and_rude_words_open_no_case() -> None:
    assert not categories.opens_case("abuse_disclosure") and not categories.opens_case("offensive")
    for category in ("hate", "threat", "method_detail", "encouragement", "doxxing", "grooming", "scam"):
        assert categories.opens_case(category)
    assert categories.known("pro_eating_disorder") == "eating" and categories.known("made up") == "other"
    assert set(categories.REPORTED) - {categories.WORRIED} <= set(categories.HARM)


# -- the ladder ----------------------------------------------------------------------------------------------------


def strikes(n: int, at: datetime = NOW - timedelta(days=1)) -> list[ladder.Past]:
    return [ladder.Past("warn", at, at + ladder.EXPIRY["warn"]) for _ in range(n)]


@given(st.integers(0, 12), st.integers(0, 4))
def test_a_further_strike_never_makes_the_next_step_milder(had: int, harm: int) -> None:
    order = [s for s in ladder.PERSONS]
    steps = [ladder.suggest(strikes(n), harm, NOW) for n in (had, had + 1)]
    before, after = ((order.index(s.person), s.days) for s in steps)
    assert before <= after


@given(st.integers(0, 4))
def test_nobody_begins_at_suspension_or_exclusion(harm: int) -> None:
    assert ladder.suggest([], harm, NOW).person in ("nothing", "message", "warn", "pause")


@given(st.lists(st.timedeltas(timedelta(days=-900), timedelta(0)), max_size=20), st.integers(0, 4))
def test_strikes_that_expired_or_were_taken_back_do_not_count(ages_: list[timedelta], harm: int) -> None:
    old = [ladder.Past("warn", NOW + age, NOW + age + ladder.EXPIRY["warn"]) for age in ages_]
    gone = [ladder.Past("warn", s.at, s.expires_at, reversed=True) for s in old]
    assert ladder.suggest(gone, harm, NOW) == ladder.suggest([], harm, NOW)
    live = [s for s in old if s.expires_at > NOW]
    assert ladder.suggest(old, harm, NOW) == ladder.suggest(live, harm, NOW)


def test_the_whole_ladder_of_one_person() -> None:
    steps = [ladder.suggest(strikes(n), 1, NOW) for n in range(7)]
    told = [(s.person, s.days) for s in steps]
    assert told == [
        ("message", 0), ("warn", 0), ("pause", 3), ("suspend", 14), ("suspend", 30), ("exclude", 0), ("exclude", 0),
    ]  # fmt: skip


@given(st.sampled_from(ladder.THINGS), st.sampled_from(ladder.PERSONS), st.integers(0, 40))
def test_what_changes_something_needs_a_rule_and_facts(thing: str, person: str, days: int) -> None:
    bare = ladder.wrong(thing, person, days, rule="", warning="other", facts="")
    full = ladder.wrong(thing, person, days, rule="kindness", warning="other", facts="It was said twice.")
    if ladder.is_kept(thing, person):
        assert not bare
    else:
        assert bare
    assert (full == {}) == (person not in ladder.DAYS or days in ladder.DAYS[person])


@given(
    st.sampled_from(ladder.STRIKES), st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=900)))
)
def test_a_strike_lasts_at_least_as_long_as_its_restriction(step: str, length: timedelta | None) -> None:
    until = NOW + length if length is not None else None
    end = ladder.expires(step, NOW, until)
    assert end >= NOW + ladder.EXPIRY[step] and (until is None or end >= until)


def test_two_people_for_exclusion_and_never_the_same_twice() -> None:
    assert [p for p in ladder.PERSONS if ladder.needs_second(p)] == ["exclude"]
    assert ladder.needs_second("unseal")
    assert ladder.may_confirm("a", "b", False)
    assert not ladder.may_confirm("a", "a", False) and not ladder.may_confirm("a", "b", True)
    assert not ladder.may_confirm(None, "b", False)


# -- out of hours --------------------------------------------------------------------------------------------------

births = st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))
told = st.lists(st.tuples(st.sampled_from(categories.REPORTED), births), max_size=12)


@given(told)
def test_nothing_is_hidden_while_somebody_is_there_or_when_it_shows_crisis(
    rows: list[tuple[str, datetime]],
) -> None:
    assert not night.hides(rows, staffed=True, crisis=False)
    assert not night.hides(rows, staffed=False, crisis=True)


@given(st.lists(births, max_size=30))
def test_worry_about_somebody_never_hides_what_they_wrote(rows: list[datetime]) -> None:
    assert not night.hides([("worried", born) for born in rows], staffed=False, crisis=False)


@given(st.integers(1, 50), st.sampled_from(categories.REPORTED), births)
def test_a_flood_of_accounts_made_together_counts_as_one(n: int, category: str, born: datetime) -> None:
    flood = [(category, born + timedelta(minutes=i)) for i in range(n)]
    assert night.distinct([b for _c, b in flood]) == 1
    assert not night.hides(flood, staffed=False, crisis=False)


def test_three_for_most_things_two_for_grave_ones() -> None:
    days = [NOW - timedelta(days=n) for n in (10, 20, 30)]
    assert not night.hides([("spam", d) for d in days[:2]], staffed=False, crisis=False)
    assert night.hides([("spam", d) for d in days], staffed=False, crisis=False)
    assert night.hides([("threat", d) for d in days[:2]], staffed=False, crisis=False)


def test_whose_report_counts() -> None:
    old = NOW - timedelta(days=30)
    assert night.counts(night.Reporter(old), NOW)
    assert not night.counts(night.Reporter(NOW - timedelta(days=1)), NOW), "a brand-new account"
    assert not night.counts(night.Reporter(old, last_day=11), NOW), "a flood"
    assert not night.counts(night.Reporter(old, acted=1, kept=4), NOW), "mostly wrong"
    assert night.counts(night.Reporter(old, acted=4, kept=4), NOW)
    assert not night.counts(night.Reporter(old, restricted=True), NOW)
    assert not night.counts(night.Reporter(old, is_author=True), NOW)


# -- hours ---------------------------------------------------------------------------------------------------------

stretches = st.lists(
    st.builds(
        lambda day, start, length, zone: hours.Stretch(day, start, min(1440, start + length), zone),
        st.integers(0, 6),
        st.integers(0, 1439),
        st.integers(1, 1440),
        st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata"]),
    ),
    max_size=6,
)
moments = st.datetimes(datetime(2026, 1, 5), datetime(2027, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))


@given(stretches, moments)
def test_staff_are_there_when_it_says_they_are_back(week: list[hours.Stretch], now: datetime) -> None:
    back = hours.next_start(week, now)
    if not week:
        assert back is None
        return
    assert back is not None and now <= back <= now + timedelta(days=8)
    assert hours.staffed(week, back)


def test_a_day_ends_at_its_end_and_midnight_is_a_minute_like_others() -> None:
    week = [hours.Stretch(0, 9 * 60, 17 * 60), hours.Stretch(6, 0, hours.DAY)]
    assert hours.staffed(week, NOW) and not hours.staffed(week, NOW.replace(hour=17))
    assert hours.staffed(week, NOW - timedelta(hours=10, minutes=1))  # Sunday, one minute before midnight


# -- what reading costs --------------------------------------------------------------------------------------------


def fresh() -> exposure.Stand:
    return exposure.Stand(None, 0, None, None, {})


@given(
    st.lists(st.tuples(st.integers(1, 4), st.timedeltas(timedelta(0), timedelta(minutes=40))), max_size=120)
)
def test_nobody_reads_on_past_a_days_load(steps: list[tuple[int, timedelta]]) -> None:
    stand, now, shown = fresh(), NOW, 0
    for gravity, gap in steps:
        now += gap
        if exposure.answer(stand, now).how == "ready":
            stand, shown = exposure.after(stand, gravity, now), shown + exposure.points(gravity)
    assert shown < exposure.DAY_LOAD + exposure.points(4)
    assert stand.today.get(4, 0) <= exposure.GRAVE_A_DAY


@given(st.lists(st.integers(1, 4), min_size=1, max_size=60))
def test_without_a_pause_a_break_comes(gravities: list[int]) -> None:
    stand, now, run = fresh(), NOW, 0
    for gravity in gravities:
        now += timedelta(minutes=2)
        if exposure.answer(stand, now).how != "ready":
            break
        stand = exposure.after(stand, gravity, now)
        run += exposure.points(gravity)
    assert run < exposure.STRETCH_LOAD + exposure.points(4)


def test_after_the_break_one_begins_anew() -> None:
    stand = fresh()
    for n in range(6):
        stand = exposure.after(stand, 3, NOW + timedelta(minutes=n))
    told_ = exposure.answer(stand, NOW + timedelta(minutes=6))
    assert told_.how == "break" and told_.until is not None
    resting = exposure.Stand(stand.since, stand.load, stand.last_at, told_.until, stand.today)
    assert exposure.answer(resting, told_.until - timedelta(seconds=1)).how == "break"
    assert exposure.answer(resting, told_.until).how == "ready"
    assert exposure.after(resting, 1, told_.until).load == 1


# -- agreement -----------------------------------------------------------------------------------------------------


def test_alpha_of_krippendorffs_own_example() -> None:
    """Computing Krippendorff's Alpha-Reliability (2011), section C: nominal data, four observers, alpha = .743."""
    rows = [
        (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
        (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
    ]
    units = [[v for v in unit if v is not None] for unit in zip(*rows, strict=True)]
    assert agreement.alpha(units) == pytest.approx(0.743, abs=0.001)


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=20))
def test_alpha_is_at_most_one_and_one_only_where_all_agree(units: list[list[int]]) -> None:
    found = agreement.alpha(units)
    if found is None:
        return
    assert found <= 1.0
    assert (found == 1.0) == (agreement.share(units) == 1.0)


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=20), st.randoms())
def test_alpha_does_not_depend_on_order(units: list[list[int]], dice: random.Random) -> None:
    mixed = [dice.sample(unit, len(unit)) for unit in units]
    dice.shuffle(mixed)
    first, second = agreement.alpha(units), agreement.alpha(mixed)
    assert first == second or (first is not None and second == pytest.approx(first))


@given(st.lists(st.sampled_from(["nothing", "remove", "label"]), max_size=80), st.integers(0, 20))
def test_a_sample_holds_some_of_each_outcome_and_is_the_same_each_time(things: list[str], size: int) -> None:
    rows = [agreement.Draw(f"{n:03}", thing, "nothing") for n, thing in enumerate(things)]
    drawn = agreement.draw(rows, size, "2026-11-16")
    assert drawn == agreement.draw(rows[::-1], size, "2026-11-16")
    assert len(drawn) == len(set(drawn)) == min(size, len(rows))
    if size >= 3:
        seen = {things[int(i)] for i in drawn}
        assert seen == set(things)


def test_every_class_of_data_has_an_end() -> None:
    assert all(timedelta(0) < end <= timedelta(days=3 * 365) for end in retention.KEPT.values())
    assert retention.KEPT["evidence"] > ladder.APPEAL_WITHIN, "an appeal needs the words it is about"
    assert retention.before("exposure", NOW) == NOW - timedelta(days=90)
