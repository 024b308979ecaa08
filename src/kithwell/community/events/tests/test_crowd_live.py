"""A live hour over the wire: a host in a browser, two hundred people with streams of their own, all at once.

Everybody takes a place, asks, listens, wishes; the host answers. Whatever any of them is sent is searched for
the others.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from kithwell.community.events.tests.test_events_browser import DESK, sign_in

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(540)]
PEOPLE, HANDS = 200, 8
CSRF = "c" * 32

# Run beside the server on its database: accounts with a session each, as signing in makes them.
PEOPLE_COME = f"""
import django, json
django.setup()
from kithwell.people import actions
from kithwell.people.sessions import SessionStore
for n in range({PEOPLE}):
    name = f"Hushedheron{{n}}q"
    ident = actions.create_account(name, None, age_band="26-64")
    store = SessionStore()
    store.begin(ident, "", stay=False, proved=True)
    store.save()
    print(json.dumps([str(ident), name, store.session_key]))
"""


@dataclass
class Guest:
    """Somebody who came: what they were sent, and the newest number their stream told."""

    ident: str
    name: str
    key: str
    heard: int = -1
    events: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.key}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    def keep(self, answer: httpx.Response) -> httpx.Response:
        self.sent.append(answer.text + repr(answer.headers))
        return answer


class Crowd:
    """All guests on an event loop of their own, so that the host's browser can work meanwhile."""

    def __init__(self, server: Server, event: str) -> None:
        env = {**server.env, "DJANGO_SETTINGS_MODULE": "kithwell.config.settings"}
        made = subprocess.run(
            [sys.executable, "-c", PEOPLE_COME],
            env=env,
            cwd=server.data,
            capture_output=True,
            text=True,
            check=True,
        )
        self.guests = [Guest(*json.loads(row)) for row in made.stdout.splitlines() if row.startswith("[")]
        self.url, self.event = server.url, event
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        self.client = httpx.AsyncClient(base_url=server.url, limits=limits, timeout=60, trust_env=False)
        self.streams: list[Any] = []

    def run(self, work: Coroutine[Any, Any, Any], seconds: float = 240) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    async def all(self, one: Callable[[Guest], Coroutine[Any, Any, Any]]) -> None:
        """`one` for every guest, some hands at a time."""
        hands = asyncio.Semaphore(HANDS)

        async def hold(guest: Guest) -> None:
            async with hands:
                await one(guest)

        await asyncio.gather(*(hold(guest) for guest in self.guests))

    async def listen(self) -> None:
        self.streams = [asyncio.create_task(self._stream(guest)) for guest in self.guests]
        while not all(guest.heard >= 0 for guest in self.guests):
            await asyncio.sleep(0.05)

    async def _stream(self, guest: Guest) -> None:
        async with self.client.stream(
            "GET", f"/live?topic=event:{self.event}", headers=guest.headers(), timeout=None
        ) as answer:
            assert answer.status_code == 200
            async for line in answer.aiter_lines():
                guest.events.append(line)
                if line.startswith("data: "):
                    guest.heard = max(guest.heard, json.loads(line[6:])["n"])

    async def hears(self, n: int) -> float:
        """Seconds until every stream told that the event stands at `n`."""
        began = time.monotonic()
        while not all(guest.heard >= n for guest in self.guests):
            assert time.monotonic() - began < 60, sorted(guest.heard for guest in self.guests)[:5]
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def post(self, guest: Guest, path: str, **form: str) -> httpx.Response:
        answer = await self.client.post(f"/events/{self.event}/{path}", data=form, headers=guest.headers())
        assert answer.status_code == 303, (path, answer.status_code, answer.text[:300])
        return guest.keep(answer)

    async def look(self, guest: Guest, path: str = "") -> str:
        answer = await self.client.get(f"/events/{self.event}{path}", headers=guest.headers())
        assert answer.status_code == 200
        return guest.keep(answer).text

    async def end(self) -> None:
        for stream in self.streams:
            stream.cancel()
        await asyncio.gather(*self.streams, return_exceptions=True)
        await self.client.aclose()

    def close(self) -> None:
        self.run(self.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


def standing(page: str) -> int:
    found = re.search(r'data-topic="event:[^"]+" data-since="(\d+)"', page)
    assert found
    return int(found[1])


def test_two_hundred_people_live_with_a_host_in_a_browser(
    server: Server, new_page: Callable[..., Page], capsys: pytest.CaptureFixture[str]
) -> None:
    host = new_page(DESK)
    sign_in(host, "Mira", "/events")
    host.goto("/events/new")
    host.get_by_label("Name", exact=True).fill("A live hour for many")
    host.get_by_label("Day").fill("2031-05-01")
    host.get_by_label("Begins at").fill("19:00")
    host.get_by_label("Places").fill("150")
    host.get_by_role("button", name="Save").click()
    event = host.url.split("/")[-2]
    crowd = Crowd(server, event)
    try:
        _the_hour(host, crowd, capsys)
    finally:
        crowd.close()


def _the_hour(host: Page, crowd: Crowd, capsys: pytest.CaptureFixture[str]) -> None:
    event, guests = crowd.event, crowd.guests
    assert len(guests) == PEOPLE

    async def come(guest: Guest) -> None:
        await crowd.post(guest, "seat", do="take")
        await crowd.post(guest, "seat", do="take")  # pressed twice

    began = time.monotonic()
    crowd.run(crowd.all(come))
    came = time.monotonic() - began
    crowd.run(crowd.listen())
    host.reload()
    expect(host.locator("main")).to_contain_text("About 150 people have a place. Some are waiting for one.")
    host.get_by_role("button", name="Begin").click()
    pages = [crowd.run(crowd.look(guest)) for guest in guests[:3]]
    crowd.run(crowd.hears(standing(pages[0])))
    going = {
        guest.ident: "/seat" in page and "You have a place" in page
        for guest, page in zip(guests, pages, strict=False)
    }

    async def ask(guest: Guest) -> None:
        page = await crowd.look(guest)
        going[guest.ident] = "You have a place" in page
        if going[guest.ident]:
            for _twice in range(2):
                await crowd.post(
                    guest, "ask", text=f"What helps on night {guest.name[11:-1]}?", client_key="k1"
                )

    began = time.monotonic()
    crowd.run(crowd.all(ask))
    asked = time.monotonic() - began
    assert sum(going.values()) == 150
    host.reload()
    cards = host.locator("#queue li.card")
    expect(cards).to_have_count(150)  # nobody's question is lost, nobody's is there twice
    text = cards.first.locator("p.words").first.text_content() or ""
    cards.first.get_by_role("button", name="Put it on the list").click()
    question = re.search(r'id="q-([0-9a-f-]{36})"', crowd.run(crowd.look(guests[0])))
    assert question

    async def wish(guest: Guest) -> None:
        if f"night {guest.name[11:-1]}?" != text.removeprefix("What helps on "):
            await crowd.post(guest, f"q/{question[1]}", do="wish")

    crowd.run(crowd.all(wish))
    host.goto(f"/events/{event}/host")
    card = host.locator("li.card", has=host.locator("p.words", has_text=text)).first
    expect(card).to_contain_text("Many want to know")
    card.locator("summary", has_text="Answer").click()
    card.get_by_label("Your answer").fill("A light that stays on.")
    card.get_by_role("button", name="Answer", exact=True).click()
    expect(host.locator("main")).not_to_contain_text("Many want to know")
    heard = crowd.run(crowd.hears(standing(crowd.run(crowd.look(guests[0])))))
    began = time.monotonic()

    async def read(guest: Guest) -> None:
        assert "A light that stays on." in await crowd.look(guest, "/live")

    crowd.run(crowd.all(read))
    fetched = time.monotonic() - began
    host.goto(f"/events/{event}/host")
    host.get_by_role("button", name="End", exact=True).click()
    _nobody_learned_of_anybody(host, crowd)
    with capsys.disabled():
        print(
            f"\nFIGURES live hour over HTTP: {PEOPLE} people, {PEOPLE} streams; places (twice) in {came:.1f} s, 150 "
            f"questions (twice) with a page each in {asked:.1f} s, the answer on all streams {heard:.2f} s after the "
            f"host saw it, {PEOPLE} fetches of it in {fetched:.1f} s"
        )


def _nobody_learned_of_anybody(host: Page, crowd: Crowd) -> None:
    """Nothing that was sent to one of them, or to the host, holds another's name, account or session."""
    names = re.compile(r"hushedheron(\d+)q", re.IGNORECASE)
    idents = {guest.ident for guest in crowd.guests} | {
        guest.ident.replace("-", "") for guest in crowd.guests
    }
    for guest in crowd.guests:
        told = "\n".join(guest.sent)
        assert set(names.findall(told)) <= {guest.name[11:-1]}
        others = idents - {guest.ident, guest.ident.replace("-", "")}
        assert not [ident for ident in others if ident in told]
        for line in guest.events:
            if line.startswith("data: "):
                assert set(json.loads(line[6:])) == {"topic", "n"}
            else:
                assert re.fullmatch(rf"|:|retry: \d+|event: since|id: event:{crowd.event}=\d+", line), line
    shown = host.content()
    assert not names.findall(shown) and not [ident for ident in idents if ident in shown]
