"""Out of hours: several reports hide a thing until staff are back; its author is told; a person looks first thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kithwell.kernel import clock, events
from kithwell.kernel.errors import Conflict, Invalid, Refused
from kithwell.moderation import actions, queries
from kithwell.moderation.actions import staffing, sweep
from kithwell.moderation.models import Case, Decision
from kithwell.moderation.queries import statements
from kithwell.moderation.rules.hours import Stretch
from kithwell.moderation.tests import kit
from kithwell.moderation.tests.kit import KEEP, REMOVE, Notes

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday
MORNING = NIGHT.replace(hour=9)
OFFICE = [Stretch(day, 9 * 60, 17 * 60) for day in range(7)]
SELLING = "Buy my course, it heals everything, prices only today!"
heard: list[tuple[str, dict[str, str]]] = []


@events.subscribe("moderation.decided")
def _decided(**payload: str) -> None:
    heard.append(("decided", payload))


@events.subscribe("moderation.shown_again")
def _again(**payload: str) -> None:
    heard.append(("again", payload))


@pytest.fixture
def wall() -> Iterator[Notes]:
    heard.clear()
    with clock.frozen(NIGHT):
        steward = kit.member("Robin", "steward")
        staffing.set_hours(steward, OFFICE)
        yield kit.wall()


def tell(wall: Notes, note: str, category: str = "spam", n: int = 3, **more: int) -> None:
    for _ in range(n):
        actions.report(kit.member("Ben", **more), wall.name, note, category)


def test_three_people_hide_a_thing_until_staff_are_back_and_the_author_is_told_why(
    wall: Notes, django_capture_on_commit_callbacks: object
) -> None:
    ana = kit.member("Ana")
    note = wall.write(ana, SELLING)
    tell(wall, note, n=2)
    assert note not in wall.hidden
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tell(wall, note, n=1)
    assert note in wall.hidden
    decision = Decision.objects.get()
    assert heard[0][1].pop("mark")
    assert heard == [
        (
            "decided",
            {"account": str(ana.id), "decision": str(decision.id), "url": f"/decisions/{decision.id}"},
        )
    ]
    said = statements.statement(ana, decision.id)
    assert said.thing == "hide" and said.automated_decision and said.until == MORNING and said.may_appeal
    assert statements.as_data(said)["automated_means"]["in_decision"] is True
    assert queries.standing(ana.id).may_post, "nothing happens to the person"


def test_staff_who_leave_it_bring_it_back_and_the_author_hears(
    wall: Notes, django_capture_on_commit_callbacks: object
) -> None:
    ana, mika = kit.member("Ana"), kit.moderator()
    note = wall.write(ana, SELLING)
    tell(wall, note)
    decision = Decision.objects.get()
    actions.appeal(ana, decision.id, "please look")
    with clock.frozen(MORNING), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.decide(mika, kit.take(mika), KEEP)
        said = statements.statement(ana, decision.id)
    assert note not in wall.hidden and wall.told[-1][1] == "restore"
    assert said.ended and said.appeal and said.appeal.state == "granted"
    assert [name for name, _payload in heard] == ["again"]


def test_what_came_back_can_no_longer_be_appealed(wall: Notes) -> None:
    ana, mika = kit.member("Ana"), kit.moderator()
    tell(wall, wall.write(ana, SELLING))
    decision = Decision.objects.get()
    with clock.frozen(MORNING):
        actions.decide(mika, kit.take(mika), KEEP)
        assert not statements.statement(ana, decision.id).may_appeal
        with pytest.raises(Conflict):
            actions.appeal(ana, decision.id)


def test_staff_who_remove_it_give_their_own_reasons(wall: Notes) -> None:
    ana, mika = kit.member("Ana"), kit.moderator()
    note = wall.write(ana, SELLING)
    tell(wall, note)
    with clock.frozen(MORNING):
        made = actions.decide(mika, kit.take(mika), REMOVE)
        assert note in wall.hidden and statements.statement(ana, made).facts == REMOVE.facts
        assert len(statements.all_about(ana.id)) == 2
    assert Case.objects.get().hidden_at is None


def test_what_shows_crisis_is_never_hidden_by_reports(wall: Notes) -> None:
    note = wall.write(kit.member("Ana"), "I want to die. I cannot do this any more, I will end my life.")
    tell(wall, note, "spam", n=6)
    assert note not in wall.hidden and Case.objects.get().crisis >= "C2"


def test_worry_floods_and_new_accounts_hide_nothing(wall: Notes) -> None:
    from kithwell.people.models import Account

    worried, new, flood = (wall.write(kit.member("Ana"), SELLING) for _ in range(3))
    tell(wall, worried, "worried", n=5)
    tell(wall, new, n=5, days=0)
    people = [kit.member("Troll") for _ in range(6)]
    Account.objects.filter(pk__in=[p.id for p in people]).update(created_at=NIGHT - timedelta(days=40))
    for person in people:
        actions.report(person, wall.name, flood, "threat")
    assert not wall.hidden
    assert Case.objects.filter(state="open").count() == 2, "a person looks at them all the same"


def test_somebody_whose_reports_are_mostly_wrong_hides_nothing(wall: Notes) -> None:
    mika, ben = kit.moderator(), kit.member()
    with clock.frozen(MORNING):
        for _ in range(3):
            actions.report(ben, wall.name, wall.write(kit.member("Ana"), SELLING), "spam")
            actions.decide(mika, kit.take(mika), KEEP)
    with clock.frozen(NIGHT + timedelta(days=2)):
        note = wall.write(kit.member("Ana"), SELLING)
        tell(wall, note, n=2)
        actions.report(ben, wall.name, note, "spam")
        assert note not in wall.hidden
        tell(wall, note, n=1)
        assert note in wall.hidden


def test_while_staff_are_there_reports_hide_nothing(wall: Notes) -> None:
    note = wall.write(kit.member("Ana"), SELLING)
    with clock.frozen(MORNING):
        tell(wall, note, n=8)
    assert not wall.hidden


def test_a_moderator_who_reads_at_night_is_somebody_who_is_there(wall: Notes) -> None:
    mika = kit.moderator()
    actions.report(kit.member(), wall.name, wall.write(kit.member("Ana"), SELLING), "spam")
    case = Case.objects.get(id=kit.take(mika))
    actions.shown(mika, case, "snippet")
    assert queries.staffed()
    tell(wall, wall.write(kit.member("Ana"), SELLING), n=5)
    assert not wall.hidden


def test_what_was_hidden_comes_before_everything_else_in_the_morning(wall: Notes) -> None:
    mika = kit.moderator()
    note = wall.write(kit.member("Ana"), SELLING)
    tell(wall, note)
    actions.report(kit.member(), wall.name, wall.write(kit.member("Finn"), "I will find you"), "threat")
    assert sweep.first_thing() == 0, "nobody is there yet"
    with clock.frozen(MORNING):
        assert sweep.first_thing() == 1 and sweep.first_thing() == 0
        assert Case.objects.get(id=kit.take(mika)).ident == note


def test_hours_are_for_stewards_to_publish(wall: Notes) -> None:
    assert queries.back_at() == MORNING and len(queries.stretches()) == 7
    with pytest.raises(Refused):
        staffing.set_hours(kit.moderator(), OFFICE)
    robin = kit.member("Robin", "steward")
    for wrong in (Stretch(0, 600, 500), Stretch(9, 0, 60), Stretch(0, 0, 60, "Middle/Earth")):
        with pytest.raises(Invalid):
            staffing.set_hours(robin, [wrong])
    assert len(queries.stretches()) == 7
