"""How good screening is, is said only of texts it has not seen; and the sums behind it are right."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kithwell.safety import linear, screen
from kithwell.safety.screening import engine, screen_with
from kithwell.safety.train import corpora, evaluate, measure
from kithwell.safety.train.corpora import FOLDS, Row, fold_of

pytestmark = pytest.mark.once


def test_kappa_is_one_for_agreement_none_for_chance_and_less_the_further_off() -> None:
    truth = [0, 1, 2, 3, 4, 5, 6, 0]
    near, far = [0, 1, 2, 3, 4, 5, 5, 0], [6, 1, 2, 3, 4, 5, 0, 0]
    assert measure.kappa(truth, truth) == 1.0
    assert measure.kappa([3] * 8, truth) == 0.0
    assert 1.0 > measure.kappa(near, truth) > measure.kappa(far, truth)


def test_an_interval_holds_its_share_and_narrows_with_more_texts() -> None:
    low, high = measure.wilson(9, 10)
    assert low < 0.9 < high
    narrow = measure.wilson(900, 1000)
    assert low < narrow[0] < 0.9 < narrow[1] < high
    assert measure.wilson(0, 0) == (0.0, 1.0)


def test_texts_that_belong_together_share_a_fold_and_every_fold_has_texts() -> None:
    folds = {fold_of(str(number), "outer", FOLDS) for number in range(200)}
    assert folds == set(range(FOLDS))
    one, other = Row("a", 0, "train", group="same"), Row("b", 1, "test", group="same")
    assert one.fold == other.fold


def test_a_severity_said_at_half_a_grade_counts_as_the_grade_above() -> None:
    seen = screen("hello there")
    for severity, grade in ((0.0, 0), (0.49, 0), (0.5, 1), (3.5, 4), (6.0, 6)):
        assert evaluate.grade(replace(seen, crisis_severity=severity)) == grade


def test_each_fold_is_screened_by_weights_of_its_own_that_differ_from_the_shipped_ones() -> None:
    tools = evaluate.engines()
    digests = {one.model.digest for one in tools if one.model}
    shipped = linear.load()
    assert shipped and len(digests) == FOLDS and shipped.digest not in digests
    assert all(one.model and one.model.heads == shipped.heads for one in tools)
    text = "sometimes I wish I was dead and I have a plan"
    scores = {screen_with(one, text).crisis_score for one in (*tools, engine())}
    assert len(scores) > 1


def test_the_shipped_screening_meets_its_promise_on_texts_it_has_not_seen() -> None:
    """A sample, so that the test stays quick; `./dev bench safety` measures all of it."""
    try:
        base = corpora.home()
    except corpora.NoData as error:
        pytest.skip(f"the corpora are not here: {error}")
    tools = evaluate.engines()
    posts = corpora.severity(base)
    calm = [row for row in corpora.everyday(base) if row.part == corpora.TEST][::3]
    severe = [screen_with(tools[row.fold], row.text) for row in posts if row.label >= 3]
    harmless = [screen_with(tools[row.fold], row.text) for row in calm]
    assert sum(one.crisis_flag for one in severe) >= 0.88 * len(severe)
    assert sum(one.crisis_flag for one in harmless) <= 0.008 * len(harmless)
    assert "text" not in json.dumps(severe[0].as_dict())
