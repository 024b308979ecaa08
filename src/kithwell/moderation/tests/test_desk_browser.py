"""With a real browser: a reader reports, a moderator decides by keyboard, the author asks again, another restores."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PASSWORD = "kithwell-demo"
MODERATORS = ("Nele", "Iva", "Mika", "Lou")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def enter(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda there: "/sign-in" not in there)


def work_until(page: Page, wanted: str) -> bool:
    """Take case after case by keyboard and decide what comes, until the one with these words is open; False when this
    moderator has read enough for now."""
    for _turn in range(12):
        page.goto("/moderation")
        if not page.locator("[data-key=n]").count():
            return False
        page.keyboard.press("n")
        page.wait_for_url(
            lambda url: "/moderation/c/" in url or url.endswith("/break") or "notice=none" in url
        )
        if "/moderation/c/" not in page.url:
            return False
        if page.get_by_text(wanted).count():
            return True
        if page.get_by_role("heading", name="Something to look at").count():
            for key in "1qd":
                page.keyboard.press(key)
        elif page.get_by_role("heading", name="Somebody asked for another look").count():
            page.fill("textarea[name=why]", "I read it again and agree with it.")
            page.get_by_role("button", name="It stays").click()
        else:
            page.fill("textarea[name=why]", "A pause would be enough here.")
            page.get_by_role("button", name="No, look again").click()
        page.wait_for_url("**/moderation?notice=*")
    return False


def somebody_with(new_page: Callable[..., Page], wanted: str, *names: str) -> tuple[str, Page]:
    """The first of these moderators to whom the case with these words comes, with it open; the others are on a break
    by then."""
    for name in names:
        page = new_page(DESK)
        enter(page, name)
        if work_until(page, wanted):
            return name, page
    raise AssertionError(f"{wanted!r} did not come to the desk")


def test_from_two_taps_to_reasons_to_an_appeal_that_is_granted(
    server: Any, new_page: Callable[..., Page], axe: Callable[[Page, str], None]
) -> None:
    reader = new_page(PHONE)
    enter(reader, "Quiet Heron")
    reader.goto("/report?kind=demo.note&id=demo-12")
    axe(reader, "report-phone")
    reader.get_by_label("It threatens somebody").check()
    reader.get_by_role("button", name="Send").click()
    reader.get_by_text("Thank you for telling us", exact=True).wait_for()

    decided, nele = somebody_with(new_page, "You are so easy to talk to", *MODERATORS)
    axe(nele, "moderation-case")
    nele.keyboard.press("4")
    nele.keyboard.press("r")
    nele.select_option("select[name=rule]", "kindness")
    nele.keyboard.press("f")
    nele.keyboard.type("The note asks a member to write somewhere else, out of sight.")
    nele.keyboard.press("Escape")
    nele.keyboard.press("d")
    nele.wait_for_url("**/moderation?notice=decided")

    writer = new_page(PHONE, dark=True)
    enter(writer, "Sly Comet")
    writer.goto("/me/decisions")
    writer.get_by_role("link", name="It was removed; a pause").first.click()
    writer.get_by_text("The note asks a member").wait_for()
    axe(writer, "decision-phone-dark")
    writer.get_by_role("button", name="Ask another person").click()
    writer.get_by_text("Another person will look at it").wait_for()

    others = [name for name in MODERATORS if name != decided]
    _name, iva = somebody_with(new_page, "The note asks a member", *others)
    iva.fill("textarea[name=why]", "The two know each other and had agreed on it before.")
    iva.get_by_role("button", name="Take it back, restore everything").click()
    iva.wait_for_url("**/moderation?notice=answered")
    writer.reload()
    writer.get_by_text("This was taken back").wait_for()
    writer.get_by_text("The two know each other").wait_for()
