"""Where the desk asks the screening and the assistant, and stays standing when they fall.

Neither may stop a message from being stored or from reaching a human (safety invariants 1 and 3): each call is fenced,
a failure is logged by id, and the plain words of `texts` stand in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kithwell import safety
from kithwell.kernel import conf, logs
from kithwell.support import texts
from kithwell.support.ports import Button
from kithwell.support.rules import levels

if TYPE_CHECKING:
    from kithwell.support.models import Conversation

log = logs.get("support.bridge")


@dataclass(frozen=True, slots=True)
class Screened:
    """`level` "" means the screening could not run. `scores` holds no words; `spans` does, and is sealed."""

    level: str
    scores: dict[str, Any] | None = None
    spans: str = ""
    lang: str = ""
    again: bool = False
    """Is a second look worth its time, and can it be had here?"""

    @property
    def failed(self) -> bool:
        return self.level == ""


def screen(text: str, context: str, lang: str, message_id: UUID) -> Screened:
    """The screening of one message; level "" when it failed."""
    if not text:
        return Screened("C0")
    try:
        return _kept(text, safety.screen(text, context, lang or None))
    except Exception as error:
        log.error("screening.failed", message_id=str(message_id), error=type(error).__name__)
        return Screened("")


def screen_again(text: str, context: str, lang: str, message_id: UUID) -> Screened:
    """What both stages say of a message; level "" when they could not."""
    try:
        return _kept(text, safety.full(text, context, lang or None))
    except Exception as error:
        log.error("screening.failed", message_id=str(message_id), error=type(error).__name__)
        return Screened("")


def _kept(text: str, seen: safety.Screening) -> Screened:
    scores = {key: value for key, value in seen.as_dict().items() if key != "explain"}
    scores["validated"] = seen.validated
    words = [{"text": text[s.start : s.end], "label": s.label, "weight": s.weight} for s in seen.spans]
    spans = json.dumps(words, ensure_ascii=False) if words else ""
    lang = seen.lang if len(seen.lang) == 2 else ""
    return Screened(seen.crisis_level, scores, spans, lang, safety.may_look_again(seen))


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing the person did: words, a button's id, a rating (0 to 10) or a wish (human, help, stop, privacy)."""

    text: str
    button: str
    level: str
    rating: int | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the assistant says."""

    script: str
    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What the assistant says now, and what it learned (codes only). `level`: what the person told by a button."""

    lines: tuple[Line, ...] = ()
    state: dict[str, Any] = field(default_factory=dict)
    rating: int | None = None
    asked_for_person: bool = False
    country: str = ""
    level: str = ""


def converse(
    state: dict[str, Any],
    heard: list[Heard],
    *,
    lang: str,
    channel: str,
    country: str,
    level: str,
    place: Conversation | None = None,
) -> Turn:
    """The assistant's answer. Falls back to one plain line on the first message when the assistant cannot speak.

    `place` is the conversation whose place in line tells how long it may take; None: the end of the line.
    """
    try:
        return _converse(state, heard, lang=lang, channel=channel, country=country, level=level, place=place)
    except Exception as error:
        log.error("assistant.failed", error=type(error).__name__)
        if state:
            return Turn(state=state)
        return Turn((Line("support.waiting", texts.say("waiting", lang)),), {"fallback": True})


def _converse(
    state: dict[str, Any],
    heard: list[Heard],
    *,
    lang: str,
    channel: str,
    country: str,
    level: str,
    place: Conversation | None = None,
) -> Turn:
    from kithwell.assistant import speak
    from kithwell.support.queries import openness

    there = openness.open_state() if place is None else openness.open_for(place)
    reply = speak.converse(
        state,
        heard,
        lang=lang or "en",
        channel=channel,
        country=country,
        level=level,
        staffed=there.staffed,
        wait_minutes=there.wait_minutes,
        on_call=levels.is_crisis(level) and openness.somebody_on_call(),
        org=str(conf.get("site_name", "Kithwell")),
        help_url=f"{str(conf.get('public_url', '')).rstrip('/')}/help",
    )
    return _turn(reply)


def _turn(reply: Any) -> Turn:
    return Turn(
        tuple(
            Line(f"assistant.{m.script}", m.text, tuple(Button(*b) for b in m.buttons))
            for m in reply.messages
        ),
        reply.state,
        reply.rating,
        reply.asked_for_person,
        reply.country,
        reply.level,
    )


def tell_place(conversation: Conversation) -> Turn:
    """Where somebody in the queue stands (next | few | some | many), or, with nobody on duty, that the team is away.
    No lines when there is nothing to say, or the assistant cannot say it."""
    try:
        return _tell_place(conversation)
    except Exception as error:
        log.error("assistant.failed", error=type(error).__name__)
        return Turn(state=conversation.assistant_state)


def _tell_place(conversation: Conversation) -> Turn:
    from kithwell.assistant import rules, speak
    from kithwell.support.queries import openness

    state, there = conversation.assistant_state, openness.open_for(conversation)
    event = rules.QueueUpdate(there.position, there.wait_minutes) if there.staffed else rules.Closed()
    # The same place may be said again: the desk keeps the time between, and silence would say "forgotten".
    said = [s for s in state.get("said", ()) if not str(s).startswith("queue.")]
    return _turn(
        speak.tell(
            {**state, "queue_told": "", "said": said},
            event,
            staffed=there.staffed,
            wait_minutes=there.wait_minutes,
            org=str(conf.get("site_name", "Kithwell")),
            lang=conversation.language or "en",
            channel=conversation.channel,
            country=conversation.country,
            level=conversation.level,
        )
    )


def help_lines(lang: str, country: str, channel: str) -> tuple[Line, ...]:
    """What HELP gets at any time, whoever holds the talk: local numbers. () when the assistant cannot say it."""
    asked = [Heard("", "", "C0", asked="help")]
    try:
        return _converse({}, asked, lang=lang, channel=channel, country=country, level="C0").lines
    except Exception as error:
        log.error("assistant.failed", error=type(error).__name__)
        return ()
