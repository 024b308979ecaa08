"""The interface in a real browser: reachable by everyone, and live without ever being in the way."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from kithwell.ui.tests.conftest import until

pytestmark = [pytest.mark.browser, pytest.mark.once]
SMALL = {"width": 320, "height": 640}
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
ZOOMED = {"width": 640, "height": 400}  # 1280 x 800 at 200 %
PAGES = (
    "/", "/about/privacy", "/about/leaving", "/styleguide", "/styleguide/chat", "/styleguide/desk",
    "/styleguide/phone", "/styleguide?dir=rtl",
)  # fmt: skip
TARGETS = (
    "button, select, summary, .btn, .nav a, .tabs a, .foot li a, .conv, .pane-tabs a, label.choice, .scale label, "
    "label.tick, .brand"
)


def true(page, expression: str, seconds: float = 30) -> None:
    """Waits until a JavaScript expression is true; through the debugger, because the page's policy forbids eval."""
    until(lambda: page.evaluate(expression), seconds)


def name_of(path: str) -> str:
    return "ui" + path.replace("/", "-").replace("?dir=", "-").rstrip("-")


@pytest.mark.parametrize("dark", (False, True), ids=("light", "dark"))
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_in_both_themes_on_phone_and_desk(new_page, stage, axe, path, dark):
    page = new_page(PHONE, dark=dark, server=stage)
    for width, viewport in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(viewport)
        page.goto(path)
        axe(page, f"{name_of(path)}-{width}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("viewport", (SMALL, ZOOMED), ids=("320 px", "200 %"))
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_small_screen_or_under_zoom(new_page, stage, axe, path, viewport):
    page = new_page(viewport, server=stage)
    page.goto(path)
    axe(page)


@pytest.mark.parametrize("path", PAGES)
def test_every_target_is_large_enough_for_a_shaking_thumb(new_page, stage, path):
    page = new_page(PHONE, server=stage)
    page.goto(path)
    small = page.evaluate(
        """(targets) => [...document.querySelectorAll(targets)].filter(e => e.checkVisibility())
        .map(e => e.closest(".segment") ?? e).map(e => [e, e.getBoundingClientRect()])
        .filter(([, r]) => r.height < 43.5)
        .map(([e, r]) => `${e.outerHTML.slice(0, 90)} ${r.width}x${r.height}`)""",
        TARGETS,
    )
    assert not small, "\n".join(small)


def test_help_now_and_leave_stay_in_reach_on_a_phone(new_page, stage):
    page = new_page(PHONE, server=stage)
    page.goto("/about/privacy")
    for _ in range(2):
        for text in ("Help now", "Leave"):
            box = page.locator(".top .btn", has_text=text).bounding_box()
            assert box and 0 <= box["y"] < 60 and box["x"] + box["width"] <= PHONE["width"]
        page.evaluate("scrollTo(0, 1500)")


def test_a_jump_to_a_heading_or_a_focused_field_is_not_hidden_under_the_bar(new_page, stage):
    page = new_page({"width": 390, "height": 500}, server=stage)
    page.goto("/styleguide")
    for field in page.locator("main .input:visible").all()[:8]:
        field.focus()
        box = field.bounding_box()
        assert box and box["y"] >= 60


# Leaving


def left(page) -> None:
    page.wait_for_url("**/harmless")
    assert page.title() == "Weather"


def test_the_leave_button_replaces_the_page_and_back_leads_away_again(new_page, stage):
    page = new_page(PHONE, server=stage)
    page.goto("/about/privacy")
    page.goto("/talk")
    page.fill("textarea", "something private")
    page.get_by_role("link", name="Leave").click()
    left(page)
    assert page.evaluate("sessionStorage.getItem('kw:draft:one')") is None
    page.evaluate("history.back()")
    page.wait_for_timeout(300)
    left(page)
    assert len(page.context.pages) == 1


def test_escape_three_times_leaves_and_twice_does_not(new_page, stage):
    page = new_page(DESK, server=stage)
    page.goto("/talk")
    page.locator("textarea").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert urlsplit(page.url).path == "/talk"
    page.keyboard.press("Escape")
    left(page)


def test_three_escapes_far_apart_do_not_leave(new_page, stage):
    page = new_page(DESK, server=stage)
    page.goto("/talk")
    # Times of the events are what counts: the second pair comes two seconds after the first press.
    page.clock.install()
    page.evaluate(
        """() => [0, 900, 1800, 2700].forEach((at) => {
          const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
          Object.defineProperty(event, "timeStamp", { value: at + 10000 });
          document.dispatchEvent(event);
        })"""
    )
    assert urlsplit(page.url).path == "/talk"


def test_leave_works_without_scripts(new_page, stage):
    page = new_page(PHONE, javascript=False, server=stage)
    page.goto("/about/privacy")
    page.get_by_role("link", name="Leave", exact=False).first.click()
    left(page)


# A live thread


def texts(page) -> list[str]:
    return page.locator(".bubble-body").all_inner_texts()


def test_a_new_message_appears_at_once_and_each_only_once(new_page, stage):
    stage.say("one")
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    until(lambda: stage.listeners)
    for word in ("two", "three", "four"):
        stage.say(word)
    true(page, "document.querySelectorAll('.bubble').length === 4")
    stage.tell("conversation:1", 4)
    stage.tell("conversation:1", 3)
    assert texts(page) == ["one", "two", "three", "four"]
    assert page.locator("[role=log]").get_attribute("aria-live") == "polite"


def test_a_message_that_arrives_late_takes_its_place_in_time(new_page, stage):
    stage.say("first", minutes=1)
    stage.say("third", minutes=9)
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    until(lambda: stage.listeners)
    stage.say("second", minutes=5)
    true(page, "document.querySelectorAll('.bubble').length === 3")
    assert texts(page) == ["first", "second", "third"]


def test_who_reads_above_is_not_moved_and_gets_a_pill(new_page, stage):
    for k in range(40):
        stage.say(f"line {k}")
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    until(lambda: stage.listeners)
    true(page, "scrollY > 500")
    page.evaluate("scrollTo(0, 300)")
    page.wait_for_timeout(50)
    stage.say("new one")
    pill = page.locator(".pill-new")
    pill.wait_for()
    assert abs(page.evaluate("scrollY") - 300) < 3
    pill.click()
    true(
        page, "[...document.querySelectorAll('.bubble')].at(-1).getBoundingClientRect().bottom < innerHeight"
    )
    assert pill.count() == 0


def test_who_is_at_the_end_follows_the_conversation(new_page, stage):
    for k in range(40):
        stage.say(f"line {k}")
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    until(lambda: stage.listeners)
    true(page, "scrollY > 500")
    stage.say("new one")
    true(page, "[...document.querySelectorAll('.bubble')].at(-1).innerText.includes('new one')")
    true(
        page, "[...document.querySelectorAll('.bubble')].at(-1).getBoundingClientRect().bottom < innerHeight"
    )
    assert page.locator(".pill-new").count() == 0


def test_a_changed_status_replaces_the_bubble_in_place(new_page, stage):
    from dataclasses import replace

    stage.say("mine", author="person")
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    until(lambda: stage.listeners)
    stage.messages[0] = replace(stage.messages[0], n=2, status="read")
    stage.tell("conversation:1", 2)
    true(page, "document.querySelector('.status').textContent === 'Read'")
    assert texts(page) == ["mine"]


def test_a_cut_stream_comes_back_with_the_last_event_id_and_nothing_is_missed(new_page, stage):
    stage.say("one")
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    until(lambda: stage.listeners)
    stage.say("two")
    true(page, "document.querySelectorAll('.bubble').length === 2")
    stage.cut_streams()
    until(lambda: not stage.listeners or len(stage.last_ids) > 1)
    stage.say("three")
    true(page, "document.querySelectorAll('.bubble').length === 3")
    until(lambda: len(stage.last_ids) > 1)
    assert stage.last_ids[1].startswith("conversation:1=")


def test_without_a_stream_the_page_says_so_and_looks_for_itself(new_page, stage):
    stage.say("one")
    stage.streaming = False
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    true(page, "document.querySelector('.live-note').innerText.includes('Nothing is lost')")
    stage.say("two")
    true(page, "document.querySelectorAll('.bubble').length === 2", 12)
    stage.streaming = True
    true(page, "document.querySelector('.live-note').hidden", 40)
    page.troubles.clear()


# Writing


def test_words_are_sent_once_and_stand_in_the_thread(new_page, stage, axe):
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    page.fill("textarea", "hello")
    page.keyboard.press("Control+Enter")
    true(page, "document.querySelectorAll('.bubble:not(.is-pending)').length === 1")
    true(page, "!document.querySelector('.is-pending')")
    assert texts(page) == ["hello"] and page.input_value("textarea") == ""
    assert [s["text"] for s in stage.sent] == ["hello"]
    page.fill("textarea", "again")
    page.get_by_role("button", name="Send").click()
    true(page, "document.querySelectorAll('.bubble:not(.is-pending)').length === 2")
    assert stage.sent[0]["client_key"] != stage.sent[1]["client_key"]
    axe(page)


@pytest.mark.parametrize("trouble", ("cut", "500"))
def test_a_failed_sending_keeps_the_words_and_is_tried_again_under_the_same_key(
    new_page, stage, axe, trouble
):
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    stage.answer = trouble
    page.fill("textarea", "please read this")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your words are still here").first.wait_for()
    assert page.input_value("textarea") == "please read this"
    assert page.locator(".is-pending").count() == 0
    axe(page)
    stage.answer = "ok"
    page.get_by_role("button", name="Try again").click()
    true(page, "document.querySelectorAll('.bubble:not(.is-pending)').length === 1")
    true(page, "document.querySelector('textarea').value === ''")
    assert len({s["client_key"] for s in stage.sent}) == 1 and len(stage.sent) >= 2
    assert page.get_by_role("button", name="Try again").count() == 0
    page.troubles.clear()


def test_words_changed_after_a_failure_are_a_new_message(new_page, stage):
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    stage.answer = "conflict"
    page.fill("textarea", "first")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("taken over").wait_for()
    stage.answer = "ok"
    page.fill("textarea", "second")
    page.get_by_role("button", name="Send").click()
    true(page, "document.querySelectorAll('.bubble:not(.is-pending)').length === 1")
    assert stage.sent[0]["client_key"] != stage.sent[1]["client_key"]


def test_somebody_signed_out_is_told_and_keeps_their_words(new_page, stage):
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    stage.answer = "signed-out"
    page.fill("textarea", "kept")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("signed out").wait_for()
    assert page.input_value("textarea") == "kept"


def test_two_quick_presses_send_once_and_too_long_is_not_sent(new_page, stage):
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    page.fill("textarea", "x" * 101)
    assert "1 characters too many" in page.locator(".counter").inner_text()
    page.get_by_role("button", name="Send").click()
    assert stage.sent == []
    page.fill("textarea", "twice")
    page.evaluate(
        "() => { const f = document.querySelector('form.composer'); f.requestSubmit(); f.requestSubmit(); }"
    )
    true(page, "document.querySelectorAll('.bubble:not(.is-pending)').length === 1")
    assert len(stage.sent) == 1


def test_a_draft_survives_a_reload_and_goes_when_it_is_sent(new_page, stage):
    page = new_page(PHONE, server=stage)
    page.goto("/talk")
    page.fill("textarea", "half a thought")
    page.reload()
    assert page.input_value("textarea") == "half a thought"
    page.get_by_role("button", name="Send").click()
    true(page, "document.querySelectorAll('.bubble:not(.is-pending)').length === 1")
    page.reload()
    assert page.input_value("textarea") == ""


def test_writing_and_reading_work_without_scripts(new_page, stage):
    page = new_page(PHONE, javascript=False, server=stage)
    page.goto("/talk")
    page.fill("textarea", "no scripts here")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/talk")
    assert texts(page) == ["no scripts here"]


# The desk


def test_a_part_of_a_page_renews_itself_but_not_while_somebody_works_in_it(new_page, stage):
    page = new_page(DESK, server=stage)
    page.goto("/part")
    until(lambda: stage.listeners)
    stage.piece = "<p>new</p><input aria-label='in work'>"
    stage.tell("desk:1", 1)
    page.get_by_text("new", exact=True).wait_for()
    page.get_by_label("in work").fill("half")
    stage.piece = "<p>newest</p>"
    stage.tell("desk:1", 2)
    page.wait_for_timeout(200)
    assert page.get_by_label("in work").input_value() == "half"
    page.get_by_label("in work").blur()
    page.get_by_text("newest").wait_for()


def test_shortcuts_press_what_they_name_are_listed_and_can_be_turned_off(new_page, stage, axe):
    page = new_page(DESK, server=stage)
    page.goto("/part")
    page.evaluate("window.presses = 0")
    page.evaluate("document.getElementById('next').addEventListener('click', () => window.presses++)")
    page.keyboard.press("n")
    assert page.evaluate("presses") == 1
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    assert "Next" in dialog.inner_text()
    axe(page)
    dialog.get_by_role("button", name="Turn shortcuts off").click()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("n")
    assert page.evaluate("presses") == 1


def test_a_dialog_opens_over_the_page_and_unfolds_in_it_without_scripts(new_page, stage):
    page = new_page(DESK, server=stage)
    page.goto("/part")
    page.get_by_role("button", name="Open it").click()
    assert page.get_by_role("dialog", name="Hand over").get_by_text("Inside").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_text("Inside").is_visible()
    plain = new_page(DESK, javascript=False, server=stage)
    plain.goto("/part")
    plain.get_by_text("Open it").click()
    assert plain.get_by_text("Inside").is_visible()
