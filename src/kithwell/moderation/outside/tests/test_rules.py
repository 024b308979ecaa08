"""Small numbers, quarters, notices and law packs: pure."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.moderation.outside import lawbook, rules

NOTICE = {
    "what": "a post",
    "address": "https://example.org/p/0190a0b0-0000-7000-8000-000000000001",
    "why": "it threatens somebody",
    "name": "Lou",
    "email": "lou@example.org",
    "good_faith": "1",
}
counts = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 12), max_size=5)


def fits(counts_, cells, total, guess) -> bool:
    """Could these be the numbers, for somebody who sees the table? `guess`: those of the hidden cells."""
    sum_ = sum(guess.values()) + sum(c.n for c in cells.values() if c.n is not None)
    for key, n in guess.items():
        if cells[key].how == rules.FEWER and not 0 < n < rules.FEW:
            return False
        if cells[key].how == rules.KEPT and n < rules.FEW:
            return False
    if total.how == rules.SHOWN:
        return sum_ == total.n
    return 0 < sum_ < rules.FEW if total.how == rules.FEWER else sum_ >= rules.FEW - 1


@given(counts)
def test_no_number_below_five_can_be_worked_out_of_a_published_table(counts_):
    cells, total = rules.masked(counts_)
    hidden = [key for key, cell in cells.items() if cell.n is None]
    few = [key for key in hidden if cells[key].how == rules.FEWER]
    assert set(few) == {key for key, n in counts_.items() if 0 < n < rules.FEW}
    kept = [key for key in hidden if key not in few]
    if len(kept) > 1:  # too many to try out; one that is kept can be anything, which is what protects
        return
    seen: dict[str, set[int]] = {key: set() for key in few}
    spans = [range(1, 5) if key in few else range(5, 70) for key in hidden]
    for values in product(*spans):
        guess = dict(zip(hidden, values, strict=True))
        if fits(counts_, cells, total, guess):
            for key in few:
                seen[key].add(guess[key])
    assert all(len(found) > 1 for found in seen.values()), (counts_, cells, total)


@given(counts)
def test_what_is_shown_is_true_and_zero_and_large_numbers_are_shown_where_nothing_is_at_stake(counts_):
    cells, total = rules.masked(counts_)
    assert all(cell.n in (None, counts_[key]) for key, cell in cells.items())
    assert total.n in (None, sum(counts_.values()))
    if not any(0 < n < rules.FEW for n in counts_.values()):
        assert all(cell.how == rules.SHOWN for cell in (*cells.values(), total))


def test_one_small_number_beside_a_large_one_takes_the_large_one_back():
    cells, total = rules.masked({"threat": 2, "spam": 40, "hate": 9})
    assert [cells[k].how for k in ("threat", "hate", "spam")] == ["fewer", "kept", "shown"]
    assert total.n == 51
    alone, none = rules.masked({"threat": 2})
    assert (alone["threat"].how, none.how) == ("fewer", "fewer")


def test_shares_and_medians_need_enough_to_say_something():
    shown = rules.Cell(rules.SHOWN, 10)
    assert rules.share(shown, rules.Cell(rules.SHOWN, 40)) == 0.25
    assert rules.share(shown, rules.Cell(rules.SHOWN, 19)) is None
    assert rules.share(rules.Cell(rules.FEWER), rules.Cell(rules.SHOWN, 40)) is None
    assert rules.median([3, 1, 2, 5]) is None
    assert rules.median([3, 1, 2, 5, 4]) == 3 and rules.median([1, 2, 3, 4, 5, 6]) == 3.5


@given(st.dates(date(2020, 1, 1), date(2098, 12, 31)))
def test_each_day_lies_in_one_quarter_and_quarters_follow_each_other(day):
    found = rules.quarter_of(day)
    assert found.first <= day < found.end == found.next.first
    assert found.next.before == found == rules.quarter(found.code)
    over = rules.finished(date(2019, 5, 1), day)
    assert all(q.end <= day for q in over) and len(set(over)) == len(over)
    assert over[0] == found.before and list(over) == sorted(over, reverse=True)


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-Q5", "2026-Q0", "٢٠٢٦-Q1", "2026-q1", "2026-Q1 ", "1999-Q1"]
)
def test_what_is_no_quarter_is_none(code):
    assert rules.quarter(code) is None


def test_a_complete_notice_lacks_nothing():
    assert rules.missing(NOTICE, ground="illegal", category="hate") == {}


@pytest.mark.parametrize(
    ("change", "ground", "category", "wrong"),
    [
        ({"why": " "}, "rules", "hate", {"why": "empty"}),
        ({"address": "that post"}, "rules", "hate", {"address": "address"}),
        ({"good_faith": ""}, "rules", "hate", {"good_faith": "good_faith"}),
        ({"email": "lou"}, "rules", "hate", {"email": "email"}),
        ({}, "", "hate", {"ground": "choose"}),
        ({"name": "", "email": ""}, "illegal", "hate", {"name": "named", "email": "named"}),
        ({"name": "", "email": "", "unsafe": "1"}, "illegal", "hate", {}),
        ({"name": "", "email": ""}, "illegal", "minor", {}),  # DSA 16(2)(c): never about the abuse of a child
        ({"name": "", "email": ""}, "rules", "hate", {}),
        ({"why": "x" * 5001}, "rules", "hate", {"why": "long"}),
    ],
)
def test_what_a_notice_lacks_is_told_by_field(change, ground, category, wrong):
    assert rules.missing(NOTICE | change, ground=ground, category=category) == wrong


def test_an_address_names_the_reply_before_its_post():
    one, two = "0190a0b0-0000-7000-8000-000000000001", "0190a0b0-0000-7000-8000-00000000000A"
    assert rules.ids_in(f"https://x.example/p/{one}#r-{two}") == (two.lower(), one)
    assert rules.ids_in("/u/quiet-heron") == ()
    assert len(rules.ids_in(" ".join(f"0190a0b0-0000-7000-8000-{n:012}" for n in range(30)))) == 5


# -- law


def test_every_pack_ships_with_sources_dates_and_the_word_that_no_lawyer_read_it():
    for code in lawbook.PACKS:
        pack = lawbook.pack(code)
        assert pack.reviewed == "no lawyer has read this yet"
        assert pack.entries and set(pack.redress) == {"en", "es"}
        for entry in pack.entries:
            assert entry.source and entry.url.startswith("https://") and entry.reviewed == pack.reviewed
            assert date(2026, 1, 1) <= entry.checked_on <= date(2026, 11, 21), entry.code
        assert len({entry.code for entry in pack.entries}) == len(pack.entries)


def test_the_packs_hold_what_they_are_for():
    codes = {code: {e.code for e in lawbook.pack(code).entries} for code in lawbook.PACKS}
    assert {f"dsa-{n}" for n in (9, 10, 16, 17, 18, 19, 20, 21, 23, 24)} <= codes["eu"]
    assert {"osa-10", "osa-21", "osa-11-13", "ofcom-codes"} <= codes["uk"]
    assert {"usc-18-2258A", "usc-47-230", "bpc-22603"} <= codes["us"]
    assert "Not read" in next(e.text for e in lawbook.pack("uk").entries if e.code == "ofcom-codes")
    for code in lawbook.PACKS:
        assert lawbook.pack(code).of_kind("report") and lawbook.pack(code).of_kind("retention")


@pytest.mark.parametrize("field", ["source", "reviewed", "checked_on", "url", "text", "kind"])
def test_an_entry_without_what_it_rests_on_is_refused(field):
    rows = {
        "code": '"x-1"', "kind": '"report"', "title": '"t"', "text": '"t"', "source": '"s"', "read": '"text"',
        "url": '"https://x.example"', "checked_on": "2026-11-21", "reviewed": '"nobody"',
    }  # fmt: skip
    rest = '\n[[redress]]\nen = "a"\nes = "b"\n'

    def book(entry: dict[str, str]) -> str:
        lines = "\n".join(f"{k} = {v}" for k, v in entry.items())
        return f'[pack]\ncode = "x"\nreviewed = "nobody"\n[[entry]]\n{lines}\n{rest}'

    assert lawbook.load(book(rows)).entries[0].code == "x-1"
    with pytest.raises(lawbook.Refused, match="x-1"):
        lawbook.load(book({k: v for k, v in rows.items() if k != field}))
    with pytest.raises(lawbook.Refused):
        lawbook.load(book(rows).replace('es = "b"', "").replace("[[redress]]", "[[other]]"))


def test_countries_find_their_law():
    assert lawbook.for_country("de").code == "eu" and lawbook.for_country("GB").code == "uk"
    assert lawbook.for_country("US").code == "us" and lawbook.for_country("BR") is None
    with pytest.raises(KeyError):
        lawbook.pack("../eu")
