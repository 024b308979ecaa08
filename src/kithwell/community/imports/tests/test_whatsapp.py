"""Reading the chat that a phone exports."""

import time
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


@pytest.mark.parametrize(
    "head",
    [
        "31.12.25, 21:05 - ",  # German, Android
        "31/12/2025 21:05 - ",  # Portuguese, older
        "31/12/2025 à 21:05 - ",  # French, older
        "31/12/25, 9:05 p. m. - ",  # Spanish, with half days
        "31/12/25, 9:05\u202fp.\u00a0m. - ",
        "[31/12/25, 9:05:00\u202fp.m.] ",
        "31.12.2025 klo 21.05 - ",  # Finnish
        "2025-12-31 21:05 - ",  # Swedish
        "2025. 12. 31. 21:05 - ",  # Hungarian
        "2025/12/31 下午9:05 - ",  # Chinese
        "2025. 12. 31. 오후 9:05 - ",  # Korean
        "[2025/12/31, 21:05:00] ",  # Japanese
        "\u200f٣١/١٢/٢٠٢٥، ٩:٠٥ م - ",  # Arabic
        "31-12-2025 21:05 - ",  # Dutch
        "31/12/2568 21:05 - ",  # Thai
        "12/31/25, 9:05 PM \u2013 ",
        "[12/31/25, 9:05:00\u202fPM] ",
        "\ufeff12/31/25, 21:05 - ",
    ],
)
def test_dates_are_read_as_phones_of_many_languages_write_them(head: str) -> None:
    [line] = whatsapp.read(f"{head}Lou: hello\nagain\n").lines
    assert (line.author, line.text, line.at) == ("Lou", "hello\nagain", datetime(2025, 12, 31, 21, 5))


def test_words_around_an_hour_in_the_middle_of_a_message_begin_no_other_message() -> None:
    text = "31/12/25, 21:05 - Lou: we met\n31/12/25, 9:05 in the evening - Sam: was there\n12/31/25 soon 9:05 - x: y\n"
    [line] = whatsapp.read(text).lines
    assert line.text.count("\n") == 2


@pytest.mark.parametrize(
    "said",
    ["\u200eBild weggelassen", "\u200eimagen omitida", "\u200eimage absente", "\u200eaudio omesso",
     "\u200e<angehängt: 00000012-PHOTO-2025.jpg>", "\u200eimage omitted"],
)  # fmt: skip
def test_what_an_iphone_wrote_itself_never_comes_in_any_language(said: str) -> None:
    head = "[31.12.25, 21:06:00] "
    found = whatsapp.read(f"{head}Lou: {said}\n\u200e{head}Lou: {said}\n{head}Lou: with words {said}\n")
    assert [line.text for line in found.lines] == ["with words"] and found.left == {"media": 3}
    notice = whatsapp.read(f"{head}Unsere Gruppe: \u200eLou hat die Beschreibung geändert\n{head}Lou: hi\n")
    assert [line.text for line in notice.lines] == ["hi"] and notice.left == {"system": 1}


def test_a_file_goes_and_what_was_written_to_it_stays() -> None:
    head = "31/12/25, 21:05 - Lou: "
    found = whatsapp.read(
        f"{head}IMG-20251231-WA0001.jpg (Datei angehängt)\nour walk\nyesterday\n{head}PTT-1.opus (file attached)\n"
        f"{head}<Medien ausgeschlossen>\n{head}my plan.pdf is long (really)\n"
        f"{head}2 < 3 <Diese Nachricht wurde bearbeitet.>\n"
    )
    assert [line.text for line in found.lines] == [
        "our walk\nyesterday",
        "my plan.pdf is long (really)",
        "2 < 3",
    ]
    assert found.left == {"media": 3}


def test_a_notice_with_a_colon_in_a_groups_name_is_nobodys_line() -> None:
    found = whatsapp.read('31/12/25, 21:05 - Lou created group "Owls: nights"\n31/12/25, 21:06 - Bo: hi\n')
    assert [line.author for line in found.lines] == ["Bo"]


def test_a_hostile_chat_takes_no_longer_than_an_honest_one() -> None:
    head, began = "31/12/25, 21:05 - Lou: ", time.process_time()
    for words in (" " * 300_000 + "x", "<" + "edited" * 60_000, "<" * 300_000, "a.jpg" + " " * 300_000 + "(x",
                  "\u200e" * 300_000, "\n" * 300_000, "1/1/25, " * 40_000, "x.vcf" * 60_000):  # fmt: skip
        whatsapp.read(f"{head}a {words}\n{head}end\n")
    assert time.process_time() - began < 20


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
