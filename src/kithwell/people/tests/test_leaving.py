"""The archive of everything, and erasure: nothing left to find, nothing left to open."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client

from kithwell.kernel import clock, crypto, jobs
from kithwell.people import actions, consent, erasure, export, queries, tasks
from kithwell.people.models import Account, Erasure, Export, ExportChunk, Passkey
from kithwell.people.tests.conftest import PASSWORD, principal, who
from kithwell.people.tests.soft_key import SoftKey
from kithwell.people.tests.test_passkeys import post

pytestmark = pytest.mark.django_db
Make = Callable[..., UUID]
Enter = Callable[..., Client]
SECRET = "marzipan-in-the-attic"


@pytest.fixture
def telling() -> Iterator[Callable[[Any], None]]:
    """telling(fn): one more part that knows something, for this test."""

    def register(teller: Any) -> None:
        export.register("test", teller)

    yield register
    export._tellers.pop("test", None)


def archive_of(client: Client) -> zipfile.ZipFile:
    client.post("/me/export")
    jobs.run_due()
    row = Export.objects.latest("id")
    answer = client.post(f"/me/export/{row.pk}/take")
    assert answer.status_code == 200, answer.status_code
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert int(answer["Content-Length"]) == len(content)
    return zipfile.ZipFile(io.BytesIO(content))


def test_the_archive_can_be_read_by_people_and_by_programs(
    make: Make, enter: Enter, telling: Callable[[Any], None]
) -> None:
    make("Quiet Heron")
    telling(lambda s, a: [("../../notes.json", export.as_json({"note": SECRET})), ("voice.ogg", b"\x00\xff")])
    found = archive_of(enter("Quiet Heron"))
    assert set(found.namelist()) >= {"index.html", "people/account.json", "test/notes.json", "test/voice.ogg"}
    assert json.loads(found.read("people/account.json"))["name"] == "Quiet Heron"
    page = found.read("index.html").decode()
    assert "Quiet Heron" in page and SECRET in page
    assert found.testzip() is None


def test_the_archive_is_taken_once_and_nothing_of_it_stays(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    archive_of(client)
    row = Export.objects.get()
    assert row.state == "taken" and not ExportChunk.objects.exists()
    assert client.post(f"/me/export/{row.pk}/take").status_code == 404


def test_the_archive_lies_sealed_and_in_pieces(
    make: Make, enter: Enter, telling: Callable[[Any], None]
) -> None:
    make("Quiet Heron")
    big = os.urandom(2_500_000)
    telling(lambda s, a: [("noise.bin", big)])
    client = enter("Quiet Heron")
    client.post("/me/export")
    jobs.run_due()
    chunks = list(ExportChunk.objects.order_by("n"))
    assert len(chunks) == 3 and max(len(bytes(c.sealed)) for c in chunks) < 1_100_000
    assert not any(b"account.json" in bytes(c.sealed) for c in chunks)
    row = Export.objects.get()
    answer = client.post(f"/me/export/{row.pk}/take")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert zipfile.ZipFile(io.BytesIO(content)).read("test/noise.bin") == big


def test_an_archive_nobody_takes_is_gone_after_seven_days(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    client.post("/me/export")
    jobs.run_due()
    with clock.shifted(timedelta(days=8)):
        tasks.tidy()
    assert Export.objects.get().state == "gone" and not ExportChunk.objects.exists()


def test_making_an_archive_can_be_stopped(make: Make, enter: Enter, telling: Callable[[Any], None]) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")

    def slow(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
        yield "one.json", b"{}"
        client.post(f"/me/export/{Export.objects.get().pk}/stop")

    telling(slow)
    client.post("/me/export")
    jobs.run_due()
    assert Export.objects.get().state == "gone" and not ExportChunk.objects.exists()


def test_a_failed_try_is_made_again_from_the_start(
    make: Make, enter: Enter, telling: Callable[[Any], None]
) -> None:
    make("Quiet Heron")
    tries: list[int] = []

    def shaky(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
        tries.append(1)
        yield "one.bin", b"x" * 3_000_000
        if len(tries) == 1:
            raise OSError("gone for a moment")

    telling(shaky)
    client = enter("Quiet Heron")
    client.post("/me/export")
    jobs.run_due()
    with clock.shifted(timedelta(minutes=5)):
        jobs.run_due()
    row = Export.objects.get()
    answer = client.post(f"/me/export/{row.pk}/take")
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None  # type: ignore[attr-defined]


def test_somebody_elses_archive_is_not_there(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    make("Calm Otter")
    mine, theirs = enter("Quiet Heron"), enter("Calm Otter")
    mine.post("/me/export")
    jobs.run_due()
    row = Export.objects.get()
    assert theirs.post(f"/me/export/{row.pk}/take").status_code == 404
    assert theirs.post(f"/me/export/{row.pk}/stop").status_code == 404
    assert Export.objects.get().state == "ready"


def test_asking_twice_makes_one_archive(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    client.post("/me/export")
    client.post("/me/export")
    assert Export.objects.count() == 1


def gone(client: Client, **choice: str) -> str:
    answer = client.post("/me/erase", {"writing": "delete", "when": "later", "sure": "1", **choice})
    assert answer.status_code == 303, answer.content.decode()[:3000]
    return str(answer["Location"])


def test_one_can_come_back_within_the_days_of_grace_and_nothing_is_lost(make: Make, enter: Enter) -> None:
    account = make("Quiet Heron", "supporter")
    client, other = enter("Quiet Heron"), enter("Quiet Heron")
    receipt = gone(client)
    assert not who(client).is_account and not who(other).is_account, "signed out everywhere"
    assert "Your request is recorded" in Client().get(receipt).content.decode()
    assert queries.accounts_with_role("supporter") == ()
    back = Client()
    with clock.shifted(timedelta(days=20)):
        jobs.run_due()
        answer = back.post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD})
        assert answer["Location"] == "/me/erase"
        assert who(back).roles == {"member"}
        assert "Come back" in back.get("/me/erase").content.decode()
        back.post("/me/erase", {"do": "back"})
        assert who(back).roles == {"member", "supporter"}
    with clock.shifted(timedelta(days=40)):
        _sweep()
    assert queries.names([account]) == {account: "Quiet Heron"}
    assert "Nothing was erased" in Client().get(receipt).content.decode()


def _sweep() -> None:
    tasks.tidy()
    jobs.run_due()


def test_after_the_days_of_grace_it_happens_by_itself(make: Make, enter: Enter) -> None:
    account = make("Quiet Heron")
    receipt = gone(enter("Quiet Heron"))
    with clock.shifted(timedelta(days=22)):
        _sweep()
        assert "It is done" in Client().get(receipt).content.decode()
    assert queries.names([account]) == {account: ""}
    assert Client().post("/sign-in", {"name": "Quiet Heron", "password": PASSWORD}).status_code == 422
    make("Quiet Heron")  # the name is free again


def test_a_slip_erases_nobody(make: Make, enter: Enter) -> None:
    make("Quiet Heron")
    client = enter("Quiet Heron")
    assert client.post("/me/erase", {"writing": "delete", "when": "now"}).status_code == 422
    assert client.post("/me/erase", {"writing": "other", "when": "now", "sure": "1"}).status_code == 422
    assert not Erasure.objects.exists() and who(client).is_account


def test_a_made_up_receipt_shows_nothing() -> None:
    assert Client().get("/erased/AAAAAAAAAAAAAAAAAAAA").status_code == 404


def all_bytes() -> Iterator[tuple[str, bytes]]:
    """Every value of every row of every table, as bytes."""
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            for value in row:
                raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                yield model._meta.db_table, raw


def hits(*needles: str) -> list[str]:
    wanted = [needle.lower().encode() for needle in needles]
    return [table for table, raw in all_bytes() if any(needle in raw.lower() for needle in wanted)]


def test_after_an_erasure_nothing_of_the_person_is_found_and_old_copies_do_not_open(
    make: Make, enter: Enter, settings: Any, tmp_path: Any
) -> None:
    settings.KITHWELL = {**settings.KITHWELL, "mail_url": f"file://{tmp_path}"}
    account = make("Quiet Heron", "supporter")
    make("Calm Otter")
    client = enter("Quiet Heron")
    client.post("/me/keys", {"do": "email", "email": "heron@example.org"})
    options = post(client, "/me/keys/passkey/begin").json()["publicKey"]
    post(client, "/me/keys/passkey/finish", credential=SoftKey().make(options), name=SECRET)
    code = actions.new_recovery_codes(principal(account))[0]
    client.post("/me/consents", {"item": "people.feedback", "say": "yes"})
    client.post("/me/export")
    jobs.run_due()
    row = Account.objects.get(pk=account)
    old_mail, old_key = bytes(row.email_sealed or b""), Passkey.objects.get()
    chunk = ExportChunk.objects.first()
    assert chunk is not None
    assert hits("heron"), "the search finds people while they are here"
    receipt = gone(client, when="now")
    jobs.run_due()
    assert "It is done" in Client().get(receipt).content.decode()
    assert hits("Quiet Heron", "quletheron", "heron@", SECRET, code) == []
    assert hits("Calm Otter") == ["people_account"], "nobody else was touched"
    assert not consent.is_given(row.subject, "people.feedback")
    crypto.forget_cached_keys()
    for blob, at in (
        (old_mail, ("people_account", "email", account)),
        (bytes(old_key.name_sealed), ("people_passkey", "name", old_key.pk)),
        (bytes(chunk.sealed), ("people_exportchunk", "sealed", chunk.pk)),
    ):
        with pytest.raises(crypto.Erased):
            crypto.unseal_bytes(row.subject, blob, at=at)


def test_parts_hear_the_choice_and_the_receipt_counts_what_they_did(make: Make, enter: Enter) -> None:
    heard: list[str] = []

    def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
        heard.append(choices.writing)
        crypto.seal(subject, "still there while parts work", at=("t", "c", 1))
        return 41

    erasure.register("test", lambda s, a: ["Some stories."], erase)
    try:
        make("Quiet Heron")
        client = enter("Quiet Heron")
        assert "Some stories." in client.get("/me/erase").content.decode()
        gone(client, when="now", writing="anonymise")
        jobs.run_due()
    finally:
        erasure._parts.pop("test", None)
    assert heard == ["anonymise"] and Erasure.objects.get().counts["test"] == 41


def test_when_one_part_fails_nobody_is_half_erased(make: Make, enter: Enter) -> None:
    tries: list[int] = []

    def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk is full")
        return 1

    account = make("Quiet Heron")
    erasure.register("test", lambda s, a: [], erase)
    try:
        gone(enter("Quiet Heron"), when="now")
        jobs.run_due()
        assert queries.names([account]) == {account: "Quiet Heron"}
        with clock.shifted(timedelta(minutes=10)):
            jobs.run_due()
    finally:
        erasure._parts.pop("test", None)
    assert queries.names([account]) == {account: ""}
