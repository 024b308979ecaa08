"""Notices, guidelines and figures in a real browser: for anybody without a script, for staff with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from kithwell.boundaries.tests.test_boundaries_browser import DESK, PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(300)]


def test_anybody_tells_us_something_and_reads_the_rules_without_a_script(
    new_page: Callable[..., Any], axe: Callable[..., None]
) -> None:
    page = new_page(PHONE, javascript=False)
    page.goto("/notice")
    page.get_by_label("What is it?").fill("A reply")
    page.get_by_label("Where exactly?").fill("https://here.example/p/018f0000-0000-7000-8000-00000000000a")
    page.get_by_label("It goes against the guidelines").check()
    page.get_by_label("What comes nearest?").select_option("scam")
    page.get_by_label("Please explain").fill("It asks for money.")
    page.get_by_label("I believe in good faith").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. We have it.")).to_be_visible()
    assert page.locator(".banner dd").inner_text() == page.url.partition("?")[0]
    shown = new_page(PHONE)
    for address, name in (
        (page.url, "notice-followed-phone"),
        ("/notice", "notice-phone"),
        ("/guidelines", "guidelines-phone"),
        ("/transparency", "transparency-phone"),
    ):
        shown.goto(address)
        axe(shown, name)


def test_staff_see_notices_law_and_drafts(new_page: Callable[..., Any], axe: Callable[..., None]) -> None:
    page = new_page(DESK, dark=True)
    sign_in(page, "Robin", "/moderation/notices")
    axe(page, "notices-desk-dark")
    page.get_by_role("listitem").get_by_role(
        "link", name="It gives away somebody's private details"
    ).first.click()
    expect(page.get_by_text("does not want to be found")).to_be_visible()
    axe(page, "notice-desk-dark")
    for address, name in (
        ("/moderation/law/eu", "law-desk-dark"),
        ("/moderation/flaggers", "flaggers-desk-dark"),
        ("/guidelines", "guidelines-desk-dark"),
        ("/transparency", "transparency-desk-dark"),
        ("/boundaries/nudges", "nudges-desk-dark"),
    ):
        page.goto(address)
        axe(page, name)
    page.goto("/guidelines/edit")
    page.get_by_role("button", name="Start a draft").click()
    page.locator("summary", has_text="Be kind, above all").click()
    page.locator("#f-kindness-title").fill("Be gentle, above all when you disagree")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("ins", has_text="gentle")).to_be_visible()
    axe(page, "draft-desk-dark")
    page.locator("summary", has_text="Add or drop a rule").click()
    page.get_by_role("button", name="Discard this draft").click()
    page.wait_for_url(lambda url: url.endswith("/guidelines/edit"))
