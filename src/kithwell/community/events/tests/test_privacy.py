"""Attack: another attendee, the host, the speaker, a stranger and a steward look everywhere for who comes.

Three people come and ask. Everything that events can answer is fetched as everybody else, and searched for their names,
their account ids in every form, and the keys of their words.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver

from kithwell.community import events as package
from kithwell.community.events import actions, export, queries
from kithwell.community.events.tests import cast
from kithwell.kernel import ids, jobs, live
from kithwell.people import queries as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Any:
    class Room:
        pia = cast.person("Pia", "professional", password=cast.PASSWORD)
        sol = cast.person("Sol", "professional", password=cast.PASSWORD)
        eve = cast.person("Eve", password=cast.PASSWORD)  # another attendee
        robin = cast.person("Robin", "steward", password=cast.PASSWORD)
        fay = cast.person("Fay", "facilitator", password=cast.PASSWORD)
        hidden = [cast.person("Secretheron", password=cast.PASSWORD) for _ in range(3)]

    room: Any = Room()
    room.group = cast.group(room.fay, room.eve, *room.hidden)
    room.qa = cast.qa(room.pia, speaker=room.sol.name, where="https://rooms.example/abc")
    room.session = cast.qa(room.fay, kind="session", audience="group", group=room.group, capacity=4)
    for who in (*room.hidden, room.eve):
        for made in (room.qa, room.session):
            actions.take(who, made)
    asked = [
        actions.ask(w, room.qa, f"How does one rest, {n} nights in?").id for n, w in enumerate(room.hidden)
    ]
    for ident in asked[:2]:
        actions.approve(room.pia, room.qa, ident)
    actions.wish(room.hidden[2], room.qa, asked[0], True)
    actions.begin(room.pia, room.qa)
    actions.answer(room.sol, room.qa, asked[0], "By lying down.")
    actions.end(room.pia, room.qa)
    actions.publish_transcript(room.pia, room.qa, set(), {}, True)
    room.asked = asked
    return room


def secrets(room: Any) -> list[str]:
    """Whatever would give one of the three away."""
    found = []
    keys = people.subjects([w.id for w in room.hidden])
    for who in room.hidden:
        found += [who.name, str(who.id), who.id.hex, ids.short(who.id), str(keys[who.id]), keys[who.id].hex]
    return [word.casefold() for word in found]


def addresses(room: Any) -> list[str]:
    """Every address of events that answers to GET, for both events, with their questions; and lists around them."""
    found = ["/events", "/events?all=1", "/events/feed", "/events/zone", "/events/new", "/me", "/"]
    for pattern in get_resolver().url_patterns:
        route = str(getattr(pattern, "pattern", ""))
        if not route.startswith("events/<str:ident>"):
            continue
        for made in (room.qa, room.session):
            for question in room.asked:
                found.append(
                    "/" + route.replace("<str:ident>", str(made)).replace("<str:question>", str(question))
                )
    return sorted(dict.fromkeys(found))


def test_nobody_finds_out_who_comes_on_any_page_file_or_fragment(room: Any) -> None:
    words, looked = secrets(room), 0
    for who in (room.eve, room.pia, room.sol, room.robin, room.fay, None):
        client = cast.browser(who) if who else Client()
        for address in addresses(room):
            answer = client.get(address)
            shown = (answer.content.decode() + repr(answer.headers)).casefold()
            looked += answer.status_code == 200
            for word in words:
                assert word not in shown, f"{who and who.name}: {address} tells {word}"
    assert looked > 60


def test_nobody_finds_out_by_sending_forms_either(room: Any) -> None:
    words = secrets(room)
    for who in (room.eve, room.pia, room.robin, room.fay):
        client = cast.browser(who)
        for made in (room.qa, room.session):
            for path, form in (
                ("seat", {"do": "take"}), ("ask", {"text": ""}), ("ask", {"text": "x" * 700}),
                (f"q/{room.asked[2]}", {"do": "back"}), (f"q/{room.asked[1]}", {"do": "wish"}),
                ("host", {"do": "say", "text": ""}), (f"host/q/{room.asked[2]}", {"do": "answer", "text": ""}),
                (f"host/q/{room.asked[2]}", {"do": "merge", "into": str(room.asked[1])}),
                ("edit", {"title": ""}), ("host/transcript", {}),
            ):  # fmt: skip
                answer = client.post(f"/events/{made}/{path}", form)
                shown = (answer.content.decode() + repr(answer.headers)).casefold()
                assert answer.status_code < 500
                for word in words:
                    assert word not in shown, f"{who.name}: POST {path} tells {word}"


def test_a_calendar_file_names_nobody_and_a_feed_shows_ones_own_events_alone(room: Any) -> None:
    token = actions.renew_feed(room.eve, plain=False, days=True)
    shown = Client().get(f"/events/feed/{token}.ics").content.decode().casefold()
    assert "sleeping again" in shown and "attendee" not in shown and "organizer" not in shown
    for word in [
        *secrets(room),
        room.eve.name.casefold(),
        str(room.eve.id),
        room.pia.name.casefold(),
        "mailto",
    ]:
        assert word not in shown


def test_the_copy_of_everything_about_one_person_holds_nothing_of_another(room: Any) -> None:
    for who in (room.eve, room.pia, room.sol, room.fay):
        subject = people.subjects([who.id])[who.id]
        text = b"".join(data for _name, data in export.tell(subject, who.id)).decode().casefold()
        assert text
        for word in secrets(room):
            assert word not in text


def test_what_hosts_and_attendees_get_from_queries_has_no_place_for_a_name(room: Any) -> None:
    for who in (room.pia, room.sol, room.robin):
        assert not [w for w in secrets(room) if w in repr(queries.desk(who, room.qa)).casefold()]
    for made in (room.qa, room.session):
        assert not [w for w in secrets(room) if w in repr(queries.show(room.eve, made)).casefold()]
    desk = queries.desk(room.fay, room.session)
    assert (desk.roughly, desk.waiting) == (0, 0)  # "fewer than five": four come


def test_live_messages_say_that_something_moved_and_not_who(room: Any) -> None:
    for topic in (f"event:{room.qa}", f"event-queue:{room.qa}"):
        said = live.encode(topic, 7).decode()
        assert set(json.loads(said.split("data: ")[1])) == {"topic", "n"}


def test_a_question_in_the_tables_points_to_no_account_and_no_key_of_a_person(room: Any) -> None:
    words = secrets(room)
    for model in apps.get_app_config("community_events").get_models():
        if model.__name__ in ("Seat", "Feed"):
            continue
        for row in model._default_manager.values():
            told = repr(row).casefold()
            assert not [w for w in words if w in told], model.__name__


def test_only_four_places_in_the_code_read_whose_a_seat_is() -> None:
    """Whatever reads `account` of a Seat elsewhere has to be thought about: it could end on a page."""
    allowed = {"access.py", "actions/seats.py", "export.py", "queries.py", "models.py"}
    root = Path(package.__file__).parent
    for path in root.rglob("*.py"):
        name = str(path.relative_to(root))
        if name.startswith(("tests", "migrations")) or name in allowed:
            continue
        tree = ast.parse(path.read_text())
        used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        assert "Seat" not in used, f"{name} reads seats"
    # In queries a seat's account is only ever compared with one's own.
    text = (root / "queries.py").read_text()
    for line in re.findall(r".*Seat\.objects.*", text):
        assert '.values_list("account"' not in line
    assert 'values_list("account"' not in text and "seat.account" not in text


def test_jobs_and_events_carry_ids_of_the_one_they_are_for_and_no_words(room: Any) -> None:
    from kithwell.kernel.models import Job

    jobs.run_due()
    for row in Job.objects.all():
        assert "rest" not in json.dumps(row.args) and "Sleeping" not in json.dumps(row.args)
