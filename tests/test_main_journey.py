"""The main job in a real browser: somebody writes, is answered at once, reaches a person in order of need, and the
conversation ends with a next step. The phone, the desk and the supervisor's board are open side by side."""

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
TAKE = "Take the next person"


def sign_in(page: Page, name: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.get_by_label("Your name here").or_(page.locator("input[name=pseudonym]")).first.fill(name)
    page.locator("input[type=password]").first.fill("kithwell-demo")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(then))


def take_phone(page: Page, name: str) -> None:
    page.goto("/sim")
    page.fill("input[name=name]", name)
    page.get_by_role("button", name="Use this phone").click()
    page.wait_for_url(re.compile(r"/sim/p/"))


def write(page: Page, words: str) -> None:
    page.locator(".composer textarea").fill(words)
    page.locator(".composer").get_by_role("button", name="Send").click()


def bubble(page: Page, words: str) -> Any:
    return page.locator(".bubble", has_text=words)


def start_shift_and_take(page: Page) -> None:
    if page.get_by_role("button", name="Start my shift").is_visible():
        page.get_by_role("button", name="Start my shift").click()
    page.get_by_role("button", name=TAKE).click()
    page.wait_for_url(re.compile(r"/desk/c/"))


def test_from_first_words_on_whatsapp_to_a_closed_conversation(
    start_server: Callable[..., Any], new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    # A server of its own: who comes first must not depend on whom other tests left waiting.
    home = start_server("--demo", web_processes="2", worker_normal="2")
    phone, desk, board = (new_page(size, server=home) for size in (PHONE, DESK, DESK))
    take_phone(phone, "Lou")
    write(phone, "I am going to end my life right now.")
    expect(bubble(phone, "I am a computer program")).to_be_visible(timeout=10_000)
    axe(phone, "sim-phone-light")

    sign_in(board, "Ada", "/supervisor")
    expect(board.get_by_text("waiting", exact=True).first).to_be_visible()
    axe(board, "supervisor-desk-light")

    sign_in(desk, "Sam", "/desk")
    start_shift_and_take(desk)
    expect(bubble(desk, "I am going to end my life right now.")).to_be_visible()
    expect(desk.get_by_text("C5").first).to_be_visible()
    axe(desk, "conversation-desk-light")
    handle = desk.locator(".pane-talk .pane-title").inner_text().strip()
    expect(phone.locator(".bubble", has_text="Sam is with you")).to_be_visible()
    expect(board.locator("li", has_text=handle).filter(has_text="Sam")).to_be_visible()

    write(desk, "I am Sam, a person. I am here with you. Is somebody close by?")
    expect(bubble(phone, "I am Sam, a person.")).to_be_visible()
    write(phone, "My sister is in the next room.")
    expect(bubble(desk, "My sister is in the next room.")).to_be_visible()
    expect(bubble(desk, "I am Sam, a person.")).to_contain_text(re.compile("Delivered|Read"))

    desk.get_by_text("End the conversation").click()
    end = desk.locator("form[action$='/end']")
    end.get_by_label("Short summary").fill("Acute evening; the sister sits with them now.")
    end.get_by_label("Next step").fill("We write tomorrow evening.")
    end.get_by_label("Write to them again").select_option("24")
    end.get_by_role("button", name="End conversation").click()
    desk.wait_for_url(re.compile(r"/desk\?notice=ended"))
    expect(desk.get_by_role("button", name=TAKE)).to_be_disabled()
    expect(desk.get_by_text("That was a hard")).not_to_have_count(0)
    desk.get_by_role("link", name="Debrief").click()
    axe(desk, "debrief-desk-light")
    desk.get_by_label("It is weighing on me").check()
    desk.get_by_role("button", name="Done").click()
    desk.wait_for_url(re.compile(r"/desk\?notice=debriefed"))
    expect(board.locator("li", has_text=handle)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_staff_pages_are_accessible_at_every_width_in_both_themes(
    new_page: Callable[..., Page], axe: Callable[..., None], viewport: dict[str, int], dark: bool
) -> None:
    page = new_page(viewport, dark=dark)
    look = f"{'phone' if viewport is PHONE else 'desk'}-{'dark' if dark else 'light'}"
    sign_in(page, "Ada", "/supervisor")
    axe(page, f"board-{look}")
    page.goto("/supervisor/reports")
    axe(page, f"reports-{look}")
    page.goto("/supervisor/team")
    axe(page, f"team-{look}")
    page.goto("/supervisor/sentences")
    axe(page, f"sentences-{look}")
    page.goto("/supervisor")
    page.locator(".board a[href^='/desk/c/']").first.click()
    page.wait_for_url(re.compile(r"/desk/c/"))
    axe(page, f"reading-along-{look}")
    page.goto("/desk")
    axe(page, f"own-desk-{look}")


def test_the_desk_works_without_scripts(new_page: Callable[..., Page], axe: Callable[..., None]) -> None:
    page = new_page(DESK, javascript=False)
    sign_in(page, "Tomek", "/desk")
    start_shift_and_take(page)
    write(page, "Hello, I am Tomek. I am a person and I read what you wrote.")
    expect(bubble(page, "Hello, I am Tomek.")).to_be_visible()
    page.get_by_text("Hand over", exact=True).click()
    page.get_by_role("button", name="Back to the queue, same place").click()
    page.wait_for_url(re.compile(r"notice=released"))
    expect(page.get_by_text("went back to its place")).to_be_visible()
