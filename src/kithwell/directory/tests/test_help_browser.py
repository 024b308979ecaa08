"""Help now in a real browser: on a phone and at a desk, in both themes, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(300)]
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, NARROW], ids=["phone", "desk", "narrow"])
def test_the_page_is_accessible_at_every_width_in_both_themes(
    new_page: Callable[..., Page], axe: Callable[..., None], viewport: dict[str, int], dark: bool
) -> None:
    page = new_page(viewport, dark=dark, language="en-GB")
    page.goto("/help")
    axe(page, f"help-{viewport['width']}-{'dark' if dark else 'light'}")
    page.goto("/help?country=&lang=es")
    axe(page)


def test_everything_works_without_scripts_and_in_one_request(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, javascript=False, language="es")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/help")
    assert [url for url in asked if not url.startswith("data:")] == [page.url]
    assert page.locator("a[href^='tel:']").count() == 0
    page.select_option("#c", "MX")
    page.click("#where button")
    assert page.locator("a[href='tel:911']").is_visible()
    assert page.locator("a[href='tel:+525552598121']").is_visible()
    assert page.locator(".talk a[href='/talk']").is_visible()
    page.fill("#p1", "no puedo dormir")
    assert page.locator(".js").is_hidden()
    page.goto("/help")
    assert page.locator("a[href='tel:911']").is_visible()  # the country stays chosen on this device
    assert page.input_value("#p1") == ""


def test_the_plan_stays_on_this_device_only_if_wanted(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, language="en-GB")
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.goto("/help")
    page.fill("#p4", "my sister")
    page.reload()
    assert page.evaluate("localStorage.getItem('kw:plan')") is None
    page.fill("#p4", "my sister")
    page.check("#keep")
    page.reload()
    assert page.input_value("#p4") == "my sister" and page.is_checked("#keep")
    page.click("[data-do=forget]")
    assert page.input_value("#p4") == "" and page.evaluate("localStorage.getItem('kw:plan')") is None
    assert sent == []


def test_leaving_goes_at_once_with_the_button_and_with_escape(
    new_page: Callable[..., Page], server: Any
) -> None:
    page = new_page(PHONE, language="en-GB")
    page.route(
        "https://www.bbc.co.uk/**",
        lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"),
    )
    page.goto("/help")
    page.click("quick-exit a")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.goto(server.url + "/help")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.co.uk/weather")


def test_nothing_is_asked_of_anybody_else(new_page: Callable[..., Page], server: Any) -> None:
    page = new_page(DESK, language="en-US")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/help")
    page.wait_for_load_state("networkidle")
    assert all(url.startswith((server.url, "data:")) for url in asked)
