"""Figures for the public: counted by day, told by quarter, and never so that somebody can be picked out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from kithwell.kernel import clock, limits
from kithwell.kernel.errors import NotFound
from kithwell.moderation import actions as desk
from kithwell.moderation import kinds
from kithwell.moderation.models import Case, StaffedHours
from kithwell.moderation.outside import actions, demo, figures, queries, rules
from kithwell.moderation.outside.models import DayFigures
from kithwell.moderation.tests import kit

pytestmark = pytest.mark.django_db
AUGUST = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SUMMER = rules.Quarter(2026, 3)


@pytest.fixture(autouse=True)
def wall() -> Iterator[kit.Notes]:
    limits.forget_all()
    notes = kit.wall()
    yield notes
    kinds.forget(notes.name)


def text(answer) -> str:
    return answer.content.decode()


def a_day(wall: kit.Notes, n: int = 6) -> None:
    """On a day in August: notes are reported, one is removed and restored on appeal, the others stay."""
    ana, ben, mika = kit.member("Ana"), kit.member("Ben"), kit.moderator("Mika")
    for count in range(n):
        note = wall.write(ana, f"Note {count}")
        desk.report(ben, wall.name, note, "harassment")
    with clock.shifted(timedelta(hours=2)):
        case = kit.take(mika)
        decision = desk.decide(mika, case, kit.REMOVE)
        for _more in range(n - 1):
            desk.decide(mika, kit.take(mika), kit.KEEP)
        desk.appeal(ana, decision, "I meant it kindly.")


def test_a_day_is_counted_by_what_happened_on_it(wall):
    with clock.frozen(AUGUST):
        a_day(wall)
        desk.report(kit.member("Cleo"), wall.name, wall.write(kit.member("Dan"), "I am so tired"), "worried")
    found = figures.of_day(AUGUST.date())
    assert found["reports"] == {"harassment": 6}, "being worried about somebody is no report about them"
    assert found["cases"] == {"found by machine": 0, "told by people": 6}
    assert found["things"] == {"nothing": 5, "remove": 1} and found["grounds"] == {"kindness": 1}
    assert found["hours"] == [2] * 6 and found["appeals"]["asked"] == 1
    assert figures.of_day(AUGUST.date() + timedelta(days=1))["reports"] == {}


def test_days_are_counted_once_and_stay_when_their_rows_are_gone(wall):
    with clock.frozen(AUGUST):
        a_day(wall)
    with clock.frozen(AUGUST + timedelta(days=3)):
        assert actions.count_days() == 3 and actions.count_days() == 0
    Case.objects.all().delete()
    with clock.frozen(NOVEMBER):
        actions.count_days()
        report = queries.report(SUMMER)
    assert report.table("reports").rows["harassment"] == rules.Cell("shown", 6)
    assert report.median_hours == 2
    assert report.table("things").rows["remove"].how == "fewer"
    assert report.table("things").rows["nothing"].how == "kept", "else the total would give the one away"


def test_a_quarter_is_told_only_when_it_is_over(wall):
    DayFigures.objects.create(day=date(2026, 8, 10), data={"reports": {"threat": 9}})
    with clock.frozen(datetime(2026, 9, 30, 23, 0, tzinfo=UTC)):
        assert queries.quarters() == ()
        with pytest.raises(NotFound):
            queries.report(SUMMER)
    with clock.frozen(datetime(2026, 10, 1, 0, 1, tzinfo=UTC)):
        assert queries.quarters() == (SUMMER,)
        assert queries.report(SUMMER).table("reports").total.n == 9
        with pytest.raises(NotFound):
            queries.report(rules.Quarter(2026, 2))


def test_page_json_and_csv_tell_the_same_and_are_kept_for_an_hour(wall, django_assert_max_num_queries):
    day = {"reports": {"threat": 2, "spam": 30}, "cases": {"found by machine": 10, "told by people": 30}}
    DayFigures.objects.create(day=date(2026, 8, 10), data=day | {"automated": {"acted": 18, "kept": 6}})
    StaffedHours.objects.create(weekday=0, start=540, end=1020, zone="Europe/Madrid")
    client = Client()
    with clock.frozen(NOVEMBER):
        with django_assert_max_num_queries(6):
            page = client.get("/transparency")
        assert page.public_seconds == 3600
        assert "fewer than 5" in text(page) and "25%" in text(page) and "75%" in text(page)
        assert "Monday" in text(page) and "09:00–17:00 (Europe/Madrid)" in text(page)
        data = json.loads(client.get("/transparency/2026-Q3.json").content)
        lines = list(csv.DictReader(io.StringIO(text(client.get("/transparency/2026-Q3.csv")))))
    assert data["schema"] == "kithwell-transparency/1" and data["period"]["to"] == "2026-09-30"
    assert data["tables"]["reports"]["rows"] == {"spam": "not shown", "threat": "fewer than 5"}
    assert data["share_of_machine_findings_acted_on"] == 0.75
    told = {(row["table"], row["row"]): row["value"] for row in lines}
    assert told["reports", "threat"] == "fewer than 5" and told["reports", "total"] == "32"
    assert "2" not in (told["reports", "threat"], told["reports", "spam"])


def test_crisis_is_no_row_of_any_table(wall):
    with clock.frozen(AUGUST):
        desk.report(kit.member("Cleo"), wall.name, wall.write(kit.member("Dan"), "I want to die"), "worried")
    found = figures.of_day(AUGUST.date())
    assert all(not found[name] or not any(found[name].values()) for name in figures.GROUPS)


def test_without_any_figures_the_page_says_when_there_will_be_some(wall):
    page = text(Client().get("/transparency"))
    assert "when a quarter has ended" in page and "Reports are read as soon as somebody can" in page


def test_the_demo_tells_of_two_quarters_and_loads_once(wall, monkeypatch):
    from kithwell.kernel import conf

    known = conf.get
    monkeypatch.setattr(conf, "get", lambda name, *d: True if name == "demo" else known(name, *d))
    demo.load()
    rows = DayFigures.objects.count()
    demo.load()
    assert DayFigures.objects.count() == rows > 100
    assert len(queries.quarters()) >= 2
    assert queries.report(queries.quarters()[0]).median_hours is not None
