"""What a number, a calendar or a lost place could tell or lose, and does not."""

from __future__ import annotations

import email
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from kithwell.community.events import actions, days, queries
from kithwell.community.events.models import Event, Question, Seat
from kithwell.community.events.rules import ics
from kithwell.community.events.tests import cast
from kithwell.community.groups import actions as groups
from kithwell.community.groups import queries as group_queries
from kithwell.community.notices import actions as notices_actions
from kithwell.community.notices import queries as notices
from kithwell.kernel import clock, jobs
from kithwell.kernel.errors import Invalid
from kithwell.people import actions as people

Account = get_user_model()
pytestmark = pytest.mark.django_db


def standing(made: Any) -> int:
    return int(Event.objects.values_list("queue_n", flat=True).get(id=made))


def test_the_hosts_number_moves_with_every_fifth_person_and_not_with_each() -> None:
    pia = cast.person("Pia", "professional")
    made, crowd, seen = cast.qa(pia, capacity=7), [cast.person("Who") for _ in range(13)], []
    for who in crowd:
        before = standing(made)
        actions.take(who, made)
        seen.append(standing(made) - before)
    assert [n for n, moved in enumerate(seen, 1) if moved] == [5, 12]  # five have a place; then five wait
    before = standing(made)
    actions.leave(crowd[0], made)
    actions.take(crowd[0], made)
    assert standing(made) == before, "nobody sees that one person went and came"


def test_the_hosts_number_does_not_count_wishes() -> None:
    pia = cast.person("Pia", "professional")
    made, crowd = cast.qa(pia), [cast.person("Who") for _ in range(7)]
    first, second = (actions.ask(crowd[n], made, f"What helps, {n}?").id for n in (0, 1))
    for ident in (first, second):
        actions.approve(pia, made, ident)
    moved = []
    for who in crowd[2:]:
        before = standing(made)
        actions.wish(who, made, second, True)
        moved.append(standing(made) - before)
    assert moved == [1, 0, 0, 0, 1]  # it comes first; later "a few" become "many"


def test_whoever_asked_the_same_keeps_their_question_when_the_other_is_taken_back() -> None:
    pia, ana, ben = cast.person("Pia", "professional"), cast.person("Ana"), cast.person("Ben")
    made = cast.qa(pia)
    one, two = actions.ask(ana, made, "Naps, yes or no?").id, actions.ask(ben, made, "Is a nap good?").id
    actions.merge(pia, made, two, one)
    assert queries.desk(pia, made).queue[0].id == one
    actions.take_back(ana, made, one)
    assert [q.id for q in queries.desk(pia, made).queue] == [two]
    assert queries.show(ben, made).own[0].state == "waiting"


def test_whoever_asked_the_same_reads_what_became_of_the_question_it_was_joined_with() -> None:
    pia, ana, ben = cast.person("Pia", "professional"), cast.person("Ana"), cast.person("Ben")
    made = cast.qa(pia)
    one, two = actions.ask(ana, made, "Naps, yes or no?").id, actions.ask(ben, made, "Is a nap good?").id
    actions.merge(pia, made, two, one)
    assert queries.show(ben, made).own[0].state == "merged"
    actions.decline(pia, made, one, "later")
    assert (queries.show(ben, made).own[0].state, queries.show(ben, made).own[0].reason) == (
        "declined",
        "later",
    )


@pytest.mark.django_db(transaction=True)
def test_another_time_or_another_way_there_is_told_and_another_title_is_not() -> None:
    pia, ana, ben = cast.person("Pia", "professional"), cast.person("Ana"), cast.person("Ben")
    wanted = cast.wanted(where="https://rooms.example/a", capacity=2)
    made = actions.make(pia, wanted)
    for who in (ana, cast.person("Che"), ben):
        actions.take(who, made)

    def told(who: Any) -> int:
        jobs.run_due()
        return sum("Something changed" in line.text for line in notices.page(who).lines)

    actions.change(pia, made, cast.wanted(where="https://rooms.example/a", capacity=2, title="Sleep, again"))
    assert (told(ana), told(ben)) == (0, 0)
    actions.change(pia, made, cast.wanted(where="https://rooms.example/b", capacity=2))
    assert (told(ana), told(ben), told(pia)) == (1, 1, 0)
    actions.change(pia, made, cast.wanted(where="https://rooms.example/b", capacity=2, minutes=90))
    assert (told(ana), told(ben)) == (2, 2)


def test_an_event_is_not_moved_into_the_past_or_into_an_hour_that_is_not_there() -> None:
    pia = cast.person("Pia", "professional")
    made = cast.qa(pia)
    with pytest.raises(Invalid) as wrong:
        actions.change(pia, made, cast.wanted(starts=datetime(2020, 1, 1)))
    assert "starts" in wrong.value.fields
    with pytest.raises(Invalid) as wrong:
        cast.qa(pia, starts=datetime(2027, 3, 28, 2, 30), zone="Europe/Madrid")
    assert "starts" in wrong.value.fields


@pytest.mark.django_db(transaction=True)
def test_who_leaves_a_group_gives_their_place_at_its_sessions_to_whoever_waits() -> None:
    fay, ana, ben, che = cast.person("Fay", "facilitator"), *(cast.person(n) for n in ("Ana", "Ben", "Che"))
    group = cast.group(fay, ana, ben, che)
    made = cast.qa(fay, kind="session", audience="group", group=group, capacity=2)
    open_one = cast.qa(cast.person("Pia", "professional"))
    for who in (ana, ben, che):
        actions.take(who, made)
    actions.take(ana, open_one)
    groups.leave(ana, group_queries.groups_by_id([group])[group].slug)
    jobs.run_due()
    assert dict(Seat.objects.filter(event=made).values_list("account", "state")) == {
        ben.id: "going",
        che.id: "going",
    }
    assert Seat.objects.filter(event=open_one, account=ana.id).exists()


@pytest.mark.django_db(transaction=True)
def test_letters_about_an_event_go_to_one_person_each_and_name_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To, Cc, Bcc, the envelope, and everything inside: as if nobody else existed."""
    for name, value in (("mail_url", f"file://{tmp_path}"), ("mail_from", "post@example.org"),
                        ("public_url", "https://kith.example")):  # fmt: skip
        monkeypatch.setitem(settings.KITHWELL, name, value)
    noon = datetime(2026, 5, 5, 12, tzinfo=UTC)
    with clock.frozen(noon):
        pia, crowd = cast.person("Pia", "professional"), [cast.person(f"Guest{n}of") for n in range(3)]
        made = cast.qa(pia, title="Sleeping when the head is loud")
        for n, who in enumerate(crowd):
            people.set_email(who, f"guest{n}@example.org")
            Account.objects.filter(pk=who.id).update(email_confirmed_at=noon)
            notices_actions.choose(
                who, notices_actions.Wanted("daily", 18, 6, "UTC", 21, 8, "nothing", True, {}, {})
            )
            actions.take(who, made)
        actions.call_off(pia, made)
        jobs.run_due()
    with clock.frozen(noon.replace(hour=18)):
        notices_actions.send_due()
        jobs.run_due()
    files = "".join(
        path.read_text() for path in tmp_path.iterdir()
    )  # two letters of one second may share a file
    letters = [
        letter.lstrip("\n") for letter in re.split(r"^-{79}$", files, flags=re.MULTILINE) if letter.strip()
    ]
    news = [text for text in letters if "You have news" in text]
    assert len(news) == 3
    for text in letters:
        told = {n for n in range(3) if f"guest{n}@" in text}
        assert len(told) == 1
        letter = email.message_from_string(text)
        assert letter["Cc"] is None and letter["Bcc"] is None and "," not in letter["To"]
        for who in crowd:
            assert who.name not in text and str(who.id) not in text
        assert "loud" not in text and str(made) not in text


# -- calendar files ---------------------------------------------------------------------------------------------------


def parsed(data: bytes) -> list[dict[str, str]]:
    """The entries of a calendar, read strictly as RFC 5545 has it."""
    text = data.decode()
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", text).rstrip("\r\n").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    head = lines[: lines.index("BEGIN:VEVENT")] if "BEGIN:VEVENT" in lines else lines[:-1]
    assert (
        sum(line == "VERSION:2.0" for line in head) == sum(line.startswith("PRODID:") for line in head) == 1
    )
    found: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            found.append({})
        elif line == "END:VEVENT":
            assert {"UID", "DTSTAMP", "DTSTART", "DTEND"} <= set(found[-1])
            inside = False
        elif inside:
            name, colon, value = line.partition(":")
            assert colon and re.fullmatch(r"[A-Z-]+(;VALUE=DATE)?", name), line
            name = name.partition(";")[0]
            assert name not in found[-1], "no property stands twice"
            found[-1][name] = value
    assert not inside and len({f["UID"] for f in found}) == len(found)
    return found


def test_a_calendar_entry_keeps_its_name_counts_its_changes_and_says_when_it_is_called_off() -> None:
    pia, ana = cast.person("Pia", "professional"), cast.person("Ana")
    made = actions.make(pia, cast.wanted(title="Sleep; rest, and \\ more 🌙"))
    actions.take(ana, made)
    token = actions.renew_feed(ana, plain=False, days=False)
    [first] = parsed(Client().get(f"/events/feed/{token}.ics").content)
    assert first["SUMMARY"] == r"Sleep\; rest\, and \\ more 🌙" and first["SEQUENCE"] == "0"
    with clock.shifted(timedelta(minutes=5)):
        actions.change(pia, made, cast.wanted(minutes=90))
    [second] = parsed(Client().get(f"/events/feed/{token}.ics").content)
    assert (
        second["UID"] == first["UID"] and second["SEQUENCE"] == "1" and second["DTSTAMP"] > first["DTSTAMP"]
    )
    assert "STATUS" not in second
    actions.call_off(pia, made)
    [third] = parsed(Client().get(f"/events/feed/{token}.ics").content)
    assert third["STATUS"] == "CANCELLED" and third["SEQUENCE"] == "2"
    assert b"METHOD" not in Client().get(f"/events/{made}/calendar.ics").content


def test_a_neutral_calendar_says_nowhere_whose_it_is() -> None:
    pia, ana = cast.person("Pia", "professional"), cast.person("Ana")
    made = cast.qa(pia)
    actions.take(ana, made)
    token = actions.renew_feed(ana, plain=True, days=True)
    for address in (f"/events/feed/{token}.ics", f"/events/{made}/calendar.ics?plain=1"):
        data = Client().get(address).content
        assert len(parsed(data)) == 1
        assert b"kithwell" not in data.lower() and b"http" not in data and b"Sleeping" not in data


def test_many_calendars_behind_one_address_are_all_answered_and_guessing_is_not() -> None:
    pia = cast.person("Pia", "professional")
    made, words = cast.qa(pia), []
    for _ in range(70):
        who = cast.person("Who")
        actions.take(who, made)
        words.append(actions.renew_feed(who, plain=True, days=False))
    assert {Client().get(f"/events/feed/{word}.ics").status_code for word in words} == {200}
    guesses = [Client().get(f"/events/feed/{'x' * 30}{n:02}.ics").status_code for n in range(70)]
    assert set(guesses) == {404, 429} and guesses[-1] == 429
    assert Client().get(f"/events/feed/{words[0]}.ics").status_code == 200


def test_awareness_days_are_a_calendar_for_everybody_with_their_sources() -> None:
    def codes(query: str) -> set[str]:
        answer = Client().get(f"/events/days.ics{query}")
        assert answer["Content-Type"].startswith("text/calendar")
        found = parsed(answer.content)
        assert all(
            f["DTSTART"] < f["DTEND"] and f["URL"].startswith("http") and f["DESCRIPTION"] for f in found
        )
        assert {f["CLASS"] for f in found} == {"PUBLIC"} and {f["TRANSP"] for f in found} == {"TRANSPARENT"}
        return {f["UID"].rpartition("-2")[0] for f in found}

    world, here, everywhere = codes(""), codes("?country=GB"), codes("?all=1")
    assert "mental-health" in world and "uk-week" not in world
    assert "uk-week" in here and "canada-week" not in here and here < everywhere
    assert codes("?country=../etc") == world


def test_a_feed_holds_the_days_of_ones_own_country() -> None:
    from kithwell.people import actions as people

    ana = cast.person("Ana")
    people.set_about(ana, language="en", country="GB", age_band="26-64")
    token = actions.renew_feed(ana, plain=False, days=True)
    text = Client().get(f"/events/feed/{token}.ics").content.decode()
    assert "uk-week" in text and "canada-week" not in text


def test_a_span_that_began_before_new_year_is_still_shown_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    row = days.Row("winter", "Winter weeks", "", "12-27 +9", "somebody", "https://x.example", "")
    monkeypatch.setattr(days, "rows", lambda: (row,))
    [found] = days.between(date(2027, 1, 1), date(2027, 1, 31))
    assert (found.first, found.last) == (date(2026, 12, 27), date(2027, 1, 5))


def test_no_title_whatever_it_holds_breaks_a_calendar_file() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    for title in ("a\x85b", "a\u2028BEGIN:VALARM", "\ud800", "x" * 3000, "é" * 200, "\\;,\r\n\t", ""):
        data = ics.calendar(title, [ics.Entry("1", title, now, now, now, text=title, url="https://x/\r\ny")])
        [entry] = parsed(data)
        assert entry["URL"] == "https://x/y" and len(data.decode().splitlines()) == data.count(b"\r\n")


def test_reminders_for_more_people_than_one_bite_all_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pia = cast.person("Pia", "professional")
    made = cast.qa(pia)
    for _ in range(6):
        actions.take(cast.person("Who"), made)
    assert actions.remind(limit=4) == 4 and actions.remind(limit=4) == 2 and actions.remind(limit=4) == 0
    assert not Question.objects.exists()
