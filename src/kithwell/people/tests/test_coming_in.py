"""Joining and signing in with a password, a code or a link, and what those learn who try others' doors."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from time import process_time
from uuid import UUID

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.test.utils import override_settings

from kithwell.kernel import clock, jobs
from kithwell.kernel.models import AuditEntry
from kithwell.people import actions, queries
from kithwell.people.models import Account, Session
from kithwell.people.tests.conftest import PASSWORD, principal, who

pytestmark = pytest.mark.django_db
Make = Callable[..., UUID]
Enter = Callable[..., Client]


def join(client: Client, **fields: str) -> object:
    return client.post("/join", {"own": "Quiet Heron", "password": PASSWORD, **fields})


def test_a_name_and_a_password_are_all_it_takes() -> None:
    client = Client()
    assert join(client).status_code == 303  # type: ignore[attr-defined]
    assert who(client).name == "Quiet Heron" and who(client).roles == {"member"}
    assert client.get("/me").status_code == 200


def test_suggested_names_differ_each_time_and_what_was_typed_stays() -> None:
    client = Client()
    first = client.post("/join", {"again": "1", "own": "River 7", "age_band": "18-25"}).content.decode()
    second = client.post("/join", {"again": "1"}).content.decode()
    names = [set(re.findall(r'name="pick" value="([^"]+)"', page)) for page in (first, second)]
    assert len(names[0]) == 5 and names[0] != names[1]
    assert 'value="River 7"' in first and 'value="18-25" selected' in first
    assert not Account.objects.exists()


def test_a_name_that_identifies_is_refused_with_a_kind_word_and_nothing_is_made() -> None:
    answer = join(Client(), own="Maria Lopez")
    assert answer.status_code == 422 and "real name" in answer.content.decode()  # type: ignore[attr-defined]
    assert not Account.objects.exists()


def test_a_name_that_only_looks_different_is_taken(make: Make) -> None:
    make("Quiet Heron")
    answer = join(Client(), own="QU1ET HERÓN")
    assert answer.status_code == 422 and "already has that name" in answer.content.decode()  # type: ignore[attr-defined]


def test_signing_in_needs_no_exact_spelling_of_the_name(make: Make) -> None:
    make("Quiet Heron")
    client = Client()
    assert client.post("/sign-in", {"name": "quiet  heron", "password": PASSWORD}).status_code == 303


def test_unknown_names_wrong_passwords_and_accounts_without_one_get_the_same_answer(make: Make) -> None:
    make("Quiet Heron")
    make("Calm Otter", password=None)
    pages = []
    for name in ("Quiet Heron", "Nobody Here", "Calm Otter"):
        answer = Client().post("/sign-in", {"name": name, "password": "not the password"})
        assert answer.status_code == 422
        text = answer.content.decode().replace(name, "NAME")
        pages.append(re.sub(r'csrfmiddlewaretoken" value="[^"]+|data-csrf="[^"]+', "", text))
    assert pages[0] == pages[1] == pages[2]


class Counting(hashers.PBKDF2PasswordHasher):
    """A real hasher that counts how often it works."""

    algorithm = "counting"
    iterations = 20_000
    runs = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        type(self).runs += 1
        return super().encode(password, salt, iterations)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"])
def test_every_try_costs_one_hash_whether_or_not_the_account_exists(make: Make) -> None:
    make("Quiet Heron")
    make("Calm Otter", password=None)
    actions.ways_in._nobodys_hash.cache_clear()
    actions.account_of_password("Warm", "up")
    costs, spans = {}, {}
    for name in ("Quiet Heron", "Nobody Here", "Calm Otter"):
        Counting.runs = 0
        actions.account_of_password(name, "not the password")
        costs[name] = Counting.runs
        times = []
        for _n in range(9):
            began = process_time()
            actions.account_of_password(name, "not the password")
            times.append(process_time() - began)
        spans[name] = min(times)  # the least disturbed
    assert set(costs.values()) == {1}
    assert max(spans.values()) < 3 * min(spans.values())  # without the hash it would be a tenth or less
    actions.ways_in._nobodys_hash.cache_clear()


def test_no_hash_is_made_of_a_password_too_long_to_be_one(make: Make) -> None:
    make("Quiet Heron")
    assert actions.account_of_password("Quiet Heron", "x" * 100_000) is None


def test_a_field_of_fifty_megabytes_gets_a_clear_answer(make: Make) -> None:
    answer = Client().post("/sign-in", {"name": "x", "password": "y" * 50_000_000})
    assert answer.status_code in (400, 413) and b"Help now" in answer.content


def test_many_tries_from_one_place_are_slowed_and_help_stays_open(make: Make) -> None:
    make("Quiet Heron")
    client = Client()
    seen = [
        client.post("/sign-in", {"name": "Quiet Heron", "password": f"wrong {n}"}).status_code
        for n in range(12)
    ]
    assert seen[0] == 422 and seen[-1] == 429
    last = client.post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD})
    assert last.status_code == 429 and last["Retry-After"] and "/help" in last.content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD}).status_code == 303


def test_the_session_key_changes_at_sign_in_so_a_planted_one_is_worth_nothing(make: Make) -> None:
    make("Quiet Heron")
    client = Client()
    client.post("/sign-in/passkey/begin", {}, content_type="application/json")
    planted = client.cookies["sessionid"].value
    client.post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not who(thief).is_account


def test_a_made_up_session_key_is_never_adopted(make: Make) -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.post("/join", {"own": "Quiet Heron", "password": PASSWORD})
    assert client.cookies["sessionid"].value != "a" * 32 and who(client).is_account


def test_the_table_of_sessions_does_not_hold_what_the_browser_holds(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    row = Session.objects.get()
    assert client.cookies["sessionid"].value not in (row.session_key, row.session_data)


def test_every_form_needs_its_csrf_token(make: Make) -> None:
    make("Quiet Heron")
    client = Client(enforce_csrf_checks=True)
    for path in (
        "/join",
        "/sign-in",
        "/sign-in/other",
        "/sign-out",
        "/me/erase",
        "/people",
        "/sign-in/passkey/begin",
    ):
        assert client.post(path, {"name": "Quiet Heron", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("evil", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site_after_signing_in(make: Make, evil: str) -> None:
    make("Quiet Heron")
    answer = Client().post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD, "next": evil})
    assert answer["Location"] == "/me"


def test_a_page_for_members_sends_people_to_sign_in_and_back() -> None:
    answer = Client().get("/me/keys")
    assert answer.status_code == 303 and answer["Location"] == "/sign-in?next=%2Fme%2Fkeys"


def test_a_script_is_told_instead_of_sent(make: Make) -> None:
    answer = Client().get("/me/keys", headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 401 and answer["X-Go-To"] == "/sign-in?next=%2Fme%2Fkeys"


def test_a_link_elsewhere_cannot_sign_anybody_out(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    assert client.get("/sign-out").status_code == 200 and who(client).is_account
    client.post("/sign-out")
    assert not who(client).is_account and not Session.objects.exists()


def test_a_recovery_code_lets_in_once_and_is_kept_nowhere(make: Make) -> None:
    account = make("Quiet Heron", password=None)
    code = actions.new_recovery_codes(principal(account))[0]
    typed = code.upper().replace("-", " ")
    first, second = Client(), Client()
    assert first.post("/sign-in/other", {"name": "quiet heron", "code": typed})["Location"] == "/me/keys"
    assert second.post("/sign-in/other", {"name": "quiet heron", "code": typed}).status_code == 422
    assert queries.me(principal(account)).codes_left == 7


def test_new_codes_end_the_old_ones(make: Make) -> None:
    account = make("Quiet Heron")
    old = actions.new_recovery_codes(principal(account))[0]
    actions.new_recovery_codes(principal(account))
    assert actions.account_of_code("Quiet Heron", old) is None


def test_a_paused_account_stays_out_and_hears_that_help_is_open(make: Make, enter: Enter) -> None:
    account, steward = make("Quiet Heron"), make("Robin", "steward")
    client = enter("Quiet Heron")
    boss = principal(steward, "steward")
    actions.pause_account(boss, account, clock.now() + timedelta(days=2), "spam")
    assert not who(client).is_account
    answer = Client().post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD})
    assert answer.status_code == 422 and "Talk to us are open" in answer.content.decode()
    with clock.shifted(timedelta(days=3)):
        assert Client().post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD}).status_code == 303


def test_when_members_come_is_not_written_down_but_when_staff_come_is(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    make("Sam", "supporter")
    enter("Quiet Heron")
    assert not AuditEntry.objects.filter(verb="staff.signed_in").exists()
    enter("Sam")
    assert AuditEntry.objects.filter(verb="staff.signed_in").count() == 1


@pytest.fixture
def mailbox(tmp_path: object, settings: object) -> Callable[[], list[str]]:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "mail"
    settings.KITHWELL = {**settings.KITHWELL, "mail_url": f"file://{folder}", "mail_from": "post@example.org"}  # type: ignore[attr-defined]

    def read() -> list[str]:
        jobs.run_due()
        return [path.read_text() for path in sorted(folder.glob("*"))] if folder.is_dir() else []

    return read


def _link(mail: str) -> str:
    return re.findall(r"\S*/link/\S+", mail.replace("=\n", ""))[0].split("/link/")[1]


def test_an_address_is_sealed_confirmed_by_a_link_and_opens_a_way_back(
    make: Make, enter: Enter, mailbox: Callable[[], list[str]]
) -> None:
    account = make("Quiet Heron")
    client = enter("Quiet Heron")
    client.post("/me/keys", {"do": "email", "email": "Heron@Example.org"})
    [mail] = mailbox()
    assert "Quiet Heron" not in mail and "Subject: Your link" in mail and "Kithwell" not in mail
    row = Account.objects.get(pk=account)
    assert b"example" not in bytes(row.email_sealed or b"").lower() and row.email_confirmed_at is None
    Client().post("/sign-in/other", {"email": "heron@example.org"})
    assert len(mailbox()) == 1, "an address nobody confirmed opens nothing"
    Client().post(f"/link/{_link(mail)}")
    Client().post("/sign-in/other", {"email": "heron@example.org"})
    back = [text for text in mailbox() if text != mail]
    assert len(back) == 1
    fresh = Client()
    secret = _link(back[0])
    assert fresh.get(f"/link/{secret}").status_code == 200 and not who(fresh).is_account
    assert fresh.post(f"/link/{secret}").status_code == 303 and who(fresh).id == account
    assert Client().post(f"/link/{secret}").status_code == 404


def test_asking_for_a_link_says_the_same_for_every_address(
    make: Make, mailbox: Callable[[], list[str]]
) -> None:
    pages = {
        re.sub(
            r'csrfmiddlewaretoken" value="[^"]+',
            "",
            Client().post("/sign-in/other", {"email": e}).content.decode(),
        )
        for e in ("nobody@example.org", "not an address")
    }
    assert len(pages) == 1 and mailbox() == []


def test_a_link_by_mail_does_not_open_staff_pages(make: Make) -> None:
    make("Sam", "supporter")
    account = queries.account_named("Sam")
    assert account is not None
    client = Client()
    secret = actions.make_link(account, "sign-in", timedelta(minutes=5)).rpartition("/")[2]
    client.post(f"/link/{secret}")
    assert who(client).is_account and not who(client).stepped_up


def test_a_link_is_too_old_after_its_time(make: Make) -> None:
    account = make("Quiet Heron")
    secret = actions.make_link(account, "sign-in", timedelta(minutes=30)).rpartition("/")[2]
    with clock.shifted(timedelta(minutes=31)):
        assert Client().post(f"/link/{secret}").status_code == 404
