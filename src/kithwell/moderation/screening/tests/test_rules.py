"""Pure decisions: when a week drifted, what a threshold costs, what may be shown, what is wrong with a rule."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.moderation.screening.rules import cells, curves, drift, editing, trial
from kithwell.moderation.screening.rules.drift import Week
from kithwell.safety import house, screen
from kithwell.safety.patterns import Rule

weeks = st.integers(60, 3000).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n)).map(lambda pair: Week(*pair))
)


# -- drift -----------------------------------------------------------------------------------------------------------


@given(st.integers(60, 3000), st.floats(0.0, 0.9))
def test_a_week_like_the_others_never_drifts(texts: int, share: float) -> None:
    same = Week(texts, round(texts * share))
    verdict = drift.judge(same, [same] * 8)
    assert verdict is not None and not verdict.drifted and abs(verdict.far) < 0.5


@given(st.lists(weeks, min_size=4, max_size=8), st.integers(60, 2000))
def test_more_flagged_is_never_judged_as_less(before: list[Week], texts: int) -> None:
    found = [drift.judge(Week(texts, n), before) for n in range(0, texts + 1, max(1, texts // 40))]
    far = [verdict.far for verdict in found if verdict is not None]
    assert far == sorted(far)


@given(st.lists(weeks, min_size=0, max_size=3), weeks)
def test_of_few_weeks_nothing_is_said(before: list[Week], now: Week) -> None:
    assert drift.judge(now, before) is None


@given(st.lists(weeks, min_size=4, max_size=8), st.integers(0, 49))
def test_of_a_week_with_few_texts_nothing_is_said(before: list[Week], texts: int) -> None:
    assert drift.judge(Week(texts, texts), before) is None


def test_a_jump_and_a_fall_are_seen_and_a_step_by_a_tenth_is_not() -> None:
    usual = [Week(400, 20 + n % 3) for n in range(8)]
    jump, fall, step = (drift.judge(Week(400, n), usual) for n in (60, 2, 23))
    assert jump is not None and jump.drifted and jump.far > 0
    assert fall is not None and fall.drifted and fall.far < 0
    assert step is not None and not step.drifted


def test_weeks_that_always_differ_much_ask_for_more_before_one_counts() -> None:
    calm, wild = [Week(400, 20)] * 8, [Week(400, n) for n in (5, 40, 8, 44, 4, 38, 6, 42)]
    now = Week(400, 48)
    sure, unsure = drift.judge(now, calm), drift.judge(now, wild)
    assert sure is not None and sure.drifted
    assert unsure is not None and not unsure.drifted


@pytest.mark.parametrize(("texts", "share"), [(80, 0.005), (80, 0.1), (400, 0.01), (400, 0.2), (2000, 0.003)])
def test_chance_alone_alarms_in_fewer_than_one_of_a_thousand_weeks(texts: int, share: float) -> None:
    dice = random.Random(f"{texts} {share}")

    def week() -> Week:
        return Week(texts, sum(dice.random() < share for _ in range(texts)))

    past = [week() for _ in range(160)]
    alarms = 0
    for n in range(1500):
        verdict = drift.judge(past[n % 160], [past[(n * 7 + k * 11 + 1) % 160] for k in range(8)])
        alarms += verdict is not None and verdict.drifted
    assert alarms <= 3


# -- thresholds ------------------------------------------------------------------------------------------------------


@given(st.floats(0, 1, allow_nan=False))
def test_a_score_lies_in_the_bin_that_a_threshold_takes_whole(score: float) -> None:
    at = curves.bin_of(score) / curves.BINS
    assert at <= score + 1e-6 and (score < at + 1 / curves.BINS + 1e-6 or score == 1.0)


bins = st.lists(st.integers(0, 50), min_size=curves.BINS, max_size=curves.BINS)


@given(bins, bins, bins)
def test_a_higher_threshold_costs_no_more_and_finds_no_more(
    scores: list[int], right: list[int], wrong: list[int]
) -> None:
    points = curves.curve(scores, right, wrong, 4)
    for low, high in pairwise(points):
        assert high.a_week <= low.a_week
        if low.recall and high.recall:
            assert high.recall.value <= low.recall.value
    for point in points:
        for share in (point.precision, point.recall):
            assert share is None or 0 <= share.low <= share.value <= share.high <= 1


def test_precision_recall_and_workload_are_what_the_counts_say() -> None:
    right, wrong, scores = ([0] * curves.BINS for _ in range(3))
    right[curves.bin_of(0.6)], right[curves.bin_of(0.2)] = 30, 10
    wrong[curves.bin_of(0.6)] = 10
    scores[curves.bin_of(0.6)], scores[curves.bin_of(0.2)] = 100, 500
    point = next(p for p in curves.curve(scores, right, wrong, 4) if p.at == 0.5)
    assert point.a_week == 25 and point.precision is not None and point.precision.value == 0.75
    assert point.recall is not None and point.recall.value == 0.75


def test_of_few_decisions_no_share_is_told() -> None:
    assert curves.share(3, 9) is None and curves.share(3, 10) is not None


def test_the_shipped_thresholds_of_scorer_and_rules_lie_on_the_grid_closely_enough() -> None:
    for kind in house.kinds():
        at = house.threshold(kind)
        assert any(abs(at - known) < 0.0125 for known in curves.grid()), kind


# -- what may be shown -----------------------------------------------------------------------------------------------


@given(st.integers(0, 200), st.integers(0, 200))
def test_no_small_number_of_people_can_be_read_off(texts: int, flagged: int) -> None:
    cell = cells.cell(texts, min(flagged, texts))
    if texts < cells.LEAST:
        assert (cell.how, cell.texts, cell.flagged, cell.share) == ("hidden", 0, 0, None)
    elif 0 < min(flagged, texts) < cells.FEW:
        assert cell.how == "few" and cell.flagged == 0 and cell.share is None
    else:
        assert cell.how == "shown" and cell.share is not None
    assert cell.texts % 5 == 0 and cell.flagged % 5 == 0


@given(st.integers(0, 4), st.integers(20, 400), st.integers(5, 100))
def test_a_hidden_number_cannot_be_worked_out_from_the_whole_and_the_rest(
    few: int, texts: int, others: int
) -> None:
    """Whoever knows every other place as it is shown could be looking at several numbers of the hidden one."""
    told = cells.cell(texts + 400, others + few).flagged - cells.cell(400, others).flagged
    could_be = {
        n
        for n in range(5)
        for real in range(max(0, others - 4), others + 5)
        if cells.cell(texts + 400, real + n).flagged - cells.cell(400, real).flagged == told
    }
    assert len(could_be) >= 3


def test_weeks_begin_on_mondays() -> None:
    assert cells.monday(date(2026, 12, 1)) == date(2026, 11, 30) == cells.monday(date(2026, 11, 30))


# -- a rule as it is written -----------------------------------------------------------------------------------------


WHOLE = Rule(
    "house.spam.1", "conduct", "spam", "sells lamps", 0.7, patterns=("moon (lamp|lamps)",),
    yes=("buy a moon lamp",), no=("the moon is bright",),
)  # fmt: skip


def test_a_whole_rule_has_no_faults() -> None:
    assert editing.faults(WHOLE, house.sets()) == {}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("label", "", "label"),
        ("label", "x" * 81, "label"),
        ("lang", "xx", "choose"),
        ("weight", 0.33, "choose"),
        ("patterns", (), "empty"),
        ("patterns", ("<3",), "pattern"),
        ("patterns", ("@nosuch",), "pattern"),
        ("patterns", ("a <9 b <9 c <9 d <9 e <9 f <9 g",), "gaps"),
        ("patterns", ("word " * 500,), "long"),
        ("patterns", tuple(f"word{n}" for n in range(61)), "many"),
        ("unless", ("(|)",), "pattern"),
        ("yes", (), "example"),
        ("no", (), "example"),
        ("yes", ("x" * 301,), "long"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(field: str, value: object, code: str) -> None:
    changed = replace(WHOLE, **{field: value})  # type: ignore[arg-type]
    name = {"patterns": "any"}.get(field, field)
    assert editing.faults(changed, house.sets())[name].code == code


def test_lines_are_read_without_empty_and_repeated_ones() -> None:
    assert editing.lines("  a  b \n\n a b\nc\r\n") == ("a b", "c")


def test_differences_name_what_came_and_what_went() -> None:
    after = replace(WHOLE, patterns=("star lamp",), weight=0.8)
    found = {d.field: (d.added, d.removed) for d in editing.differences(WHOLE, after)}
    assert found == {"any": (("star lamp",), ("moon (lamp|lamps)",)), "weight": (("0.8",), ("0.7",))}
    assert editing.differences(WHOLE, WHOLE) == ()
    assert all(not d.removed for d in editing.differences(None, WHOLE))


# -- the dry run -----------------------------------------------------------------------------------------------------


def test_a_dry_run_counts_both_ways_and_keeps_few_things() -> None:
    calm, cruel = screen("good morning"), screen("I will kill you")
    found = trial.Outcome()
    for n in range(30):
        found.add(("post", str(n)), "threat", calm, cruel, True)
    found.add(("post", "x"), "threat", cruel, calm, False)
    assert (found.texts, found.newly, found.no_longer, found.need) == (31, 30, 1, 1)
    assert len(found.new_things) == trial.SHOWN and found.gone_things == [["post", "x"]]
    assert trial.outcome(found.as_dict()) == found and trial.outcome({}) is None


@given(st.text(min_size=1, max_size=400), st.integers(0, 400), st.integers(0, 60))
def test_words_around_a_place_are_short_and_hold_it(text: str, start: int, size: int) -> None:
    start = min(start, len(text))
    end = min(len(text), start + size)
    shown = trial.around(text, start, end)
    assert text[start:end].strip() in shown and len(shown) <= 60 + 240 + 4
