"""Token buckets."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.kernel import limits


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.KITHWELL = settings.KITHWELL | {"data_dir": tmp_path}
    limits.forget_all()


def test_a_bucket_gives_what_it_holds_and_then_no_more():
    assert [limits.hit("sign-in:a", capacity=3, per_seconds=60) for _ in range(5)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert limits.hit("sign-in:b", capacity=3, per_seconds=60), "buckets know nothing of each other"


def test_tries_come_back_evenly(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    assert [limits.hit("x", capacity=2, per_seconds=60) for _ in range(3)] == [True, True, False]
    now[0] += 31
    assert [limits.hit("x", capacity=2, per_seconds=60) for _ in range(2)] == [True, False]
    now[0] += 3600
    assert [limits.hit("x", capacity=2, per_seconds=60) for _ in range(3)] == [True, True, False]


def test_a_clock_that_jumps_back_takes_nothing_away(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    limits.hit("x", capacity=3, per_seconds=60)
    now[0] -= 500
    assert limits.hit("x", capacity=3, per_seconds=60)


@given(st.floats(0, 10), st.floats(-100, 1e6), st.integers(1, 10), st.integers(1, 3600))
def test_a_bucket_never_overflows_and_never_drains_by_waiting(tokens, since, capacity, per_seconds):
    tokens = min(tokens, capacity)
    after = limits.refill(tokens, since, capacity, per_seconds)
    assert tokens <= after <= capacity


def test_processes_of_one_machine_share_their_buckets(settings, tmp_path):
    code = (
        "import django; django.setup()\n"
        "from kithwell.kernel import limits\n"
        "print(sum(limits.hit('shared', capacity=10, per_seconds=3600) for _ in range(8)))"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "kithwell.config.settings", "KITHWELL_DATA": str(tmp_path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert sum(int(run.communicate(timeout=60)[0]) for run in runs) == 10
    if not settings.KITHWELL["redis_url"]:
        assert not limits.hit("shared", capacity=10, per_seconds=3600)


def test_when_the_store_fails_each_process_counts_for_itself(settings, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    settings.KITHWELL = settings.KITHWELL | {"data_dir": blocked, "redis_url": ""}
    assert [limits.hit("y", capacity=2, per_seconds=60) for _ in range(3)] == [True, True, False]


def test_what_is_kept_is_a_hash(tmp_path, settings):
    if settings.KITHWELL["redis_url"]:
        pytest.skip("buckets are in Redis here")
    limits.hit("sign-in:somebody@example.org", capacity=3, per_seconds=60)
    for path in tmp_path.glob("limits.sqlite3*"):
        assert b"somebody" not in path.read_bytes()
