"""Nobody who reads Spanish meets an English sentence, and every offered language gets every public page.

The house of the access matrix is asked for every page and every refusal, in both languages; what reads the same in both
and is a sentence is a text that was never marked for translation, or has no words yet.
"""

from __future__ import annotations

import asyncio
import copy
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.access import desk, parts, rest, talk, world

from kithwell.config.front import Front
from kithwell.config.tests import driver
from kithwell.directory.queries import helplines
from kithwell.kernel import conf, limits, preferences
from kithwell.people.tests.matrix import ACCESS_MATRIX
from kithwell.support.models import Conversation, Message

pytestmark = pytest.mark.django_db
LEAST = 3  # words that make a sentence
PUBLIC = (
    "/",
    "/talk",
    "/join",
    "/sign-in",
    "/sign-in/other",
    "/about/privacy",
    "/about/leaving",
    "/nothing-here",
)

# What reads the same in both languages because it is somebody's own words or a name: of the house, of the samples.
DATA = (
    r"gently, please|Toni.*: you know more|went well|I feel low.*|is anybody there|good evening|thank you for yesterday"
    r"|I am going to end my life right now.*|I write from the library|and I from the train|I am here"
    r"|(Web|WhatsApp|fake) .*|(Quiet|Brave) \w+|[A-Z][a-z]+ [A-Z][a-z]+"
    r"|support\.tasks\.\S+|[\d:., -]+.*"
    r"|a JSON object is wanted"  # said to programs
    r"|[A-Z]\w+/[A-Z][\w/ -]+"  # time zones, as the world calls them
)
_DATA = re.compile(DATA)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SPOKEN = ("aria-label", "title", "placeholder", "alt")
# A conversation is in its own language, whatever the reader's; <q> and dir="auto" hold people's words.
_THEIRS = re.compile(r"\b(bubble-body|picks|quick-reply|note)\b")


class Reader(HTMLParser):
    """Collects what a page says: texts, and attributes that are read out or that scripts show."""

    VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.lang = self.dir = ""
        self._open: list[tuple[str, bool]] = []  # tag, and whether what is inside is not ours to translate

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "html":
            self.lang, self.dir = given.get("lang", ""), given.get("dir", "ltr")
        theirs = tag in ("script", "style", "q", "code") or (given.get("dir") == "auto" and tag != "textarea")
        theirs = theirs or "hreflang" in given or ("lang" in given and tag != "html")  # says what it is in
        theirs = theirs or bool(_THEIRS.search(given.get("class", "")))
        inside = theirs or bool(self._open and self._open[-1][1])
        if tag not in self.VOID:
            self._open.append((tag, inside))
        if not inside:
            for name, value in given.items():
                if name in _SPOKEN or (name.startswith("data-") and " " in value):
                    self._hear(value)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self._hear(data)

    def _hear(self, text: str) -> None:
        text = " ".join(text.split())
        if len(_WORD.findall(text)) >= LEAST:
            self.said.add(text)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def same_in_both(english: str, spanish: str, data: Iterable[str] = ()) -> list[str]:
    """Sentences that stand in both pages and are nobody's own words."""
    here, there = read(english), read(spanish)
    assert (here.lang, there.lang) == ("en", "es")
    known = set(data)
    return sorted(t for t in here.said & there.said if not _DATA.fullmatch(t) and t not in known)


@pytest.fixture
def house() -> Iterator[world.World]:
    limits.forget_all()
    yield world.build()
    limits.forget_all()


def _ask(
    client: Client, method: str, path: str, form: dict[str, Any], places: dict[str, str], lang: str
) -> Any:
    """One request in a language, and then everything as it was before."""
    limits.forget_all()
    jar, path = copy.deepcopy(client.cookies), path.format(**places)
    filled = {key: str(value).format(**places) for key, value in form.items()}
    with transaction.atomic():
        send = client.get if method == "GET" else client.post
        answer = send(path, filled if method == "POST" else None, headers={"accept-language": lang})
        transaction.set_rollback(True)
    client.cookies = jar
    return answer


def _questions() -> list[tuple[str, str, str, dict[str, Any]]]:
    """(role, method, path, form): one for each way a page of the product can answer."""
    people = [(method, path, {}, statuses) for path, method, statuses in ACCESS_MATRIX]
    found: list[tuple[str, str, str, dict[str, Any]]] = [("steward", "GET", "/ops/channels", {})]
    for method, path, form, statuses in (*desk.ROWS, *rest.ROWS, *talk.ROWS, *parts.ROWS, *people):
        by_status = {status: role for role, status in reversed(statuses.items()) if status not in (204, 303)}
        found += [(role, method, path, form) for role in by_status.values()]
    return found


def test_no_page_and_no_refusal_shows_an_english_sentence_in_spanish(house: world.World) -> None:
    wrong: dict[str, str] = {}
    asked, lines = 0, [*(line.name for line in helplines("GB")), *parts.WORDS]
    for role, method, path, form in _questions():
        if any(field not in house.places for field in re.findall(r"{(\w+)}", path)):
            continue  # a place of another test's house
        client = house.clients[role]
        english, spanish = (_ask(client, method, path, form, house.places, lang) for lang in ("en", "es"))
        assert english.status_code == spanish.status_code, f"{role}: {method} {path}"
        if english.get("Content-Type", "").startswith("text/html") and b"<html" in english.content:
            asked += 1
            for text in same_in_both(english.content.decode(), spanish.content.decode(), lines):
                wrong.setdefault(text, f"{role}: {method} {path}")
    assert asked > 60
    assert not wrong, "\n".join(f"{text!r}  ({where})" for text, where in wrong.items())


def test_the_help_page_has_no_english_sentence_in_spanish() -> None:
    front = Front()

    def help_page(lang: str) -> str:
        return asyncio.run(driver.ask(front, "GET", "/help", headers={"accept-language": lang})).text

    assert same_in_both(help_page("en"), help_page("es")) == []


def test_an_answer_to_a_script_is_in_spanish_too() -> None:
    """Passkeys are asked for by scripts, which show the message they get."""
    asked = {"accept": "application/json", "accept-language": "es"}
    body = {"name": "x", "credential": {}}
    answer = Client(headers=asked).post("/sign-in/passkey/finish", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(("Tardó demasiado", "Aquí no se reconoció"))


@pytest.mark.parametrize("path", PUBLIC)
def test_every_offered_language_gets_every_public_page(path: str) -> None:
    for lang in conf.get("languages"):
        answer = Client().get(path, headers={"accept-language": lang})
        page = read(answer.content.decode())
        prefs = preferences.of({}, lang)
        assert answer.status_code == (404 if path == "/nothing-here" else 200), lang
        assert (page.lang, page.dir) == (prefs.spoken, prefs.dir), lang
        assert prefs.spoken == (lang if lang in ("en", "es") else "en")


def test_whoever_writes_in_spanish_is_answered_in_spanish() -> None:
    client = Client(headers={"accept-language": "es-MX"})
    client.post("/talk/start", {"text": "me siento solo", "country": "MX", "client_key": "abcdefgh"})
    conversation = Conversation.objects.get(channel="web")
    assert conversation.language == "es"
    assert Message.objects.filter(conversation=conversation, author="assistant").exists()
    shown = client.get("/talk/c").content.decode()
    assert "Soy un programa" in shown and "I am a computer" not in shown
