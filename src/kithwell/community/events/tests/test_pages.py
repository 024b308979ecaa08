"""Pages of events, by ordinary forms: everything works without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from kithwell.community.events import actions, export, queries, words
from kithwell.community.events.models import Answer, Event, Feed, Question, Seat, Vote
from kithwell.community.events.tests import cast
from kithwell.community.groups import queries as groups
from kithwell.kernel import clock, crypto
from kithwell.people import queries as people
from kithwell.people.erasure import Choices

pytestmark = pytest.mark.django_db


def test_the_whole_way_of_a_question_by_forms_alone() -> None:
    pia = cast.person("Pia", "professional", password=cast.PASSWORD)
    ana = cast.person("Ana", password=cast.PASSWORD)
    host, guest = cast.browser(pia), cast.browser(ana)
    form = {
        "kind": "qa", "title": "Sleep & rest", "date": "2090-05-01", "time": "19:30", "minutes": "60",
        "zone": "Europe/Madrid", "audience": "everyone", "language": "en", "about": "Ask anything", "where": "Room <1>",
    }  # fmt: skip
    made = host.post("/events/new", form)
    ident = re.search(r"/events/([0-9a-f-]{36})/host", made["Location"])[1]  # type: ignore[index]
    shown = guest.get(f"/events/{ident}").content.decode()
    assert "Sleep &amp; rest" in shown and "Madrid" in shown and "17:30 UTC" in shown
    assert "Room" not in shown  # only with a place
    assert guest.post(f"/events/{ident}/seat", {"do": "take"}).status_code == 303
    assert "Room &lt;1&gt;" in guest.get(f"/events/{ident}").content.decode()
    guest.post(f"/events/{ident}/ask", {"text": "How long is too long?", "client_key": "a"})
    question = str(Question.objects.get().id)
    assert "How long is too long?" in host.get(f"/events/{ident}/host").content.decode()
    host.post(f"/events/{ident}/host", {"do": "begin"})
    host.post(f"/events/{ident}/host/q/{question}", {"do": "answer", "text": "Weeks.", "client_key": "b"})
    shown = guest.get(f"/events/{ident}").content.decode()
    assert "Weeks." in shown and "How long is too long?" in shown
    host.post(f"/events/{ident}/host", {"do": "end"})
    host.post(
        f"/events/{ident}/host/transcript",
        {f"in-{question}": "1", f"text-{question}": "How long?", "read": "1"},
    )
    read = Client().get(f"/events/{ident}/transcript").content.decode()
    assert "How long?" in read and "Weeks." in read and "/help" in read


def test_what_comes_next_is_not_said_twice_on_one_page() -> None:
    pia = cast.person("Pia", "professional")
    made = cast.qa(pia)
    month = f"{cast.row(made).starts_at:%Y-%m}"
    for path in ("/events", f"/events?month={month}"):
        assert Client().get(path).content.decode().count(f'href="/events/{made}"') == 1


def test_who_leads_a_group_finds_the_way_to_plan_something_from_its_page_and_members_do_not() -> None:
    fay = cast.person("Fay", "facilitator", password=cast.PASSWORD)
    ana = cast.person("Ana", password=cast.PASSWORD)
    group = cast.group(fay, ana)
    home = groups.groups_by_id([group])[group].url
    leader, member = cast.browser(fay), cast.browser(ana)
    way = f"/events/new?group={group}"
    assert way in leader.get(home).content.decode() and way not in member.get(home).content.decode()
    leader.cookies["kw_country"] = "ES"
    form = leader.get(way).content.decode()
    assert f'name="group" value="{group}"' in form and 'value="Europe/Madrid" selected' in form
    sent = {
        "kind": "session", "title": "Tea together", "date": "2090-05-01", "time": "19:30", "minutes": "60",
        "zone": "Europe/Madrid", "audience": "group", "group": str(group), "language": "en",
    }  # fmt: skip
    wrong = leader.post("/events/new", sent | {"every": "week", "times": ""})
    assert wrong.status_code == 422 and 'value="week" selected' in wrong.content.decode()
    assert leader.post("/events/new", sent | {"every": "week", "times": "3"}).status_code == 303
    assert member.get(home).content.decode().count("Tea together") == 3


def test_what_was_typed_stays_when_something_is_missing() -> None:
    pia = cast.person("Pia", "professional", password=cast.PASSWORD)
    answer = cast.browser(pia).post(
        "/events/new", {"title": "Kept", "about": "Long words I wrote", "kind": "qa"}
    )
    assert answer.status_code == 422 and "Long words I wrote" in answer.content.decode()


def test_whoever_asks_in_distress_sees_help_after_the_question_is_saved_and_nobody_else_does() -> None:
    pia, ana = cast.person("Pia", "professional"), cast.person("Ana", password=cast.PASSWORD)
    made = cast.qa(pia)
    client = cast.browser(ana)
    client.cookies["kw_country"] = "GB"
    answer = client.post(
        f"/events/{made}/ask", {"text": "I want to kill myself, I cannot go on", "client_key": "a"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 200 and "/help" in shown and "/talk" in shown and "116 123" in shown
    assert Question.objects.count() == 1
    assert "116 123" not in client.get(f"/events/{made}").content.decode()


def test_times_are_told_on_the_clock_the_reader_chose_and_in_utc() -> None:
    pia = cast.person("Pia", "professional")
    now = clock.now() + timedelta(days=2)
    made = cast.qa(pia, starts=now.replace(hour=18, minute=0, tzinfo=None), zone="UTC")
    client = Client()
    assert (
        client.post("/events/zone", {"zone": "Asia/Tokyo", "next": f"/events/{made}"})["Location"]
        == f"/events/{made}"
    )
    shown = client.get(f"/events/{made}").content.decode()
    assert "03:00" in shown and "Tokyo" in shown and "18:00 UTC" in shown
    assert client.post("/events/zone", {"zone": "Mars/Sea"}).status_code == 422


def test_a_neutral_feed_tells_nothing_but_times_and_stops_when_it_is_told_to() -> None:
    pia, ana = cast.person("Pia", "professional"), cast.person("Ana", password=cast.PASSWORD)
    made = cast.qa(pia)
    actions.take(ana, made)
    client = cast.browser(ana)
    client.post("/events/feed", {"do": "make", "plain": "1"})
    address = re.search(r"/events/feed/[\w-]+\.ics", client.get("/events/feed").content.decode())[0]  # type: ignore[index]
    answer = Client().get(address)
    shown = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar") and answer["Cache-Control"] == "no-store"
    assert (
        "SUMMARY:Reminder" in shown
        and "Sleeping" not in shown
        and "URL" not in shown
        and "Kithwell\r" not in shown
    )
    client.post("/events/feed", {"do": "make", "plain": "0"})
    assert Client().get(address).status_code == 404  # a new address ends the old one
    client.post("/events/feed", {"do": "stop"})
    assert not Feed.objects.exists()


def test_a_feed_leaves_out_what_is_not_ones_own_any_more() -> None:
    fay, ana = cast.person("Fay", "facilitator"), cast.person("Ana")
    group = cast.group(fay, ana)
    made = cast.qa(fay, kind="session", audience="group", group=group)
    actions.take(ana, made)
    token = actions.renew_feed(ana, plain=False, days=False)
    assert [c.id for c in queries.feed(token).cards] == [made]  # type: ignore[union-attr]
    from kithwell.community.groups.models import Membership

    Membership.objects.filter(account=ana.id).update(left_at=clock.now())
    assert queries.feed(token).cards == ()  # type: ignore[union-attr]


def test_a_copy_of_everything_holds_places_questions_answers_and_events() -> None:
    pia, ana = cast.person("Pia", "professional"), cast.person("Ana")
    made = cast.qa(pia)
    actions.take(ana, made)
    asked = actions.ask(ana, made, "Mine alone?").id
    actions.answer(pia, made, asked, "Yes, yours.")
    own = b"".join(d for _n, d in export.tell(people.subjects([ana.id])[ana.id], ana.id)).decode()
    theirs = b"".join(d for _n, d in export.tell(people.subjects([pia.id])[pia.id], pia.id)).decode()
    assert "Mine alone?" in own and "going" in own and "Yes, yours." not in own
    assert "Yes, yours." in theirs and "Sleeping again" in theirs and "Mine alone?" not in theirs


@pytest.mark.parametrize("writing", ["delete", "anonymise"])
def test_who_goes_leaves_no_place_no_wish_and_no_word_that_is_not_wanted(writing: str) -> None:
    pia, ana, ben = cast.person("Pia", "professional"), cast.person("Ana"), cast.person("Ben")
    made = cast.qa(pia, capacity=2)
    for who in (ana, cast.person("Che")):
        actions.take(who, made)
    assert actions.take(ben, made) == "waiting"
    asked = actions.ask(ana, made, "Shall this stay?").id
    actions.approve(pia, made, asked)
    old = cast.row(made).subject
    sealed = bytes(Question.objects.get(id=asked).body)
    assert any("question" in s for s in export.describe(ana.id, ana.id))  # type: ignore[arg-type]
    export.erase(people.subjects([ana.id])[ana.id], ana.id, Choices(writing))
    export.erase(people.subjects([ana.id])[ana.id], ana.id, Choices(writing))  # again changes nothing
    assert not Seat.objects.filter(account=ana.id).exists()
    assert Seat.objects.get(account=ben.id).state == "going"  # the one who waited moves up
    if writing == "delete":
        assert not Question.objects.exists()
        with pytest.raises(crypto.CryptoError):
            crypto.unseal(old, sealed, at=(words.QUESTION, "body", asked))
        assert words.open_(cast.row(made), "title") == "Sleeping again"
    else:
        row = Question.objects.get(id=asked)
        assert row.mark == "" and words.asked(cast.row(made), row) == "Shall this stay?"


def test_a_host_who_goes_takes_their_words_along_or_leaves_them_without_a_name() -> None:
    for writing in ("delete", "anonymise"):
        pia, ana = cast.person("Pia", "professional"), cast.person("Ana")
        made = cast.qa(pia)
        asked = actions.ask(ana, made, "What then?").id
        actions.answer(pia, made, asked, "Then we go on.")
        export.erase(people.subjects([pia.id])[pia.id], pia.id, Choices(writing))
        event = Event.objects.filter(id=made).first()
        if writing == "delete":
            assert not Answer.objects.filter(event=made).exists()
            assert event is None or words.open_(event, "title") == ""
        else:
            assert event is not None and event.host is None
            assert [line.text for line in queries.show(ana, made).lines] == ["Then we go on."]
    assert not Vote.objects.exists()
