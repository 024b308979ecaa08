"""Work asked for in a transaction is done once that commits, again when it fails, and never silently dropped."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction

from kithwell.kernel import clock, events, ids, jobs
from kithwell.kernel.models import Job, Schedule
from kithwell.kernel.worker import Worker

done: list = []


@jobs.job(name="test.note")
def note(word: str) -> None:
    done.append(word)


@jobs.job(name="test.fail", max_attempts=3, base_delay=10)
def fail(secret: str) -> None:
    done.append("tried")
    raise ValueError(secret)


@jobs.job(name="test.later")
def later() -> None:
    done.append("tried")
    raise jobs.RetryLater(after=120)


@jobs.job(name="test.give_up")
def give_up() -> None:
    raise jobs.GiveUp("the account is closed")


@jobs.job(name="test.alert", queue="crisis")
def alert() -> None:
    done.append("alert")


@pytest.fixture(autouse=True)
def _empty():
    done.clear()


@pytest.mark.django_db
def test_a_job_of_a_change_that_was_rolled_back_never_runs():
    with pytest.raises(RuntimeError), transaction.atomic():
        note.enqueue(word="lost")
        raise RuntimeError
    note.enqueue(word="kept")
    assert jobs.run_due() == 1
    assert done == ["kept"] and not Job.objects.exists()


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_later_each_time_and_ends_in_the_dead_letter_without_its_content():
    fail.enqueue(secret="I wrote this in confidence")
    moment, waits = clock.now(), []
    for _ in range(2):
        with clock.frozen(moment):
            assert jobs.run_due() == 1
        row = Job.objects.get()
        assert row.state == Job.State.READY
        waits.append((row.run_at - moment).total_seconds())
        with clock.frozen(row.run_at - timedelta(seconds=1)):
            assert jobs.run_due() == 0
        moment = row.run_at
    assert 5 <= waits[0] <= 10 and 10 <= waits[1] <= 20
    with clock.frozen(moment):
        assert jobs.run_due() == 1
    row = Job.objects.get()
    assert row.state == Job.State.DEAD and done == ["tried"] * 3
    assert row.error.startswith("ValueError at test_jobs.py") and "confidence" not in row.error


@pytest.mark.django_db
def test_a_dead_job_can_be_run_again_once_or_discarded():
    give_up.enqueue()
    jobs.run_due()
    dead = Job.objects.get()
    assert dead.error == "GiveUp: the account is closed"
    assert jobs.rerun(dead.id) and not jobs.rerun(dead.id)
    jobs.run_due()
    assert jobs.discard(dead.id) and not jobs.discard(dead.id)


@pytest.mark.django_db
def test_a_job_that_asks_for_more_time_gets_it():
    later.enqueue()
    now = clock.now()
    with clock.frozen(now):
        jobs.run_due()
    assert Job.objects.get().run_at == now + timedelta(seconds=120)


@pytest.mark.django_db
def test_the_same_key_is_done_once_even_when_asked_again_after_it_was_done():
    assert note.enqueue(word="one", key="receipt-7")
    assert note.enqueue(word="one", key="receipt-7") is None
    jobs.run_due()
    assert note.enqueue(word="one", key="receipt-7") is None
    assert note.enqueue(word="two", key="receipt-8")
    jobs.run_due()
    assert done == ["one", "two"]


@pytest.mark.django_db
def test_workers_of_one_queue_leave_the_others_alone():
    note.enqueue(word="slow")
    alert.enqueue()
    assert Worker(["crisis"]).run_batch() == 1
    assert done == ["alert"]


@pytest.mark.django_db
def test_a_queue_that_is_not_known_is_refused_at_once():
    with pytest.raises(ValueError, match="no queue 'urgent'"):
        note.enqueue(word="x", queue="urgent")


@pytest.mark.django_db
def test_a_scheduled_job_runs_once_a_period_however_many_workers_there_are(monkeypatch):
    kind = jobs.JobKind("test.tick", lambda: done.append("tick"), "normal", 1, 1, 1)
    monkeypatch.setitem(jobs.registry.kinds, "test.tick", kind)
    monkeypatch.setattr(jobs.registry, "schedules", {"test.tick": (kind, 60.0)})
    workers = [Worker(["normal"]) for _ in range(3)]
    now = clock.now()
    for minute in range(3):
        with clock.frozen(now + timedelta(minutes=minute)):
            for worker in workers * 2:
                worker._schedule()
            jobs.run_due()
    assert done == ["tick"] * 3
    assert Schedule.objects.get().next_at == now + timedelta(minutes=3)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_the_same_job():
    for n in range(40):
        note.enqueue(word=str(n))
    threads = [threading.Thread(target=_drain) for _ in range(2)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(done, key=int) == [str(n) for n in range(40)]


def _drain():
    from django.db import connection

    worker = Worker(["normal"])
    while worker.run_batch(limit=3):
        pass
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_runs_again():
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    note.enqueue(word="again")
    row = Job.objects.get()
    import socket

    Job.objects.update(
        state=Job.State.RUNNING,
        worker=f"{socket.gethostname()[:40]}:{gone.pid}:x",
        lease_until=clock.now() + timedelta(minutes=1),
    )
    Worker(["normal"])._take_back()
    jobs.run_due()
    assert done == ["again"] and not Job.objects.filter(id=row.id).exists()


@pytest.mark.django_db
def test_a_job_on_another_machine_comes_back_when_its_lease_ran_out():
    note.enqueue(word="again")
    Job.objects.update(state=Job.State.RUNNING, worker="elsewhere:1:x", lease_until=clock.now())
    with clock.shifted(timedelta(seconds=-5)):
        Worker(["normal"])._take_back()
        assert jobs.run_due() == 0
    with clock.shifted(timedelta(seconds=5)):
        Worker(["normal"])._take_back()
        assert jobs.run_due() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_woken_by_a_commit_and_stops_when_told(monkeypatch):
    stop, idle = threading.Event(), threading.Event()
    waits = Worker._wait
    monkeypatch.setattr(Worker, "_wait", lambda *given: (idle.set(), waits(*given)))
    monkeypatch.setattr("kithwell.kernel.worker.POLL", 3600.0)  # only a word can wake it
    thread = threading.Thread(target=_work, args=(stop,))
    thread.start()
    try:
        assert idle.wait(30)
        started = time.monotonic()
        note.enqueue(word="woken")
        while not done and time.monotonic() - started < 30:
            time.sleep(0.01)
        assert done == ["woken"]
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def _work(stop):
    from django.db import connection

    jobs.run_worker(["normal"], stop)
    connection.close()


heard: list = []


@events.subscribe("test.happened")
def _plain(what: str) -> None:
    heard.append(("plain", what))


@events.subscribe("test.happened")
def _broken(what: str) -> None:
    raise RuntimeError("a listener's fault is not the speaker's")


@events.subscribe("test.happened", durable=True, queue="crisis")
def _durable(what: str) -> None:
    heard.append(("durable", what))


@pytest.mark.django_db(transaction=True)
def test_events_are_heard_after_the_commit_and_durable_ones_become_jobs():
    heard.clear()
    with transaction.atomic():
        events.publish("test.happened", what="a")
        assert heard == []
    assert heard == [("plain", "a")]
    assert jobs.run_due("crisis") == 1
    assert heard == [("plain", "a"), ("durable", "a")]


@pytest.mark.django_db(transaction=True)
def test_events_of_a_change_that_was_rolled_back_are_never_heard():
    heard.clear()
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish("test.happened", what="b")
        raise RuntimeError
    assert jobs.run_due() == 0 and heard == []


def test_kill_is_what_the_tests_above_stand_for():
    """A process that is gone is seen as gone; one that lives, as living."""
    from kithwell.kernel.worker import _alive

    living = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert _alive(living.pid)
    os.kill(living.pid, signal.SIGKILL)
    living.wait()
    assert not _alive(living.pid)
    assert ids.new_id() != ids.new_id()
