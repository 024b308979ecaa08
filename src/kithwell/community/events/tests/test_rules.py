"""Places, the queue, awareness days and calendar files: pure decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.events import days
from kithwell.community.events.rules import days as day_rules
from kithwell.community.events.rules import ics, queue, seats

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


@given(
    st.integers(0, 50),
    st.one_of(st.none(), st.integers(0, 50)),
    st.lists(st.integers(), unique=True, max_size=40),
)
def test_nobody_moves_up_before_somebody_who_waited_longer_and_no_place_is_given_twice(
    going: int, capacity: int | None, waiting: list[int]
) -> None:
    lucky = seats.promoted(going, capacity, waiting)
    assert list(lucky) == waiting[: len(lucky)]
    assert capacity is None or going + len(lucky) <= max(capacity, going)
    if capacity is not None and len(lucky) < len(waiting):
        assert going + len(lucky) >= capacity


@given(st.integers(0, 10_000))
def test_a_number_of_people_tells_little_of_any_one_of_them(count: int) -> None:
    shown = seats.roughly(count)
    assert shown % 5 == 0 and count - 5 < shown <= count
    assert seats.roughly(4) == 0


@given(
    st.lists(
        st.tuples(st.uuids(), st.integers(0, 5), st.integers(0, 3)), unique_by=lambda t: t[0], max_size=30
    )
)
def test_the_queue_has_one_order_whatever_order_it_comes_in(found: list[tuple[UUID, int, int]]) -> None:
    rows = [queue.Standing(i, votes, NOW + timedelta(seconds=s)) for i, votes, s in found]
    order = queue.ordered(rows)
    assert order == queue.ordered(reversed(rows))
    by_id = {r.id: r for r in rows}
    votes = [by_id[i].votes for i in order]
    assert votes == sorted(votes, reverse=True)


def test_a_question_that_was_answered_cannot_be_left_out_or_joined_any_more() -> None:
    for step in ("approve", "decline", "merge"):
        assert queue.after(queue.ANSWERED, step) is None
    assert queue.after(queue.WAITING, "approve") == queue.OPEN
    assert queue.after(queue.MERGED, "answer") is None


def test_wishes_are_words_and_never_numbers() -> None:
    assert [queue.wish(n) for n in (0, 1, 4, 5, 500)] == ["one", "some", "some", "many", "many"]


# -- awareness days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "year", "first", "last"),
    [
        ("mental-health", 2026, "2026-10-10", "2026-10-10"),
        ("maternal", 2018, "2018-05-02", "2018-05-02"),
        ("maternal", 2025, "2025-05-07", "2025-05-07"),
        ("suicide-loss", 2013, "2013-11-23", "2013-11-23"),
        ("suicide-loss", 2018, "2018-11-17", "2018-11-17"),
        ("suicide-loss", 2019, "2019-11-23", "2019-11-23"),
        ("suicide-loss", 2025, "2025-11-22", "2025-11-22"),
        ("us-illness-week", 2015, "2015-10-04", "2015-10-10"),
        ("uk-time-to-talk", 2021, "2021-02-04", "2021-02-04"),
        ("uk-time-to-talk", 2022, "2022-02-03", "2022-02-03"),
        ("sleep", 2026, "2026-03-13", "2026-03-13"),
        ("france-weeks", 2024, "2024-10-07", "2024-10-20"),
        ("movember", 2026, "2026-11-01", "2026-11-30"),
    ],
)
def test_days_fall_where_they_fell(code: str, year: int, first: str, last: str) -> None:
    row = next(r for r in days.rows() if r.code == code)
    assert day_rules.when(row.rule, year) == day_rules.Span(
        date.fromisoformat(first), date.fromisoformat(last)
    )


def test_every_day_has_a_code_of_its_own_a_source_and_a_date_in_each_of_a_hundred_years() -> None:
    rows = days.rows()
    assert len(rows) >= 30 and len({r.code for r in rows}) == len(rows)
    assert "" in {r.place for r in rows} and len(days.places()) >= 6
    for row in rows:
        assert row.source.startswith("http") and row.holder and row.name
        assert not row.checked or date.fromisoformat(row.checked) <= date(2030, 1, 1)
        for year in range(2020, 2120):
            span = day_rules.when(row.rule, year)
            assert span.first <= span.last and span.first.year == year


@given(
    st.integers(2000, 2200),
    st.integers(1, 12),
    st.integers(0, 6),
    st.sampled_from([1, 2, 3, 4, -1, -2, -3, -4]),
)
def test_the_nth_weekday_of_a_month_is_what_it_says(year: int, month: int, weekday: int, n: int) -> None:
    found = day_rules.nth(year, month, weekday, n)
    assert (found.year, found.month, found.weekday()) == (year, month, weekday)
    assert ((found.day - 1) // 7 + 1 == n) if n > 0 else (found + timedelta(days=7 * -n)).month != month


@pytest.mark.parametrize("rule", ["", "13", "02-30", "tea#1 of 05", "mon#5 of 02", "mon#0 of 05", "someday"])
def test_a_rule_that_means_nothing_is_refused(rule: str) -> None:
    with pytest.raises(day_rules.BadRule):
        day_rules.when(rule, 2026)


def test_other_countries_days_are_shown_only_where_they_are_asked_for() -> None:
    here = {d.row.code for d in days.between(date(2026, 5, 1), date(2026, 5, 31), ["GB"])}
    assert "uk-week" in here and "maternal" in here and "canada-week" not in here


# -- calendar files ---------------------------------------------------------------------------------------------------


def read(data: bytes) -> list[str]:
    """Unfolded lines."""
    return data.decode().replace("\r\n ", "").split("\r\n")


@given(st.text(max_size=300))
def test_lines_are_folded_at_75_octets_and_come_back_whole(text: str) -> None:
    text = text.replace("\n", " ").replace("\r", " ")
    folded = ics.fold(text)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    if "\r" not in text:
        assert folded.replace("\r\n ", "") == text


@given(st.text(max_size=200))
def test_a_title_can_never_begin_a_line_of_its_own(title: str) -> None:
    entry = ics.Entry("1@x", title, NOW, NOW + timedelta(hours=1), NOW, text=title)
    lines = read(ics.calendar("c", [entry]))
    names = [line.split(":")[0].split(";")[0] for line in lines if line]
    assert names.count("BEGIN") == 2 and names.count("SUMMARY") == 1
    assert set(names) <= {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "LAST-MODIFIED", "X-WR-CALNAME", "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL", "UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "CLASS", "DESCRIPTION",
    }  # fmt: skip


def test_a_calendar_is_in_utc_and_names_nobody() -> None:
    madrid = datetime(2026, 7, 1, 20, 0, tzinfo=UTC) + timedelta(0)
    entry = ics.Entry(
        "1@x", "Tea, talk; and \\ more", madrid, madrid + timedelta(hours=1), NOW, url="https://x/y"
    )
    day = ics.Entry("2@x", "A day", date(2026, 10, 10), date(2026, 10, 11), NOW, cancelled=True)
    data = ics.calendar("Mine", [entry, day])
    text = data.decode()
    assert "DTSTART:20260701T200000Z\r\n" in text and "DTSTART;VALUE=DATE:20261010\r\n" in text
    assert r"SUMMARY:Tea\, talk\; and \\ more" in text and "STATUS:CANCELLED" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert "ATTENDEE" not in text and "ORGANIZER" not in text and "mailto" not in text
