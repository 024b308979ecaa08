"""In a real browser: writing and answering without scripts on a phone; answers that arrive live without a jump."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from kithwell.people.demo import PASSWORD

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def enter(page: Page, server: Server, name: str) -> Page:
    """Signed in as one of the demo's people."""
    page.goto(server.url + "/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def test_writing_and_answering_need_no_scripts(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page, str], Any]
) -> None:
    page = enter(new_page(PHONE, javascript=False), server, "Quiet Heron")
    page.goto(server.url + "/g/night-owls/new")
    page.fill("textarea[name=text]", "The *kettle* is on.\n\n- tea\n- toast")
    page.get_by_role("button", name="Look at it first").click()
    assert page.locator("section:has(#preview) em").inner_text() == "kettle"
    page.get_by_role("button", name="Post it").last.click()
    page.wait_for_url(re.compile(r"/p/"))
    post = page.url.partition("?")[0]
    page.fill("textarea[name=text]", "And the toast is burnt.")
    page.get_by_role("button", name="Send").last.click()
    page.wait_for_url(re.compile(r"#r-"))
    assert page.locator("article.reply", has_text="And the toast is burnt.").count() == 1
    page.goto(server.url + "/g/night-owls/search?q=kettle")
    assert page.locator("article.post").count() == 1
    other = enter(new_page(DESK), server, "Fern")
    looked_at = {
        "group": "/g/night-owls",
        "thread": post.removeprefix(server.url),
        "write": "/g/night-owls/new?poll=1",
    }
    for name, path in (looked_at | {"feed": "/feed"}).items():
        other.goto(server.url + path)
        axe(other, f"posts-{name}-desk")
        other.set_viewport_size({"width": 390, "height": 844})
        axe(other, f"posts-{name}-phone")
        other.set_viewport_size({"width": 1440, "height": 900})


def test_an_answer_arrives_live_and_moves_nothing(server: Server, new_page: Callable[..., Page]) -> None:
    writer = enter(new_page(PHONE), server, "Quiet Heron")
    writer.goto(server.url + "/g/night-owls/new")
    writer.fill("textarea[name=text]", "Is the kettle still warm?")
    writer.get_by_role("button", name="Post it").last.click()
    writer.wait_for_url(re.compile(r"/p/"))
    reader = enter(new_page(DESK), server, "Fern")
    with reader.expect_response(lambda answer: "/live" in answer.url):
        reader.goto(writer.url)
    field = reader.locator("textarea[name=text]")
    field.fill("half an answer")
    before = field.bounding_box()
    writer.fill("textarea[name=text]", "It is. Come and sit down.")
    writer.get_by_role("button", name="Send").last.click()
    reader.get_by_text("It is. Come and sit down.").wait_for()
    assert field.bounding_box() == before and field.input_value() == "half an answer"
    reader.get_by_text("Kept as a draft").wait_for()  # on the server a moment after the last key
    again = enter(new_page(PHONE, javascript=False), server, "Fern")
    again.goto(writer.url.partition("#")[0])
    assert again.locator("textarea[name=text]").input_value() == "half an answer"


def test_a_supporter_answers_what_nobody_answered(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page, str], Any]
) -> None:
    """The demo has a post that has waited for more than a day."""
    server.cli(
        "manage", "shell", "-c", "from kithwell.community.posts import unanswered as u; u.look(); u.look()"
    )
    page = enter(new_page(PHONE, javascript=False), server, "Noor")
    page.goto(server.url + "/groups/waiting")
    desk = enter(new_page(DESK, dark=True), server, "Noor")
    desk.goto(server.url + "/groups/waiting")
    axe(desk, "posts-waiting-desk")
    desk.set_viewport_size(PHONE)
    axe(desk, "posts-waiting-phone")
    page.get_by_role("link", name="Stille Tage").click()
    assert "brought to the team" in page.inner_text("main")
    page.fill("textarea[name=text]", "Gelesen. Ein guter Erfolg.")
    page.get_by_role("button", name="Send").last.click()
    page.wait_for_url(re.compile(r"#r-"))
    assert page.locator("article.reply", has_text="from the team").count() == 1
    page.goto(server.url + "/groups/waiting")
    assert page.get_by_role("link", name="Stille Tage").count() == 0
