"""The two lists: what is in them, what is shown in a crisis, and that nothing is invented on the way."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.directory import importer, queries

SOURCE = Path(__file__).resolve().parents[5] / "shared" / "data" / "helplines.csv"
LIST_DAY = date(2026, 11, 20)
EXPIRED = date(2035, 1, 1)
ALL = [line for code in queries.codes() for line in queries.helplines(code, for_crisis=False)]


@pytest.mark.parametrize("country", queries.codes())
def test_in_a_crisis_only_checked_unexpired_lines_of_this_very_country_are_given(country: str) -> None:
    lines = queries.helplines(country, on=LIST_DAY)
    assert all(line.country == country for line in lines)
    assert all(line.grade in ("A", "B") for line in lines)
    assert queries.helplines(country, on=EXPIRED) == ()
    emergency = queries.emergency(country, on=LIST_DAY)
    assert emergency is None or (emergency.country == country and emergency.numbers)
    assert queries.emergency(country, on=EXPIRED) is None


@given(st.text(max_size=4))
def test_a_country_that_is_not_in_the_list_has_no_numbers_at_all(country: str) -> None:
    if country.upper() not in queries.codes():
        assert queries.helplines(country) == ()
        assert queries.helplines(country, for_crisis=False) == ()
        assert queries.emergency(country) is None


def test_every_row_keeps_its_source_its_grade_and_an_expiry() -> None:
    assert len(ALL) == 187
    for line in ALL:
        assert line.source and line.grade in "ABC"
        assert line.reviewed_on == "2026-11-20" and line.expires_on == "2027-11-20"
        assert line.phone or line.sms or line.chat_url or line.website
        assert line.grade != "A" or line.seen_on


def test_a_short_code_has_nothing_put_before_it() -> None:
    short = [line for line in ALL if line.is_short_code]
    assert len(short) > 40
    for line in short:
        assert re.fullmatch(r"[1-9]\d{1,5}", line.phone_dial), line
        assert line.phone_dial == re.sub(r"\D", "", line.phone)


def test_known_lines_can_be_dialled_and_written_to() -> None:
    usa = {line.name: line for line in queries.helplines("US", on=LIST_DAY)}
    assert usa["988 Suicide & Crisis Lifeline"].phone_dial == "988"
    text_line = usa["Crisis Text Line"]
    assert (text_line.phone, text_line.sms_dial, text_line.sms_keyword) == ("", "741741", "HOME")
    sejiwa = queries.helplines("ID", on=LIST_DAY)[0]
    assert (sejiwa.phone_dial, sejiwa.extension) == ("119", "8")


def test_lines_for_everybody_that_were_checked_best_come_first() -> None:
    assert queries.helplines("GB", on=LIST_DAY)[0].name == "Samaritans"
    first = queries.helplines("JP", language="en", on=LIST_DAY)[0]
    assert first.grade == "A" and "en" in first.languages
    assert queries.helplines("US", audience="LGBTQ", on=LIST_DAY)[0].for_everybody is True
    assert "The Trevor Project" in [
        line.name for line in queries.helplines("US", audience="LGBTQ", on=LIST_DAY)
    ]


def test_a_service_is_shown_once() -> None:
    for country in queries.codes():
        names = [line.name for line in queries.helplines(country, on=LIST_DAY)]
        assert len(names) == len(set(names)), country


def test_rows_that_will_lapse_are_found_in_time() -> None:
    assert queries.expiring(date(2027, 11, 20)) == ()
    assert len(queries.expiring(date(2027, 11, 22))) == 118


@pytest.mark.parametrize(
    ("written", "dial", "kind"),
    [
        ("116 123", "116123", "short"),
        ("988", "988", "short"),
        ("0800 567 567", "0800567567", "national"),
        ("00385 1 4833 888", "+38514833888", "international"),
        ("+52 55 5259 8121", "+525552598121", "international"),
        ("0-800-05-95-95", "0800059595", "national"),
        ("(800) 656-4673", "8006564673", "national"),
    ],
)
def test_numbers_are_read_as_they_were_written(written: str, dial: str, kind: str) -> None:
    found = importer.number(written)
    assert found and (found["dial"], found["kind"], found["original"]) == (dial, kind, written)


@given(st.text(max_size=30))
def test_reading_a_number_never_invents_a_digit(text: str) -> None:
    try:
        found = importer.number(text)
    except importer.Unreadable:
        return
    if found is None:
        assert not text.strip()
        return
    digits = re.sub(r"\D", "", found["dial"])
    assert digits in re.sub(r"\D", "", text) and found["original"] == text.strip()


@pytest.mark.skipif(
    not SOURCE.exists(), reason="the list this was imported from (../shared/data) is not here"
)
def test_our_list_is_the_given_one_row_by_row() -> None:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        given_rows = {
            (r["country_iso2"], r["service_name"].strip(), r["phone"].strip()) for r in csv.DictReader(file)
        }
    ours = {
        (r["country"], r["name"], r["phone"]["original"] if r["phone"] else "")
        for r in importer.read(SOURCE, LIST_DAY)
    }
    assert ours == given_rows
    kept = {(line.country, line.name, line.grade) for line in ALL}
    assert kept == {(r["country"], r["name"], r["grade"]) for r in importer.read(SOURCE, LIST_DAY)}


def test_importing_a_list_with_a_strange_number_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = (
        "country_iso2,service_name,phone,sms,chat_url,website,hours,languages,audience,source,date_seen_in_source,"
        "confidence,note\n"
    )
    bad = tmp_path / "list.csv"
    bad.write_text(head + "GB,Somebody,call me,,,,,,general,s,2026-01-01,A,\n", encoding="utf-8")
    monkeypatch.setattr(importer, "DATA", tmp_path)
    assert importer.main([str(bad), "--on", "2026-11-20"]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["list.csv"]
