"""Every address of this part, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, resolve

from kithwell.kernel import clock, limits
from kithwell.people import urls
from kithwell.people.models import Session
from kithwell.people.tests.conftest import PASSWORD
from kithwell.people.tests.matrix import ACCESS_MATRIX, ROLES, places

pytestmark = pytest.mark.django_db
NAMES = {
    "member": "Quiet Heron",
    "supporter": "Sam",
    "supervisor": "Ada",
    "steward": "Robin",
    "stale": "Kofi",
}
HELD = {
    "supporter": ("supporter",),
    "supervisor": ("supervisor",),
    "steward": ("steward",),
    "stale": ("steward",),
}


def test_every_address_of_this_part_has_a_row() -> None:
    dummies = {"own_key": "x", "other_key": "x", "own_export": "x", "other_export": "x", "link": "x"}
    covered = {resolve(path.format(**dummies)).url_name for path, _method, _statuses in ACCESS_MATRIX}
    named = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert named <= covered, f"no row for {named - covered}"


def test_every_row_names_every_role() -> None:
    assert all(set(statuses) == set(ROLES) for _path, _method, statuses in ACCESS_MATRIX)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_the_answer_that_is_theirs(role: str, make: Callable[..., UUID]) -> None:
    other = make("Somebody Other")
    own = make(NAMES[role], *HELD.get(role, ())) if role != "anonymous" else None
    client = Client()
    if own:
        client.post("/sign-in", {"name": NAMES[role], "password": PASSWORD})
    if role == "stale":
        Session.objects.filter(account_id=own).update(proved_at=clock.now() - timedelta(days=1))
    found = places(own, other)
    wrong = []
    for path, method, statuses in ACCESS_MATRIX:
        limits.forget_all()
        if "passkey" in path:
            answer = client.post(path.format(**found), {}, content_type="application/json")
        else:
            answer = (
                client.generic(method, path.format(**found))
                if method == "GET"
                else client.post(path.format(**found))
            )
        if answer.status_code != statuses[role]:
            wrong.append(f"{method} {path}: {answer.status_code}, not {statuses[role]}")
    assert not wrong, "\n".join(wrong)


def test_pages_answer_only_the_methods_they_know(make: Callable[..., UUID]) -> None:
    for path, method, _statuses in ACCESS_MATRIX:
        if "{" not in path:
            assert Client().generic("DELETE", path).status_code == 405
            if (path, "GET") not in {(p, m) for p, m, _s in ACCESS_MATRIX} and method == "POST":
                assert Client().get(path).status_code == 405
