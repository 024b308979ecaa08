"""Safety in a real browser, on a real group: words that attack, and words that show a crisis. Nobody is a stand-in."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import DESK, PHONE
from tests.test_community_journey import join_by_password, press, sign_in

from kithwell.moderation.tests.test_desk_browser import MODERATORS, somebody_with

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(500)]
ATTACK = "You are such a pathetic loser, nobody likes you and your lantern."
CRISIS = "I do not want to be alive any more. I have the pills here and I will end my life tonight."


def join_the_owls(page: Any, name: str) -> None:
    """Sign up and become a member of the group of those who cannot sleep."""
    join_by_password(page, name)
    page.goto("/g/night-owls/about")
    page.get_by_role("link", name="Join this group").click()
    page.get_by_label("I have read this and will keep to it").check()
    press(page, "Join")


def test_an_attack_a_second_look_two_reports_a_decision_an_appeal_and_everything_as_before(
    new_page: Any, axe: Any
) -> None:
    writer = new_page(PHONE)
    join_the_owls(writer, "Brisk Otter")
    writer.goto("/g/night-owls/new")
    writer.fill("textarea[name=text]", ATTACK)
    press(writer, "Post it")
    writer.get_by_text("One moment before this goes out").wait_for()
    assert writer.locator("textarea[name=text]").input_value() == ATTACK, "nothing typed is lost"
    axe(writer, "safety-second-look")
    press(writer, "Post it")  # the second time it goes out as it is
    writer.wait_for_url("**/p/**")
    post = writer.url.partition("?")[0]

    readers = [new_page(DESK), new_page(PHONE, javascript=False)]
    sign_in(readers[0], "Quiet Heron")
    sign_in(readers[1], "Fern")
    for reader in readers:
        reader.goto(post)
        assert ATTACK in reader.locator("main").inner_text(), "it stays until a person has decided"
        reader.locator("main article summary").first.click()
        reader.get_by_role("link", name="Tell us about this").first.click()
        reader.get_by_label("It attacks or humiliates somebody").check()
        press(reader, "Send")
        reader.get_by_text("Thank you for telling us", exact=True).wait_for()

    decided, nele = somebody_with(new_page, "pathetic loser", *MODERATORS)
    case = nele.locator("main").inner_text()
    assert "Brisk Otter" in case and case.count("It attacks or humiliates somebody") >= 2
    for key in "4r":
        nele.keyboard.press(key)
    nele.select_option("select[name=rule]", "kindness")
    nele.keyboard.press("f")
    nele.keyboard.type("The post calls another member pathetic and says that nobody likes them.")
    nele.keyboard.press("Escape")
    nele.keyboard.press("d")
    nele.wait_for_url("**/moderation?notice=decided")
    readers[0].goto(post)
    assert ATTACK not in readers[0].locator("main").inner_text()
    readers[0].goto("/me/reports")
    readers[0].get_by_text("something was done").first.wait_for()

    writer.goto("/me/decisions")
    writer.locator("main a[href^='/decisions/']").first.click()
    reasons = writer.locator("main").inner_text()
    assert (
        "calls another member pathetic" in reasons and "Quiet Heron" not in reasons and "Fern" not in reasons
    )
    axe(writer, "safety-reasons")
    press(writer, "Ask another person")
    writer.get_by_text("Another person will look at it").wait_for()

    others = [name for name in MODERATORS if name != decided]
    _name, iva = somebody_with(new_page, "calls another member pathetic", *others)
    iva.fill("textarea[name=why]", "The two joke with each other, and both of them said so.")
    iva.get_by_role("button", name="Take it back, restore everything").click()
    iva.wait_for_url("**/moderation?notice=answered")
    readers[0].goto(post)
    assert ATTACK in readers[0].locator("main").inner_text(), "it is back for everybody"
    writer.reload()
    writer.get_by_text("This was taken back").wait_for()


def test_words_that_show_a_crisis_stay_the_writer_is_offered_help_and_the_desk_gets_the_conversation(
    new_page: Any, axe: Any
) -> None:
    writer = new_page(PHONE, dark=True)
    join_the_owls(writer, "Pale Harbour")
    writer.goto("/g/night-owls/new")
    writer.fill("textarea[name=text]", CRISIS)
    press(writer, "Post it")
    writer.wait_for_url("**/p/**")
    writer.get_by_role("heading", name="Your words are posted. And how are you?").wait_for()
    assert CRISIS in writer.locator("main").inner_text(), "stored and shown before any help"
    axe(writer, "safety-crisis-own")

    reader = new_page(DESK)
    sign_in(reader, "Quiet Heron")
    reader.goto(writer.url.partition("?")[0])
    shown = reader.locator("main").inner_text()
    assert CRISIS in shown and "And how are you?" not in shown, "the offer is for the writer alone"

    for _turn in range(60):
        writer.goto("/talk/c")
        if writer.get_by_text("Something you wrote here made us want to ask how you are").count():
            break
        writer.wait_for_timeout(500)
    said = writer.locator("main").inner_text()
    assert "you have done nothing wrong" in said
    handle = said.partition("You are ")[2].partition(" here.")[0]
    ada = new_page(DESK)
    sign_in(ada, "Ada")
    ada.goto("/supervisor")
    board = ada.locator("main").inner_text().partition("\nWaiting\n")[2]
    first = board[: board.index(handle)]
    assert not any(calm in first for calm in ("C0", "C1", "C2", "C3")), "they come before everybody calmer"
    ada.locator("main a", has_text=handle).last.click()
    ada.get_by_text("we made them an offer").first.wait_for()
    assert "I have the pills here" in ada.locator("main").inner_text()
    writer.goto("/me/decisions")
    assert not writer.locator("main a[href^='/decisions/']").count(), "being in crisis is no case"
