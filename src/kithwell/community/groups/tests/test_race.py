"""Two at once: the last place of a group, the last use of a link, and one person in two tabs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from kithwell.community.groups import actions
from kithwell.community.groups.models import Group, Invitation, Membership
from kithwell.community.groups.tests.cast import group, joins, lead_of, somebody
from kithwell.kernel.errors import KithwellError
from kithwell.kernel.principal import Principal

pytestmark = pytest.mark.django_db(transaction=True)


def _together(owls: Group, crowd: list[Principal], token: str = "") -> list[str]:
    """What became of each, when all press the button at the same moment."""

    def press(who: Principal) -> str:
        try:
            return joins(who, owls, token=token)
        except KithwellError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(crowd)) as pool:
        return list(pool.map(press, crowd))


def test_many_press_join_at_once_and_no_more_get_in_than_there_are_places() -> None:
    owls = group(capacity=4)
    outcome = _together(owls, [somebody(f"P{n}") for n in range(8)])
    assert sorted(outcome) == ["full"] * 5 + ["joined"] * 3
    assert Membership.objects.filter(group=owls, left_at=None).count() == 4
    assert Group.objects.get(id=owls.id).member_n == 4


def test_one_person_in_two_tabs_joins_once() -> None:
    owls, ana = group(), somebody("Ana")
    outcome = _together(owls, [ana] * 4)
    assert outcome.count("joined") == 1
    assert set(outcome) <= {"joined", "already", "conflict"}
    assert Group.objects.get(id=owls.id).member_n == 2


def test_a_link_for_two_people_lets_two_in() -> None:
    owls = group(joining="invite")
    token = actions.make_link(lead_of(owls), owls.slug, uses=2, days=7)
    outcome = _together(owls, [somebody(f"P{n}") for n in range(5)], token)
    assert sorted(outcome) == ["joined", "joined", "not-found", "not-found", "not-found"]
    assert Invitation.objects.get().uses_left == 0


def test_the_database_itself_refuses_one_more_than_there_are_places() -> None:
    owls = group(capacity=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.filter(id=owls.id).update(member_n=3)


def test_the_database_itself_refuses_a_public_group_for_minors_and_a_band_of_the_other_side() -> None:
    kids, owls = group(age_band="under-16"), group()
    for ident, change in (
        (kids.id, {"reading": "everyone"}),
        (kids.id, {"age_band": "adults"}),
        (owls.id, {"age_band": "16-17"}),
        (owls.id, {"indexable": True}),
        (owls.id, {"joining": "invite"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Group.objects.filter(id=ident).update(**change)
