"""What every test may use: a real server, a real browser at phone and desk width, and an accessibility check."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from tools import ROOT, machine, services

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# No deadline: a shared machine is slow at times. The same examples each time: a red run can be repeated.
settings.register_profile(
    "kithwell", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "kithwell"))

SCREENSHOTS = ROOT / "screenshots"
START_SECONDS = 240
PATIENCE = 30_000  # milliseconds; a machine that tests share is slow at times
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
# Chromium without its own errands: a closed network answers none of them and each start would wait for them.
CHROMIUM_FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
    "--disable-domain-reliability", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars",
]  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright's loop stays in this thread once started, and others run loops of their own."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Which tests failed, one address a line, for `./dev test` to try once more."""
    if report.failed and (file := os.environ.get("TEST_FAILED_FILE")):
        with open(file, "a", encoding="utf-8") as out:
            out.write(report.nodeid + "\n")


@dataclass
class Server:
    """A running `kithwell run`: its address, its data folder, the environment for more commands on it."""

    url: str
    data: Path
    env: dict[str, str]
    process: subprocess.Popen[bytes]
    log_file: Path = field(default_factory=Path)

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def cli(self, *arguments: str, stdin: str = "") -> str:
        """What `kithwell ARGUMENTS` prints on this server's data. Raises CalledProcessError."""
        command = [sys.executable, "-m", "kithwell.config.cli", *arguments]
        done = subprocess.run(
            command, env=self.env, cwd=self.data, input=stdin, text=True, capture_output=True
        )
        if done.returncode:
            print(f"kithwell {' '.join(arguments)} said:\n{done.stdout}\n{done.stderr}", file=sys.stderr)
            raise subprocess.CalledProcessError(done.returncode, arguments, done.stdout, done.stderr)
        return done.stdout

    def forget_tries(self) -> None:
        """Nobody has tried to sign in yet: all tests come from one address, which the limits would slow down."""
        if redis := self.env.get("KITHWELL_REDIS_URL"):
            import redis as client

            here = client.Redis.from_url(redis)
            for key in here.scan_iter("kw:limit:*"):
                here.delete(key)
        elif (file := self.data / "limits.sqlite3").exists():
            with (
                contextlib.suppress(sqlite3.OperationalError),  # no bucket yet
                contextlib.closing(sqlite3.connect(file, timeout=20)) as buckets,
                buckets,
            ):
                buckets.execute("DELETE FROM bucket")

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """Asks the server to stop, and ends whatever of it is left."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(25)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def ready(url: str) -> bool:
    """Whether /readyz of the server answers 200 now."""
    try:
        with urllib.request.urlopen(url + "/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_ready(server: Server, seconds: float = START_SECONDS) -> None:
    """Waits until the server is ready; fails the test with the server's own words when it does not get there."""
    until = time.monotonic() + seconds
    while not ready(server.url):
        if server.process.poll() is not None or time.monotonic() > until:
            server.stop(signal.SIGKILL)
            pytest.fail(f"kithwell run did not become ready:\n{server.log()[-6000:]}", pytrace=False)
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def _nothing_kept_of_the_last_test() -> None:
    """What a process keeps is of another test's database: also keys, whose rows went with that test's transaction."""
    from kithwell.kernel import crypto
    from kithwell.support.queries import openness

    crypto.forget_cached_keys()
    openness.forget()


@dataclass
class _Stock:
    """What new servers start from: a data folder and a database for each of "init" and "demo", made at first use."""

    base: Path
    stack: contextlib.ExitStack
    made: dict[str, tuple[Path, str]] = field(default_factory=dict)

    def copy(self, what: str, data: Path) -> str:
        """Fills the folder `data`. Gives the address of a copy of the database, "" on SQLite."""
        folder, like = self.made.get(what) or self._make(what)
        shutil.copytree(folder, data, dirs_exist_ok=True)
        return self.database(like)

    def database(self, like: str = "") -> str:
        address = os.environ.get("KITHWELL_DATABASE_URL", "")
        return self.stack.enter_context(services.fresh_database(address, like)) if address else ""

    def _make(self, what: str) -> tuple[Path, str]:
        folder = self.base / what
        folder.mkdir()
        # a demonstration is an installation that was filled
        address = self.copy("init", folder) if what == "demo" else self.database()
        env = {**_server_environment(folder), "KITHWELL_DATABASE_URL": address, "KITHWELL_REDIS_URL": ""}
        command = [sys.executable, "-m", "kithwell.config.cli", what]
        done = subprocess.run(command, env=env, cwd=folder, text=True, capture_output=True)
        if done.returncode:
            pytest.fail(
                f"kithwell {what} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}", pytrace=False
            )
        self.made[what] = folder, address
        return self.made[what]


def _server_environment(data: Path) -> dict[str, str]:
    env = {**os.environ, "KITHWELL_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    for name in ("DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST"):
        env.pop(name, None)
    return env


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[..., Server]]:
    """start_server(*arguments, wait=True, new=False, **settings) -> Server: a `kithwell run` of its own.

    It has a data folder and a database of its own, as after `kithwell init`, or with "--demo" `kithwell demo`; with
    new=True, or with a database_url of the test's own, both are empty and the server makes all itself.
    """
    with contextlib.ExitStack() as stack:
        base = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="kithwell-server-", ignore_cleanup_errors=True)
            )
        )
        stock = _Stock(base, stack)
        count = 0

        def start(*arguments: str, wait: bool = True, new: bool = False, **chosen: str) -> Server:
            nonlocal count
            count += 1
            data = base / str(count)
            data.mkdir()
            env = _server_environment(data)
            if "database_url" not in chosen:
                what = "demo" if "--demo" in arguments else "init"
                env["KITHWELL_DATABASE_URL"] = stock.database() if new else stock.copy(what, data)
            if redis := os.environ.get("KITHWELL_REDIS_URL"):
                env["KITHWELL_REDIS_URL"] = f"{redis.rpartition('/')[0]}/{count % 15 + 1}"
            env.update({"KITHWELL_" + name.upper(): value for name, value in chosen.items()})
            port = services.free_port()
            log = data / "server.log"
            with log.open("wb") as out:
                process = subprocess.Popen(
                    [sys.executable, "-m", "kithwell.config.cli", "run", "--port", str(port), *arguments],
                    cwd=data, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, process_group=0,
                    preexec_fn=services.die_with_parent(),
                )  # fmt: skip
            server = Server(f"http://127.0.0.1:{port}", data, env, process, log)
            stack.callback(server.stop)
            if wait:
                wait_ready(server)
            return server

        yield start


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Server:
    """One `kithwell run --demo` for all tests of this run, with two web processes and two normal workers.

    It starts from nothing, as on anybody's first evening. Do not stop it: start one of your own for that.
    """
    return start_server("--demo", new=True, web_processes="2", worker_normal="2")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    path = machine.find_chromium()
    if path is None:
        pytest.fail(
            "There is no Chromium on this machine: ./dev test installs it, or apt-get install chromium"
        )
    # Playwright's sync interface keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    flags = CHROMIUM_FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """new_page(viewport=DESK, javascript=True, dark=False, language="en", server=None) -> Page in a context of its own.

    Relative addresses go to the `server` fixture. A script error, a blocked script or style, or a 5xx answer in any
    of these pages fails the test at its end, unless the test takes it out of `page.troubles`.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def make(
        viewport: dict[str, int] = DESK,
        javascript: bool = True,
        dark: bool = False,
        language: str = "en",
        server: Any = None,
        **more: Any,
    ) -> Page:
        home = server or request.getfixturevalue("server")
        if isinstance(
            home, Server
        ):  # else a stage of one test folder: it has a url and nobody signs in there
            home.forget_tries()
        context = browser.new_context(
            base_url=home.url,
            viewport=viewport,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",
            has_touch=viewport["width"] < 700,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error on {page.url}: {error}"))
        page.on(
            "response",
            lambda answer: answer.status >= 500 and troubles.append(f"{answer.status} {answer.url}"),
        )
        page.on("console", lambda line: _violation(line.text) and troubles.append(f"{page.url}: {line.text}"))
        page.troubles = troubles  # type: ignore[attr-defined]
        return page

    yield make
    for context in contexts:
        context.close()
    assert not troubles, "The pages had trouble:\n" + "\n".join(troubles)


def _violation(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


@pytest.fixture
def page_phone(new_page: Callable[..., Page]) -> Page:
    """A page 390 wide, with touch."""
    return new_page(PHONE)


@pytest.fixture
def page_desk(new_page: Callable[..., Page]) -> Page:
    """A page 1440 wide."""
    return new_page(DESK)


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """axe(page, name="", allow=()): no accessibility violation and no sideways scrolling; keeps screenshots/NAME.png.

    Rules: WCAG 2.0, 2.1 and 2.2 at A and AA, and axe's best practices.
    """
    script = ROOT / "node_modules/axe-core/axe.min.js"
    if not script.is_file():
        pytest.fail("axe-core is not in node_modules: run ./dev setup")
    source = script.read_text(encoding="utf-8")

    def check(page: Page, name: str = "", allow: tuple[str, ...] = ()) -> None:
        if name:
            SCREENSHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
        page.evaluate(source)  # through the debugger, so the page's own strict policy stays in force
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        bad = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n    "
            + "\n    ".join(
                json.dumps(node["target"]) + " " + node["html"][:160] for node in rule["nodes"][:4]
            )
            for rule in found
            if rule["id"] not in allow
        ]
        assert not bad, f"{page.url} is not accessible:\n" + "\n".join(bad)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px at width {page.viewport_size}"

    return check
