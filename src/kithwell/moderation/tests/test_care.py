"""Claims, breaks, two people for a name, quality, time and leaving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from kithwell.kernel import audit, clock, crypto
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.models import AuditEntry, Job
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions, concerns, export, kinds, queries
from kithwell.moderation.actions import quality, sweep
from kithwell.moderation.models import Case, Concern, Decision, Exposure, Report, Sample, Signal, Unsealing
from kithwell.moderation.queries import desk, figures, samples, statements, unsealings
from kithwell.moderation.rules import exposure, priority
from kithwell.moderation.tests import kit
from kithwell.moderation.tests.kit import KEEP, REMOVE, Notes
from kithwell.people import erasure
from kithwell.people import queries as people

pytestmark = pytest.mark.django_db
CRUEL = "Nobody wants you here, you are worthless, go away for good."


@pytest.fixture
def wall() -> Iterator[Notes]:
    with clock.frozen(kit.START):
        yield kit.wall()


def told(wall: Notes, category: str = "harassment", ana: Principal | None = None, **more: bool) -> str:
    note = wall.write(ana or kit.member("Ana"), CRUEL, **more)
    actions.report(kit.member(), wall.name, note, category)
    return note


# -- the queue -------------------------------------------------------------------------------------------------------


def test_harm_comes_first_and_age_is_not_forgotten(wall: Notes) -> None:
    mika = kit.moderator()
    light = told(wall, "spam")
    with clock.shifted(timedelta(hours=3)):
        grave = told(wall, "threat")
        case = kit.take(mika)
        assert Case.objects.get(id=case).ident == grave
        actions.decide(mika, case, KEEP)
    with clock.shifted(priority.MOST + timedelta(days=1)):
        told(wall, "threat")
        assert Case.objects.get(id=kit.take(kit.moderator("Lou"))).ident == light


def test_two_moderators_never_hold_the_same_case_and_a_claim_runs_out(wall: Notes) -> None:
    mika, lou = kit.moderator(), kit.moderator("Lou")
    told(wall)
    case = kit.take(mika)
    assert kit.take(mika) == case, "asking again gives what one holds"
    assert actions.take_next(lou) is None
    with clock.shifted(priority.CLAIM + timedelta(seconds=1)):
        assert kit.take(lou) == case
        with pytest.raises(NotFound):
            actions.decide(mika, case, REMOVE)
        actions.decide(lou, case, REMOVE)


def test_a_claim_that_ran_out_is_still_mine_until_somebody_takes_it(wall: Notes) -> None:
    mika = kit.moderator()
    told(wall)
    case = kit.take(mika)
    with clock.shifted(timedelta(hours=2)):
        actions.decide(mika, case, REMOVE)
    assert Decision.objects.get().by == mika.id


def test_a_case_goes_back_or_on_to_a_colleague_with_a_note(wall: Notes) -> None:
    mika, lou, nele = kit.moderator(), kit.moderator("Lou"), kit.moderator("Nele")
    told(wall)
    case = kit.take(mika)
    waiting = Case.objects.get().effective_since
    actions.release(mika, case)
    assert Case.objects.get().effective_since == waiting
    kit.take(mika)
    with pytest.raises(Invalid):
        actions.hand_over(mika, case, kit.member().id, "not a moderator")
    actions.hand_over(mika, case, lou.id, "you know the group")
    assert actions.take_next(nele) is None and kit.take(lou) == case
    assert desk.case(lou, case).notes[0][1] == "you know the group"
    actions.hand_over(lou, case, mika.id, "")
    with clock.shifted(priority.KEPT + timedelta(minutes=1)):
        assert kit.take(nele) == case, "after a day anybody may take it"


def test_a_steward_takes_second_looks_and_appeals_and_nothing_else(wall: Notes) -> None:
    robin, mika, ana = kit.member("Robin", "steward"), kit.moderator(), kit.member("Ana")
    told(wall, ana=ana)
    assert actions.take_next(robin) is None
    actions.decide(mika, kit.take(mika), replace(REMOVE, person="exclude"))
    actions.confirm(robin, kit.take(robin), True, "Agreed: it happened three times.")
    assert queries.standing(ana.id).how == "exclude"
    with pytest.raises(Refused):
        actions.take_next(kit.member("Ben", "supporter"))


# -- exposure --------------------------------------------------------------------------------------------------------


def test_reading_is_counted_by_gravity_and_ends_in_a_break(wall: Notes) -> None:
    mika = kit.moderator()
    shown = 0
    while True:
        told(wall, "harassment")
        try:
            case = kit.take(mika)
        except actions.Rest as rest:
            assert rest.until == kit.START + exposure.BREAK
            break
        actions.shown(mika, Case.objects.get(id=case), "snippet")
        actions.decide(mika, case, KEEP)
        shown += 1
    assert shown == exposure.STRETCH_LOAD // exposure.points(3)
    assert Exposure.objects.get(account=mika.id).n == shown
    assert desk.me(mika).how == "break"
    with clock.shifted(exposure.BREAK + timedelta(seconds=1)):
        assert actions.take_next(mika) is not None


def test_enough_for_one_day_is_enough(wall: Notes) -> None:
    mika = kit.moderator()
    told(wall)
    Exposure.objects.create(account=mika.id, day=kit.START.date(), gravity=4, n=exposure.GRAVE_A_DAY)
    with pytest.raises(actions.Rest) as rest:
        actions.take_next(mika)
    assert rest.value.until is None
    with clock.shifted(timedelta(days=1)):
        assert actions.take_next(mika) is not None


def test_every_look_and_every_decision_is_in_the_record_without_words(wall: Notes) -> None:
    mika, ana, lou = kit.moderator(), kit.member("Ana"), kit.moderator("Lou")
    told(wall, ana=ana)
    case = kit.take(mika)
    actions.shown(mika, Case.objects.get(), "snippet")
    actions.shown(mika, Case.objects.get(), "context")
    decision = actions.decide(mika, case, REMOVE)
    actions.appeal(ana, decision, "secret words")
    actions.answer(lou, kit.take(lou), False, "I read it again and agree with it.")
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {
        "thing.reported", "case.taken", "case.snippet_seen", "case.context_seen", "case.decided",
        "decision.appealed", "appeal.decided",
    } <= verbs  # fmt: skip
    said = repr(list(AuditEntry.objects.values_list("facts", "reason", "object_id")))
    assert "worthless" not in said and "secret" not in said and REMOVE.facts not in said
    assert audit.verify()


# -- crisis beside ---------------------------------------------------------------------------------------------------


def test_support_is_offered_beside_the_case_and_changes_nothing_about_it(wall: Notes) -> None:
    mika, ana = kit.moderator(), kit.member("Ana")
    told(wall, ana=ana)
    case = kit.take(mika)
    actions.offer_support(mika, case)
    assert Concern.objects.get().account == ana.id and Concern.objects.get().source == "desk"
    row = Case.objects.get()
    assert row.state == "claimed" and not row.decisions.exists() and not wall.told


def test_a_reported_post_that_shows_crisis_brings_the_offer_by_itself_and_says_so_at_the_desk(
    wall: Notes,
) -> None:
    ana, mika = kit.member("Ana"), kit.moderator()
    note = wall.write(ana, "I want to die. I cannot do this any more, I will end my life.")
    actions.report(kit.member(), wall.name, note, "method")
    assert Concern.objects.get().account == ana.id
    assert desk.case(mika, kit.take(mika)).crisis >= "C2"


@pytest.mark.parametrize("category", ["worried", "method"])
def test_help_for_an_anonymous_writer_leads_from_no_row_and_no_event_to_their_words(
    wall: Notes, category: str
) -> None:
    ana, mika = kit.member("Ana"), kit.moderator()
    note = wall.write(ana, "I want to die. I cannot do this any more, I will end my life.", anonymous=True)
    for _reader in range(2):
        actions.report(kit.member(), wall.name, note, category)
    if category != "worried":
        actions.offer_support(mika, kit.take(mika))
    (row,) = Concern.objects.all()
    assert row.account == ana.id and row.kind == concerns.ANONYMOUS and row.level >= "C2"
    assert note not in row.ident and note.replace("-", "") not in row.ident and kinds.get(row.kind) is None
    told = [job for job in Job.objects.all() if "moderation.concern" in repr(job.__dict__)]
    assert told and all(note not in repr(job.__dict__) for job in told)


def test_crisis_alone_never_makes_a_case(wall: Notes) -> None:
    from kithwell import safety

    ana = kit.member("Ana")
    note = wall.write(ana, "I want to die and I have the pills here tonight.")
    screening = safety.screen("I want to die and I cannot go on, I will end my life tonight.")
    assert screening.crisis_flag
    assert actions.signal(wall.name, note, ana.id, screening) is None
    assert not Case.objects.exists()


# -- a name --------------------------------------------------------------------------------------------------------

WHY = "The writer names a child in danger, and we have to reach them."


def test_a_name_opens_only_when_two_agree_and_closes_after_a_day(wall: Notes) -> None:
    ana, mika, lou, nele = kit.member("Ana"), kit.moderator(), kit.moderator("Lou"), kit.moderator("Nele")
    note = wall.write(ana, CRUEL, anonymous=True)
    with pytest.raises(Invalid):
        actions.unseal_request(mika, wall.name, note, "curious")
    asked = actions.unseal_request(mika, wall.name, note, WHY)
    assert actions.unseal_request(mika, wall.name, note, WHY) == asked
    assert actions.unsealed(mika, wall.name, note) is None
    with pytest.raises(Refused):
        actions.unseal_confirm(mika, asked, True)
    assert actions.unseal_confirm(lou, asked, True) == ana.id
    assert actions.unsealed(mika, wall.name, note) == ana.id == actions.unsealed(lou, wall.name, note)
    assert actions.unsealed(nele, wall.name, note) is None and not unsealings.wishes(nele)
    with clock.shifted(timedelta(hours=25)):
        assert actions.unsealed(mika, wall.name, note) is None
    reasons = AuditEntry.objects.filter(verb__startswith="unsealing.").values_list("reason", flat=True)
    assert len(reasons) == 4 and set(reasons) == {WHY}


def test_a_name_stays_closed_when_the_second_says_no_or_wrote_it(wall: Notes) -> None:
    mika, lou = kit.moderator(), kit.moderator("Lou")
    note = wall.write(lou, CRUEL, anonymous=True)
    asked = actions.unseal_request(mika, wall.name, note, WHY)
    with pytest.raises(Refused):
        actions.unseal_confirm(lou, asked, True)
    assert actions.unseal_confirm(kit.moderator("Nele"), asked, False) is None
    assert Unsealing.objects.get().state == "declined" and actions.unsealed(mika, wall.name, note) is None
    with pytest.raises(Conflict):
        actions.unseal_request(mika, wall.name, wall.write(lou, CRUEL), WHY)


# -- quality -------------------------------------------------------------------------------------------------------


def test_a_weekly_sample_is_read_again_blind_by_somebody_else(wall: Notes) -> None:
    mika, lou = kit.moderator(), kit.moderator("Lou")
    for n in range(6):
        told(wall)
        actions.decide(mika, kit.take(mika), REMOVE if n % 2 else KEEP)
    with clock.shifted(timedelta(days=7)):
        assert quality.draw_week() == 6 and quality.draw_week() == 0
        assert samples.to_read(mika) is None, "not one's own"
        answers = [("remove", "warn"), ("nothing", "nothing")]
        for n in range(6):
            blind = samples.to_read(lou)
            assert blind and blind.text == CRUEL and "warn" not in repr(blind)
            first = Sample.objects.get(id=blind.id).decision
            same = answers[0] if first.thing == "remove" else answers[1]
            other = answers[1] if first.thing == "remove" else answers[0]
            quality.read_again(lou, blind.id, *(same if n < 5 else other), "")
        week = samples.weeks(lou)[0]
        assert (week.drawn, week.read, week.same) == (6, 6, 5)
        assert week.alpha is not None and 0.5 < week.alpha < 1
        found = figures.figures(mika)
    assert found.decided == 6 and found.within_day == 6


# -- time and leaving ------------------------------------------------------------------------------------------------


def test_each_class_of_data_goes_at_its_own_time(wall: Notes) -> None:
    mika, ana = kit.moderator(), kit.member("Ana")
    told(wall, ana=ana)
    actions.decide(mika, kit.take(mika), KEEP)
    note = wall.write(ana, CRUEL)
    actions.report(kit.member(), wall.name, note, "hate", "words of the reporter")
    decision = actions.decide(mika, kit.take(mika), REMOVE)
    with clock.shifted(timedelta(days=91)):
        gone = sweep.sweep()
        assert gone["report words"] == 1 and gone["nothing found"] == 1 and gone["evidence"] == 0
        assert statements.statement(ana, decision).own_words == CRUEL
    with clock.shifted(timedelta(days=201)):
        assert sweep.sweep()["evidence"] == 1
        assert statements.statement(ana, decision).own_words == "" and not Signal.objects.exists()
        assert statements.statement(ana, decision).facts == REMOVE.facts
    with clock.shifted(timedelta(days=3 * 365 + 1)):
        assert sweep.sweep()["decision"] == 2
    assert not Case.objects.exists() and not Decision.objects.exists()


def test_whoever_leaves_takes_their_words_and_every_link_with_them(wall: Notes) -> None:
    mika, ana, ben = kit.moderator(), kit.member("Ana"), kit.member()
    note = wall.write(ana, CRUEL)
    actions.report(ben, wall.name, note, "hate", "words of the reporter")
    decision = actions.decide(mika, kit.take(mika), replace(REMOVE, person="pause", days=3))
    for who in (ana, ben):
        subject = people.subjects([who.id])[who.id]
        assert list(export.describe(subject, who.id))
        assert export.erase(subject, who.id, erasure.Choices()) > 0
        assert not list(export.describe(subject, who.id)) and not list(export.tell(subject, who.id))
    row, report = Decision.objects.get(), Report.objects.get()
    assert row.author_key == "" and row.facts is None and report.reporter is None and report.words is None
    case = Case.objects.get()
    assert case.author is None and case.evidence is None
    with pytest.raises(crypto.Erased):
        crypto.seal(case.subject, "x", at=("moderation_case", "evidence", case.id))
    assert queries.standing(ana.id).may_post and decision == row.id


def test_standing_costs_one_query_and_none_for_a_visitor(
    wall: Notes, django_assert_num_queries: object
) -> None:
    ana = kit.member("Ana")
    queries.standing(ana.id)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert queries.standing(ana.id).may_post
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert not queries.standing(None).may_post


def test_a_restriction_ends_by_itself(wall: Notes) -> None:
    mika, ana = kit.moderator(), kit.member("Ana")
    told(wall, ana=ana)
    actions.decide(mika, kit.take(mika), replace(REMOVE, person="suspend", days=14))
    held = queries.standing(ana.id)
    assert held.how == "suspend" and held.until == kit.START + timedelta(days=14) and not held.may_enter
    with clock.shifted(timedelta(days=14, seconds=1)):
        assert queries.standing(ana.id).may_post


def test_an_appeal_puts_on_again_what_another_decision_says(wall: Notes) -> None:
    mika, lou, ana = kit.moderator(), kit.moderator("Lou"), kit.member("Ana")
    note = told(wall, ana=ana)
    label = replace(REMOVE, thing="label", person="nothing", warning="violence")
    actions.decide(mika, kit.take(mika), label)
    actions.report(kit.member(), wall.name, note, "hate")
    removed = actions.decide(mika, kit.take(mika), REMOVE)
    actions.appeal(ana, removed)
    actions.answer(lou, kit.take(lou), True, "A warning is enough for this one.")
    assert [effect for _note, effect, _w in wall.told] == ["label", "remove", "restore", "label"]
    assert note not in wall.hidden
