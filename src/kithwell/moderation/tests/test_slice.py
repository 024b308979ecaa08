"""From a report to a decision with reasons, to an appeal, to everything restored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kithwell.kernel import clock, crypto
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.models import AuditEntry
from kithwell.moderation import actions, queries
from kithwell.moderation.models import Case, Decision, Report, Strike
from kithwell.moderation.queries import desk, mine, statements
from kithwell.moderation.tests import kit
from kithwell.moderation.tests.kit import REMOVE, Notes

pytestmark = pytest.mark.django_db
CRUEL = "Nobody wants you here, you are worthless, go away for good."


@pytest.fixture
def wall() -> Iterator[Notes]:
    with clock.frozen(kit.START):
        yield kit.wall()


def test_a_report_becomes_a_case_a_decision_an_appeal_and_everything_is_restored(wall: Notes) -> None:
    ana, ben, mika, lou = kit.member("Ana"), kit.member(), kit.moderator(), kit.moderator("Lou")
    note = wall.write(ana, CRUEL)
    actions.report(ben, wall.name, note, "harassment", "this is about my friend")
    case = kit.take(mika)
    view = desk.case(mika, case)
    assert view.short == CRUEL and view.told[0].words == "this is about my friend"
    pause = replace(REMOVE, person="pause", days=3)
    decision = actions.decide(mika, case, pause)
    assert wall.told == [(note, "remove", "")]
    assert not queries.standing(ana.id).may_post and queries.standing(ana.id).how == "pause"
    said = statements.statement(ana, decision)
    assert said.rule == "kindness" and said.facts == REMOVE.facts and said.own_words == CRUEL
    assert mine.reports(ben)[0].outcome == "acted"
    actions.appeal(ana, decision, "it was a line of a song")
    assert actions.take_next(mika) is None, "whoever decided does not get the appeal"
    other = kit.take(lou)
    assert desk.case(lou, other).appeal.words == "it was a line of a song"
    actions.answer(lou, other, True, "It is a line of a song and was not aimed at anybody.")
    assert wall.told[-1] == (note, "restore", "") and note not in wall.hidden
    assert queries.standing(ana.id).may_post
    assert Strike.objects.get().reversed_at is not None
    told = statements.statement(ana, decision)
    assert told.state == "reversed" and told.appeal and told.appeal.state == "granted"
    assert told.appeal.answer.startswith("It is a line of a song")
    assert mine.reports(ben)[0].outcome == "changed"


def test_reports_and_signals_about_one_thing_gather_in_one_case(wall: Notes) -> None:
    from kithwell import safety

    ana, note = kit.member("Ana"), ""
    note = wall.write(ana, CRUEL)
    for name in ("Ben", "Cleo"):
        actions.report(kit.member(name), wall.name, note, "harassment")
    screening = safety.screen("I will find you and kill you, you filthy rat")
    assert any(s.flag for s in screening.conduct)
    case = actions.signal(wall.name, note, ana.id, screening)
    assert Case.objects.count() == 1 and Case.objects.get().id == case
    assert Case.objects.get().reporters == 2
    assert Case.objects.get().signals.exists()


def test_reporting_twice_is_reporting_once(wall: Notes) -> None:
    note, ben = wall.write(kit.member("Ana"), CRUEL), kit.member()
    first = actions.report(ben, wall.name, note, "hate")
    assert actions.report(ben, wall.name, note, "spam") == first
    assert Report.objects.count() == 1


def test_nobody_reports_what_they_cannot_see_or_what_they_wrote(wall: Notes) -> None:
    ana = kit.member("Ana")
    note = wall.write(ana, CRUEL)
    with pytest.raises(Refused):
        actions.report(ana, wall.name, note, "spam")
    wall.private.add(note)
    with pytest.raises(NotFound):
        actions.report(kit.member(), wall.name, note, "spam")
    with pytest.raises(NotFound):
        actions.report(kit.member(), "no.such", note, "spam")
    with pytest.raises(Invalid):
        actions.report(kit.member(), wall.name, note, "made-up")


def test_a_moderator_never_gets_what_they_wrote_or_reported(wall: Notes) -> None:
    mika, lou = kit.moderator(), kit.moderator("Lou")
    note = wall.write(mika, CRUEL)
    actions.report(lou, wall.name, note, "harassment")
    assert actions.take_next(mika) is None and actions.take_next(lou) is None
    case = Case.objects.get()
    Case.objects.update(
        state="claimed", claimed_by=mika.id, claimed_until=clock.now() + kit.timedelta(hours=1)
    )
    with pytest.raises(Refused):
        actions.decide(mika, case.id, REMOVE)
    assert not Decision.objects.exists()


def test_a_decision_needs_a_rule_and_facts_in_words(wall: Notes) -> None:
    mika = kit.moderator()
    actions.report(kit.member(), wall.name, wall.write(kit.member("Ana"), CRUEL), "harassment")
    case = kit.take(mika)
    for broken, field in (
        (replace(REMOVE, rule=""), "rule"),
        (replace(REMOVE, rule="made-up"), "rule"),
        (replace(REMOVE, facts="bad"), "facts"),
        (replace(REMOVE, thing="explode"), "thing"),
        (replace(REMOVE, person="pause", days=99), "days"),
        (replace(REMOVE, thing="label"), "warning"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.decide(mika, case, broken)
        assert field in refused.value.fields, broken
    assert not wall.told


def test_nobody_can_be_said_to_have_broken_a_rule_by_being_in_crisis(wall: Notes) -> None:
    mika = kit.moderator()
    actions.report(kit.member(), wall.name, wall.write(kit.member("Ana"), CRUEL), "other")
    with pytest.raises(Invalid) as refused:
        actions.decide(mika, kit.take(mika), replace(REMOVE, rule="crisis"))
    assert "rule" in refused.value.fields


def test_exclusion_has_no_effect_until_a_second_person_agrees(wall: Notes) -> None:
    ana, mika, lou = kit.member("Ana"), kit.moderator(), kit.moderator("Lou")
    actions.report(kit.member(), wall.name, wall.write(ana, CRUEL), "threat")
    case = kit.take(mika)
    decision = actions.decide(mika, case, replace(REMOVE, person="exclude"))
    assert queries.standing(ana.id).may_post and not wall.told
    with pytest.raises(NotFound):
        statements.statement(ana, decision)
    assert actions.take_next(mika) is None
    with pytest.raises(NotFound):
        actions.confirm(mika, case, True, "I agree with myself.")
    assert kit.take(lou) == case
    actions.confirm(lou, case, True, "The third threat in a month; nothing else has helped.")
    assert queries.standing(ana.id).how == "exclude" and not queries.standing(ana.id).may_enter
    assert statements.statement(ana, decision).two_people
    assert wall.told == [(wall.told[0][0], "remove", "")]


def test_a_second_person_who_disagrees_opens_the_case_again(wall: Notes) -> None:
    ana, mika, lou = kit.member("Ana"), kit.moderator(), kit.moderator("Lou")
    actions.report(kit.member(), wall.name, wall.write(ana, CRUEL), "threat")
    case = kit.take(mika)
    actions.decide(mika, case, replace(REMOVE, person="exclude"))
    actions.confirm(lou, kit.take(lou), False, "A warning is enough for a first time.")
    assert Decision.objects.get().state == "declined" and Case.objects.get().stage == "review"
    assert queries.standing(ana.id).may_post and not wall.told
    actions.decide(lou, kit.take(lou), REMOVE)
    assert Decision.objects.filter(state="active").get().person == "warn"


def test_an_appeal_is_for_the_author_alone_and_once(wall: Notes) -> None:
    ana, ben, mika = kit.member("Ana"), kit.member(), kit.moderator()
    actions.report(ben, wall.name, wall.write(ana, CRUEL), "harassment")
    decision = actions.decide(mika, kit.take(mika), REMOVE)
    for other in (ben, mika):
        with pytest.raises(NotFound):
            actions.appeal(other, decision)
        with pytest.raises(NotFound):
            statements.statement(other, decision)
    assert actions.appeal(ana, decision) == actions.appeal(ana, decision, "again")


def test_the_time_to_appeal_ends_after_half_a_year(wall: Notes) -> None:
    ana, mika = kit.member("Ana"), kit.moderator()
    actions.report(kit.member(), wall.name, wall.write(ana, CRUEL), "harassment")
    decision = actions.decide(mika, kit.take(mika), REMOVE)
    with clock.shifted(kit.timedelta(days=184)), pytest.raises(Conflict):
        actions.appeal(ana, decision)


def test_an_anonymous_author_gets_reasons_and_stays_unknown(wall: Notes) -> None:
    ana, mika = kit.member("Ana"), kit.moderator()
    note = wall.write(ana, CRUEL, anonymous=True)
    actions.report(kit.member(), wall.name, note, "harassment")
    case = kit.take(mika)
    view = desk.case(mika, case)
    assert view.anonymous and view.author_name == "" and ana.name not in repr(view)
    assert str(ana.id) not in repr(view) and Case.objects.get().author is None
    decision = actions.decide(mika, case, replace(REMOVE, person="pause", days=1))
    assert statements.statement(ana, decision).facts == REMOVE.facts
    assert queries.standing(ana.id).how == "pause"
    actions.appeal(ana, decision, "please look again")
    rows = [
        *Case.objects.values(),
        *Decision.objects.values(),
        *AuditEntry.objects.exclude(kind="account").values(),
    ]
    assert str(ana.id) not in repr(rows) and repr(ana.id) not in repr(rows), "no row of the desk names them"


def test_words_of_a_case_are_sealed(wall: Notes) -> None:
    ben, mika = kit.member(), kit.moderator()
    actions.report(ben, wall.name, wall.write(kit.member("Ana"), CRUEL), "harassment", "my own words")
    decision = actions.decide(mika, kit.take(mika), REMOVE)
    row, told, held = Case.objects.get(), Report.objects.get(), Decision.objects.get(id=decision)
    for blob in (row.evidence, told.words, held.facts):
        assert blob is not None and b"worthless" not in bytes(blob) and b"my own" not in bytes(blob)
    with pytest.raises(crypto.Tampered):
        crypto.unseal(row.subject, held.facts, at=("moderation_case", "evidence", row.id))
