"""Who may do what: giving, taking back, two stewards, and the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kithwell.kernel import audit, clock
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.models import AuditEntry
from kithwell.kernel.principal import SYSTEM
from kithwell.people import access, actions, queries
from kithwell.people.models import RoleGrant
from kithwell.people.tests.conftest import principal

pytestmark = pytest.mark.django_db
Make = Callable[..., UUID]
Enter = Callable[..., Client]


def test_only_stewards_who_showed_who_they_are_give_roles(make: Make) -> None:
    sam = make("Sam")
    with pytest.raises(Refused):
        actions.grant_role(principal(sam, "supervisor"), sam, "steward")
    with pytest.raises(access.StepUpNeeded):
        actions.grant_role(principal(make("Robin"), "steward", stepped_up=False), sam, "supporter")
    assert queries.roles_of(sam) == {"member"}


def test_a_role_ends_on_its_day(make: Make) -> None:
    sam = make("Sam")
    actions.grant_role(SYSTEM, sam, "supporter", until=clock.now() + timedelta(days=7))
    assert queries.accounts_with_role("supporter") == (sam,)
    with clock.shifted(timedelta(days=8)):
        assert queries.accounts_with_role("supporter") == ()
        actions.grant_role(SYSTEM, sam, "supporter")
        assert queries.accounts_with_role("supporter") == (sam,)


def test_unknown_roles_and_days_that_are_over_are_refused(make: Make) -> None:
    sam = make("Sam")
    for role, until in (("king", None), ("member", None), ("supporter", clock.now() - timedelta(days=1))):
        with pytest.raises(Invalid):
            actions.grant_role(SYSTEM, sam, role, until=until)


def test_the_last_steward_stays(make: Make) -> None:
    robin = make("Robin", "steward")
    boss = principal(robin, "steward")
    with pytest.raises(Conflict):
        actions.revoke_role(boss, robin, "steward")
    with pytest.raises(Conflict):
        actions.ask_for_erasure(boss, writing="delete")
    ada = make("Ada", "steward")
    actions.revoke_role(boss, robin, "steward")
    assert queries.accounts_with_role("steward") == (ada,)


def test_where_two_decide_a_new_steward_waits_for_the_second(make: Make, settings: Any) -> None:
    robin, ada, kofi = make("Robin", "steward"), make("Ada", "steward"), make("Kofi")
    settings.KITHWELL = {**settings.KITHWELL, "two_stewards": True}
    grant = actions.grant_role(principal(robin, "steward"), kofi, "steward")
    assert "steward" not in queries.roles_of(kofi)
    for alone in (robin, kofi):
        with pytest.raises(Refused):
            actions.confirm_grant(principal(alone, "steward"), grant)
    actions.confirm_grant(principal(ada, "steward"), grant)
    assert "steward" in queries.roles_of(kofi)
    with pytest.raises(NotFound):
        actions.confirm_grant(principal(ada, "steward"), grant)
    actions.grant_role(principal(robin, "steward"), kofi, "supporter")
    assert "supporter" in queries.roles_of(kofi), "other roles need one steward"


def test_stewards_without_a_passkey_stay_out_where_one_is_asked_for(
    make: Make, enter: Enter, settings: Any
) -> None:
    make("Robin", "steward")
    client = enter("Robin")
    settings.KITHWELL = {**settings.KITHWELL, "stewards_need_passkey": True}
    answer = client.get("/people")
    assert answer.status_code == 403 and "passkey" in answer.content.decode()


def test_every_change_is_in_the_trail_without_names(make: Make) -> None:
    sam, robin = make("Sam"), make("Robin", "steward")
    boss = principal(robin, "steward")
    actions.grant_role(boss, sam, "supporter")
    actions.revoke_role(boss, sam, "supporter")
    trail = list(AuditEntry.objects.filter(actor=robin).order_by("seq").values_list("verb", "object_id"))
    assert trail == [("role.granted", str(sam)), ("role.revoked", str(sam))]
    assert not [e for e in AuditEntry.objects.values() if "Sam" in str(e) or "Robin" in str(e)]
    assert audit.verify() == AuditEntry.objects.count()


def test_grants_are_closed_never_deleted(make: Make) -> None:
    sam = make("Sam", "supporter")
    actions.revoke_role(SYSTEM, sam, "supporter")
    actions.grant_role(SYSTEM, sam, "supporter")
    assert RoleGrant.objects.filter(account_id=sam).count() == 2


def test_the_page_gives_and_takes_back(make: Make, enter: Enter) -> None:
    make("Robin", "steward")
    sam = make("Sam")
    client = enter("Robin")
    assert client.post("/people", {"do": "grant", "name": "sam", "role": "supporter"}).status_code == 303
    assert "supporter" in queries.roles_of(sam)
    assert client.post("/people", {"do": "revoke", "id": str(sam), "role": "supporter"}).status_code == 303
    assert queries.roles_of(sam) == {"member"}
    unknown = client.post("/people", {"do": "grant", "name": "Nobody", "role": "supporter"})
    assert unknown.status_code == 422 and 'value="Nobody"' in unknown.content.decode()
    odd = client.post("/people", {"do": "grant", "name": "Sam", "role": "supporter", "until": "soon"})
    assert odd.status_code == 422
    for bad in ({"do": "x"}, {"do": "revoke", "id": "x"}, {"do": "confirm", "id": str(sam)}):
        assert client.post("/people", bad).status_code == 404


def test_names_of_many_people_are_read_at_once(make: Make, django_assert_num_queries: Any) -> None:
    people = [make(f"Heron {word}") for word in ("Oak", "Elm", "Fir")]
    with django_assert_num_queries(1):
        assert set(queries.names(people).values()) == {"Heron Oak", "Heron Elm", "Heron Fir"}
    with django_assert_num_queries(1):
        queries.staff()
