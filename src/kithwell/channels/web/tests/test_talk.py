"""Web chat: from the first word to the receipt of deletion, without scripts and without an account."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kithwell.channels.web import access, actions, live, rules, tasks
from kithwell.channels.web.models import WebFeedback, WebVisitor
from kithwell.directory import static
from kithwell.kernel import clock, limits
from kithwell.kernel import live as kernel_live
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access
from kithwell.people import actions as people
from kithwell.support import actions as support
from kithwell.support import queries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en-GB,en"})


def begin(browser: Client, text: str = "Hello, it is a hard day", **more: str) -> Any:
    return browser.post(
        "/talk/start", {"text": text, "client_key": "first-key", "country": "GB", **more}, follow=True
    )


def cookies(browser: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def who(browser: Client) -> Principal:
    row = access.visitor(cookies(browser))
    assert row is not None
    return Principal("visitor", row.contact)


def transcript(browser: Client) -> queries.transcript:  # type: ignore[valid-type]
    view = queries.person(who(browser))
    assert view.conversation_id is not None
    return queries.transcript(who(browser), view.conversation_id)


def said(browser: Client, author: str = "person") -> list[str]:
    return [m.text for m in transcript(browser).messages if m.author == author]  # type: ignore[attr-defined]


def supporter(name: str = "Sam") -> Principal:
    ident = people.create_account(f"{name} {clock.now().timestamp()}", roles=("supporter", "supervisor"))
    return Principal("account", ident, name, frozenset({"supporter", "supervisor"}), stepped_up=True)


def test_the_start_page_says_what_is_private_and_who_is_there(browser: Client) -> None:
    page = browser.get("/talk").content.decode()
    assert "no account and no name" in page and "people on our team who help you can read" in page
    assert "Nobody from our team is here right now" in page
    assert 'href="/help"' in page
    assert re.search(r'<option value="GB" selected', page)


def test_the_first_words_are_answered_at_once_and_shown(browser: Client) -> None:
    page = begin(browser).content.decode()
    assert "Hello, it is a hard day" in page
    assert "I am a computer program" in page and "not an emergency service" in page
    assert all(title in page for title in ("Managing", "Struggling", "In danger now"))


def test_one_may_start_without_a_word(browser: Client) -> None:
    page = begin(browser, "").content.decode()
    assert "Your message" in page and said(browser) == []
    browser.post("/talk/c/send", {"text": "now I can", "client_key": "second-key"})
    assert said(browser) == ["now I can"]


def test_a_form_sent_twice_is_one_message_and_other_words_are_another(browser: Client) -> None:
    begin(browser)
    for _ in range(3):
        browser.post("/talk/c/send", {"text": "are you there", "client_key": "key-number-2"})
    browser.post("/talk/c/send", {"text": "are you there", "client_key": "key-number-3"})
    assert said(browser) == ["Hello, it is a hard day", "are you there", "are you there"]


def test_the_same_key_from_two_people_gives_two_messages(browser: Client) -> None:
    other = Client()
    begin(browser, "one")
    begin(other, "two")
    assert said(browser) == ["one"] and said(other) == ["two"]


@pytest.mark.parametrize("key", ["", "x", "k" * 500, "bad key \n", "ключ"])
def test_a_strange_key_loses_no_words(browser: Client, key: str) -> None:
    begin(browser)
    browser.post("/talk/c/send", {"text": "still heard", "client_key": key})
    assert said(browser)[-1] == "still heard"


def test_words_that_are_too_long_come_back_in_the_form(browser: Client) -> None:
    begin(browser)
    long = "a" * 4001
    answer = browser.post("/talk/c/send", {"text": long, "client_key": "key-long-1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and long in page and "4001" in page and "Nothing was lost" in page
    assert said(browser) == ["Hello, it is a hard day"]
    assert browser.post("/talk/c/send", {"text": "a" * 4000, "client_key": "key-long-2"}).status_code == 303


def test_the_first_words_may_be_too_long_as_well(browser: Client) -> None:
    answer = browser.post("/talk/start", {"text": "b" * 4001, "client_key": "first-key"})
    assert answer.status_code == 422 and "b" * 4001 in answer.content.decode()
    assert "kw_visitor" not in browser.cookies


def test_a_script_is_told_in_data_what_is_wrong(browser: Client) -> None:
    begin(browser)
    answer = browser.post(
        "/talk/c/send",
        {"text": "c" * 5000, "client_key": "key-data-1"},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422 and "5000" in answer.json()["message"]
    good = browser.post(
        "/talk/c/send", {"text": "hi", "client_key": "key-data-2"}, headers={"accept": "application/json"}
    )
    assert good.status_code == 204 and good.headers["X-Client-Key"]


def test_a_ready_answer_is_a_message_and_counts_once(browser: Client) -> None:
    begin(browser)
    for _ in range(2):
        browser.post("/talk/c/press", {"button": "struggling", "client_key": "press-key-1"})
    assert said(browser)[-1] == "Struggling" and said(browser).count("Struggling") == 1
    assert "hardest part" in " ".join(said(browser, "assistant"))
    before = said(browser)
    browser.post("/talk/c/press", {"button": "no-such-button", "client_key": "press-key-2"})
    assert said(browser) == before


def test_only_the_latest_ready_answers_are_offered(browser: Client) -> None:
    begin(browser)
    page = browser.post("/talk/c/press", {"button": "struggling", "client_key": "press-key-1"}, follow=True)
    assert "Breathing" in page.content.decode() and 'value="managing"' not in page.content.decode()


def test_asking_for_a_person_is_granted_a_place(browser: Client) -> None:
    begin(browser)
    browser.post("/talk/c/person")
    view = queries.person(who(browser))
    assert view.state == "waiting" and view.queue_position == 0


def test_the_ready_answer_for_a_person_is_said_and_granted_also_when_it_is_old(browser: Client) -> None:
    begin(browser)
    browser.post("/talk/c/press", {"button": "struggling", "client_key": "press-key-1"})
    browser.post("/talk/c/press", {"button": "human", "client_key": "press-key-2"})
    assert said(browser)[-1] == "Talk to a person" and queries.person(who(browser)).state == "waiting"
    assert 'value="human"' not in browser.get("/talk/c").content.decode()
    fresh = Client()
    begin(fresh)
    fresh.post("/talk/c/press", {"button": "human", "client_key": "press-key-3"})
    assert "in line" in said(fresh, "assistant")[-1] or "Nobody from our team" in said(fresh, "assistant")[-1]


def test_what_comes_new_is_fetched_in_pieces(browser: Client) -> None:
    begin(browser)
    n = transcript(browser).n  # type: ignore[attr-defined]
    of = str(transcript(browser).conversation_id)  # type: ignore[attr-defined]
    empty = browser.get(f"/talk/c/new?of={of}&since={n}")
    assert "article" not in empty.content.decode() and empty.headers["X-Since"] == str(n)
    browser.post("/talk/c/send", {"text": "one more", "client_key": "key-new-1"})
    piece = browser.get(f"/talk/c/new?of={of}&since={n}")
    assert "one more" in piece.content.decode() and "Hello, it is" not in piece.content.decode()
    other = browser.get(f"/talk/c/new?of=something&since={n}")
    assert "Hello, it is" in other.content.decode()
    assert piece.headers["Cache-Control"] == "no-store"


def test_when_a_person_answers_their_name_is_shown_and_the_computer_is_silent(browser: Client) -> None:
    begin(browser)
    sam = supporter()
    support.start_shift(sam)
    taken = support.take_next(sam)
    assert taken is not None
    version = queries.transcript(sam, taken).version
    support.reply(sam, taken, "Hello, I am here.", client_key="reply-key-1", version=version)
    page = browser.get("/talk/c").content.decode()
    assert "Hello, I am here." in page and "a person" in page and "picks" not in page
    count = len(said(browser, "assistant"))
    browser.post("/talk/c/send", {"text": "thank you Sam", "client_key": "key-silent-1"})
    assert len(said(browser, "assistant")) == count
    assert sam.name in page or "You are talking with" in page


def test_nobody_without_the_cookie_sees_anything(browser: Client) -> None:
    begin(browser)
    stranger = Client()
    assert stranger.get("/talk/c").status_code == 303
    assert stranger.get("/talk/c/new").status_code == 404
    assert stranger.get("/talk/c/now").status_code == 404
    stranger.cookies["kw_visitor"] = "guessed"
    assert stranger.get("/talk/c").status_code == 303


def test_secrets_are_stored_only_as_keyed_hashes(browser: Client) -> None:
    begin(browser)
    page = browser.post("/talk/c/link").content.decode()
    secret = re.search(r"/talk/r/([\w-]+)", page)
    assert secret
    row = WebVisitor.objects.get()
    stored = {row.visit, row.device, row.link}
    assert len(stored) == 3 and all(len(value or "") == 64 for value in stored)
    for plain in (secret[1], browser.cookies["kw_visitor"].value, browser.cookies["kw_device"].value):
        assert plain not in stored
    for name in ("kw_visitor", "kw_device"):
        assert browser.cookies[name]["httponly"] and browser.cookies[name]["samesite"] == "Lax"


def test_the_link_opens_the_conversation_only_in_the_browser_it_was_made_in(browser: Client) -> None:
    begin(browser)
    link = re.search(r"/talk/r/[\w-]+", browser.post("/talk/c/link").content.decode())
    assert link
    browser.post("/talk/c/away")
    assert browser.get("/talk/c").status_code == 303
    assert Client().get(link[0]).status_code == 404
    back = browser.get(link[0])
    assert back.status_code == 303 and back.headers["Location"] == "/talk/c"
    assert said(browser) == ["Hello, it is a hard day"]


def test_a_newer_link_replaces_the_older(browser: Client) -> None:
    begin(browser)
    first = re.search(r"/talk/r/[\w-]+", browser.post("/talk/c/link").content.decode())
    second = re.search(r"/talk/r/[\w-]+", browser.post("/talk/c/link").content.decode())
    assert first and second
    assert browser.get(first[0]).status_code == 404 and browser.get(second[0]).status_code == 303


def test_a_visit_lasts_a_day_from_its_last_use(browser: Client) -> None:
    begin(browser)
    with clock.shifted(timedelta(hours=23)):
        assert browser.get("/talk/c").status_code == 200
    with clock.shifted(timedelta(hours=46)):
        assert browser.get("/talk/c").status_code == 200
    with clock.shifted(timedelta(hours=71)):
        assert browser.get("/talk/c").status_code == 303


def test_words_from_a_page_whose_visit_is_over_are_heard_in_a_new_conversation(browser: Client) -> None:
    begin(browser)
    with clock.shifted(timedelta(days=3)):
        page = browser.post(
            "/talk/c/send", {"text": "I want to die", "client_key": "key-late-1"}, follow=True
        )
        assert page.status_code == 200 and "I want to die" in page.content.decode()
        assert "Your words arrived" in page.content.decode()
        assert said(browser) == ["I want to die"]


def test_ending_leaves_the_words_and_the_next_word_begins_anew(browser: Client) -> None:
    begin(browser)
    page = browser.post("/talk/c/end", follow=True).content.decode()
    assert "has ended" in page and "Hello, it is a hard day" in page and "Did this help?" in page
    browser.post("/talk/c/send", {"text": "again me", "client_key": "key-again-1"})
    assert said(browser) == ["again me"]


def test_feedback_is_optional_counts_once_and_leads_to_nobody(browser: Client) -> None:
    begin(browser)
    browser.post("/talk/c/end")
    browser.post("/talk/c/feedback", {"helped": "some"})
    browser.post("/talk/c/feedback", {"helped": "no"})
    assert [f.helped for f in WebFeedback.objects.all()] == ["some"]
    assert browser.post("/talk/c/feedback", {"helped": "very"}).status_code == 422
    fields = {f.name for f in WebFeedback._meta.get_fields()}
    assert fields == {"id", "once", "helped", "day"}


def test_deleting_asks_once_erases_everything_and_gives_a_receipt(browser: Client) -> None:
    begin(browser)
    visitor = who(browser)
    assert "Delete this conversation?" in browser.get("/talk/c/delete").content.decode()
    assert said(browser)
    page = browser.post("/talk/c/delete").content.decode()
    assert "receipt" in page.lower() and "Receipt number" in page
    assert not WebVisitor.objects.exists()
    assert browser.get("/talk/c").status_code == 303
    with pytest.raises(NotFound):
        queries.person(visitor)


def test_after_deleting_elsewhere_an_open_page_begins_anew(browser: Client) -> None:
    begin(browser)
    visitor = who(browser)
    assert visitor.id is not None
    support.erase_contact(visitor, visitor.id, "asked by the person")
    assert browser.get("/talk/c").status_code == 303
    browser.post("/talk/c/send", {"text": "I am back", "client_key": "key-back-1"}, follow=True)
    assert said(browser) == ["I am back"]


def test_hundreds_of_messages_are_all_heard(browser: Client) -> None:
    begin(browser)
    for n in range(60):
        assert (
            browser.post("/talk/c/send", {"text": f"help {n}", "client_key": f"flood-key-{n}"}).status_code
            == 303
        )
    assert len(said(browser)) == 61
    assert len(said(browser, "assistant")) < 40


def test_only_the_person_may_listen_to_their_conversation(browser: Client) -> None:
    begin(browser)
    other = Client()
    begin(other, "somebody else")
    mine = str(transcript(browser).conversation_id)  # type: ignore[attr-defined]
    assert live.conversation(cookies(browser), mine) == transcript(browser).n  # type: ignore[attr-defined]
    for strange in ({}, {"kw_visitor": "x"}, cookies(other)):
        with pytest.raises(kernel_live.Refused):
            kernel_live.authorise(strange, f"conversation:{mine}")
    with pytest.raises(kernel_live.Refused):
        kernel_live.authorise(cookies(browser), "conversation:not-an-id")


def test_a_form_of_another_site_is_refused(browser: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/talk/start", {"text": "x"}).status_code == 403


def test_pages_are_kept_out_of_caches_and_have_quiet_titles(browser: Client) -> None:
    begin(browser)
    answer = browser.get("/talk/c")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<title>Conversation</title>" in answer.content.decode()


def member(name: str = "Quiet Heron") -> Client:
    people.create_account(name, "a long pass phrase")
    limits.forget_all()
    client = Client()
    assert client.post("/sign-in", {"name": name, "password": "a long pass phrase"}).status_code == 303
    return client


def test_a_member_may_keep_the_conversation_with_their_account_and_find_it_elsewhere() -> None:
    here = member()
    assert "Keep this conversation with my account" in here.get("/talk").content.decode()
    begin(here, "words of a member", link="1")
    assert "kw_visitor" not in here.cookies
    elsewhere = Client()
    elsewhere.post("/sign-in", {"name": "Quiet Heron", "password": "a long pass phrase"})
    page = elsewhere.get("/talk/c").content.decode()
    assert "words of a member" in page and "Show my link" not in page
    assert "words of a member" not in Client().get("/talk", follow=True).content.decode()


def test_without_the_tick_nobody_can_tell_that_it_is_the_member() -> None:
    here = member()
    begin(here, "words of nobody")
    assert "kw_visitor" in here.cookies
    elsewhere = Client()
    elsewhere.post("/sign-in", {"name": "Quiet Heron", "password": "a long pass phrase"})
    assert elsewhere.get("/talk/c").status_code == 303
    account = people_access.principal_from_cookies(cookies(here))
    with pytest.raises(NotFound):
        queries.person(account)


def test_a_member_deletes_one_conversation_and_keeps_the_account() -> None:
    here = member()
    begin(here, "to be deleted", link="1")
    page = here.post("/talk/c/delete").content.decode()
    assert "Receipt number" in page
    assert "to be deleted" not in here.get("/talk/c", follow=True).content.decode()
    assert here.get("/me").status_code == 200


def test_the_language_and_country_that_are_chosen_hold_for_the_answer_and_the_site(browser: Client) -> None:
    page = begin(browser, "hola", language="es", country="MX").content.decode()
    assert "Soy un programa" in page
    assert browser.cookies["kw_country"].value == "MX" and browser.cookies["kw_language"].value == "es"
    browser.post("/talk/c/press", {"button": "danger", "client_key": "press-key-9"})
    assert any("911" in text for text in said(browser, "assistant"))


def test_the_sites_default_country_is_nobodys_country(browser: Client, settings: Any) -> None:
    settings.KITHWELL = {**settings.KITHWELL, "default_country": "US"}
    plain = Client(headers={"accept-language": "es"})
    plain.post("/talk/start", {"text": "quiero morir", "client_key": "first-key", "language": "en"})
    plain.post("/talk/c/press", {"button": "danger", "client_key": "press-key-9"})
    assert not any(re.search(r"911|988", text) for text in said(plain, "assistant"))


def test_the_help_page_is_told_who_is_there(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "folder", lambda: tmp_path)
    monkeypatch.setattr(static, "_state", (0.0, static.UNKNOWN))
    tasks.tell_help_page.function()
    assert static.staffing().known and not static.staffing().staffed


def test_old_visitors_are_forgotten(browser: Client) -> None:
    begin(browser)
    assert actions.sweep() == 0
    with clock.shifted(timedelta(days=366)):
        assert actions.sweep() == 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_message_id_belongs_to_one_person_and_never_grows_too_long(key: str, extra: str) -> None:
    made = rules.message_id("a" * 32, key, extra)
    assert len(made) <= 190
    assert made == "" or made.startswith("a" * 32 + ":")
    assert made == "" or rules.message_id("b" * 32, key, extra) != made


@given(st.integers(-5, 10_000))
def test_waits_and_places_are_told_in_steps(n: int) -> None:
    assert rules.told_minutes(n) >= min(n, 240)
    assert (rules.place(n) == "") == (n < 0)


def test_in_danger_the_emergency_number_is_a_button_that_stays_above_the_box(browser: Client) -> None:
    begin(browser)
    assert 'href="tel:999"' not in browser.get("/talk/c/now").content.decode()
    browser.post("/talk/c/press", {"button": "danger", "client_key": "press-key-1"})
    piece = browser.get("/talk/c/now").content.decode()
    assert 'href="tel:999"' in piece and 'href="/help"' in piece
    nowhere = Client(headers={"accept-language": "es"})
    begin(nowhere, "hola", country="")
    nowhere.post("/talk/c/press", {"button": "danger", "client_key": "press-key-1"})
    piece = nowhere.get("/talk/c/now").content.decode()
    assert "tel:" not in piece and 'href="/help"' in piece
