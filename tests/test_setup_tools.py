"""The tools that the tests themselves stand on: throwaway servers, the browser, the accessibility check."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tools import ROOT, machine, services

pytestmark = pytest.mark.once


def _gone(pid: int) -> bool:
    """Whether a process has ended (a zombie that nobody has waited for yet has)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.servers
def test_a_throwaway_postgresql_answers_with_its_password_only_and_is_gone_afterwards():
    import psycopg

    if not machine.find_postgres():
        pytest.fail("PostgreSQL is missing: ./dev test installs it")
    with services.postgres() as address:
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT 40 + 2").fetchone() == (42,)
        head, _, tail = address.partition("@")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(head[: head.rindex(":")] + ":wrong@" + tail, connect_timeout=5)
        with services.fresh_database(address) as other, psycopg.connect(other) as connection:
            assert connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname='public'"
            ).fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=5)


@pytest.mark.servers
@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_the_throwaway_servers_die_when_the_run_that_started_them_is_killed():
    program = (
        "import time\nfrom tools import services\n"
        "with services.redis() as address:\n    print(address, flush=True)\n    time.sleep(600)\n"
    )
    runner = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert runner.stdout is not None
    port = int(runner.stdout.readline().rpartition(":")[2].partition("/")[0])
    children = Path(f"/proc/{runner.pid}/task/{runner.pid}/children").read_text().split()
    assert services._answers(port) and len(children) == 1
    os.kill(runner.pid, signal.SIGKILL)
    runner.wait()
    until = time.monotonic() + 20
    while not _gone(int(children[0])) and time.monotonic() < until:
        time.sleep(0.05)
    assert _gone(int(children[0])) and not services._answers(port)


@pytest.mark.browser
def test_the_accessibility_check_fails_a_page_that_nobody_can_use(browser, axe):
    page = browser.new_page()
    page.set_content(
        "<html><body><img src='x.png'><p style='color:#ccc;background:#fff'>pale</p></body></html>"
    )
    with pytest.raises(AssertionError) as caught:
        axe(page)
    for rule in ("image-alt", "color-contrast", "html-has-lang"):
        assert rule in str(caught.value)
    page.close()


@pytest.mark.browser
def test_the_accessibility_check_passes_a_plain_good_page_and_refuses_one_that_scrolls_sideways(browser, axe):
    good = "<!doctype html><html lang=en><head><title>A</title></head><body><main><h1>Hi</h1>%s</main></body></html>"
    page = browser.new_page()
    page.set_content(good % "")
    axe(page)
    page.set_content(good % "<div style='width:4000px'>wide</div>")
    with pytest.raises(AssertionError, match="sideways"):
        axe(page)
    page.close()
