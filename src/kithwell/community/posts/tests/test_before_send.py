"""A gentle look before words go out, on the writer's own device: it appears, goes again, and tells nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from kithwell.community.posts.tests.test_posts_browser import PHONE, enter

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser]


def test_words_that_attack_or_show_need_are_met_by_one_quiet_line_and_leave_the_page_only_as_the_draft(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page, str], Any]
) -> None:
    page = enter(new_page(PHONE), server, "Quiet Heron")
    page.goto(server.url + "/g/night-owls/new", wait_until="networkidle")
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request))
    sound = page.get_by_text("How might this sound to the person who reads it?")
    care = page.locator("before-send [data-care]")
    words = page.locator("textarea[name=text]")
    assert not sound.is_visible() and not care.is_visible()
    with page.expect_response(re.compile(r"/static/dist/screening-\w+\.json$")):
        words.focus()
    words.fill("You are such a pathetic idiot.")
    sound.wait_for()
    assert not care.is_visible()
    axe(page, "before-send-phone")
    words.fill("I walked to the lake with my sister today and it was lovely.")
    sound.wait_for(state="hidden")
    words.fill("I want to kill myself tonight.")
    care.wait_for()
    assert not sound.is_visible()
    axe(page, "before-send-care-phone")
    assert [link.get_attribute("href") for link in care.get_by_role("link").all()] == ["/talk", "/help"]
    for request in asked:
        if request.method == "GET":
            own = rf"{re.escape(server.url)}/static/dist/(screening|screen)-\w+\.(json|js)"
            assert re.fullmatch(own, request.url) or request.url == server.url + "/live"
            assert request.post_data is None
        else:  # the draft, which the form keeps on its own
            assert request.url == server.url + "/g/night-owls/new" and 'name="act"' in request.post_data
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    words.fill("")
