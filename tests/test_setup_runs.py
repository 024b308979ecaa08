"""How `./dev test` runs the suite: everything on both databases, what knows none of them once, side by side."""

from __future__ import annotations

import itertools
import textwrap
from pathlib import Path

import psycopg
import pytest
import redis
from tools import runtests

pytestmark = pytest.mark.once


def wanted(job: runtests.Job, **marks: bool) -> bool:
    """Whether a run takes a test with these markers."""
    flag, expression = job.arguments
    assert flag == "-m"
    return bool(eval(expression, {"__builtins__": {}}, marks))  # pytest's words are Python's


@pytest.mark.parametrize("browser, servers", itertools.product((False, True), repeat=2))
def test_every_test_runs_on_each_database_and_one_that_knows_none_runs_once_without_any(browser, servers):
    jobs = runtests.plan(runtests.DATABASES["both"], [], lambda name: {"on": name})
    normal = [job for job in jobs if wanted(job, browser=browser, servers=servers, once=False)]
    assert sorted(job.extra["on"] for job in normal) == [runtests.POSTGRES, runtests.SQLITE]
    (alone,) = [job for job in jobs if wanted(job, browser=browser, servers=servers, once=True)]
    assert alone.extra == runtests.NOWHERE


def test_a_part_of_the_suite_runs_on_each_database_as_it_was_asked_for():
    jobs = runtests.plan(runtests.DATABASES["both"], ["src/x", "-k", "y"], lambda name: {"on": name})
    assert [(job.arguments, job.extra["on"]) for job in jobs] == [
        (["src/x", "-k", "y"], runtests.POSTGRES),
        (["src/x", "-k", "y"], runtests.SQLITE),
    ]


# our own conftest writes down which tests failed; the small suites of these tests do it themselves
CONFTEST = """
import os
def pytest_runtest_logreport(report):
    if report.failed:
        with open(os.environ["TEST_FAILED_FILE"], "a") as out:
            out.write(os.path.join(os.path.dirname(__file__), report.nodeid) + "\\n")
"""


def suite(folder: Path, name: str, source: str) -> runtests.Job:
    """A run of one small file of tests, apart from this project's own settings."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "conftest.py").write_text(CONFTEST)
    file = folder / f"test_{name}.py"
    file.write_text(textwrap.dedent(source))
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:django", "-c", str(folder / "pytest.ini"))
    return runtests.Job(name, [str(file)], options=options)


MEETS = """
    import pathlib, time
    def test_meets():
        here = pathlib.Path({here!r})
        (here / {mine!r}).touch()
        until = time.monotonic() + 60
        while not (here / {other!r}).exists():
            assert time.monotonic() < until, "nobody came"
            time.sleep(0.02)
"""


def test_two_runs_go_at_the_same_time_and_what_they_print_is_not_mixed(tmp_path, capfd):
    jobs = [
        suite(tmp_path, mine, MEETS.format(here=str(tmp_path), mine=mine, other=other))
        for mine, other in (("ann", "bea"), ("bea", "ann"))
    ]
    tally = runtests.Tally()
    runtests.run_jobs(jobs, tally, 2)
    assert [job.status for job in jobs] == [0, 0] and (tally.passed, tally.failed) == (2, 0)
    shown = [line for line in capfd.readouterr().out.splitlines() if line]
    assert shown[:2] == ["=== ann ...", "=== bea ..."]
    blocks = "\n".join(shown[2:]).split("exit status 0")
    assert [block.count("1 passed") for block in blocks] == [1, 1, 0]


FAILS = """
    import pathlib
    def test_a():
        tries = pathlib.Path({tries!r})
        tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
        assert len(tries.read_text()) > {fails}
    def test_b():
        pass
"""


@pytest.mark.parametrize("fails, status", [(1, 0), (2, 1)])
def test_what_fails_once_is_tried_again_and_named_and_what_fails_twice_has_failed(tmp_path, fails, status):
    job = suite(tmp_path, "job", FAILS.format(tries=str(tmp_path / "tries"), fails=fails))
    job.again = True
    tally = runtests.Tally()
    runtests.run_jobs([job], tally, 1)
    assert (tmp_path / "tries").read_text() == "xx"
    assert job.status == status
    assert [name.partition("::")[2] for name in tally.second] == ([] if status else ["test_a"])
    assert (tally.passed, tally.failed) == ((1, 1) if status else (2, 0))


def test_what_fails_without_a_browser_is_not_tried_again(tmp_path):
    job = suite(tmp_path, "job", FAILS.format(tries=str(tmp_path / "tries"), fails=1))
    runtests.run_jobs([job], runtests.Tally(), 1)
    assert (tmp_path / "tries").read_text() == "x" and job.status == 1


def test_a_test_marked_once_that_asks_a_database_after_all_fails():
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(runtests.NOWHERE["KITHWELL_DATABASE_URL"], connect_timeout=5)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(runtests.NOWHERE["KITHWELL_REDIS_URL"]).ping()
