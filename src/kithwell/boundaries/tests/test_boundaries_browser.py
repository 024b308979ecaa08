"""One's own boundaries in a real browser: all of it works without scripts, and reads well with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(300)]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def sign_in(page: Page, name: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.locator("input[type=password]").first.fill("kithwell-demo")
    page.locator("input[name=name]").first.fill(name)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(then.split("?")[0]))


def test_boundaries_are_drawn_and_taken_back_without_a_script(
    new_page: Callable[..., Any], axe: Callable[..., None]
) -> None:
    page = new_page(PHONE, javascript=False)
    sign_in(page, "Quiet Heron", "/me/boundaries")
    page.get_by_label("A word, or a few that belong together").fill("Scales")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Remove: Scales")).to_be_visible()
    page.get_by_label("Block somebody by name").fill("tomek")
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.get_by_text("You and this person no longer see each other.")).to_be_visible()
    page.get_by_role("button", name="Undo: Tomek").click()
    expect(page.get_by_role("button", name="Undo: Tomek")).to_have_count(0)
    page.get_by_role("button", name="Remove: Scales").click()
    expect(page.get_by_text("The word is off your list.")).to_be_visible()
    for size, dark, name in ((PHONE, False, "boundaries-phone"), (DESK, True, "boundaries-desk-dark")):
        shown = new_page(size, dark=dark)
        sign_in(shown, "Quiet Heron", "/me/boundaries")
        axe(shown, name)
