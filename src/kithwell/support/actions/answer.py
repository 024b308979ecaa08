"""What the desk does with new words: keywords first, then need and place, then the assistant where it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from kithwell.support import bridge, keywords, texts
from kithwell.support.actions import common
from kithwell.support.models import Conversation
from kithwell.support.ports import Inbound
from kithwell.support.rules import levels, silence, status

if TYPE_CHECKING:
    from kithwell.support.actions.receive import Talk

Seen = Sequence[tuple[Inbound, bridge.Screened]]


def react(talk: Talk, seen: Seen, now: datetime) -> None:
    """Decide and answer, in memory. May raise: the caller then falls back to `fall_back`."""
    weigh(talk, seen)
    commands = [_keyword(inbound) for inbound, _ in seen]
    _obey(talk, [c for c in commands if c], now)
    if talk.conversation.state == Conversation.State.ENDED:
        return
    if is_new(talk.conversation) and all(i.kind in silence.MUTE for i, _ in seen):
        return  # a reaction, a new number: nobody has said anything yet
    if all(c == "open" for c in commands) and is_new(talk.conversation):
        return  # they came to read a reply that waits; it goes out now, and nobody else is needed yet
    _queue(talk, seen, now)
    if talk.conversation.controller == Conversation.Controller.ASSISTANT and "stop" not in commands:
        spoken = [(i, s, c) for (i, s), c in zip(seen, commands, strict=True) if c in ("", "help")]
        _assistant(talk, spoken, now)


def is_new(conversation: Conversation) -> bool:
    """Has the assistant said nothing here yet?"""
    return not conversation.assistant_state


def weigh(talk: Talk, seen: Seen) -> None:
    """Level of the conversation: the most serious so far; language as first detected."""
    conversation = talk.conversation
    for _, screened in seen:
        if screened.failed:
            conversation.screening_failed = True
        else:
            conversation.level = levels.highest([conversation.level, screened.level])
        if screened.lang and not conversation.language:
            conversation.language = screened.lang[:12]


def fall_back(talk: Talk, seen: Seen, now: datetime) -> None:
    """Triage or the assistant broke: put the person in front of a human, and say plainly that it arrived."""
    conversation = talk.conversation
    conversation.screening_failed = True
    talk.out.clear()
    talk.deliveries.clear()
    conversation.last_n = max((m.n for m in talk.stored), default=conversation.last_n)
    if conversation.state in (Conversation.State.ASSISTANT, Conversation.State.WAITING):
        conversation.state = Conversation.State.WAITING
        common.enqueue(conversation, now)
    if is_new(conversation) and conversation.controller == Conversation.Controller.ASSISTANT:
        conversation.assistant_state = {"fallback": True}
        _say(talk, "support.waiting", texts.say("waiting", conversation.language), (), now, "system")


def _keyword(inbound: Inbound) -> str:
    """stop | start | help | open | "" : the whole message is one of these words."""
    if inbound.kind not in ("text", "button", "interactive"):
        return ""
    return keywords.match(inbound.text, inbound.language) or ""


def _obey(talk: Talk, commands: list[str], now: datetime) -> None:
    conversation, contact = talk.conversation, talk.contact
    for command in commands:
        if command == "stop":
            contact.opted_out_at = now
            contact.save(update_fields=["opted_out_at"])
            _say(talk, "support.stopped", texts.say("stopped", conversation.language), (), now, "system")
            if conversation.state in (
                Conversation.State.ASSISTANT,
                Conversation.State.WAITING,
            ) and not _needed(talk):
                common.leave_queue(conversation)
                conversation.state = Conversation.State.ENDED
                conversation.ended_at, conversation.ended_by = now, "person"
                conversation.controller = Conversation.Controller.NOBODY
                conversation.controller_version += 1
        elif command == "start":
            contact.opted_out_at = None
            contact.save(update_fields=["opted_out_at"])
            _say(talk, "support.started", texts.say("started", conversation.language), (), now, "system")
        elif command == "help" and conversation.controller != Conversation.Controller.ASSISTANT:
            for line in _help_lines(talk):
                _say(talk, line.script, line.text, line.buttons, now, "system")


def _needed(talk: Talk) -> bool:
    """STOP ends the talk, but somebody at C3 or above stays visible to a human all the same."""
    return levels.is_urgent(talk.conversation.level)


def _help_lines(talk: Talk) -> tuple[bridge.Line, ...]:
    conversation = talk.conversation
    lines = bridge.help_lines(conversation.language, conversation.country, conversation.channel)
    return lines or (bridge.Line("support.help", texts.say("help", conversation.language)),)


def _queue(talk: Talk, seen: Seen, now: datetime) -> None:
    """A new conversation enters the queue at once; one handed back to the assistant, when there is a reason to."""
    conversation = talk.conversation
    if conversation.state == Conversation.State.ASSISTANT:
        worrying = any(s.failed or levels.wants_lines(s.level) for _, s in seen)
        if is_new(conversation) or worrying:
            conversation.state = Conversation.State.WAITING
    if conversation.state == Conversation.State.WAITING or conversation.in_queue:
        common.enqueue(conversation, now)


def _assistant(talk: Talk, spoken: Sequence[tuple[Inbound, bridge.Screened, str]], now: datetime) -> None:
    conversation = talk.conversation
    heard: list[bridge.Heard] = []
    for inbound, screened, command in spoken:
        if command == "help":
            heard.append(bridge.Heard("", "", screened.level, asked="help"))
        if (inbound.kind not in silence.NO_WORDS or is_new(conversation)) and (
            not command or is_new(conversation)
        ):
            heard.append(bridge.Heard(inbound.text, inbound.button, screened.level))
    if not heard:
        return
    turn = bridge.converse(
        conversation.assistant_state,
        heard,
        lang=conversation.language or "en",
        channel=conversation.channel,
        country=conversation.country,
        level=conversation.level,
        place=conversation,
    )
    take_turn(talk.conversation, turn, now)
    for line in turn.lines:
        _say(talk, line.script, line.text, line.buttons, now, "assistant")


def take_turn(conversation: Conversation, turn: bridge.Turn, now: datetime) -> None:
    """Keep what the assistant learned; a rating or a wish for a person moves them in the queue."""
    conversation.assistant_state = turn.state
    if turn.level:  # their own word ("I am in danger") counts like the screening's
        conversation.level = levels.highest([conversation.level, turn.level])
    if turn.country and not conversation.country:
        conversation.country = turn.country[:2]
    if turn.rating is not None:
        conversation.self_rating = turn.rating
    if turn.asked_for_person:
        conversation.asked_for_person = True
        if conversation.state == Conversation.State.ASSISTANT:
            conversation.state = Conversation.State.WAITING
    if conversation.state == Conversation.State.WAITING:
        common.enqueue(conversation, now)


def _say(
    talk: Talk, script: str, text: str, buttons: Sequence[bridge.Button], now: datetime, author: str
) -> None:
    adapter = common.adapter_of(talk.conversation.channel)
    instant = adapter is not None and adapter.instant
    message = common.build(
        talk.conversation,
        talk.contact.subject,
        author,
        text,
        now=now,
        buttons=tuple(buttons),
        script=script,
        state=status.DELIVERED if instant else status.PENDING,
    )
    talk.out.append(message)
    if not instant:
        talk.deliveries.append(common.outgoing(talk.conversation, message))
