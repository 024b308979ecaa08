"""A community moves in, in real browsers: the dry run, everybody's own link, and the lines that were agreed to."""

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
DESK = {"width": 1440, "height": 900}
CHAT = "".join(
    f"[13.02.2026, 2{n // 60}:{n % 60:02}:00] {who}: {said}\n"
    for n, (who, said) in enumerate(
        [
            ("Lou Brook", "nights are long, my sister Anna says so too"),
            ("Ami", "same here, Lou. Ring me on 07700 900 123"),
            ("Ami", "\u200eBild weggelassen"),
            ("Ami", "and my street is Little Wick"),
        ]
    )
)


def sign_in(page: Page, name: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.locator("input[type=password]").first.fill("kithwell-demo")
    page.locator("input[name=name]").first.fill(name)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(then))


def test_a_group_moves_in_with_everybodys_yes_and_without_what_nobody_agreed_to(
    new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    lead, ami = new_page(DESK), new_page(PHONE, javascript=False)
    sign_in(lead, "Fern", "/groups")
    group = "/g/night-owls"
    lead.goto(f"{group}/settings")
    lead.get_by_role("link", name="Bring a community here, from WhatsApp or a forum").click()
    axe(lead, "import-form-desk-light")
    lead.get_by_label("The file", exact=True).set_input_files(
        {"name": "_chat.txt", "mimeType": "text/plain", "buffer": CHAT.encode()}
    )
    lead.get_by_role("button", name="Look at it first").click()
    expect(lead.locator("h1")).to_contain_text(
        "ready to look at"
    )  # by itself, as soon as the job has read it
    preview = lead.locator("details", has_text="How it would look")
    expect(preview).to_contain_text("my sister [somebody] says so too")
    expect(preview).to_contain_text("Ring me on [number]")
    axe(lead, "import-dry-run-desk-light")
    lead.get_by_label(re.compile("^I have told the old group")).check()
    lead.get_by_role("button", name="Open the links").click()
    link = lead.locator("tr", has_text="Ami").locator("code").text_content() or ""
    ami.goto(link)
    axe(lead, "import-asking-desk-light")
    assert "07700" not in ami.content() and "Lou" not in ami.content()
    ami.get_by_label(re.compile("^Leave this line behind: and my street")).check()
    ami.get_by_role("button", name="Save what is ticked").click()
    expect(ami.locator("main")).to_contain_text("1 of your lines is left behind")
    ami.get_by_label(re.compile("^Bring them under the made-up name")).check()
    ami.get_by_role("button", name="Keep my choice").click()
    ami.screenshot(path="screenshots/import-mine-phone-light.png", full_page=True)
    lead.reload()
    lead.get_by_role("button", name="Bring in what was agreed to").click()
    expect(lead.locator("h1")).to_contain_text("what was agreed to has come")
    lead.goto(f"{group}/archive?month=2026-02")  # where what was said in February stands
    expect(lead.locator("main")).to_contain_text("Ring me on [number]")
    for word in ("07700", "Little Wick", "nights are long, my sister", "Ami"):
        assert word not in lead.locator("main").inner_text()
