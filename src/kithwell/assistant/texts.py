"""From the id of a text to its words, in a language, for a channel.

English and Spanish are kept as whole reviewed tables; other languages come from the message catalogue where it has
the sentence, else English. Numbers are filled in here, from the directory, and pass through nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from typing import Any

from kithwell.assistant.rules import Say
from kithwell.assistant.texts_en import EN
from kithwell.assistant.texts_es import ES

REVIEWED: Mapping[str, Mapping[str, str]] = {"en": EN, "es": ES}
MOST = 1024  # characters: WhatsApp's limit for a message with buttons, kept for all
MOST_LINES = 3
BUTTON = 20  # characters of a button's title


@lru_cache(maxsize=32)
def table(lang: str) -> Mapping[str, str]:
    """The words of a language."""
    base = lang.split("-")[0].lower()
    if base in REVIEWED:
        return REVIEWED[base]
    try:
        from django.utils import translation

        with translation.override(lang):
            found = {key: translation.gettext(text) for key, text in EN.items()}
    except Exception:  # the assistant speaks English rather than not at all
        return EN
    # All of it or none: half a language is worse than English.
    whole = sum(found[key] != EN[key] for key in EN) > len(EN) * 0.9
    fits = all(len(found[key]) <= BUTTON for key in EN if key.startswith("button."))
    return found if whole and fits else EN


def _fill(text: str, **values: object) -> str:
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


def button(ident: str, lang: str) -> str:
    """The title of a button."""
    return table(lang)[f"button.{ident}"]


def _emergency(words: Mapping[str, str], pairs: Any) -> str:
    """ "999 or 112", "119 (ambulance) or 110 (police)"; "" when none is known."""
    shown = []
    for purpose, number in list(pairs)[:2]:
        key = {"ambulance": "ambulance", "police": "police_number"}.get(purpose)
        shown.append(_fill(words[key], number=number) if key else str(number))
    return f" {words['or']} ".join(shown)


def _line(words: Mapping[str, str], line: Mapping[str, Any]) -> str:
    if line.get("phone") and line.get("sms") and not line.get("word"):
        kind = "both" if line["phone"] != line["sms"] else "phone"
    else:
        kind = (
            "phone"
            if line.get("phone")
            else "word"
            if line.get("word")
            else "sms"
            if line.get("sms")
            else "web"
        )
    text = _fill(
        words[f"line.{kind}"], **{k: line.get(k, "") for k in ("name", "phone", "sms", "word", "url")}
    )
    more = [
        _fill(words["line.extension"], number=line["extension"]) if line.get("extension") else "",
        words["line.always"] if line.get("always") else "",
    ]
    said = ", ".join(m for m in more if m)
    return f"{text} ({said})" if said else text


def _variant(say_script: str, params: Mapping[str, Any], channel: str) -> str:
    """Which wording of a script is true here: by channel, by what is known, by who is there."""
    country, lines, emergency = params.get("country"), params.get("lines"), params.get("emergency")
    match say_script:
        case "private":
            return f"private.{channel}" if channel in ("web", "whatsapp") else "private.other"
        case "safety_plan":
            return (
                "safety_plan.web"
                if channel == "web"
                else f"safety_plan.{'link' if params.get('help_url') else 'bare'}"
            )
        case "danger" | "safe_now" | "third":
            return say_script if emergency else f"{say_script}.unknown"
        case "lines":
            if not lines:
                return "lines.none" if emergency else "lines.nothing"
            return "lines" if emergency else "lines.no_emergency"
        case "lines_again":
            return "lines_again" if emergency else "lines_again.no_emergency"
        case "help":
            if not country or not (lines or emergency):
                return "help.unknown"
            return "help" if not lines else "help.lines" if emergency else "help.lines_only"
        case "human" | "danger_people":
            return f"{say_script}.{params.get('how', 'open')}"
        case _:
            return say_script


def _wait(words: Mapping[str, str], wait: Mapping[str, Any]) -> str:
    kind, minutes = wait.get("kind", "unknown"), wait.get("minutes", -1)
    if kind == "some" and isinstance(minutes, int) and minutes >= 120:
        kind = "hours"
    return _fill(words.get(f"wait.{kind}", words["wait.unknown"]), **_span(minutes))


def _span(minutes: Any) -> dict[str, Any]:
    """A wait in minutes, and in hours that are never fewer than it is."""
    return {"minutes": minutes, "hours": ceil(minutes / 60) if isinstance(minutes, int) else ""}


def say(script: str, params: Mapping[str, Any], lang: str, channel: str) -> str:
    """The words of one message. At most MOST characters: lines that do not fit are left out, never cut."""
    words = table(lang)
    lines = [_line(words, line) for line in list(params.get("lines") or ())[:MOST_LINES]]
    while True:
        text = _build(words, script, params, channel, lines)
        if len(text) <= MOST or not lines:
            return text[:MOST]
        lines.pop()


def _build(
    words: Mapping[str, str], script: str, params: Mapping[str, Any], channel: str, lines: list[str]
) -> str:
    text = _fill(
        words[_variant(script, {**params, "lines": lines}, channel)],
        org=params.get("org") or "this service",
        country=params.get("country_name", ""),
        emergency=_emergency(words, params.get("emergency") or ()),
        lines="\n".join(lines),
        line=lines[0] if lines else "",
        help_url=params.get("help_url", ""),
    )
    wait = params.get("wait")
    if (
        isinstance(wait, Mapping)
        and script in ("rate", "human", "third_self")
        and wait.get("kind") != "closed"
    ):
        text = f"{_wait(words, wait)}\n\n{text}" if script == "rate" else f"{text} {_wait(words, wait)}"
    elif isinstance(wait, Mapping) and script == "rate":
        text = f"{_wait(words, wait)}\n\n{text}"
    minutes = params.get("minutes", -1)
    if script.startswith("queue.") and isinstance(minutes, int) and minutes > 0:
        text = (
            f"{text} {_fill(words['queue_hours' if minutes >= 120 else 'queue_minutes'], **_span(minutes))}"
        )
    return text


def shown(said: Say, lang: str, channel: str, **more: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """(words, buttons as (id, title)) of one Say."""
    text = say(said.script, {**said.params, **more}, lang, channel)
    return text, tuple((b.id, button(b.id, lang)) for b in said.buttons)
