"""The door: what it refuses, that 200 means durable, and that nothing is lost between the door and the desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from kithwell.channels.models import IntakeKey, RawEvent
from kithwell.channels.whatsapp import digest, intake, journal, protocol, retention, store
from kithwell.channels.whatsapp.tests import kit
from kithwell.kernel import clock, crypto, jobs
from kithwell.kernel.models import Job, Subject
from kithwell.support.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[kit.Door]:
    with kit.account():
        settings.KITHWELL = {**settings.KITHWELL, "data_dir": tmp_path}
        found = kit.Door()
        yield found
        found.close()


def _post(n: int = 1) -> bytes:
    return kit.message_post(kit.text(f"wamid.{n}", f"words {n}", clock.now()))


def test_the_challenge_is_answered_to_the_right_token_and_refused_to_others(door: kit.Door) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": kit.KEYS.verify_token, "hub.challenge": "42"}
    answer = door.request("GET", "/hooks/whatsapp/main", params=query)
    assert (answer.status_code, answer.text) == (200, "42")
    assert (
        door.request("GET", "/hooks/whatsapp/main", params=query | {"hub.verify_token": "x"}).status_code
        == 403
    )
    assert door.request("GET", "/hooks/whatsapp/other", params=query).status_code == 403


def test_a_forged_post_is_refused_and_not_kept(door: kit.Door) -> None:
    body = _post()
    assert door.post(body, {}) == 403
    assert door.post(body, {"X-Hub-Signature-256": protocol.sign(body, "other secret")}) == 403
    assert door.post(body + b" ", {"X-Hub-Signature-256": protocol.sign(body, kit.KEYS.app_secret)}) == 403
    assert not RawEvent.objects.exists()


def test_an_oversized_post_is_refused_before_it_is_read(door: kit.Door) -> None:
    body = b"x" * (intake.MAX_BODY + 1)
    assert door.signed(body) == 413
    headers = {"X-Hub-Signature-256": protocol.sign(body, kit.KEYS.app_secret)}

    async def parts() -> Any:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    answer = door.request(
        "POST", "/hooks/whatsapp/main", content=parts(), headers=headers
    )  # no length stated
    assert answer.status_code == 413 and not RawEvent.objects.exists()


def test_a_post_to_an_account_that_is_not_there_is_not_found(door: kit.Door) -> None:
    assert door.request("POST", "/hooks/whatsapp/other", content=b"{}").status_code == 404


def test_200_means_stored_sealed_and_a_digest_is_asked_for(door: kit.Door) -> None:
    body = _post()
    assert door.signed(body) == 200
    row = RawEvent.objects.get()
    assert b"words" not in bytes(row.body) and store.unseal(row.id, row.key, row.body) == body
    assert Job.objects.filter(kind="channels.digest", queue="crisis", state="ready").count() == 1
    jobs.run_due("crisis")
    assert [kit.words(m) for m in kit.written()] == ["words 1"]
    assert not RawEvent.objects.exists()  # nothing of it is kept once it is at the desk


def test_what_is_signed_but_no_json_is_taken_and_set_aside_for_operators(door: kit.Door) -> None:
    assert door.signed(b"not json at all") == 200
    digest.drain()
    row = RawEvent.objects.get()
    assert (row.state, row.error) == ("poison", "not JSON")


def test_fifty_identical_posts_at_once_are_one_message(door: kit.Door) -> None:
    body = _post()
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: door.signed(body), range(50)))
    assert answers == [200] * 50
    digest.drain()
    assert Message.objects.filter(author="person").count() == 1


def test_fifty_posts_that_hold_the_same_message_in_other_bytes_are_one_message(door: kit.Door) -> None:
    bodies = [_post() + b" " * n for n in range(50)]
    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(door.signed, bodies)) == [200] * 50
    workers = [threading.Thread(target=_drain) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    digest.drain()
    assert Message.objects.filter(author="person").count() == 1
    assert not RawEvent.objects.exists()


def _drain() -> None:
    try:
        digest.drain(seconds=10)
    except OperationalError:
        pass  # the other worker was faster; the job would run again
    finally:
        connection.close()


def test_many_posts_at_once_share_a_flush_to_the_disk(door: kit.Door) -> None:
    with ThreadPoolExecutor(40) as pool:
        assert set(pool.map(lambda n: door.signed(_post(n)), range(200))) == {200}
    assert intake.batcher().batches < 150
    assert RawEvent.objects.count() == 200


def test_with_the_database_away_posts_stay_on_the_disk_and_come_back(
    door: kit.Door, monkeypatch: Any
) -> None:
    def away(posts: Any) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(store, "write", away)
        assert door.signed(_post(1), settle=False) == 200
        assert door.signed(_post(2), settle=False) == 200
        files = list(journal.folder().glob("*.posts"))
        assert files and all(b"words" not in file.read_bytes() for file in files)
        intake.stop()  # the process dies with them
    assert journal.sweep(older_than=60) == 0  # somebody may still be at it
    assert journal.sweep(older_than=0) == 2
    digest.drain()
    assert sorted(kit.words(m) for m in kit.written()) == ["words 1", "words 2"]
    assert journal.waiting() == 0


def test_posts_on_the_disk_go_into_the_database_as_soon_as_it_is_back(
    door: kit.Door, monkeypatch: Any
) -> None:
    real, calls = store.write, []

    def away_twice(posts: Any) -> None:
        calls.append(len(posts))
        if len(calls) < 3:
            raise OperationalError("the database is away")
        real(posts)

    monkeypatch.setattr(store, "write", away_twice)
    assert door.signed(_post()) == 200
    for _ in range(3):
        intake.batcher().settle()
    digest.drain()
    assert len(kit.written()) == 1 and journal.waiting() == 0


def test_with_database_and_disk_away_the_provider_is_asked_to_send_again(
    door: kit.Door, monkeypatch: Any
) -> None:
    def away(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "write", away)
    monkeypatch.setattr(journal, "_write_through", away)
    assert door.signed(_post()) == 503


def test_with_the_disk_full_posts_go_straight_into_the_database(door: kit.Door, monkeypatch: Any) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(journal, "_write_through", full)
    assert door.signed(_post()) == 200
    digest.drain()
    assert len(kit.written()) == 1


def test_a_writer_that_holds_the_database_delays_no_provider(door: kit.Door) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    try:
        assert door.signed(_post(), settle=False) == 200
        assert journal.waiting() == 1
        assert time.monotonic() - began < 15  # one who asks the database waits 20 s
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
    intake.batcher().settle()
    digest.drain()
    assert len(kit.written()) == 1


def test_a_file_that_cannot_be_opened_is_kept_and_stops_nothing(door: kit.Door) -> None:
    (journal.folder() / "0.posts").write_bytes(b"scribble" * 20)
    journal.keep([store.Raw("whatsapp", "main", _post(), "ab", clock.now())])
    assert journal.sweep(older_than=0) == 1
    assert [p.name for p in journal.folder().iterdir()] == ["0.unreadable"]


_DIES = """
import os, sys, django
django.setup()
from kithwell.channels.whatsapp import digest
from kithwell.support import actions
real = actions.receive
def receive(inbounds):
    found = real(inbounds)
    if sys.argv[1] == "after":
        os.kill(os.getpid(), 9)
    return found
if sys.argv[1] == "before":
    os.kill(os.getpid(), 9)
digest.actions.receive = receive
digest.drain()
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_intake_and_digest_nothing_is_lost_or_doubled(door: kit.Door, when: str) -> None:
    """A real process, a real SIGKILL: before it begins, and after messages were written but not committed."""
    for n in range(5):
        assert door.signed(_post(n)) == 200
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "kithwell.config.settings", **_same_database()}
    done = subprocess.run([sys.executable, "-c", _DIES, when], env=env, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    assert Message.objects.count() == 0
    digest.drain()
    assert sorted(kit.words(m) for m in kit.written()) == [f"words {n}" for n in range(5)]


def _same_database() -> dict[str, str]:
    """Environment with which another process opens this test's database and keys."""
    options = settings.KITHWELL
    found = {
        "KITHWELL_MASTER_KEYS": ",".join(options["master_keys"]),
        "KITHWELL_DATA": str(options["data_dir"]),
    }
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        link = Path(options["data_dir"]) / "kithwell.sqlite3"
        for suffix in ("", "-wal", "-shm"):
            Path(str(link) + suffix).symlink_to(str(database["NAME"]) + suffix)
        return found
    user = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
    address = (
        f"postgresql://{user}{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"
    )
    return found | {"KITHWELL_DATABASE_URL": address}


def test_raw_posts_and_their_keys_go_when_their_time_is_over(door: kit.Door) -> None:
    settings.KITHWELL = {**settings.KITHWELL, "whatsapp_raw_days": 2}
    door.signed(_post())
    digest.drain()
    assert RawEvent.objects.get().state == "done"
    subject = IntakeKey.objects.get().subject
    retention.purge()
    assert RawEvent.objects.count() == 1
    with clock.shifted(timedelta(days=3)):
        assert retention.purge() == 1
    assert not RawEvent.objects.exists() and not IntakeKey.objects.exists()
    assert Subject.objects.get(id=subject).wrapped_key is None
    crypto.forget_cached_keys()


def test_the_sweep_asks_for_what_a_lost_job_left(door: kit.Door) -> None:
    door.signed(_post())
    Job.objects.all().delete()
    from kithwell.channels.whatsapp.tasks import sweep_intake

    sweep_intake()
    jobs.run_due("crisis")
    assert len(kit.written()) == 1
