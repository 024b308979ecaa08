"""The community in a real browser: a newcomer from sign-up to the first answer, and a facilitator's week."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.servers]
PASSWORD = "kithwell-demo"
WORDS = "Nights are the longest part. I do not expect anything, I only wanted to say it somewhere."
ANSWER = "I read this at four in the morning. You are not the only one awake."


def sign_in(page: Any, name: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def join_by_password(page: Any, name: str) -> None:
    page.goto("/join")
    page.fill("input[name=own]", name)
    page.select_option("select[name=age_band]", "26-64")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Join with a password").click()
    page.wait_for_url("**/me*")


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def test_a_newcomer_comes_from_signing_up_to_the_first_answer(new_page: Any, axe: Any) -> None:
    """On a phone, with scripts; whoever answers has none."""
    phone = new_page(PHONE)
    join_by_password(phone, "Patient Lantern")
    phone.goto("/welcome")
    axe(phone, "community-welcome")
    phone.get_by_role("link", name="Begin").or_(phone.get_by_role("button", name="Begin")).click()
    phone.get_by_label("Sleep").check()
    press(phone, "Save and continue")
    for _step in range(5):
        before = phone.url
        press(phone, "Skip")
        phone.wait_for_url(lambda url, before=before: url != before)
    assert phone.url.endswith("/welcome/found")
    axe(phone, "community-found")
    phone.get_by_role("link", name="Night owls").first.click()
    phone.get_by_role("link", name="Join this group").click()
    axe(phone, "community-join")
    phone.get_by_label("I have read this and will keep to it").check()
    press(phone, "Join")
    phone.goto("/g/night-owls/new")
    axe(phone, "community-write")
    assert "{'" not in phone.locator("main").inner_text()
    phone.fill("textarea[name=text]", WORDS)
    press(phone, "Post it")
    phone.wait_for_url("**/p/**")
    assert WORDS in phone.locator("main").inner_text()
    axe(phone, "community-thread-phone")

    plain = new_page(DESK, javascript=False, dark=True)
    sign_in(plain, "Quiet Heron")
    plain.goto("/feed")
    assert "Nights are the longest part" in plain.locator("main").inner_text()
    plain.goto(phone.url)
    plain.fill("textarea[name=text]", ANSWER)
    plain.locator("form[action$='/reply'] button.btn-primary").last.click()
    assert ANSWER in plain.locator("main").inner_text()

    # it arrives by itself, or by looking again where the stream was slow: never both
    phone.get_by_text(ANSWER).first.wait_for()
    assert phone.get_by_text(ANSWER).count() == 1
    scripted = new_page(DESK, dark=True)
    sign_in(scripted, "Quiet Heron")
    scripted.goto(phone.url)
    axe(scripted, "community-thread-desk")
    for path, name in (("/feed", "community-feed"), ("/g/night-owls", "community-group")):
        scripted.goto(path)
        axe(scripted, name)


def test_a_facilitators_week(new_page: Any, axe: Any) -> None:
    """Fern leads groups in the demo: who waits at the door, how the group is, what is pinned, moving in."""
    desk = new_page(DESK)
    sign_in(desk, "Fern")
    for path, name in (
        ("/g/night-owls/members", "community-members"),
        ("/g/night-owls/health", "community-health"),
        ("/g/night-owls/settings", "community-settings"),
        ("/g/night-owls/import", "community-import"),
    ):
        desk.goto(path)
        axe(desk, name)
    desk.goto("/g/night-owls/new")
    desk.fill("textarea[name=text]", "What helped you through the last bad night?")
    press(desk, "Post it")
    desk.wait_for_url("**/p/**")
    desk.locator("main summary", has_text=re.compile("more|facilitat|look after", re.I)).first.click()
    desk.locator("button[value=pin]").first.click()
    desk.goto("/g/night-owls")
    pinned = desk.locator("main article", has_text="What helped you through").first
    assert "Pinned" in pinned.inner_text()


def test_an_anonymous_post_and_somebody_typing_without_a_name(new_page: Any, axe: Any) -> None:
    """Quiet Heron writes under a veil; Fern, who leads the group, reads and begins to answer."""
    lead = new_page(DESK)
    sign_in(lead, "Fern")
    lead.goto("/g/night-owls/settings")
    lead.locator("input[name=show_typing]").check()
    lead.locator(
        "form:has(input[name=show_typing]) button.btn-primary, form:has(input[name=show_typing]) button"
    ).last.click()
    lead.wait_for_load_state()
    lead.goto("/g/night-owls/settings")
    assert lead.locator("input[name=show_typing]").is_checked()

    phone = new_page(PHONE, dark=True)
    sign_in(phone, "Quiet Heron")
    phone.goto("/g/night-owls/new")
    phone.fill(
        "textarea[name=text]",
        "I would rather not say this under my name: some nights I am afraid of the dark.",
    )
    phone.locator("summary", has_text="under what name").click()
    phone.get_by_label("Anonymous in this group").check()
    press(phone, "Post it")
    phone.wait_for_url("**/p/**")
    axe(phone, "community-anonymous-own")

    lead.goto(phone.url)
    said = lead.locator("main").inner_text()
    assert "afraid of the dark" in said and "Quiet Heron" not in lead.content()
    lead.locator("form[action$='/reply'] textarea[name=text]").press_sequentially("I know that", delay=40)
    sign = phone.get_by_text("Somebody is typing")
    sign.wait_for(timeout=30_000)
    assert "Fern" not in phone.locator("typing-sign").first.inner_text()
    sign.wait_for(state="hidden", timeout=30_000)
