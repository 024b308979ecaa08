"""Counts by week and place, weeks out of the ordinary, thresholds before they change, and what runs beside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kithwell.kernel import clock, conf, errors, jobs
from kithwell.kernel.models import Job
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions as desk
from kithwell.moderation import kinds
from kithwell.moderation.models import Case
from kithwell.moderation.screening import actions
from kithwell.moderation.screening.actions import beside, counting, surveying
from kithwell.moderation.screening.models import Count, Drift, Shadow, Survey
from kithwell.moderation.screening.queries import figures
from kithwell.moderation.screening.rules import cells, curves
from kithwell.moderation.screening.tests import kit
from kithwell.moderation.tests.kit import KEEP, REMOVE, member, moderator, take
from kithwell.safety import linear, screen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_shipped() -> Iterator[None]:
    with kit.as_shipped():
        yield


def fill(place: str, language: str, category: str, texts: list[int], flagged: list[int]) -> None:
    """Whole weeks of counts, the last of them last week."""
    this = cells.monday(clock.now().date())
    for n, (total, part) in enumerate(zip(texts, flagged, strict=True)):
        day = this - timedelta(weeks=len(texts) - n) + timedelta(days=n % 7)
        counting.add(day, place, language, "", total)
        if part:
            counting.add(day, place, language, category, part)


def test_everything_that_is_screened_is_counted_after_the_commit_with_what_was_flagged(
    django_capture_on_commit_callbacks: Any,
) -> None:
    wall, ana = kit.wall(), member("Ana")
    with django_capture_on_commit_callbacks(execute=True):
        for text in ("Good evening", "I know where you live", "I want to die, I cannot go on"):
            note = wall.write(ana, text)
            desk.signal(wall.name, note, ana.id, screen(text), community="group-1")
    counts = {(row.place, row.category): row.n for row in Count.objects.all()}
    assert counts["group-1", ""] == 3 and counts["group-1", "threat"] == 1 and counts["group-1", "help"] == 1


def test_a_counter_that_fails_costs_nobody_their_words(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(counting, "add", lambda *_: 1 / 0)
    wall, ana = kit.wall(), member("Ana")
    note = wall.write(ana, "I will kill you")
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.signal(wall.name, note, ana.id, screen("I will kill you")) is not None
    assert Case.objects.filter(ident=note).exists() and not Count.objects.exists()


def test_a_week_out_of_the_ordinary_is_kept_once_and_every_steward_is_told() -> None:
    robin, kim = kit.steward(), kit.steward("Kim")
    fill("group-1", "en", "hate", [300] * 9, [6, 5, 7, 6, 5, 6, 7, 6, 30])
    fill("group-2", "en", "hate", [300] * 9, [6, 5, 7, 6, 5, 6, 7, 6, 7])
    told: list[dict[str, Any]] = []
    from kithwell.kernel import events

    subscriber = events.subscribe("community.notice")
    subscriber(lambda **said: told.append(said))
    try:
        from django.test import TestCase

        with TestCase.captureOnCommitCallbacks(execute=True):
            assert counting.look_for_drift() >= 1
    finally:
        events._subscribers["community.notice"] = [
            s for s in events._subscribers["community.notice"] if "<lambda>" not in s.name
        ]
    assert {said["account"] for said in told} == {str(robin.id), str(kim.id)}
    assert all(said["url"] == "/moderation/screening/rates" for said in told)
    row = Drift.objects.get(place="group-1")
    assert (row.flagged, row.texts, row.category) == (30, 300, "hate") and row.far > 3.5
    assert not Drift.objects.filter(place="group-2").exists()
    assert counting.look_for_drift() == 0
    actions.seen(robin, row.id)
    assert Drift.objects.get(pk=row.pk).seen_by == robin.id
    line = next(d for d in figures.rates(robin).drifts if d.id == row.pk)
    assert line.seen and line.more


def test_the_rates_of_a_small_place_are_not_shown() -> None:
    robin = kit.steward()
    fill("small", "en", "harassment", [19] * 3, [2, 3, 1])
    fill("large", "en", "harassment", [200] * 3, [20, 4, 30])
    small = figures.rates(robin, place="small", language="en", category="harassment")
    assert {cell.how for _week, cell in small.weeks} == {"hidden"}
    large = figures.rates(robin, place="large", language="en", category="harassment")
    shown = [cell for _week, cell in large.weeks][-3:]
    assert [cell.how for cell in shown] == ["shown", "few", "shown"] and shown[1].share is None
    assert [cell.share for cell in shown if cell.share is not None] == [10.0, 15.0]


def test_whoever_is_no_steward_sees_no_figures() -> None:
    for who in (member("Ben"), moderator(), Principal("anonymous")):
        for read in (figures.rates, figures.beside, lambda who: figures.thresholds(who, "hate")):
            with pytest.raises(errors.KithwellError):
                read(who)  # type: ignore[operator]


# -- thresholds ------------------------------------------------------------------------------------------------------


def test_the_page_of_thresholds_tells_precision_recall_and_work_before_a_change() -> None:
    wall, ana, ben, mika, robin = kit.wall(), member("Ana"), member("Ben"), moderator(), kit.steward()
    for n in range(16):
        note = wall.write(ana, f"I will kill you ({n})")
        desk.report(ben, wall.name, note, "threat")
        desk.decide(mika, take(mika), REMOVE if n % 4 else KEEP)
    surveying.survey()
    view = figures.thresholds(robin, "threat")
    assert view.decided == 16 and view.texts == 16
    point = next(p for p in view.house if p.at == 0.5)
    assert point.precision is not None and point.precision.value == 0.75
    assert point.recall is not None and point.recall.value == 1.0
    assert round(point.a_week, 1) == round(16 * 7 / 30, 1)
    assert next(p for p in view.house if p.at == 0.95).a_week == 0.0
    row = Survey.objects.get()
    assert "kill" not in str(row.scores) + str(row.decided), "counts, and no words"


def test_the_shipped_figures_stand_beside_and_only_with_the_weights_they_are_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robin = kit.steward()
    view = figures.thresholds(robin, "hate")
    model = linear.load()
    assert model is not None and figures._figures()["kinds"]["hate"]
    if view.of_other_weights:
        pytest.skip("the weights were trained again and the curves were not: ./dev train safety")
    low, high = view.shipped_figures[0], view.shipped_figures[-1]
    assert low.recall and high.recall and low.recall.value > high.recall.value
    assert low.precision and high.precision and low.precision.value < high.precision.value
    other = dict(figures._figures(), weights="0" * 64)
    monkeypatch.setattr(figures, "_figures", lambda: other)
    assert figures.thresholds(robin, "hate").of_other_weights


def test_every_bin_of_the_shipped_figures_is_a_count() -> None:
    found = figures._figures()
    assert found["bins"] == curves.BINS
    for kind in found["kinds"].values():
        assert {len(rows) for rows in kind.values()} == {curves.BINS}
        assert all(isinstance(n, int) and n >= 0 for rows in kind.values() for n in rows)


# -- beside ----------------------------------------------------------------------------------------------------------


def test_what_runs_beside_counts_and_never_acts(django_capture_on_commit_callbacks: Any) -> None:
    wall, ana, robin = kit.wall(), member("Ana"), kit.steward()
    ident = kit.tried(robin)
    actions.shadow(robin, ident, kit.revision(ident), True)
    with django_capture_on_commit_callbacks(execute=True):
        for text in ("buy a moon lamp", "good evening", "limited time offer, order now"):
            note = wall.write(ana, text)
            desk.signal(wall.name, note, ana.id, screen(text))
    jobs.run_due()
    row = Shadow.objects.get()
    assert (row.both, row.only_now, row.only_candidate, row.neither) == (1, 0, 1, 1)
    assert not Case.objects.filter(ident__in=[i for i, n in wall.rows.items() if "lamp" in n.text]).exists()
    assert "lamp" not in str(row.__dict__), "no word is kept"
    line = figures.beside(robin)[0]
    assert (line.texts, line.only_candidate, line.category) == (3, 1, "spam") and line.same == pytest.approx(
        2 / 3
    )
    actions.shadow(robin, ident, kit.revision(ident), False)
    with django_capture_on_commit_callbacks(execute=True):
        desk.signal(wall.name, wall.write(ana, "a moon lamp"), ana.id, screen("a moon lamp"))
    assert not Job.objects.filter(kind__contains="look_beside").exists()


def test_without_anything_beside_no_job_is_made(django_capture_on_commit_callbacks: Any) -> None:
    wall, ana = kit.wall(), member("Ana")
    with django_capture_on_commit_callbacks(execute=True):
        desk.signal(wall.name, wall.write(ana, "hello"), ana.id, screen("hello"))
    assert not Job.objects.filter(kind__contains="look_beside").exists()


def test_what_two_people_write_to_each_other_is_never_read_by_a_candidate(
    django_capture_on_commit_callbacks: Any,
) -> None:
    from kithwell.moderation.tests.kit import Notes

    private, ana, robin = Notes(), member("Ana"), kit.steward()
    kinds.register(private)
    ident = kit.tried(robin)
    actions.shadow(robin, ident, kit.revision(ident), True)
    with django_capture_on_commit_callbacks(execute=True):
        desk.signal(private.name, private.write(ana, "a moon lamp"), ana.id, screen("a moon lamp"))
    assert Count.objects.filter(category="").exists(), "it is counted as one text"
    assert not Job.objects.filter(kind__contains="look_beside").exists()


def test_the_kinds_of_this_product_that_rules_are_tried_on_are_those_that_others_can_read(
    as_shipped: None,
) -> None:
    from kithwell.community.peers import kind as peers
    from kithwell.community.posts import kinds as posts
    from kithwell.community.stories.kind import StoryKind

    for known in (posts.PostKind(), posts.ReplyKind(), StoryKind()):
        assert hasattr(known, "recent")
    for private in (peers.Notes(), peers.Profiles()):
        assert not hasattr(private, "recent")


def test_other_weights_run_beside_and_are_only_counted(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    other = Path(linear.__file__).parents[3] / "bench" / "folds" / "safety-0.json.gz"
    settings.KITHWELL = {**settings.KITHWELL, "screening_candidate": str(other)}
    assert conf.get("screening_candidate")
    wall, ana = kit.wall(), member("Ana")
    with django_capture_on_commit_callbacks(execute=True):
        for text in ("I want to die, I cannot go on", "what a lovely day we had in the park"):
            desk.signal(wall.name, wall.write(ana, text), ana.id, screen(text))
    jobs.run_due()
    found = {row.category: row for row in Shadow.objects.all()}
    assert (
        set(found) == {"help", "hate", "offensive"} and found["help"].both == 1 and found["help"].neither == 1
    )
    assert found["help"].candidate.startswith("weights ")


@pytest.mark.parametrize("content", [b"", b"no weights", None])
def test_a_weights_file_that_is_none_stops_nothing(
    content: bytes | None, settings: Any, tmp_path: Path
) -> None:
    path = tmp_path / "w.gz"
    if content is not None:
        path.write_bytes(content)
    settings.KITHWELL = {**settings.KITHWELL, "screening_candidate": str(path)}
    wall, ana = kit.wall(), member("Ana")
    beside.look(wall.name, wall.write(ana, "hello"))
    assert not Shadow.objects.exists()
