"""What leaves the house, seen from outside: a real server with two web processes, a real browser, and every byte that
was sent, logged or stored, searched for words and addresses that must not be there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Page

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
PASSWORD = "kithwell-demo"
# One word for each way into the house, so that a find tells where it came from.
MARK = {
    way: f"{way}-marmalade-{n}77"
    for n, way in enumerate(("talk", "phone", "reply", "note", "flag", "whisper", "summary", "nextstep"))
}


@pytest.fixture(scope="module")
def house(start_server: Callable[..., Server]) -> Server:
    return start_server("--demo", web_processes="2")


def token(html: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert found, html[:500]
    return found[1]


def browser_of(house: Server) -> httpx.Client:
    """A client that opens a new connection for each request, so that both web processes are asked."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=house.url, limits=limits, timeout=60, headers={"accept-language": "en-GB"})


def enter(house: Server, name: str) -> httpx.Client:
    client = browser_of(house)
    form = {"name": name, "password": PASSWORD, "csrfmiddlewaretoken": token(client.get("/sign-in").text)}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


def press(client: httpx.Client, page: str, path: str, **form: str) -> httpx.Response:
    shown = client.get(page)
    return client.post(path, data={**form, "csrfmiddlewaretoken": token(shown.text)})


# -- two processes ---------------------------------------------------------------------------------------------------


def test_two_supporters_in_two_processes_never_take_the_same_person(house: Server) -> None:
    names = ("Sam", "Noor", "Ines", "Tomek")
    people = [enter(house, name) for name in names]
    for client in people:
        press(client, "/desk", "/desk/shift", step="start")
    held = {
        path for client in people for path in re.findall(r"/desk/c/[0-9a-f-]{36}", client.get("/desk").text)
    }
    tokens = [token(client.get("/desk").text) for client in people]

    def take(n: int) -> str:
        client = people[n % len(people)]
        answer = client.post("/desk/take", data={"csrfmiddlewaretoken": tokens[n % len(people)]})
        assert answer.status_code == 303, answer.status_code
        return answer.headers["location"]

    with ThreadPoolExecutor(8) as pool:
        went = [to for to in pool.map(take, range(8)) if to.startswith("/desk/c/")]
    assert went, "somebody was waiting"
    assert len(went) == len(set(went)), "one person was given to two supporters"
    assert not held & set(went)
    for to in went:
        readers = [client for client in people if client.get(to).status_code == 200]
        assert len(readers) == 1, "exactly one of them may read it"


def test_the_same_form_sent_to_two_processes_at_once_is_one_message(house: Server) -> None:
    guest = browser_of(house)
    form = {"text": "only once please", "client_key": "both-at-once-1", "country": "GB"}
    first = press(guest, "/talk", "/talk/start", **{**form, "text": "hello", "client_key": "the-first-1"})
    assert first.status_code == 303
    secret = token(guest.get("/talk/c").text)

    def again(_: int) -> int:
        return guest.post("/talk/c/send", data={**form, "csrfmiddlewaretoken": secret}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(again, range(6))) == {303}
    assert guest.get("/talk/c/new?since=0").text.count("only once please") == 1


# -- a whole evening in a browser, recorded --------------------------------------------------------------------------


class Recorder:
    """Everything a page receives: addresses, headers, cookies, bodies, and each event of a live stream."""

    def __init__(self, page: Page) -> None:
        self.parts: list[tuple[str, str]] = []
        page.on("response", self._response)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.eventSourceMessageReceived", lambda event: self.parts.append(("live", str(event))))
        self.live = 0

    def _response(self, answer: Any) -> None:
        heads = f"{answer.url}\n{answer.headers}"
        self.parts.append((answer.url, heads))
        kind = answer.headers.get("content-type", "")
        if kind.startswith(("text/html", "application/json")) and answer.status not in (204, 303, 304):
            try:
                self.parts.append((answer.url, answer.text()))
            except (
                Exception
            ):  # the page went on before its body could be read: its own reload is recorded too
                self.parts.append((answer.url, ""))

    def finds(self, secrets: dict[str, str]) -> list[str]:
        return [
            f"{what} in {url}" for url, text in self.parts for what, s in secrets.items() if s and s in text
        ]


def _person(house: Server, name: str) -> dict[str, str]:
    """What the simulated provider knows of a phone: what nobody here may see."""
    db = sqlite3.connect(f"file:{house.data / 'simulator.sqlite3'}?mode=ro", uri=True)
    row = db.execute("SELECT phone, bsuid, username, id FROM person WHERE name = ?", (name,)).fetchone()
    db.close()
    return {
        "phone": row[0],
        "last digits": row[0][-8:],
        "scoped id": row[1],
        "user name": row[2],
        "phone's id": row[3],
    }


def _sign_in(page: Page, name: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.locator("input[name=name]").fill(name)
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(then))


def _write(page: Page, words: str) -> None:
    page.locator(".composer textarea").fill(words)
    page.locator(".composer").get_by_role("button", name="Send").click()


def _open(desk: Page, words: str) -> str:
    """Open the conversation in which somebody wrote these words; returns its address."""
    desk.goto("/supervisor")
    links = desk.locator("a[href^='/desk/c/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for link in dict.fromkeys(links):
        desk.goto(link)
        if desk.locator(".bubble", has_text=words).count():
            return str(link)
    raise AssertionError(f"nobody on the board wrote {words!r}")


@pytest.fixture(scope="module")
def name() -> str:
    return "Zephyrine Hiddenname"


@pytest.mark.browser
def test_a_supporters_browser_never_receives_an_address_until_one_is_revealed_for_a_reason(
    house: Server, new_page: Callable[..., Page], name: str
) -> None:
    phone, person = new_page(PHONE, server=house), new_page(PHONE, server=house, language="en-GB")
    desk = new_page(DESK, server=house)
    trace = Recorder(desk)
    phone.goto("/sim")
    phone.fill("input[name=name]", name)
    phone.get_by_role("button", name="Use this phone").click()
    phone.wait_for_url(re.compile(r"/sim/p/"))
    _write(phone, f"I want to kill myself {MARK['phone']}")
    expect(phone.locator(".bubble", has_text="I am a computer program")).to_be_visible()
    person.goto("/talk")
    person.get_by_label("What is on your mind?").fill(f"a hard day {MARK['talk']}")
    person.get_by_role("button", name="Start", exact=True).click()
    person.wait_for_url(re.compile(r"/talk/c"))

    _sign_in(desk, "Ada", "/supervisor")
    place = _open(desk, MARK["phone"])
    desk.get_by_role("button", name="Take over").click()
    expect(phone.locator(".bubble", has_text="Ada").first).to_be_visible()
    _write(desk, f"I am Ada {MARK['reply']}")
    expect(phone.locator(".bubble", has_text=MARK["reply"])).to_be_visible()
    _write(phone, "you are kind")
    expect(desk.locator(".bubble", has_text="you are kind")).to_be_visible()
    _staff_words(desk, place)
    hidden = {**_person(house, name), "profile name": name, "first name": name.split()[0]}
    assert any(url == "live" for url, _ in trace.parts), "the live stream was part of it"
    assert trace.finds({"words": MARK["phone"]}), "the recording holds what the page received"
    assert not trace.finds(hidden), trace.finds(hidden)

    seen = len(trace.parts)
    form = desk.locator(f"form[action='{place}/reveal']")
    desk.locator("details", has=form).locator("summary").last.click()
    form.locator("[name=reason]").fill("an ambulance has to find them")
    form.get_by_role("button", name="Show the address").click()
    expect(desk.get_by_text(hidden["phone"])).to_be_visible()
    assert [url for url, text in trace.parts[seen:] if hidden["phone"] in text]
    desk.goto(place)
    expect(desk.get_by_text(hidden["phone"])).to_have_count(0)
    _end(desk, place)


def _staff_words(desk: Page, place: str) -> None:
    """A note, a flag and a whisper, through the page's own token."""
    cookies = {c["name"]: c["value"] for c in desk.context.cookies()}
    assert cookies
    secret = token(desk.content())
    for path, form in (
        ("/note", {"text": MARK["note"]}),
        ("/note", {"text": MARK["whisper"], "kind": "whisper"}),
        ("/flag", {"kind": "care", "days": "7", "reason": MARK["flag"]}),
    ):
        given = {**form, "csrfmiddlewaretoken": secret}
        answer = desk.request.post(place + path, form=given, max_redirects=0)
        assert answer.status == 303, (path, answer.status)
    desk.goto(place)
    expect(desk.get_by_text(MARK["note"]).first).to_be_attached()


def _end(desk: Page, place: str) -> None:
    desk.goto(place)
    version = desk.locator("input[name=version]").first.get_attribute("value") or ""
    form = {
        "summary": MARK["summary"],
        "next_step": MARK["nextstep"],
        "version": version,
        "csrfmiddlewaretoken": token(desk.content()),
    }
    answer = desk.request.post(place + "/end", form=form, max_redirects=0)
    assert answer.status == 303, answer.status


def _stored(house: Server) -> Iterator[tuple[str, bytes]]:
    """Every file of the installation, and on PostgreSQL every row of every table; the simulated provider's own
    memory and the invented people's names are not the house's."""
    for path in sorted(house.data.rglob("*")):
        if path.is_file() and not path.name.startswith("simulator."):
            yield str(path.relative_to(house.data)), path.read_bytes()
    if address := house.env.get("KITHWELL_DATABASE_URL"):
        import psycopg

        with psycopg.connect(address) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            for (table,) in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                    for value in row:
                        plain = (
                            bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                        )
                        yield table, plain


@pytest.mark.browser
def test_after_that_evening_no_log_and_no_file_holds_a_word_of_it(house: Server, name: str) -> None:
    """Runs after the evening above, on the same server: its log, its database with its journal, its files."""
    hidden = _person(house, name)
    words = {**MARK, "phone number": hidden["phone"], "scoped id": hidden["scoped id"], "profile name": name}
    found = []
    names = []
    for where, data in _stored(house):
        names.append(where)
        for what, word in words.items():
            if word.encode() in data or word.encode("utf-16-le") in data:
                found.append(f"{what} in {where}")
    assert "server.log" in names and len(names) > 3
    assert not found, "\n".join(found)
    assert '"request.done"' in house.log(), "the log was written"
    assert any(b"Tomek" in data for _where, data in _stored(house)), (
        "the search finds what does lie there openly"
    )


@pytest.mark.browser
def test_markup_from_a_person_does_not_run_in_the_supporters_browser(
    house: Server, new_page: Callable[..., Page]
) -> None:
    """Should a word ever come out as code, the browser would still have to refuse it: no dialog, nothing fetched."""
    person, desk = new_page(PHONE, server=house, language="en-GB"), new_page(DESK, server=house)
    ran: list[str] = []
    for page in (person, desk):
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: "evil.example" in request.url and ran.append(request.url))
    evil = "code-otter \"'><img src=//evil.example/x onerror=alert(1)><script src=//evil.example/y></script>"
    person.goto("/talk")
    person.get_by_label("What is on your mind?").fill(evil)
    person.get_by_role("button", name="Start", exact=True).click()
    person.wait_for_url(re.compile(r"/talk/c"))
    expect(person.locator(".bubble", has_text="code-otter")).to_be_visible()
    phone = new_page(PHONE, server=house)
    phone.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    phone.goto("/sim")
    phone.fill("input[name=name]", "'><img src=x onerror=alert(4)>")
    phone.get_by_role("button", name="Use this phone").click()
    phone.wait_for_url(re.compile(r"/sim/p/"))
    _write(phone, evil)
    expect(phone.locator(".bubble", has_text="code-otter").first).to_be_visible()
    _sign_in(desk, "Ada", "/supervisor")
    _open(desk, "code-otter")
    expect(desk.locator(".bubble", has_text="onerror=alert(1)")).to_be_visible()
    assert desk.evaluate("document.querySelectorAll('img[src*=evil], script[src*=evil]').length") == 0
    assert not ran
