"""Reading the chat that a phone exports."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.imports.rules import whatsapp
from kithwell.community.imports.rules.lines import LONGEST_SITTING, Unreadable

ANDROID = (
    "12/31/25, 9:05\u202fPM - Messages and calls are end-to-end encrypted.\n"
    "12/31/25, 9:06\u202fPM - Lou Brook: first line\nand its second: with a colon\n"
    "12/31/25, 9:07\u202fPM - +44 7700 900123: hello\n"
    "12/31/25, 9:08\u202fPM - Lou Brook: <Media omitted>\n"
    "1/1/26, 12:10\u202fAM - Lou Brook: happy new year <This message was edited>\n"
)
IPHONE = (
    "\u200e[31.12.25, 21:05:12] Our group: \u200eMessages are end-to-end encrypted.\n"
    "[31.12.25, 21:06:00] ~\u202fAmi: hi\n"
    "\u200e[31.12.25, 21:06:30] ~\u202fAmi: \u200eimage omitted\n"
    "[01.01.26, 00:10:00] Bo: This message was deleted\n"
    "[01.01.26, 00:11:00] Bo: Location: https://maps.google.com/?q=1.0,2.0\n"
)


def test_a_chat_from_android_keeps_lines_and_their_writers() -> None:
    found = whatsapp.read(ANDROID)
    assert [(line.author, line.text) for line in found.lines] == [
        ("Lou Brook", "first line\nand its second: with a colon"),
        ("+44 7700 900123", "hello"),
        ("Lou Brook", "happy new year"),
    ]
    assert found.lines[0].at == datetime(2025, 12, 31, 21, 6)
    assert found.lines[2].at == datetime(2026, 1, 1, 0, 10)
    assert found.left == {"system": 1, "media": 1}


def test_a_chat_from_an_iphone_loses_what_must_not_come() -> None:
    found = whatsapp.read(IPHONE)
    assert [(line.author, line.text) for line in found.lines][-1] == ("Ami", "hi")
    assert found.left["media"] == found.left["deleted"] == found.left["place"] == 1


def test_day_and_month_that_fit_both_ways_are_asked_about() -> None:
    text = "03/04/2026, 21:05 - Lou: hi\n03/04/2026, 21:06 - Lou: you\n"
    assert whatsapp.orders(text) == ("dmy", "mdy")
    assert whatsapp.read(text, "mdy").lines[0].at == datetime(2026, 3, 4, 21, 5)
    # one that runs forward only one way is not asked about
    assert whatsapp.orders("01/02/2026, 10:00 - L: a\n02/01/2026, 10:00 - L: b\n") == ("mdy",)
    assert whatsapp.orders("2026-04-03, 21:05 - L: a\n") == ("ymd",)


def test_a_long_silence_begins_a_new_thread() -> None:
    text = "1/2/2026, 10:00 - L: a\n1/2/2026, 10:30 - B: b\n1/2/2026, 12:00 - L: c\n13/2/2026, 12:00 - L: d\n"
    threads = [line.thread for line in whatsapp.read(text).lines]
    assert threads[0] == threads[1] and len(set(threads)) == 3


@pytest.mark.parametrize("text", ["", "just words\nand more", "99/99/2026, 10:00 - L: a", "1/2/2026, 10:00"])
def test_what_is_no_chat_is_refused_by_name(text: str) -> None:
    with pytest.raises(Unreadable):
        whatsapp.read(text)


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        whatsapp.read(text)
    except Unreadable as error:
        assert error.code in ("empty", "not-a-chat", "dates")


_words = st.text(st.characters(categories=("L", "N"), include_characters=" "), min_size=1, max_size=20)


@given(st.lists(st.tuples(st.sampled_from("ABC"), _words.filter(str.strip)), min_size=1, max_size=150))
def test_every_line_comes_once_in_order_with_a_key_of_its_own(rows: list[tuple[str, str]]) -> None:
    start = datetime(2026, 1, 13, 10, 0)
    text = "".join(
        f"{start + timedelta(minutes=n):%d/%m/%Y, %H:%M} - {who}: {said}\n"
        for n, (who, said) in enumerate(rows)
    )
    lines = whatsapp.read(text, "dmy").lines
    said = [(line.author, line.text) for line in lines]
    assert said == [(who, words.strip()) for who, words in rows if (who, words.strip()) in said]
    assert len({line.key for line in lines}) == len(lines)
    assert lines == whatsapp.read(text, "dmy").lines
    counts = [sum(line.thread == name for line in lines) for name in {line.thread for line in lines}]
    assert max(counts, default=0) <= LONGEST_SITTING
