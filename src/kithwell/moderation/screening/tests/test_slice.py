"""A rule from the first word to holding in every process, and everything that must stop it on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from kithwell.kernel import clock, errors, fresh, jobs
from kithwell.kernel.models import AuditEntry, Job
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions as desk
from kithwell.moderation import kinds
from kithwell.moderation.models import Case, Exposure, Signal
from kithwell.moderation.screening import actions
from kithwell.moderation.screening.actions import holding
from kithwell.moderation.screening.models import Change, Release
from kithwell.moderation.screening.queries import book
from kithwell.moderation.screening.tests import kit
from kithwell.moderation.tests.kit import member, moderator
from kithwell.safety import house, screen, version
from kithwell.safety import screening as engine

pytestmark = pytest.mark.django_db
DANGER = "I have the pills here and I am going to end my life tonight."


@pytest.fixture(autouse=True)
def as_shipped() -> Iterator[None]:
    with kit.as_shipped():
        yield


@pytest.fixture
def robin() -> Principal:
    return kit.steward()


@pytest.fixture
def kim() -> Principal:
    return kit.steward("Kim")


def flagged(text: str) -> set[str]:
    seen = screen(text)
    return {one.category for one in (*seen.harm, *seen.conduct) if one.flag}


def test_a_rule_written_tried_proposed_and_agreed_by_another_holds_and_stands_on_each_signal(
    robin: Principal, kim: Principal
) -> None:
    wall, ana = kit.wall(), member("Ana")
    wall.write(ana, "Buy a moon lamp, they are lovely")
    wall.write(ana, "Good evening to all of you")
    ident = kit.proposed(robin)
    row = Change.objects.get(pk=ident)
    assert (row.outcome["texts"], row.outcome["newly"], row.outcome["no_longer"]) == (2, 1, 0)
    assert not flagged("star lamps for everybody"), "a proposal has no effect"
    with pytest.raises(errors.Refused):
        actions.agree(robin, ident, row.revision)
    release = actions.agree(kim, ident, row.revision)
    fresh.look_now("screening", holding.follow)
    assert flagged("star lamps for everybody") == {"spam"}
    assert not flagged("my moon lamp is broken"), "its exception holds as well"
    assert f"+house.{release}." in version() and Release.objects.get().name in version()
    note = wall.write(ana, "Star lamps, only today")
    desk.signal(wall.name, note, ana.id, screen("Star lamps, only today"))
    assert Signal.objects.get().version == version()
    verbs = set(AuditEntry.objects.filter(kind="rule_change").values_list("verb", flat=True))
    assert {"rule.drafted", "rule.tried", "rule.proposed", "rule.agreed"} <= verbs


def test_another_process_takes_it_up_without_a_restart_and_a_look_that_fails_changes_nothing(
    robin: Principal, kim: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = kit.proposed(robin)
    actions.agree(kim, ident, kit.revision(ident))
    assert not flagged("a moon lamp"), "this process has not looked yet"
    assert fresh.look_now("screening", holding.follow) and flagged("a moon lamp") == {"spam"}
    with monkeypatch.context() as broken:
        broken.setattr(holding, "stands", lambda: 1 / 0)
        assert not fresh.look_now("screening", holding.follow)
    assert flagged("a moon lamp") == {"spam"}


def test_a_process_that_starts_takes_up_what_holds(robin: Principal, kim: Principal) -> None:
    ident = kit.proposed(robin)
    actions.agree(kim, ident, kit.revision(ident))
    holding.forget()
    holding.follow()
    assert flagged("a moon lamp") == {"spam"}


def test_of_two_agreed_to_at_once_the_one_that_is_there_later_is_taken_up_as_well(
    robin: Principal, kim: Principal
) -> None:
    first = kit.proposed(robin)
    actions.agree(kim, first, kit.revision(first))
    low = Release.objects.get()
    Release.objects.filter(pk=low.pk).delete()  # as another process sees it: not committed yet
    Change.objects.filter(pk=first).update(state="proposed")
    Release.objects.create(number=low.number + 1, change_id=first, name="another")
    holding.follow()
    assert not flagged("a moon lamp")
    Change.objects.filter(pk=first).update(state="active")
    Release.objects.create(number=low.number, change_id=first, name="this one")
    holding.follow()
    assert flagged("a moon lamp") == {"spam"}


def test_looking_costs_one_query_while_nothing_changes(
    robin: Principal, django_assert_num_queries: object
) -> None:
    holding.follow()
    with django_assert_num_queries(1):  # type: ignore[operator]
        holding.follow()
    assert engine.at_work() is engine.engine(), (
        "with nothing changed, the shipped tools answer, at their speed"
    )


def test_a_change_of_a_shipped_rule_keeps_the_others_and_can_be_taken_back(
    robin: Principal, kim: Principal
) -> None:
    def settle(ident: object, why: str = "") -> None:
        given = Change.objects.get(pk=ident)
        actions.ask(robin, given.id, given.revision)
        jobs.run_due()
        actions.propose(robin, given.id, given.revision, why)
        actions.agree(kim, given.id, given.revision)
        holding.hold()

    shipped = house.shipped_rule("conduct.spam")
    assert shipped is not None
    of_file = next(line for line in book.of_kind(robin, "spam") if line.rule.id == "conduct.spam").version
    ident = actions.begin(robin, "edit", rule="conduct.spam")
    words = {
        "label": shipped.label, "lang": "en", "weight": "0.7", "any": "\n".join(shipped.patterns),
        "unless": "(flea market)", "unless_here": "offer for members", "needs": "", "yes": "\n".join(shipped.yes),
        "no": "\n".join((*shipped.no, "limited time offer at the flea market")), "owner": "Robin",
        "why": "Our flea market is no advertising.",
    }  # fmt: skip
    actions.write(robin, ident, 1, words)
    settle(ident)
    assert not flagged("limited time offer at the flea market")
    assert not flagged("a limited time offer for members")
    assert "spam" in flagged("a limited time offer, and another for members")
    assert "spam" in flagged("limited time offer, order now") and "threat" in flagged("I will kill you")
    row = next(line for line in book.of_kind(robin, "spam") if line.rule.id == "conduct.spam")
    assert (row.version, row.owner, row.off, row.changed) == (of_file + 1, "Robin", False, ident)
    off = actions.begin(robin, "off", rule="conduct.spam")
    settle(off, "It finds nothing but our market.")
    assert "spam" not in flagged("limited time offer, order now")
    assert Change.objects.get(pk=ident).state == "replaced"
    settle(actions.begin(robin, "reset", rule="conduct.spam"), "The market is over.")
    assert "spam" in flagged("limited time offer at the flea market")
    assert Release.objects.count() == 3


def test_its_own_tests_must_pass_before_it_is_tried_or_proposed(robin: Principal) -> None:
    ident = kit.draft(robin, no="a moon lamp is a fine thing")
    for act in (actions.ask, actions.propose):
        with pytest.raises(errors.Invalid):
            act(robin, ident, kit.revision(ident))
    with pytest.raises(errors.Invalid):
        actions.shadow(robin, ident, kit.revision(ident), True)
    assert not Job.objects.filter(kind__contains="try_out").exists()


def test_what_was_not_tried_as_it_reads_now_cannot_be_proposed(robin: Principal) -> None:
    ident = kit.tried(robin)
    actions.write(robin, ident, kit.revision(ident), kit.LAMPS | {"any": "(sun|moon|star) (lamp|lamps)"})
    with pytest.raises(errors.Invalid):
        actions.propose(robin, ident, kit.revision(ident))


def test_words_by_which_people_say_that_they_need_help_can_never_become_a_violation(robin: Principal) -> None:
    cruel = {"any": "want to die\n(moon) lamp", "yes": "I want to die here\nmoon lamp", "unless": ""}
    ident = kit.draft(robin, **cruel)
    view = book.change(robin, ident)
    assert view.tested is not None and view.tested.need and view.fault
    with pytest.raises(errors.Invalid):
        actions.ask(robin, ident, kit.revision(ident))


def test_with_any_change_somebody_in_danger_is_heard_as_before(robin: Principal, kim: Principal) -> None:
    before = house.need_of(screen(DANGER))
    ident = kit.proposed(robin, any="(moon|tonight|pills) (lamp|lamps)", yes="buy moon lamps")
    actions.agree(kim, ident, kit.revision(ident))
    holding.hold()
    assert house.need_of(screen(DANGER)) == before and screen(DANGER).crisis_level >= "C4"
    assert not Case.objects.exists()


def test_a_dry_run_in_which_need_would_be_heard_otherwise_stops_it(robin: Principal) -> None:
    ident = kit.tried(robin)
    row = Change.objects.get(pk=ident)
    row.outcome["need"] = 1
    row.save()
    with pytest.raises(errors.Invalid):
        actions.propose(robin, ident, row.revision)


def test_two_changes_of_one_rule_the_second_has_to_begin_again(robin: Principal, kim: Principal) -> None:
    ids = [actions.begin(robin, "off", rule="conduct.spam") for _ in range(2)]
    for ident in ids:
        actions.ask(robin, ident, 1)
    jobs.run_due()
    for ident in ids:
        actions.propose(robin, ident, 1, "It is not needed.")
    actions.agree(kim, ids[0], 1)
    with pytest.raises(errors.Conflict):
        actions.agree(kim, ids[1], 1)
    assert book.change(kim, ids[1]).stale


def test_nobody_agrees_to_words_they_have_not_seen(robin: Principal, kim: Principal) -> None:
    ident = kit.proposed(robin)
    seen = kit.revision(ident)
    actions.write(robin, ident, seen, kit.LAMPS | {"any": "lamp"})
    for act in (actions.agree, actions.ask, actions.withdraw):
        with pytest.raises(errors.Conflict):
            act(kim, ident, seen)


def test_whoever_writes_in_a_proposal_cannot_agree_to_it_any_more(robin: Principal, kim: Principal) -> None:
    ident = kit.draft(robin)
    actions.write(kim, ident, kit.revision(ident), kit.LAMPS | {"label": "sells many lamps"})
    actions.ask(kim, ident, kit.revision(ident))
    jobs.run_due()
    actions.propose(robin, ident, kit.revision(ident))
    for who in (robin, kim):
        with pytest.raises(errors.Refused):
            actions.agree(who, ident, kit.revision(ident))


def test_a_no_has_a_reason_that_whoever_wrote_it_can_read(robin: Principal, kim: Principal) -> None:
    ident = kit.proposed(robin)
    with pytest.raises(errors.Invalid):
        actions.decline(kim, ident, kit.revision(ident), "  ")
    actions.decline(kim, ident, kit.revision(ident), "People talk about lamps here.")
    view = book.change(robin, ident)
    assert view.state == "declined" and view.answer == "People talk about lamps here."
    with pytest.raises(errors.Conflict):
        actions.agree(kim, ident, kit.revision(ident))


def test_another_threshold_goes_the_same_way(robin: Principal, kim: Principal) -> None:
    wall, ana = kit.wall(), member("Ana")
    wall.write(ana, "how do I hang myself")
    assert "method_detail" not in flagged("how do I hang myself")
    ident = actions.begin_threshold(
        robin, "method_detail", 0.4, "Questions should come before a person, too."
    )
    with pytest.raises(errors.Invalid):
        actions.propose(robin, ident, 1)
    actions.ask(robin, ident, 1)
    jobs.run_due()
    actions.propose(robin, ident, 1)
    with pytest.raises(errors.Refused):
        actions.agree(robin, ident, 1)
    actions.agree(kim, ident, 1)
    holding.hold()
    assert (
        "method_detail" in flagged("how do I hang myself")
        and Change.objects.get(pk=ident).outcome["newly"] == 1
    )
    with pytest.raises(errors.Invalid):
        actions.begin_threshold(robin, "method_detail", 0.4, "Once more.")
    with pytest.raises(errors.Invalid):
        actions.begin_threshold(robin, "method_detail", 0.01, "Everything.")
    with pytest.raises(errors.NotFound):
        actions.begin_threshold(robin, "crisis", 0.9, "Fewer offers.")


def test_the_dry_run_reads_thirty_days_and_only_what_others_can_read(robin: Principal) -> None:
    wall, ana = kit.wall(), member("Ana")
    with clock.frozen(clock.now() - timedelta(days=31)):
        wall.write(ana, "an old moon lamp")
    wall.write(ana, "a new moon lamp")
    ident = kit.tried(robin)
    assert Change.objects.get(pk=ident).outcome["texts"] == 1
    assert "recent" not in dir(kinds.get("community.note")), (
        "what two people write to each other is not tried"
    )


def test_words_behind_the_counts_are_shown_to_a_steward_recorded_counted_and_end_with_a_break(
    robin: Principal,
) -> None:
    wall, ana = kit.wall(), member("Ana")
    text = "Hello all of you, " + "it rains " * 40 + "and who wants a moon lamp from me, " + "it rains " * 40
    wall.write(ana, text)
    ident = kit.tried(robin)
    pieces = actions.look(robin, ident)
    assert len(pieces) == 1 and "moon lamp" in pieces[0].words and len(pieces[0].words) < 260
    assert ana.name not in str(pieces)
    entry = AuditEntry.objects.filter(verb="rule.words_seen").get()
    assert entry.facts["things"] == 1 and "moon lamp" not in str(entry.__dict__)
    assert Exposure.objects.filter(account=robin.id).exists()
    Exposure.objects.create(account=robin.id, day=clock.now().date(), gravity=4, n=20)
    with pytest.raises(desk.Rest):
        actions.look(robin, ident)


def test_nobody_but_a_steward_with_a_fresh_sign_in_comes_near(robin: Principal) -> None:
    ident = kit.proposed(robin)
    for who in (member("Ben"), moderator(), Principal("anonymous")):
        for act in (
            lambda who: actions.begin(who, "off", rule="conduct.spam"),
            lambda who: actions.agree(who, ident, 2),
            lambda who: actions.write(who, ident, 2, kit.LAMPS),
            lambda who: actions.look(who, ident),
            lambda who: book.home(who),
            lambda who: book.of_kind(who, "spam"),
            lambda who: book.change(who, ident),
        ):
            with pytest.raises(errors.KithwellError):
                act(who)


def test_a_change_that_a_later_kithwell_cannot_read_is_left_out_and_the_shipped_rule_holds(
    robin: Principal, kim: Principal
) -> None:
    ident = kit.proposed(robin)
    actions.agree(kim, ident, kit.revision(ident))
    row = Change.objects.get(pk=ident)
    row.content["any"] = ["@a_set_that_is_gone"]
    row.save()
    holding.hold()
    assert not flagged("a moon lamp") and "spam" in flagged("limited time offer, order now")


@pytest.mark.parametrize("rule", ["no.such.rule", "en.passive.wish", "hate.group", ""])
def test_a_draft_of_what_is_not_there_or_is_not_a_stewards_is_not_begun(robin: Principal, rule: str) -> None:
    for what in ("edit", "off", "reset", "threshold", "made-up"):
        with pytest.raises((errors.NotFound, errors.Conflict)):
            actions.begin(robin, what, rule=rule)
    with pytest.raises(errors.NotFound):
        actions.begin(robin, "add", kind="crisis")


def test_a_steward_can_take_along_what_they_did_and_leave_without_a_trace_in_the_rules(
    robin: Principal, kim: Principal
) -> None:
    from kithwell.moderation.screening import export
    from kithwell.people.erasure import Choices

    ident = kit.proposed(robin)
    actions.agree(kim, ident, kit.revision(ident))
    assert robin.id is not None and kim.id is not None
    name, told = next(iter(export.tell(robin.id, robin.id)))
    assert name == "rule-changes.json" and b"house.spam.1" in told and b"moon" not in told
    assert list(export.describe(kim.id, kim.id)) and not list(export.tell(robin.id, member("Ben").id))
    for who in (robin, kim):
        export.erase(who.id or robin.id, who.id, Choices())
    row = Change.objects.get(pk=ident)
    assert row.editors == [] and row.settled_by is None and row.state == "active"
    assert str(robin.id) not in str(row.__dict__) and str(kim.id) not in str(row.__dict__)
