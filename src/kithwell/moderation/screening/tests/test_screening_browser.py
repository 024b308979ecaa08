"""With a real server: two stewards, a rule from first word to holding, in a process that was never restarted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from kithwell.boundaries.tests.test_boundaries_browser import DESK, PHONE, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(400)]
HOME = "/moderation/screening"
PAGES = (
    HOME, f"{HOME}/rules/hate", f"{HOME}/rates?category=hate&language=en", f"{HOME}/thresholds/hate", f"{HOME}/beside",
    "/moderation/law/eu", "/moderation/flaggers", "/moderation/hours", "/moderation/hash-lists", "/moderation/figures",
    "/boundaries/nudges",
)  # fmt: skip


def until_tried(page: Page, where: str) -> None:
    for _turn in range(60):
        page.goto(where)
        if not page.get_by_text("It is being tried.").count():
            return
        time.sleep(1)
    raise AssertionError("the dry run did not end")


def test_a_rule_from_its_first_word_to_holding_without_a_restart(
    server: Any, new_page: Callable[..., Page], axe: Callable[[Page, str], None]
) -> None:
    robin = new_page(DESK, javascript=False)
    sign_in(robin, "Robin", "/moderation")
    robin.goto("/moderation")
    robin.get_by_role("link", name="How words are screened").click()
    robin.get_by_role("link", name="Advertising", exact=True).click()
    robin.get_by_role("button", name="Add a rule").click()
    change = robin.url
    robin.get_by_label("What a reviewer reads").fill("sells quilts")
    robin.locator("textarea[name=any]").fill("winter quilt <2 (sale|bargain)")
    robin.get_by_label("Should find (tests)").fill("a winter quilt for sale")
    robin.get_by_label("Should leave alone (tests)").fill("my winter quilt is warm")
    robin.get_by_label("Owner").fill("Robin")
    robin.get_by_label("Why, in one sentence").fill("The quilt seller is back.")
    robin.get_by_role("button", name="Save").click()
    robin.get_by_text("Its tests pass").wait_for()
    robin.get_by_role("button", name="Try it").click()
    until_tried(robin, change)
    robin.get_by_text("Everybody's need is heard as before.").wait_for()
    robin.get_by_role("button", name="Propose").click()
    robin.get_by_text("You wrote part of it. Another steward has to look").wait_for()
    assert not robin.get_by_role("button", name="Agree").count()

    kim = new_page(PHONE)
    sign_in(kim, "Kim", "/moderation")
    kim.goto(change)
    axe(kim, "screening-change-phone")
    kim.get_by_role("button", name="Agree").click()
    kim.get_by_text("It is in use now, and in every part of the service").wait_for()
    for _turn in range(30):
        kim.goto(HOME)
        if kim.get_by_text("+house.").count():
            break
        time.sleep(1)
    assert kim.get_by_text("+house.").count(), "this web process took it up"
    assert "process.died" not in server.log(), "and none was restarted for it"


def test_the_pages_of_stewards_are_there_for_everybody(
    server: Any, new_page: Callable[..., Page], axe: Callable[[Page, str], None]
) -> None:
    for size, dark, name in ((PHONE, True, "phone-dark"), (DESK, False, "desk")):
        page = new_page(size, dark=dark)
        sign_in(page, "Robin", "/moderation")
        for path in PAGES:
            page.goto(path)
            axe(page, f"{path.partition('?')[0].strip('/').replace('/', '-')}-{name}")
