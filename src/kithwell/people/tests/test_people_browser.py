"""Joining, passkeys and one's own account in a real browser, with scripts and without, on a phone and at a desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(300)]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
OWN = ("/me", "/me/keys", "/me/name", "/me/sessions", "/me/consents", "/me/export", "/me/erase", "/step-up")


def named(server: Any) -> str:
    """The server by name: browsers take an IP address for no place that could own a passkey."""
    return str(server.url).replace("127.0.0.1", "localhost")


def give_authenticator(page: Page) -> None:
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def at(path: str) -> Callable[[str], bool]:
    return lambda url: url.split("?")[0].endswith(path)


def test_somebody_joins_and_comes_back_with_a_passkey_alone(
    server: Any, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    page, home = new_page(PHONE), named(server)
    give_authenticator(page)
    page.goto(f"{home}/join")
    axe(page, "join-phone")
    page.fill("#f-pseudonym", "Maria Lopez")
    page.get_by_role("button", name="Join with a passkey").click()
    page.get_by_text("could be a real name").wait_for()
    page.fill("#f-pseudonym", "")
    page.get_by_role("button", name="Join with a passkey").click()
    page.wait_for_url(at("/me"))
    name = page.locator("h1").inner_text().removeprefix("Welcome, ")
    for path in OWN:
        page.goto(home + path)
        axe(page, f"own{path.replace('/', '-')}-phone")
    page.goto(f"{home}/sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{home}/sign-in?next=/me/sessions")
    axe(page, "sign-in-phone")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(at("/me/sessions"))
    page.goto(f"{home}/step-up?next=/me")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(at("/me"))
    assert name in page.locator("h1").inner_text()


def test_everything_but_passkeys_works_without_scripts(
    server: Any, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    page, home = new_page(DESK, javascript=False, dark=True), named(server)
    page.goto(f"{home}/join")
    before = page.locator("input[name=pick]").first.get_attribute("value")
    page.get_by_role("button", name="Show me other names").click()
    assert page.locator("input[name=pick]").first.get_attribute("value") != before
    name = page.locator("input[name=pick]").first.get_attribute("value")
    page.locator("input[name=password]").fill("seven quiet lanterns")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(at("/me"))
    assert "Welcome" in page.locator("h1").inner_text()
    assert name and name in page.locator("h1").inner_text()
    page.goto(f"{home}/me/keys")
    page.get_by_role("button", name="Show my codes").click()
    code = page.locator("main ol code").first.inner_text()
    page.goto(f"{home}/sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{home}/sign-in/other")
    page.fill("#f-name", name)
    page.fill("#f-code", code)
    page.get_by_role("button", name="Sign in with this code").click()
    page.wait_for_url(at("/me/keys"))
    page.goto(f"{home}/me/erase")
    page.get_by_label("At once. There is no way back.").check()
    page.get_by_label("Yes, erase my account").check()
    page.get_by_role("button", name="Erase my account").click()
    page.wait_for_url(lambda url: "/erased/" in url)


def test_a_steward_gives_a_role_at_a_desk_and_on_a_phone(
    server: Any, new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    home = named(server)
    for size, dark in ((DESK, True), (PHONE, False)):
        page = new_page(size, dark=dark)
        page.goto(f"{home}/sign-in?next=/people")
        page.fill("#f-name", "Robin")
        page.fill("#f-password", "kithwell-demo")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(at("/people"))
        axe(page, f"people-{size['width']}")
        page.fill("#f-name", "Quiet Heron")
        page.select_option("#f-role", "facilitator")
        page.get_by_role("button", name="Give this role").click()
        page.get_by_text("Done, and recorded.").wait_for()
