"""The words themselves: complete in both languages, within every channel's limits, without what must not be said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kithwell.assistant import speak, texts
from kithwell.assistant.texts_en import EN
from kithwell.assistant.texts_es import ES
from kithwell.directory import queries

ROOT = Path(__file__).resolve().parents[4]
NEVER_SAID = {
    "en": [
        r"\bcommit(?:ted|s|ting)? suicide\b",
        r"\b(?:pills?|overdose|rope|hang(?:ing)?|gun|knife|razor|bridge|blade|jump|poison|carbon|noose)\b",
        r"\byou (?:have|suffer from) (?:depression|anxiety|ptsd|bipolar|a disorder)\b",
        r"\bpromise\b|\bmust not\b|\byou must\b|\byou have to promise\b|\bcontract\b",
        r"\b(?:you'?re|you are) not (?:going to|thinking|planning|feeling)\b",
        r"\b(?:right|are you|do you)\?$(?<=, right\?)",
        r"\bi (?:care about|love|understand exactly|know how you feel)\b",
        r"\b(?:everything|it) will be (?:fine|all right|okay)\b|\bthink positive\b|\bcalm down\b|\bcheer up\b",
        r"\bguarantee\b|\bi will save\b|\bsomeone is coming\b|\bhelp is on (?:the|its) way\b",
        r"\bpeaceful\b|\bescape\b|\bsuccessful\b",
    ],
    "es": [
        r"\bcometer suicidio\b|\bcometió suicidio\b",
        r"\b(?:pastillas|sobredosis|soga|ahorcar|pistola|cuchillo|cuchilla|puente|veneno|saltar)\b",
        r"\bprométeme\b|\bpromete\b|\bdebes\b|\btienes que prometer\b",
        r"\bno estarás pensando\b|\bno vas a\b|\bverdad\?$|\b¿no\?$",
        r"\btodo irá bien\b|\btranquil[oa]\b|\bcálmate\b|\banímate\b",
    ],
}


def test_both_reviewed_languages_have_every_text_with_the_same_places_to_fill() -> None:
    assert EN.keys() == ES.keys()
    for key in EN:
        assert set(re.findall(r"{\w+}", EN[key])) == set(re.findall(r"{\w+}", ES[key])), key


@pytest.mark.parametrize("lang", ["en", "es"])
def test_nothing_that_must_not_be_said_is_said(lang: str) -> None:
    for key, text in texts.REVIEWED[lang].items():
        for pattern in NEVER_SAID[lang]:
            assert not re.search(pattern, text.lower()), (key, pattern)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_buttons_are_at_most_twenty_characters_and_all_different(lang: str) -> None:
    titles = [text for key, text in texts.REVIEWED[lang].items() if key.startswith("button.")]
    assert all(1 <= len(title) <= 20 for title in titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_texts_are_short(lang: str) -> None:
    for key, text in texts.REVIEWED[lang].items():
        assert len(text) <= 340, key
        longest = max(len(s.split()) for s in re.split(r"[.?!:;]", text))
        assert longest <= 32, (key, longest)


def test_privacy_says_who_can_read_on_each_channel() -> None:
    web = texts.say("private", {"org": "Kith House"}, "en", "web")
    whatsapp = texts.say("private", {"org": "Kith House"}, "en", "whatsapp")
    telegram = texts.say("private", {"org": "Kith House"}, "en", "telegram")
    assert "Kith House" in web and "company" not in web
    assert "WhatsApp" in whatsapp and "company that runs it" in whatsapp
    assert "company that runs this channel" in telegram


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("country", ["", *queries.codes()])
def test_every_text_fits_every_country_with_only_its_own_numbers(country: str, lang: str) -> None:
    known = speak.facts(country=country, lang=lang)
    params = {
        "country": known.country,
        "country_name": known.country_name,
        "lines": [
            {
                "name": x.name,
                "phone": x.phone,
                "sms": x.sms,
                "word": x.word,
                "url": x.url,
                "extension": x.extension,
            }
            for x in known.lines
        ],
        "emergency": [list(pair) for pair in known.emergency],
    }
    allowed = (
        {n for line in queries.helplines(country) for n in (line.phone, line.sms) if n} if country else set()
    )
    emergency = queries.emergency(country) if country else None
    allowed |= {n.number for n in emergency.numbers} if emergency else set()
    for script in ("danger", "safe_now", "third", "lines", "lines_again", "help"):
        if script == "lines_again" and not known.lines:
            continue
        text = texts.say(script, params, lang, "whatsapp")
        assert 0 < len(text) <= 1024 and "{" not in text, (script, text)
        for line in known.lines[:0]:
            assert line.name
        bare = text
        for name in [line.name for line in known.lines] + [known.country_name]:
            bare = bare.replace(name, "") if name else bare
        for line in known.lines:
            bare = bare.replace(line.url, "") if line.url else bare
        for number in sorted(allowed, key=len, reverse=True):
            bare = bare.replace(number, "")
        extensions = {line.extension for line in known.lines if line.extension}
        assert set(re.findall(r"\d+", bare)) <= extensions, (script, bare)


def test_a_country_without_checked_numbers_is_told_so_and_given_none() -> None:
    known = speak.facts(country="LK", lang="en")
    assert known.lines == () and known.emergency == ()
    text = texts.say("lines", {"country": "LK", "country_name": "Sri Lanka"}, "en", "web")
    assert "local emergency number" in text and not re.search(r"\d", text)


def test_a_language_without_a_table_of_its_own_gets_english_rather_than_half() -> None:
    assert texts.say("hello", {"org": "x"}, "tlh", "web") == texts.say("hello", {"org": "x"}, "en", "web")
    assert texts.say("hello", {"org": "x"}, "es-MX", "web").startswith("Hola")


def test_every_text_is_listed_for_clinical_review() -> None:
    listed = (ROOT / "docs/clinical/assistant.md").read_text(encoding="utf-8")
    flat = {key: (EN[key].replace("\n", " / "), ES[key].replace("\n", " / ")) for key in EN}
    missing = [
        key for key, (en, es) in flat.items() if f"| assistant.{key} | {en} — *es:* {es} |" not in listed
    ]
    assert not missing


@pytest.mark.parametrize(
    ("minutes", "said"), [(119, "about 119 minutes"), (120, "about 2 hours"), (121, "about 3 hours")]
)
def test_a_long_wait_is_told_in_hours_never_fewer_than_it_is(minutes: int, said: str) -> None:
    for script, params in (
        ("rate", {"wait": {"kind": "some", "minutes": minutes}}),
        ("queue.many", {"minutes": minutes}),
    ):
        assert said in texts.say(script, params, "en", "web")
