"""Who may know, read, join and lead a group."""

from __future__ import annotations

import pytest

from kithwell.community.groups import access, queries
from kithwell.community.groups.tests.cast import group, joins, somebody
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
