"""Web chat in a real browser: a visitor and a supporter side by side, with scripts and without."""

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
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
MORE = "Keep, put away, end or delete"


def start(page: Page, words: str) -> None:
    page.goto("/talk")
    page.get_by_label("What is on your mind?").fill(words)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/talk/c"))


def write(page: Page, words: str) -> None:
    page.locator(".composer textarea").fill(words)
    page.locator(".composer").get_by_role("button", name="Send").click()


def bubble(page: Page, words: str) -> Any:
    return page.locator(".bubble", has_text=words)


def sign_in(page: Page, name: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.locator("input[type=password]").first.fill("kithwell-demo")
    page.locator("input[name=name], input[name=pseudonym]").first.fill(name)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(then))


def test_a_visitor_and_a_person_of_the_team_talk_live(
    new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    person, desk = new_page(PHONE, language="en-GB"), new_page(DESK)
    start(person, "it is a hard evening and I am alone")
    expect(bubble(person, "I am a computer program").first).to_be_visible()
    expect(person).to_have_title("Conversation")
    handle = re.search(r"You are (.+) here", person.locator(".chat").inner_text())
    assert handle
    sign_in(desk, "Ada", "/supervisor")
    desk.locator("li", has_text=handle[1]).locator("a[href^='/desk/c/']").first.click()
    desk.get_by_role("button", name="Take over").click()
    expect(bubble(person, "Ada").first).to_be_visible()
    write(desk, "I am Ada, a person. I am here with you.")
    expect(bubble(person, "I am Ada, a person.")).to_be_visible()
    expect(person.locator("#now")).to_contain_text("You are talking with Ada, a person.")
    assistant = person.locator(".bubble.by-assistant").count()
    write(person, "thank you for being here")
    expect(bubble(desk, "thank you for being here")).to_be_visible()
    expect(bubble(person, "thank you for being here")).to_have_count(1)
    assert person.locator(".bubble.by-assistant").count() == assistant
    axe(person, "talk-with-a-person-phone-light")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, NARROW], ids=["phone", "desk", "narrow"])
def test_every_page_is_accessible_at_every_width_in_both_themes(
    new_page: Callable[..., Page], axe: Callable[..., None], viewport: dict[str, int], dark: bool
) -> None:
    page = new_page(viewport, dark=dark, language="en-GB")
    look = f"{viewport['width']}-{'dark' if dark else 'light'}"
    page.goto("/talk")
    axe(page, f"talk-start-{look}")
    start(page, "just a bad day")
    axe(page, f"talk-conversation-{look}")
    page.get_by_text(MORE).click()
    axe(page)
    page.get_by_role("button", name="Show my link").click()
    axe(page, f"talk-link-{look}")
    page.get_by_text(MORE).click()
    page.get_by_role("button", name="End this conversation").click()
    axe(page, f"talk-ended-{look}")
    page.goto("/talk/c/delete")
    axe(page)
    page.get_by_role("button", name="Delete it").click()
    axe(page, f"talk-deleted-{look}")
    page.goto("/talk/r/nothing")
    axe(page)


def test_the_whole_way_works_without_scripts(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, javascript=False, language="en-GB")
    start(page, "hello, it is a hard evening")
    page.get_by_role("button", name="Struggling").click()
    expect(bubble(page, "hardest part")).to_be_visible()
    write(page, "I cannot sleep")
    expect(bubble(page, "I cannot sleep")).to_have_count(1)
    page.get_by_role("link", name="Check for new messages").click()
    page.get_by_text(MORE).click()
    page.get_by_role("button", name="Show my link").click()
    link = page.locator("#the-link").input_value()
    page.get_by_text(MORE).click()
    page.get_by_role("button", name="Put away on this device").click()
    page.wait_for_url(re.compile(r"/talk$"))
    page.goto(link)
    expect(bubble(page, "I cannot sleep")).to_be_visible()
    page.get_by_text(MORE).click()
    page.get_by_role("button", name="End this conversation").click()
    page.get_by_role("button", name="A little").click()
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    write(page, "I write again")
    expect(bubble(page, "I write again")).to_be_visible()
    expect(bubble(page, "I cannot sleep")).to_have_count(0)


def test_unsent_words_survive_a_reload_and_go_when_they_are_sent(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, language="en-GB")
    start(page, "first words")
    expect(page.locator("#say")).to_have_value("")
    page.locator("#say").fill("half a thought")
    page.reload()
    expect(page.locator("#say")).to_have_value("half a thought")
    page.locator(".composer").get_by_role("button", name="Send").click()
    expect(bubble(page, "half a thought")).to_have_count(1)
    page.reload()
    expect(page.locator("#say")).to_have_value("")


def test_a_ready_answer_can_be_pressed_while_the_box_has_the_focus(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, language="en-GB")
    start(page, "it is hard")
    page.locator("#say").focus()
    danger = page.get_by_role("button", name="In danger now")
    box = danger.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_function("document.activeElement.id !== 'say'")
    page.mouse.up()
    expect(bubble(page, "Please call 999")).to_be_visible()


def test_two_sendings_while_the_line_is_slow_are_one_message(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, language="en-GB")
    start(page, "hello")
    failed: list[str] = []

    def lose_the_answer(route: Any) -> None:
        if failed:
            route.continue_()
            return
        failed.append("once")
        route.fetch()  # the server has it, the browser never hears of it
        route.abort()

    page.route("**/talk/c/send", lose_the_answer)
    write(page, "did this arrive?")
    expect(page.locator(".composer .wrong")).to_contain_text("Your words are still here")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#say")).to_have_value("")
    page.reload()
    expect(bubble(page, "did this arrive?")).to_have_count(1)


def test_words_after_the_end_begin_a_new_conversation_that_is_live(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, language="en-GB")
    start(page, "old words")
    other = page.context.new_page()
    other.goto("/talk/c")
    other.get_by_text(MORE).click()
    other.get_by_role("button", name="End this conversation").click()
    expect(page.locator("#now")).to_contain_text("has ended")
    write(page, "new words")
    expect(bubble(page, "new words")).to_have_count(1)
    expect(bubble(page, "old words")).to_have_count(0)
    other.goto("/talk/c")
    write(other, "and from the other tab")
    expect(bubble(page, "and from the other tab")).to_be_visible()


def test_the_page_is_light(new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, language="en-GB")
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    start(page, "hello")
    sizes.clear()
    page.goto("/talk/c")
    page.wait_for_load_state("load")
    assert sum(sizes) < 60_000, sizes
