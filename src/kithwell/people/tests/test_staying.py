"""Sessions, proofs of who one is, and one's own settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kithwell.kernel import clock
from kithwell.kernel.errors import Refused
from kithwell.kernel.principal import ANONYMOUS
from kithwell.people import access, actions, queries, sessions
from kithwell.people.middleware import PrincipalMiddleware
from kithwell.people.models import Account, Session
from kithwell.people.tests.conftest import PASSWORD, principal, seat, who

pytestmark = pytest.mark.django_db
Make = Callable[..., UUID]
Enter = Callable[..., Client]
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/125 Mobile Safari/537.36"


def test_knowing_who_asks_costs_one_query_for_members_and_none_for_visitors(make: Make, enter: Enter) -> None:
    make("Sam", "supporter", "oncall")
    client = enter("Sam")
    cookies = {k: m.value for k, m in client.cookies.items()}
    with CaptureQueriesContext(connection) as seen:
        assert access.principal_from_cookies(cookies).roles == {"member", "supporter", "oncall"}
    assert len(seen) == 1
    with CaptureQueriesContext(connection) as seen:
        assert access.principal_from_cookies({}) == ANONYMOUS
    assert len(seen) == 0


def test_a_page_that_does_not_ask_who_it_is_for_costs_nothing() -> None:
    request = RequestFactory().get("/")
    request.session = sessions.SessionStore("a" * 32)
    with CaptureQueriesContext(connection) as seen:
        PrincipalMiddleware(lambda r: HttpResponse())(request)
    assert len(seen) == 0


def test_one_sees_ones_devices_and_ends_one_of_them(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    here, phone = enter("Quiet Heron"), enter("Quiet Heron", **{"User-Agent": PHONE})
    page = here.get("/me/sessions").content.decode()
    assert "Chrome · Android" in page and "14" not in page.split("Chrome · Android")[0][-40:]
    there = seat(phone)
    assert there is not None
    here.post("/me/sessions", {"end": str(there.session)})
    assert not who(phone).is_account and who(here).is_account


def test_signing_out_everywhere_else_leaves_this_one(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    here, others = enter("Quiet Heron"), [enter("Quiet Heron") for _n in range(3)]
    here.post("/me/sessions", {"others": "1"})
    assert who(here).is_account and not any(who(other).is_account for other in others)


def test_somebody_elses_session_is_not_there(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    make("Calm Otter")
    mine, theirs = enter("Quiet Heron"), enter("Calm Otter")
    there = seat(theirs)
    assert there is not None
    assert mine.post("/me/sessions", {"end": str(there.session)}).status_code == 404
    assert mine.post("/me/sessions", {"end": "nonsense"}).status_code == 404
    assert who(theirs).is_account


def test_a_new_password_ends_all_other_sessions(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    here, thief = enter("Quiet Heron"), enter("Quiet Heron")
    assert here.post("/me/keys", {"do": "password", "password": "eleven calm bridges"}).status_code == 200
    assert who(here).is_account and not who(thief).is_account
    assert Client().post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD}).status_code == 422


def test_ways_in_change_only_after_a_recent_proof(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    with clock.shifted(timedelta(minutes=31)):
        answer = client.post("/me/keys", {"do": "password", "password": "eleven calm bridges"})
        assert answer.status_code == 303 and answer["Location"].startswith("/step-up?next=")
        assert client.post("/step-up", {"password": "wrong"}).status_code == 422
        done = client.post("/step-up", {"password": PASSWORD, "next": "/me/keys"})
        assert done["Location"] == "/me/keys"
        assert (
            client.post("/me/keys", {"do": "password", "password": "eleven calm bridges"}).status_code == 200
        )


def test_staff_pages_ask_again_after_twelve_hours_and_after_four_idle_ones(make: Make, enter: Enter) -> None:
    make("Robin", "steward")
    busy, idle = enter("Robin"), enter("Robin")
    for hours in (3, 6, 9, 11.9):
        with clock.shifted(timedelta(hours=hours)):
            assert busy.get("/people").status_code == 200
    with clock.shifted(timedelta(hours=12.1)):
        assert busy.get("/people")["Location"] == "/step-up?next=%2Fpeople"
    with clock.shifted(timedelta(hours=4.5)):
        assert idle.get("/people").status_code == 303
        assert idle.get("/me").status_code == 200, "their own account stays open"
        assert idle.get("/people").status_code == 303, "looking at it does not make the proof younger"
        idle.post("/step-up", {"password": PASSWORD})
        assert idle.get("/people").status_code == 200


def test_a_step_up_gives_the_session_a_new_key_in_its_old_place(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    before, ident = client.cookies["sessionid"].value, seat(client)
    client.post("/step-up", {"password": PASSWORD})
    after = seat(client)
    assert client.cookies["sessionid"].value != before
    assert ident is not None and after is not None and after.session == ident.session
    old = Client()
    old.cookies["sessionid"] = before
    assert not who(old).is_account


def test_a_visit_ends_after_a_day_and_staying_after_thirty_unused(make: Make) -> None:
    make("Quiet Heron")
    visit, stay = Client(), Client()
    visit.post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD})
    stay.post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD, "stay": "1"})
    assert not visit.cookies["sessionid"]["max-age"] and stay.cookies["sessionid"]["max-age"]
    with clock.shifted(timedelta(hours=25)):
        assert not who(visit).is_account and who(stay).is_account
    with clock.shifted(timedelta(days=29)):
        assert who(stay).is_account
    with clock.shifted(timedelta(days=58)):
        assert who(stay).is_account, "each use moves the end"
    with clock.shifted(timedelta(days=89)):
        assert not who(stay).is_account


def test_when_somebody_was_here_is_kept_to_the_day_and_the_quarter(make: Make, enter: Enter) -> None:
    account = make("Quiet Heron")
    enter("Quiet Heron")
    row = Session.objects.get()
    assert row.seen_at.minute % 15 == 0 and row.seen_at.second == 0
    assert Account.objects.get(pk=account).seen_on == clock.now().date()


def test_a_role_taken_back_is_gone_with_the_next_request(make: Make, enter: Enter) -> None:
    account, boss = make("Sam", "supporter", "steward"), make("Robin", "steward")
    client = enter("Sam")
    assert client.get("/people").status_code == 200
    actions.revoke_role(principal(boss, "steward"), account, "steward")
    assert client.get("/people").status_code == 403


def test_require_lets_pass_whoever_holds_one_of_the_roles(make: Make) -> None:
    sam = principal(make("Sam", "supporter"), "supporter")
    access.require(sam, "supervisor", "supporter", step_up=True)
    with pytest.raises(Refused):
        access.require(sam, "steward")
    with pytest.raises(access.StepUpNeeded):
        access.require(principal(make("Noor"), "supporter", stepped_up=False), "supporter", step_up=True)
    with pytest.raises(access.SignInNeeded):
        access.require(ANONYMOUS)


def test_one_can_change_ones_name_and_the_old_one_is_free(make: Make, enter: Enter) -> None:
    account = make("Quiet Heron")
    client = enter("Quiet Heron")
    assert client.post("/me/name", {"own": "Sarah Miller"}).status_code == 422
    assert client.post("/me/name", {"own": "Brave Wren"}).status_code == 303
    assert queries.names([account]) == {account: "Brave Wren"}
    make("Quiet Heron")


def test_language_and_age_band_are_ones_own_to_set(make: Make, enter: Enter) -> None:
    account = make("Quiet Heron")
    client = enter("Quiet Heron")
    assert client.post("/me", {"language": "es", "age_band": "16-17"}).status_code == 303
    row = Account.objects.get(pk=account)
    assert (row.language, row.age_band) == ("es", "16-17")
    assert client.post("/me", {"language": "xx", "age_band": ""}).status_code == 422
    assert client.post("/me", {"language": "es", "age_band": "x"}).status_code == 422


def test_pages_about_oneself_are_never_kept_by_a_browser(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    for path in ("/me", "/me/keys", "/me/sessions", "/me/export"):
        assert "no-store" in client.get(path)["Cache-Control"]
