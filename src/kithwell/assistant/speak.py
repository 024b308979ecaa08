"""The door for those who hold a conversation: what was heard goes in, finished words come out.

Support calls this for every channel. It looks up numbers (directory), asks `rules`, and turns ids into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from kithwell.assistant import rules, texts
from kithwell.directory import queries as directory


class Heard(Protocol):
    """One thing a person did: words, a button's id, a rating 0 to 10, or a wish (human | help | stop | privacy)."""

    @property
    def text(self) -> str: ...
    @property
    def button(self) -> str: ...
    @property
    def rating(self) -> int | None: ...
    @property
    def asked(self) -> str: ...


_FIRST = ("danger", "danger_people")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message, ready to send. `buttons` are (id, title)."""

    script: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """`state` is JSON to keep. `rating`, `country` and `level` are what was learned now (None, "" and "" for nothing);
    `level` is set when the person themself said that they are in danger, or have a plan."""

    messages: tuple[Spoken, ...] = ()
    state: dict[str, Any] = field(default_factory=dict)
    rating: int | None = None
    asked_for_person: bool = False
    country: str = ""
    level: str = ""


def facts(
    *,
    country: str,
    lang: str,
    level: str = "C0",
    staffed: bool | None = None,
    wait_minutes: int = -1,
    on_call: bool = False,
) -> rules.Facts:
    """What is true now, with the numbers of exactly this country: grades A and B, unexpired, at most three lines."""
    lines = (
        [line for line in directory.helplines(country, language=lang) if line.for_everybody]
        if country
        else []
    )
    emergency = directory.emergency(country) if country else None
    return rules.Facts(
        level=level,
        country=country.upper() if country else "",
        country_name=directory.country_name(country, lang) if country else "",
        lines=tuple(
            rules.Line(
                line.name,
                line.phone,
                line.sms,
                line.sms_keyword,
                line.chat_url or line.website,
                line.extension,
                line.round_the_clock,
            )
            for line in lines[: texts.MOST_LINES]
        ),
        emergency=tuple((n.purpose, n.number) for n in emergency.numbers) if emergency else (),
        staffed=staffed,
        wait_minutes=wait_minutes,
        on_call=on_call,
    )


def events(heard: Sequence[Heard], first: bool) -> Iterable[rules.Event]:
    """What happened, in order. Words that came together are read together."""
    words: list[str] = []
    for item in heard:
        if item.asked:
            yield rules.Asked(item.asked)
        elif item.rating is not None:
            yield rules.Rating(item.rating)
        elif item.button:
            yield rules.Pressed(item.button)
        else:
            words.append(item.text)
    if words:
        text = "\n".join(words)
        yield rules.FirstMessage(text) if first else rules.Message(text)


def converse(
    state: Mapping[str, Any] | None,
    heard: Sequence[Heard],
    *,
    lang: str,
    channel: str,
    country: str,
    level: str = "C0",
    staffed: bool | None = None,
    wait_minutes: int = -1,
    on_call: bool = False,
    org: str = "",
    help_url: str = "",
) -> Reply:
    """Answer what was heard. `level` is the conversation's most serious so far; `on_call` only when somebody is called.

    One answer for all of `heard`: a person who sends five messages at once is answered once.
    """
    before = rules.state_from(state)
    found = ""
    if not country and before.asked_country:
        found = next((c for h in heard if (c := directory.find_country(h.text))), "")
        country = found
    known = facts(
        country=country, lang=lang, level=level, staffed=staffed, wait_minutes=wait_minutes, on_call=on_call
    )
    now = before
    says: list[rules.Say] = []
    for event in events(heard, not before.greeted):
        more, now = rules.answer(now, event, known)
        says.extend(more)
    help_url = help_url if help_url.startswith("http") else ""  # half an address helps nobody
    says.sort(key=lambda say: say.script not in _FIRST)  # stable: what saves a life stands first
    return _finish(before, now, says, found, lang, channel, org, help_url)


def tell(
    state: Mapping[str, Any] | None,
    event: rules.Event,
    *,
    lang: str,
    channel: str,
    org: str = "",
    **known: Any,
) -> Reply:
    """Say what happened without the person's doing: QueueUpdate, Closed, StaffAway, HandedOver."""
    before = rules.state_from(state)
    says, now = rules.answer(before, event, facts(lang=lang, country=known.pop("country", ""), **known))
    return _finish(before, now, list(says), "", lang, channel, org, "")


def _finish(
    before: rules.AssistantState,
    now: rules.AssistantState,
    says: list[rules.Say],
    found: str,
    lang: str,
    channel: str,
    org: str,
    help_url: str,
) -> Reply:
    spoken = tuple(
        Spoken(say.script, *texts.shown(say, lang, channel, org=org, help_url=help_url)) for say in says
    )
    told = now.level if now.level != before.level else ""
    return Reply(
        spoken,
        now.as_dict(),
        rating=now.rated if now.rated != before.rated and now.rated >= 0 else None,
        asked_for_person=now.asked_human and not before.asked_human,
        country=found,
        level=told,
    )


def handed_over(state: Mapping[str, Any] | None) -> dict[str, Any]:
    """The state once a person has the conversation: the assistant says nothing any more."""
    return replace(rules.state_from(state), controller="human", pending="").as_dict()
