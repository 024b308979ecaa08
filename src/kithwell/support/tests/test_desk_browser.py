"""The desk in a real browser: keys for everything, nothing typed is lost, nothing covers what somebody reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(300)]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def evening(start_server: Callable[..., Any]) -> Any:
    """A demo of its own: these tests take people, and leave somebody in danger waiting. Made anew, since those who talk
    with somebody in an older copy have lost them to the queue by now."""
    return start_server("--demo", new=True)


def sign_in(page: Page, name: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.locator("input[type=password]").first.fill("kithwell-demo")
    page.locator("input[name=name]").first.fill(name)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(then))


def take(page: Page) -> None:
    """By keyboard, as all of these."""
    expect(page.get_by_role("button", name="Take the next person")).to_be_enabled()
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/desk/c/"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_the_whole_desk_goes_by_keyboard_and_keeps_what_was_typed(
    new_page: Callable[..., Page], evening: Any
) -> None:
    page = new_page(DESK, server=evening)
    sign_in(page, "Sam", "/desk")
    page.get_by_role("button", name="Start my shift").click()
    take(page)
    first = page.url
    page.keyboard.press("w")
    page.keyboard.type("Hello, I am Sam.")
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    assert focused(page) == "note-text"
    page.keyboard.type("Likes short sentences")
    for _ in range(4):  # out of the field, and no further: three of them elsewhere would leave the site
        page.locator("#note-text").press("Escape")
    page.keyboard.press("e")
    assert focused(page) == "f-summary"
    page.keyboard.type("A hard evening")
    page.reload()
    expect(page.locator("#say")).to_have_value("Hello, I am Sam.")
    expect(page.locator("#note-text")).to_have_value("Likes short sentences")
    expect(page.locator("#f-summary")).to_have_value("A hard evening")
    page.keyboard.press("w")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bubble.by-supporter", has_text="Hello, I am Sam.")).to_be_visible()
    expect(page.locator("#say")).to_have_value("")
    page.keyboard.press("Escape")
    take_second(page, first)
    page.keyboard.press("j")
    page.wait_for_url(first)


def take_second(page: Page, first: str) -> None:
    expect(page.get_by_role("button", name="Take the next person")).to_be_enabled()
    page.keyboard.press("n")
    page.wait_for_url(lambda url: "/desk/c/" in url and url != first)


def test_a_ready_sentence_is_put_into_the_box_and_moves_nothing(
    new_page: Callable[..., Page], evening: Any
) -> None:
    page = new_page(DESK, server=evening)
    sign_in(page, "Tomek", "/desk")
    page.get_by_role("button", name="Start my shift").click()
    take(page)
    last = page.locator(".bubble").last
    before = last.bounding_box()
    page.keyboard.press("r")
    page.locator("dialog[open] .quick-reply").nth(1).click()
    expect(page.locator("#say")).not_to_have_value("")
    assert focused(page) == "say" and page.locator("dialog[open]").count() == 0
    assert last.bounding_box() == before


def test_the_list_of_keys_names_only_keys(new_page: Callable[..., Page], evening: Any) -> None:
    page = new_page(DESK, server=evening)
    sign_in(page, "Ines", "/desk")
    page.locator("a.conv").first.click()
    page.wait_for_url(re.compile(r"/desk/c/"))
    page.keyboard.press("?")
    keys = page.locator("dialog[open] kbd").all_inner_texts()
    assert {"w", "r", "o", "e", "h", "f", "b", "j", "Ctrl Enter", "?"} <= set(keys)
    assert all(len(key) == 1 or key == "Ctrl Enter" for key in keys)


def test_on_a_phone_somebody_in_danger_shows_above_the_conversation_and_the_last_words_stay_uncovered(
    new_page: Callable[..., Page], axe: Callable[..., None], evening: Any
) -> None:
    phone, visitor = new_page(PHONE, server=evening), new_page(PHONE, server=evening)
    sign_in(phone, "Kofi", "/desk")
    start, take = (phone.get_by_role("button", name=n) for n in ("Start my shift", "Take the next person"))
    expect(start).to_be_in_viewport()
    expect(take).to_have_count(0)  # one main thing: off shift there is nobody to take
    start.click()
    phone.get_by_role("button", name="Take the next person").click()
    phone.wait_for_url(re.compile(r"/desk/c/"))
    last, dock = phone.locator(".bubble").last, phone.locator(".composer-dock")
    expect(last).to_be_in_viewport()
    words, box = last.bounding_box(), dock.bounding_box()
    assert words and box and words["y"] + words["height"] <= box["y"]
    visitor.goto("/talk")
    visitor.get_by_label("What is on your mind?").fill("I am going to end my life right now.")
    visitor.get_by_role("button", name="Start", exact=True).click()
    visitor.wait_for_url(re.compile(r"/talk/c"))
    alert = phone.locator(".now", has_text="Somebody may be in danger now").first
    expect(alert).to_be_in_viewport(timeout=30_000)
    expect(phone).to_have_title(re.compile(r"^\(\d\) Desk"))
    axe(phone, "alert-phone-light")
    alert.get_by_role("button", name="I am on it").first.click()
    phone.wait_for_url(re.compile(r"/desk/c/"))


def test_who_loses_a_conversation_is_told_so_and_keeps_the_words(
    new_page: Callable[..., Page], evening: Any
) -> None:
    noor, ada = new_page(DESK, server=evening), new_page(DESK, server=evening)
    sign_in(noor, "Noor", "/desk")
    noor.locator("a.conv").first.click()
    noor.wait_for_url(re.compile(r"/desk/c/"))
    sign_in(ada, "Ada", "/supervisor")
    ada.goto(noor.url)
    ada.get_by_role("button", name="Join").click()
    expect(noor.locator(".bubble", has_text="Ada from our team is here too")).to_be_visible()
    ada.get_by_label("Whisper to the supporter").fill("Ask about tonight.")
    ada.get_by_role("button", name="Whisper", exact=True).click()
    expect(noor.locator(".bubble", has_text="Ask about tonight.")).to_be_visible()
    noor.locator("#say").fill("still writing")
    ada.get_by_role("button", name="Take over").click()
    expect(ada.locator("#say")).to_be_visible()
    expect(noor.locator(".live-note")).to_contain_text("no longer with you")
    noor.locator(".composer").get_by_role("button", name="Send").click()
    expect(noor.locator(".composer .wrong")).to_contain_text("no longer with you")
    expect(noor.locator("#say")).to_have_value("still writing")
