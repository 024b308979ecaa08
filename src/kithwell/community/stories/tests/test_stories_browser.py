"""A story in real browsers, from the first word to the tap that takes it back. The reader has no scripts."""

from __future__ import annotations

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


def test_a_story_from_writing_to_withdrawal(new_page: Callable[..., Page], axe: Callable[..., None]) -> None:
    author, reviewer, reader = new_page(PHONE), new_page(DESK, dark=True), new_page(PHONE, javascript=False)
    sign_in(author, "Slow River", "/stories/write")
    axe(author, "story-start-phone-light")
    author.get_by_role("button", name="Begin").click()
    author.get_by_label("What was hard").fill("After my cousin committed suicide I could not")
    author.reload()
    expect(author.get_by_label("What was hard")).to_have_value(
        "After my cousin committed suicide I could not"
    )
    author.get_by_label("What was hard").fill("After my cousin committed suicide I could not sing.")
    author.get_by_role("button", name="Look at the words").click()
    expect(author.locator("mark").first).to_have_text("committed suicide")
    expect(author.locator(".advice").first).to_contain_text("died by suicide")
    axe(author, "story-step-phone-light")
    author.get_by_label("What was hard").fill("After my cousin died by suicide I could not sing.")
    author.get_by_role("button", name="Save and continue").click()
    author.get_by_label("What helped").fill(
        "A choir that let me stand in the back row and only listen, for months."
    )
    author.get_by_role("button", name="Save and continue").click()
    author.get_by_label("What you would tell somebody now").fill("Stand in the back row. It counts.")
    author.get_by_role("button", name="Save and continue").click()
    author.get_by_label("Title").fill("The back row")
    author.get_by_label("Death and grief").check()
    author.get_by_role("button", name="Save and look at it").click()
    author.get_by_label("On this site").select_option("365")
    axe(author, "story-own-phone-light")
    author.locator("#send").get_by_role("button", name="Send it to be read").click()
    expect(author.locator(".badge").first).to_have_text("Being read")
    mine = author.url.split("?")[0]
    sign_in(reviewer, "Robin", "/stories/review")
    reviewer.get_by_role("link", name="The back row").click()
    for tick in reviewer.locator("#f-checks input").all():
        tick.check()
    axe(reviewer, "story-review-desk-dark")
    reviewer.get_by_role("button", name="Publish", exact=True).click()
    reader.goto("/stories")
    reader.get_by_role("link", name="The back row").click()
    public = reader.url
    reader.locator("summary", has_text="Read it").click()
    expect(reader.get_by_text("only listen, for months")).to_be_visible()
    expect(reader.locator(".story-help")).to_be_visible()
    author.goto(mine)
    author.get_by_role("button", name="Take it back everywhere").click()
    expect(author.locator("main")).to_contain_text("Your receipt")
    answer = reader.goto(public)
    assert answer is not None and answer.status == 410
    expect(reader.locator("h1")).to_have_text("This story is not here any more")
    assert "back row" not in reader.content().lower()
