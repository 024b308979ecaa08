"""Public groups, read signed out: the same page for everybody, quickly, and never what was taken away."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
from django.db import close_old_connections, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kithwell.community.posts import actions, queries
from kithwell.community.posts.actions import Written
from kithwell.community.posts.models import Post
from kithwell.community.posts.tests import cast
from kithwell.config.front import Front
from kithwell.config.tests import driver
from kithwell.kernel import live, pagecache
from kithwell.moderation import kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle("everyone")


def older(page: str) -> str:
    """Where the link to the next page leads."""
    found = re.search(r'class="btn btn-quiet" href="[^"]*before=([^"]+)"', page)
    return found[1] if found else ""


def test_signed_out_readers_get_the_page_in_few_queries_however_many_posts(
    circle: cast.Circle, django_assert_num_queries: object
) -> None:
    client = Client()
    for _n in range(3):
        circle.write(circle.ben, "tea *and* toast")
    client.get(f"/g/{circle.slug}")
    with django_assert_num_queries(2):  # type: ignore[operator]  # the group, and how each post looks
        client.get(f"/g/{circle.slug}")
    for n in range(25):
        circle.write(circle.ben if n % 2 else circle.cleo, f"more tea {n}", anonymous=n % 5 == 0)
    client.get(f"/g/{circle.slug}")
    with django_assert_num_queries(2):  # type: ignore[operator]
        shown = client.get(f"/g/{circle.slug}").content.decode()
    assert shown.count('class="card post') == 20 and len(shown) < 60_000
    assert (
        client.get(f"/g/{circle.slug}?before={older(shown)}").content.decode().count('class="card post') == 8
    )


def test_members_pages_cost_the_same_with_three_posts_and_with_thirty(
    circle: cast.Circle,
) -> None:
    def cost(path: str) -> int:
        circle.page(circle.cleo, path)
        with CaptureQueriesContext(connection) as seen:
            circle.page(circle.cleo, path)
        return len(seen.captured_queries)

    first = circle.write(circle.ben, "tea", warnings=("death",))
    for n in range(3):
        circle.reply(circle.mia, first, f"toast {n}")
    paths = (f"/g/{circle.slug}", "/feed", f"/p/{first}", f"/g/{circle.slug}/search?q=tea")
    few = {path: cost(path) for path in paths}
    for n in range(30):
        circle.write(circle.ben if n % 2 else circle.mia, f"tea {n}", anonymous=n % 3 == 0)
        circle.reply(circle.ada, first, f"butter {n}", anonymous=n % 4 == 0)
    many = {path: cost(path) for path in paths}
    assert many == few and max(many.values()) <= 24, (few, many)


def test_what_is_hidden_edited_or_taken_back_is_so_at_once(circle: cast.Circle) -> None:
    post, other = circle.write(circle.ben, "first words"), circle.write(circle.cleo, "quiet words")
    path = f"/g/{circle.slug}"
    assert "first words" in circle.page(None, path)
    actions.edit(circle.ben, post, Written("second words"))
    shown = circle.page(None, path)
    assert "first words" not in shown and "second words" in shown
    kind = kinds.get("community.post")
    assert kind is not None
    kind.apply(str(post), "label", warning="death")
    assert "Covered:" in circle.page(None, path)
    kind.apply(str(post), "hide")
    actions.delete(circle.cleo, other)
    shown = circle.page(None, path)
    assert "second words" not in shown and "quiet words" not in shown


@pytest.fixture
def front(monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    pagecache.cache.clear()
    made = Front()
    yield made
    for pool in (made.pages, made.streams):
        pool.stop(5)
    pagecache.cache.clear()


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_is_forgotten_when_something_is_written(front: Front) -> None:
    circle = cast.circle("everyone")
    circle.write(circle.ben, "first words")
    path = f"/g/{circle.slug}"

    async def ask() -> driver.Reply:
        return await asyncio.wait_for(driver.ask(front, "GET", path), 20)

    async def story() -> tuple[driver.Reply, driver.Reply, driver.Reply]:
        live.hub.start()
        try:
            one, two = await ask(), await ask()
            await asyncio.to_thread(written)
            for _try in range(1000):
                if not len(pagecache.cache):
                    break
                await asyncio.sleep(0.02)
            return one, two, await ask()
        finally:
            live.hub.stop()

    def written() -> None:
        circle.write(circle.cleo, "newer words")
        close_old_connections()

    one, two, three = asyncio.run(story())
    assert "first words" in one.text and one.text == two.text and one["etag"] == two["etag"]
    assert "newer words" in three.text and three["etag"] != one["etag"]


def test_pages_go_on_where_the_last_one_ended_and_skip_nothing(circle: cast.Circle) -> None:
    wanted = [circle.write(circle.ben, f"number {n}") for n in range(45)]
    actions.pin(circle.ada, wanted[3], True)
    for who in (circle.cleo, None):
        seen: list[str] = []
        before = ""
        for _page in range(5):
            shown = circle.page(who, f"/g/{circle.slug}" + (f"?before={before}" if before else ""))
            seen += re.findall(r'id="post-([0-9a-f-]{36})"', shown)
            before = older(shown)
            if not before:
                break
        order = [str(wanted[3]), *(str(w) for w in reversed(wanted) if w != wanted[3])]
        assert seen == order, (who, len(seen), len(set(seen)))
    feed: list[str] = []
    before = ""
    for _page in range(3):
        listing, _cards = queries.feed(circle.cleo, before=before)
        feed += [str(p.id) for p in listing.posts]
        before = listing.older
    assert feed == [str(w) for w in reversed(wanted)] and Post.objects.count() == 45
