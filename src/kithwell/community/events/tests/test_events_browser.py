"""A live hour in real browsers: a host and two who come; new answers appear without a jump, nobody learns who asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(300)]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


def sign_in(page: Page, name: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.locator("input[type=password]").first.fill("kithwell-demo")
    page.locator("input[name=name]").first.fill(name)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(then))


def test_a_question_is_asked_live_answered_and_read_by_another_without_a_jump(
    new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    host, asker, other = new_page(DESK, dark=True), new_page(PHONE), new_page(PHONE, javascript=False)
    sign_in(asker, "Late Train", "/events")
    axe(asker, "events-phone-light")
    asker.get_by_role("link", name=re.compile("^Low days")).first.click()
    url = asker.url
    sign_in(host, "Mira", "/events")
    host.goto(f"{url}/host")
    sign_in(other, "Blue Kettle", "/events")
    other.goto(url)
    host.get_by_role("button", name="Begin").click()
    text = "Is a walk in the rain any good?"
    asker.get_by_label("Your question").fill(text)
    asker.get_by_role("button", name="Ask", exact=True).click()
    expect(asker.locator("#ask")).to_contain_text(text)
    card = host.locator("li.card", has=host.locator("p.words", has_text=text))
    expect(card).to_be_visible()  # came by itself
    assert "Late Train" not in host.content()
    card.locator("summary", has_text="Answer").click()
    card.get_by_label("Your answer").fill("It is, with dry socks afterwards.")
    axe(host, "event-host-desk-dark")
    before = asker.locator("#ask-h").bounding_box()
    card.get_by_role("button", name="Answer", exact=True).click()
    expect(asker.locator(".qa")).to_contain_text("dry socks")  # without a reload
    after = asker.locator("#ask-h").bounding_box()
    assert before and after and abs(after["y"] - before["y"]) < 2  # what one looks at stays where it was
    axe(asker, "event-phone-light")
    other.get_by_role("button", name="Check for new answers").click()
    expect(other.locator(".qa")).to_contain_text("dry socks")
    assert "Late Train" not in other.content()
