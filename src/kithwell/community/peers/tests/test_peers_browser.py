"""From a first sign-up to a joined group and a buddy; accessible, on a phone and at a desk, in both themes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import PHONE
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 900}
PASSWORD = "seven quiet lanterns"


def sign_in(page: Page, name: str, password: str = "kithwell-demo") -> None:
    page.goto("/sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/*")
    expect(page.locator("h1")).to_be_visible()


def join(page: Page, name: str) -> None:
    page.goto("/join")
    page.locator("input[name=own]").fill(name)
    page.locator("input[name=password]").first.fill(PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit], form button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/(me|welcome)"))


def test_a_newcomer_finds_a_group_in_five_minutes_without_scripts(
    new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    page = new_page(PHONE, javascript=False)
    join(page, "Windy Attic")
    page.goto("/welcome")
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("Sleep", exact=True).check()
    page.get_by_label("In your own words").fill("I lie awake a lot")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Laughing together").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Skip").click()
    page.get_by_label("How old are you?").select_option("26-64")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("In the evening").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Yes, suggest somebody to me").check()
    page.get_by_label("What brings me here").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="This might suit you")).to_be_visible()
    page.get_by_role("link", name="Night owls").click()
    page.goto("/g/night-owls/join")
    for box in page.locator("input[type=checkbox][required]").all():
        box.check()
    page.locator("main form button.btn-primary").first.click()
    page.goto("/me/notices/choices")
    page.get_by_text("Different for some things").click()
    expect(page.get_by_label("Night owls")).to_be_visible()


def test_pages_of_peers_and_notices_are_accessible_and_calm(
    new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    for name, size, dark in (("phone", PHONE, False), ("desk-dark", DESK, True)):
        page = new_page(size, dark=dark)
        sign_in(page, "Quiet Heron")
        for path, label in (
            ("/welcome", "welcome"),
            ("/welcome/brings", "welcome-brings"),
            ("/welcome/buddy", "welcome-buddy"),
            ("/welcome/found", "welcome-found"),
            ("/peers", "peers"),
            ("/me/profile", "profile-own"),
            ("/u/Patient Magpie", "profile"),
            ("/me/people", "people"),
            ("/me/steps", "steps"),
            ("/me/rest", "rest"),
            ("/me/notices", "notices"),
            ("/me/notices/choices", "notices-choices"),
        ):
            page.goto(path)
            axe(page, f"{label}-{name}")
        page.goto("/peers")
        page.get_by_role("link", name="Patient Magpie").click()
        expect(page.get_by_label("Your note")).to_be_visible()
        axe(page, f"peers-room-{name}")


def test_a_device_is_asked_only_after_a_tap_and_a_no_changes_nothing(new_page: Callable[..., Page]) -> None:
    page = new_page(DESK)
    page.add_init_script(
        "window.asked = 0; Notification.requestPermission = async () => { window.asked++; return 'denied'; }"
    )
    sign_in(page, "Quiet Heron")
    page.goto("/me/notices/choices")
    button = page.get_by_role("button", name="Notify me on this device")
    expect(button).to_be_visible()
    assert page.evaluate("window.asked") == 0
    button.click()
    expect(page.get_by_text("Your browser said no")).to_be_visible()
    assert page.evaluate("window.asked") == 1
    expect(page.locator("kw-push")).to_be_visible()
