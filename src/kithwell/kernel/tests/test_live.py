"""Streams say where a topic stands, at once and whenever it moves, only to those who may hear it."""

import asyncio
import subprocess
import sys
import time

import pytest

from kithwell.kernel import bus, live


@live.topic("test")
def _test_topic(cookies, ident):
    if cookies.get("who") != "alice":
        raise live.Refused("not yours")
    return 7


class Stream:
    """One ASGI connection to /live, driven by hand."""

    def __init__(self, query="topic=test:1", cookie="who=alice", last=""):
        headers = [(b"cookie", cookie.encode())]
        if last:
            headers.append((b"last-event-id", last.encode()))
        self.scope = {"type": "http", "headers": headers, "query_string": query.encode(), "client": ("c", 1)}
        self.sent: asyncio.Queue = asyncio.Queue()
        self.leave = asyncio.Event()
        self.task = asyncio.ensure_future(live.endpoint(self.scope, self._receive, self.sent.put))

    async def _receive(self):
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def status(self):
        return (await asyncio.wait_for(self.sent.get(), 3))["status"]

    async def event(self):
        while True:
            body = (await asyncio.wait_for(self.sent.get(), 3))["body"].decode()
            if "event: since" in body:
                return [line[6:] for line in body.split("\n") if line.startswith("data: ")]

    async def close(self):
        self.leave.set()
        await asyncio.wait_for(self.task, 3)


def run(scenario):
    async def whole():
        try:
            await scenario()
        finally:
            live.hub.stop()

    asyncio.run(whole())


def test_a_listener_hears_where_the_topic_stands_and_then_each_move():
    async def scenario():
        stream = Stream()
        assert await stream.status() == 200
        assert await stream.event() == ['{"topic":"test:1","n":7}']
        live.hub.push("test:1", 8)
        assert await stream.event() == ['{"topic":"test:1","n":8}']
        await stream.close()
        assert live.hub.listeners == 0 and not live.hub.topics and not live.hub.per_client

    run(scenario)


def test_cookies_may_come_in_several_lines():
    async def scenario():
        stream = Stream(cookie="theme=dark")
        stream.scope["headers"].append((b"cookie", b"who=alice"))
        assert await stream.status() == 200
        await stream.close()

    run(scenario)


def test_a_listener_that_comes_back_is_told_only_what_it_missed():
    async def scenario():
        up_to_date = Stream(last="test:1=7")
        assert await up_to_date.status() == 200
        live.hub.push("test:1", 9)
        assert await up_to_date.event() == ['{"topic":"test:1","n":9}']
        await up_to_date.close()
        behind = Stream(last="test:1=5")
        assert await behind.status() == 200
        assert await behind.event() == ['{"topic":"test:1","n":7}']
        await behind.close()

    run(scenario)


def test_a_slow_listener_gets_the_newest_word_and_no_backlog():
    async def scenario():
        stream = Stream(last="test:1=7")
        assert await stream.status() == 200
        await asyncio.sleep(0)
        for n in range(8, 1000):
            live.hub.push("test:1", n)
        assert await stream.event() == ['{"topic":"test:1","n":999}']
        await stream.close()

    run(scenario)


@pytest.mark.parametrize("query, cookie, status", [
    ("topic=test:1", "who=bob", 403),
    ("topic=test:1", "", 403),
    ("topic=unknown:1", "who=alice", 403),
    ("topic=test:1&topic=unknown:2", "who=alice", 403),
    ("", "who=alice", 400),
    ("&".join(f"topic=test:{n}" for n in range(40)), "who=alice", 400),
])  # fmt: skip
def test_who_may_not_listen_hears_nothing(query, cookie, status):
    async def scenario():
        stream = Stream(query, cookie)
        assert await stream.status() == status
        await asyncio.wait_for(stream.task, 3)
        assert live.hub.listeners == 0

    run(scenario)


def test_one_browser_and_one_process_hold_only_so_many_streams(settings):
    settings.KITHWELL = {**settings.KITHWELL, "live_max_per_client": 2, "live_max_listeners": 3}

    async def scenario():
        mine = [Stream(cookie="who=alice; sessionid=a") for _ in range(2)]
        assert [await s.status() for s in mine] == [200, 200]
        assert await Stream(cookie="who=alice; sessionid=a").status() == 503
        other = Stream(cookie="who=alice; sessionid=b")
        assert await other.status() == 200
        assert await Stream(cookie="who=alice; sessionid=c").status() == 503
        for stream in [*mine, other]:
            await stream.close()

    run(scenario)


def test_a_word_from_another_process_reaches_the_stream(settings, tmp_path):
    settings.KITHWELL = {**settings.KITHWELL, "data_dir": tmp_path, "redis_url": ""}

    async def scenario():
        stream = Stream(last="test:1=7")
        assert await stream.status() == 200
        code = (
            "import django;from django.conf import settings;"
            f"settings.configure(KITHWELL={{'data_dir':{str(tmp_path)!r},'redis_url':''}});"
            "from kithwell.kernel import bus;bus.say_now([('test:1',12)])"
        )
        await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], check=True)
        assert await stream.event() == ['{"topic":"test:1","n":12}']
        await stream.close()

    run(scenario)


def test_the_ear_of_a_dead_process_is_cleared_away_and_stops_nobody(settings, tmp_path):
    settings.KITHWELL = {**settings.KITHWELL, "data_dir": tmp_path, "redis_url": ""}
    dead, living = bus.listen(), bus.listen()
    dead.socket.close()  # as a kill -9 would: the file stays
    bus.say_now([("a", 1)])
    assert living.read() == [("a", 1)]
    assert [p.name for p in bus.socket_folder().iterdir()] == [living.path.name]
    living.close()


def test_a_full_ear_delays_the_speaker_only_a_moment(settings, tmp_path):
    settings.KITHWELL = {**settings.KITHWELL, "data_dir": tmp_path, "redis_url": ""}
    deaf = bus.listen()
    started = time.monotonic()
    for n in range(20_000):
        bus.say_now([("a", n)])
        if time.monotonic() - started > 0.5:
            break
    before = time.monotonic()
    bus.say_now([("a", 1)])
    assert time.monotonic() - before < 10
    assert deaf.read()
    deaf.close()


def test_a_hub_that_was_left_open_hears_again_on_a_new_loop(settings, tmp_path):
    settings.KITHWELL = {**settings.KITHWELL, "data_dir": tmp_path, "redis_url": ""}
    hub = live.Hub()

    async def left_open():
        hub.start()

    async def hears():
        hub.start()
        listener = live.Listening()
        hub.add(listener, ["conversation:x"], "test")
        try:
            bus.say_now([("conversation:x", 3)])
            for _try in range(500):
                if listener.pending:
                    return dict(listener.pending)
                await asyncio.sleep(0.01)
            return {}
        finally:
            hub.remove(listener, ["conversation:x"], "test")
            hub.stop()

    asyncio.run(left_open())
    assert "conversation:x" in asyncio.run(hears())
