"""A story in real browsers, from the first word to the tap that takes it back. The reader has no scripts."""

from __future__ import annotations

import base64
import json
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
    author.goto(mine)
    author.locator("summary", has_text="Say yes for longer").click()
    author.get_by_label("For what?").select_option("network")
    author.get_by_role("button", name="Yes", exact=True).click()
    expect(author.locator("main")).to_contain_text("social networks until")
    axe(author, "story-public-own-phone-light")
    reader.goto("/stories")
    reader.get_by_role("link", name="The back row").click()
    public = reader.url
    said = json.loads(reader.locator('script[type="application/ld+json"]').text_content() or "")
    assert (said["@type"], said["headline"], said["url"]) == ("Article", "The back row", public)
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


RECORD = """async () => {
  const canvas = document.createElement("canvas"); canvas.width = 160; canvas.height = 120;
  const pen = canvas.getContext("2d"); let n = 0;
  const timer = setInterval(() => { pen.fillStyle = `hsl(${n++ * 9} 60% 50%)`; pen.fillRect(0, 0, 160, 120); }, 30);
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const parts = []; recorder.ondataavailable = (e) => parts.push(e.data);
  const done = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start(200); setTimeout(() => recorder.stop(), 1500); await done; clearInterval(timer);
  const reader = new FileReader();
  const read = new Promise((resolve) => { reader.onload = () => resolve(reader.result.split(",")[1]); });
  reader.readAsDataURL(new Blob(parts)); return read;
}"""


def test_a_film_made_in_a_browser_is_taken_captioned_and_plays_with_its_captions(
    new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    author = new_page(PHONE)
    sign_in(author, "Late Train", "/stories/write")
    film = base64.b64decode(author.evaluate(RECORD))
    assert len(film) > 500
    author.get_by_role("button", name="Begin").click()
    author.get_by_role("link", name="The whole story").click()
    author.locator("summary", has_text="Add a file").click()
    author.get_by_label("Picture, sound or film").set_input_files(
        {"name": "me.webm", "mimeType": "video/webm", "buffer": film}
    )
    author.get_by_role("button", name="Add it").click()
    author.get_by_label("What is said, with times").fill("0:00 I sang\n0:01 in the back row")
    axe(author, "story-captions-phone-light")
    author.get_by_role("button", name="Save", exact=True).click()
    video = author.locator("video")
    seen = video.evaluate(
        """async (v) => {
          v.muted = true; v.textTracks[0].mode = "showing";
          await v.play(); await new Promise((r) => { v.ontimeupdate = () => { if (v.currentTime > 0.3) r(); }; });
          v.pause();
          return [v.videoWidth, v.videoHeight, [...v.textTracks[0].cues].map((c) => c.text)];
        }"""
    )
    assert seen == [160, 120, ["I sang", "in the back row"]]
    axe(author, "story-film-phone-light")
