"""The help page: right numbers for every country, whole in one answer, standing when everything else falls."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kithwell.directory import help_page, native, queries, static, words
from kithwell.kernel import clock

LIMIT = 30_000  # bytes, style included
WHEN = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_december(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(static, "folder", lambda: tmp_path / "help")
    monkeypatch.setattr(static, "_state", (0.0, help_page.UNKNOWN))
    with clock.frozen(WHEN):
        yield


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=native.routes))


class Links(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.forms: list[dict[str, str | None]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and (href := values.get("href")):
            self.found.add(href)
        if tag == "form":
            self.forms.append(values)

    def numbers(self) -> set[str]:
        return {re.split(r"[:?]", href)[1] for href in self.found if href.startswith(("tel:", "sms:"))}


def allowed_numbers(country: str) -> set[str]:
    lines = queries.helplines(country)
    emergency = queries.emergency(country)
    found = {n for line in lines for n in (line.phone_dial, line.sms_dial) if n}
    return found | ({n.number for n in emergency.numbers} if emergency else set())


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_country_shows_all_its_own_numbers_and_nobody_elses(language: str) -> None:
    for country in queries.codes():
        page = help_page.render(country, language)
        assert Links(page).numbers() == allowed_numbers(country), country
        assert len(page) < LIMIT, country
        unchecked = [line for line in queries.helplines(country, for_crisis=False) if line.grade == "C"]
        for line in unchecked:
            assert f">{line.name}<".encode() not in page


@pytest.mark.parametrize("country", ["", "ZZ", "XX", "../", "gb<"])
def test_an_unknown_country_gets_no_number_and_is_told_so(country: str) -> None:
    page = help_page.render(country, "en")
    assert Links(page).numbers() == set()
    assert b"Call your local emergency number" in page
    assert b"Choose your country" in page


def test_the_page_is_whole_in_one_answer_and_allows_only_its_own_style(client: TestClient) -> None:
    answer = client.get("/help", headers={"accept-language": "en-GB,en;q=0.9"})
    assert answer.status_code == 200 and len(answer.content) < LIMIT
    text = answer.text
    assert '<link rel="stylesheet"' not in text and "style=" not in text.replace("data-style=", "")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    policy = answer.headers["content-security-policy"]
    assert help_page.style_hash() in policy and "unsafe-inline" not in policy
    assert re.search(r"<style>(.*?)</style>", text, re.S).group(1) == help_page._css()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("accept", "country"),
    [
        ("en-GB,en;q=0.9", "GB"),
        ("es", ""),
        ("de-CH,de;q=0.9,en-US;q=0.5", "CH"),
        ("es-419,es;q=0.9", ""),
        ("", ""),
        ("*", ""),
        ("fr;q=0.1,en-AU", "AU"),
    ],
)
def test_the_country_is_guessed_only_from_the_browsers_region(
    client: TestClient, accept: str, country: str
) -> None:
    page = client.get("/help", headers={"accept-language": accept}).content
    assert Links(page).numbers() == (allowed_numbers(country) if country else set())
    assert (b"We guessed" in page or b"Hemos supuesto" in page) == bool(country)


def test_a_chosen_country_stands_before_the_browsers_and_is_remembered(client: TestClient) -> None:
    first = client.get("/help?country=IE", headers={"accept-language": "en-US"})
    assert Links(first.content).numbers() == allowed_numbers("IE")
    assert b"We guessed" not in first.content
    again = client.get("/help", headers={"accept-language": "en-US"})
    assert Links(again.content).numbers() == allowed_numbers("IE")
    forgotten = client.get("/help?country=", headers={"accept-language": "en-US"})
    assert Links(forgotten.content).numbers() == set()


def test_the_sites_default_country_lends_nobody_its_numbers(client: TestClient, settings: Any) -> None:
    settings.KITHWELL = {**settings.KITHWELL, "default_country": "US"}
    assert Links(client.get("/help", headers={"accept-language": "es"}).content).numbers() == set()


def test_the_chooser_is_a_plain_form_and_the_way_to_us_a_plain_link(client: TestClient) -> None:
    links = Links(client.get("/help").content)
    assert {"/talk", "/"} <= links.found
    assert [(f["method"], f["action"]) for f in links.forms] == [("get", "/help")]


def test_the_language_can_be_chosen_and_is_named(client: TestClient) -> None:
    page = client.get("/help?lang=es&country=MX").text
    assert '<html lang="es"' in page and "Ayuda ahora" in page
    assert '<html lang="en"' in client.get("/help?lang=xx").text


@pytest.mark.parametrize(
    ("staffed", "minutes", "words_id", "told"),
    [
        (True, 0, "talk_now", ""),
        (True, 7, "talk_soon", "10"),
        (True, 90, "talk_soon", "90"),
        (True, 119, "talk_hours", "2"),
        (True, 130, "talk_hours", "3"),
        (False, -1, "talk_closed", ""),
    ],
)
def test_who_is_there_is_told_as_it_is(
    client: TestClient, staffed: bool, minutes: int, words_id: str, told: str
) -> None:
    static.tell(staffed, minutes)
    expected = words.EN[words_id].replace("{minutes}", told).replace("{hours}", told)
    assert expected in client.get("/help").text


def test_old_news_about_who_is_there_is_not_believed(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    static.tell(True, 0)
    with clock.frozen(datetime(2026, 12, 1, 13, tzinfo=UTC)):
        assert words.EN["talk_unknown"] in client.get("/help").text


def test_a_wait_is_never_told_shorter_than_it_is() -> None:
    for minutes in range(300):
        assert static._rounded(minutes) >= min(minutes, 240)


def test_what_was_reviewed_is_complete_in_both_languages() -> None:
    assert words.EN.keys() == words.ES.keys()
    for key, text in words.EN.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", words.ES[key])), key
        assert text.strip() and words.ES[key].strip()
    assert all(
        line.for_everybody or line.audience in words.AUDIENCES
        for c in queries.codes()
        for line in queries.helplines(c)
    )


def test_every_text_is_listed_for_clinical_review() -> None:
    listed = (Path(__file__).resolve().parents[4] / "docs/clinical/directory.md").read_text(encoding="utf-8")
    missing = [
        key
        for key, text in words.EN.items()
        if f"| help.{key} | {text} — *es:* {words.ES[key]} |" not in listed
    ]
    assert not missing


def test_the_copies_on_disk_are_every_country_in_both_languages(tmp_path: Path) -> None:
    count = static.write_all()
    assert count == len({"en", "es", *help_page.languages()}) * (len(queries.codes()) + 1)
    kept = (tmp_path / "help" / "es" / "MX.html").read_bytes()
    assert Links(kept).numbers() == allowed_numbers("MX")
    assert Links((tmp_path / "help" / "en" / "none.html").read_bytes()).numbers() == set()


def test_when_the_page_cannot_be_made_the_copy_of_the_same_country_is_served(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    static.write_all()

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise RuntimeError("the template is gone")

    monkeypatch.setattr(help_page, "render", broken)
    answer = client.get("/help", headers={"accept-language": "en-GB"})
    assert answer.status_code == 200
    assert Links(answer.content).numbers() == allowed_numbers("GB")


def test_with_nothing_left_there_are_still_words_and_no_wrong_number(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError

    for name in ("render", "policy", "languages"):
        monkeypatch.setattr(help_page, name, broken)
    answer = client.get("/help", headers={"accept-language": "en-GB"})
    assert answer.status_code == 200 and b"local emergency number" in answer.content
    assert Links(answer.content).numbers() == set()


def test_fallback_never_raises_whatever_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for country, lang in (("", ""), ("\0", "\0"), ("gb", "EN-gb"), ("../../etc", "../.."), ("日", "zh")):
        assert static.fallback(country, lang).startswith(b"<!doctype html>")


def test_an_expired_list_shows_no_number_and_says_what_to_do() -> None:
    with clock.frozen(datetime(2031, 1, 1, tzinfo=UTC)):
        page = help_page.render("GB", "en")
    assert Links(page).numbers() == set()
    assert words.EN["lines_none"].encode() in page.replace(b"&#39;", b"'")


def test_the_page_touches_no_database(client: TestClient) -> None:
    # No django_db mark: pytest-django fails the test if anything asks the database.
    assert client.get("/help", headers={"accept-language": "en-GB"}).status_code == 200
    json.dumps([line.id for line in queries.helplines("GB", on=date(2026, 12, 1))])
