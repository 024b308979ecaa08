"""Who may know, read, join and lead a group."""

from __future__ import annotations

import pytest

from kithwell.boundaries import actions as boundaries
from kithwell.community.groups import access, actions, queries
from kithwell.community.groups.tests.cast import group, joins, lead_of, somebody
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import ANONYMOUS
from kithwell.people.access import SignInNeeded

pytestmark = pytest.mark.django_db


def test_a_member_reads_and_writes_and_a_stranger_only_sees_the_door() -> None:
    owls, ana, ben = group(), somebody("Ana"), somebody("Ben")
    assert joins(ana, owls) == "joined"
    place = access.reader(ana, owls.slug)
    assert place.is_member and place.may_post and not place.may_facilitate
    with pytest.raises(access.JoinFirst) as first:
        access.reader(ben, owls.slug)
    assert first.value.url == f"/g/{owls.slug}/about"
    assert not access.visitor(ben, owls.slug).is_member
    with pytest.raises(SignInNeeded):
        access.member(ANONYMOUS, owls.slug)
    with pytest.raises(Refused):
        access.facilitator(ana, owls.slug)


def test_a_group_that_everybody_may_read_is_written_in_by_members_alone() -> None:
    place = access.reader(ANONYMOUS, group(reading="everyone").slug)
    assert place.may_read and not place.may_post and place.why_not == "member"


def test_a_group_by_invitation_is_not_there_for_others() -> None:
    hidden = group(joining="invite")
    with pytest.raises(NotFound):
        access.visitor(somebody("Ben"), hidden.slug)


@pytest.mark.parametrize(
    ("band", "of_group"), [("16-17", "adults"), ("under-16", "young"), ("26-64", "minors")]
)
def test_adults_and_minors_never_see_each_others_groups(band: str, of_group: str) -> None:
    theirs, who = group(age_band=of_group), somebody("Lou", band=band)
    with pytest.raises(NotFound):
        access.visitor(who, theirs.slug)
    with pytest.raises(NotFound):
        joins(who, theirs)
    assert queries.suitable(who.id) == ()  # type: ignore[arg-type]


def test_who_has_not_said_their_age_is_asked_before_joining() -> None:
    with pytest.raises(Invalid) as asked:
        joins(somebody("Kim", band=""), group())
    assert "age_band" in asked.value.fields


def test_suggestions_are_what_one_may_join_about_ones_topics_first() -> None:
    ana = somebody("Ana")
    work, sleep = group(name="Aa work", topic="work"), group(name="Zz sleep", topic="sleep")
    group(name="Bb youth", age_band="young"), group(name="Cc teens", age_band="16-17")
    group(name="Dd hidden", joining="invite")
    spanish = group(name="Ee noche", language="es", topic="sleep")
    full = group(name="Ff full", topic="sleep", capacity=2)
    joins(somebody("Ben"), full)
    assert ana.id is not None
    named = [card.slug for card in queries.suitable(ana.id, languages=("en",), topics=("sleep",))]
    assert named == [sleep.slug, work.slug]
    assert spanish.slug in [card.slug for card in queries.suitable(ana.id)]
    joins(ana, sleep)
    assert sleep.slug not in [card.slug for card in queries.suitable(ana.id)]


def test_among_many_groups_no_name_is_suggested_to_everybody() -> None:
    """With ten thousand groups, those early in the alphabet would otherwise take in every newcomer."""
    for n in range(30):
        group(name=f"Evening {n:02}", topic="sleep" if n % 2 else "suicide-loss")
    seen: set[str] = set()
    for n in range(12):
        who = somebody(f"Kim{n}")
        named = [
            queries.suitable(who.id, topics=("sleep",), leave_out={"suicide-loss"}, limit=3)  # type: ignore[arg-type]
            for _again in range(2)
        ]
        assert named[0] == named[1] and len(named[0]) == 3  # the same for them, whenever they look
        assert {card.topic for card in named[0]} == {"sleep"}
        seen |= {card.slug for card in named[0]}
    assert len(seen) > 9
    ben = somebody("Ben")
    assert len(queries.suitable(ben.id, leave_out={"suicide-loss"}, limit=30)) == 15  # type: ignore[arg-type]


def test_whoever_blocked_a_facilitator_is_not_reached_by_their_invitation() -> None:
    hidden, ana = group(joining="invite"), somebody("Ana")
    lead = lead_of(hidden)
    assert ana.id is not None and lead.id is not None
    boundaries.block(ana, lead.id)
    actions.invite(lead, hidden.slug, ana.name)
    with pytest.raises(NotFound):
        access.visitor(ana, hidden.slug)


def test_a_grown_up_keeps_a_group_for_young_people_only_by_leading_it() -> None:
    kids = group(age_band="minors")
    lead = lead_of(kids)
    assert access.reader(lead, kids.slug).may_facilitate
    with pytest.raises(Refused):
        actions.step_down(lead, kids.slug, anyway=True)
    with pytest.raises(NotFound):
        access.reader(somebody("Max", "facilitator"), kids.slug)
    with pytest.raises(Refused):
        actions.found(
            somebody("Max"), actions.Wanted("For pupils", "For pupils before exams.", age_band="minors")
        )
