"""Groups in a real browser: somebody comes in without scripts, a facilitator opens the door, all of it accessible."""

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


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_somebody_comes_in_by_the_door_without_a_script_and_a_facilitator_opens(
    new_page: Callable[..., Any], axe: Callable[..., None]
) -> None:
    page = new_page(PHONE, javascript=False)
    sign_in(page, "Tomek", "/groups")
    page.get_by_label("Words, or a place").fill("miss somebody")
    press(page, "Search")
    page.get_by_role("link", name="After a loss").click()
    page.get_by_role("link", name="Ask to join").click()
    page.get_by_label("26 to 64").check()
    press(page, "Go on")
    expect(page.get_by_text("We do not compare losses.")).to_be_visible()
    page.get_by_label("I have read this and will keep to it").check()
    press(page, "Go on")
    page.get_by_label("Who do you miss, in a word or two?").fill("my brother")
    page.get_by_label("What would you hope to find here?").fill("company")
    press(page, "Ask to join")
    expect(page.get_by_role("heading", name="Your request is with the facilitators")).to_be_visible()

    lead = new_page(DESK, dark=True)
    sign_in(lead, "Fern", "/g/after-a-loss/members")
    expect(lead.get_by_text("my brother")).to_be_visible()
    axe(lead, "group-members-desk")
    lead.get_by_role("button", name="Let them in: Tomek").click()
    expect(lead.get_by_text("Nobody is waiting.")).to_be_visible()
    lead.get_by_label("For how many people").fill("3")
    press(lead, "Make a link")
    expect(lead.get_by_text("Your link, shown this once")).to_be_visible()
    page.goto("/g/after-a-loss/join")
    expect(page.get_by_role("heading", name="You are in. Welcome.")).to_be_visible()


def test_every_page_of_groups_is_accessible(new_page: Callable[..., Any], axe: Callable[..., None]) -> None:
    phone = new_page(PHONE)
    sign_in(phone, "Quiet Heron", "/groups")
    axe(phone, "groups-phone")
    for path in ("/g/night-owls/about", "/g/night-owls/leave", "/g/night-owls/join", "/groups/new"):
        phone.goto(path)
        axe(phone, path.strip("/").replace("/", "-") + "-phone")
    phone.goto("/g/bereaved-by-suicide/join")
    axe(phone, "group-rules-phone")
    phone.get_by_label("I have read this and will keep to it").check()
    press(phone, "Go on")
    axe(phone, "group-questions-phone")
    lead = new_page(DESK, dark=True)
    sign_in(lead, "Fern", "/g/night-owls/settings")
    axe(lead, "group-settings-desk")
    lead.goto("/g/night-owls/health")
    axe(lead, "group-health-desk")
    steward = new_page(PHONE)
    sign_in(steward, "Robin", "/groups/proposals")
    axe(steward, "groups-proposals-phone")
