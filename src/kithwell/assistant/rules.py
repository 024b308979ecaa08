"""What the assistant says next. Pure: same state, event and facts, same words.

The assistant leads to people. It says what it is, asks how bad it is, shows local numbers from C2 on (once for each
rise), puts the emergency number first from C4 on, offers something small while waiting, and otherwise listens. It never
says the same thing twice unless asked again, and says nothing once a person has taken over.

Sources: safety invariants 1, 5-9 and 16; VERA-MH questions 8-12, 14-24, 28 and 34-36 (tests/test_rubric.py).
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

from kithwell.assistant import reading
from kithwell.assistant.shapes import (
    LEVELS,
    Asked,
    AssistantState,
    Button,
    Closed,
    Event,
    Facts,
    FirstMessage,
    HandedOver,
    Line,
    Message,
    Pressed,
    QueueUpdate,
    Rating,
    Say,
    StaffAway,
    state_from,
)

__all__ = [
    "LEVELS", "Answer", "Asked", "AssistantState", "Button", "Closed", "Event", "Facts", "FirstMessage", "HandedOver",
    "Line", "Message", "Pressed", "QueueUpdate", "Rating", "Say", "StaffAway", "answer", "state_from",
]  # fmt: skip

LINES_FROM: Final = 2  # C2
DANGER_FROM: Final = 4  # C4
MAX_SAYS: Final = 4
MAX_BUTTONS: Final = 3

_ACKS: Final = tuple(f"ack_{n}" for n in range(1, 10))
_HOLDS: Final = tuple(f"hold_{n}" for n in range(1, 5))
_RATED_AS: Final = {"managing": 2, "struggling": 6, "danger": 10}
# Texts that themselves say how to reach a person, or that a person is coming.
LEADS_TO_PERSON: Final = frozenset(
    {"hello", "rate", "danger_people", "safe_now", "human", "ack_1", "ack_9", "anger", "third_self", "closing", "away",
     "unsure", "computer", "queue", "diagnosis", "ask_thoughts", "ask_plan"}
)  # fmt: skip


Answer = tuple[tuple[Say, ...], AssistantState]


def answer(state: AssistantState, event: Event, facts: Facts | None = None) -> Answer:
    """What to say now, and what to remember. () and the same state while a person has the conversation."""
    facts = facts or Facts()
    if isinstance(event, HandedOver):
        return (), replace(state, controller="human", pending="")
    if isinstance(event, StaffAway):
        talk = _Talk(replace(state, controller="assistant"), facts)
        talk.again("away")
        return talk.done()
    if state.controller != "assistant":
        return (), state
    talk = _Talk(state, facts)
    talk.take(event)
    return talk.done()


class _Talk:
    """One answer in the making."""

    def __init__(self, state: AssistantState, facts: Facts) -> None:
        self.state = state
        self.facts = facts
        self.says: list[Say] = []

    # -- small tools ---------------------------------------------------------------------------------------------

    @property
    def rank(self) -> int:
        seen = self.facts.level if self.facts.level in LEVELS else "C0"
        return max(LEVELS.index(seen), LEVELS.index(self.state.level))

    @property
    def closed(self) -> bool:
        return self.facts.staffed is False

    def note(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def again(self, script: str, *buttons: str, **params: Any) -> None:
        """Say it, even if it was said before (somebody asked)."""
        self.says.append(Say(script, params, tuple(Button(b) for b in buttons)))
        if script not in self.state.said:
            self.note(said=(*self.state.said, script))

    def once(self, script: str, *buttons: str, **params: Any) -> bool:
        """Say it unless it was said before."""
        if script in self.state.said:
            return False
        self.again(script, *buttons, **params)
        return True

    def first_new(self, scripts: tuple[str, ...]) -> bool:
        return any(self.once(script) for script in scripts)

    def done(self) -> Answer:
        """At most MAX_SAYS messages, the way to a person always among them. What did not fit was not said."""
        says, left = self.says[:MAX_SAYS], {say.script for say in self.says[MAX_SAYS:]}
        if left:
            self.note(said=tuple(s for s in self.state.said if s not in left))
            if f"ask_{self.state.pending}" in left:
                self.note(pending="")
        if self.state.asked_human:  # granted already: no need to offer it once more
            says = [replace(say, buttons=tuple(b for b in say.buttons if b.id != "human")) for say in says]
        if says and not self.state.asked_human and not any(_leads(say) for say in says):
            last = says[-1]
            says[-1] = replace(last, buttons=(*last.buttons[: MAX_BUTTONS - 1], Button("human")))
        return tuple(says), self.state

    # -- events --------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        match event:
            case Asked(what="help"):
                self.again("help", **self._numbers())
                self._shown()
            case Asked(what="stop"):
                self.again("stop")
            case Asked(what="privacy"):
                self.again("private")
            case Asked(what="human"):
                self._human()
            case QueueUpdate():
                self._queue(event)
            case Closed():
                self.once("closing")
            case FirstMessage() if self.state.greeted:
                self._reply(Message(event.text))
            case FirstMessage():
                self._first(event.text)
            case Message() if not self.state.greeted:
                self._first(event.text)
            case _ if not self.state.greeted:
                self._reply(event)
                self._introduce()
            case _:
                self._reply(event)

    def _introduce(self) -> None:
        """Somebody pressed a button before writing a word: who speaks comes first, unless they are in danger."""
        self.note(greeted=True)
        if "danger" in self.state.said:
            return
        said, self.says = self.says, []
        self.once("hello")
        self.once("private")
        self.says += said

    def _first(self, text: str) -> None:
        self.note(greeted=True)
        if self.rank >= DANGER_FROM:
            self._danger()  # nothing else now: who can read this follows with the next words
            return
        self.once("hello")
        self.once("private")
        if reading.about_another(text):
            self._third()
            return
        if self.rank >= LINES_FROM:
            self._lines()
        self.once("rate", "managing", "struggling", "danger", wait=self._wait())

    def _reply(self, event: Event) -> None:
        before = len(self.says)
        match event:
            case Rating():
                self._rated(event.n)
            case Pressed():
                self._pressed(event.id)
            case Message():
                self._message(event.text)
            case _:
                pass
        if self._rose() and len(self.says) == before:
            self._rise()

    def _message(self, text: str) -> None:
        if self.facts.country and self.state.asked_country and self.state.lines_for != self.facts.country:
            self._rise()
            self._next()
            return
        n = reading.number(text)
        if n is not None and self.state.rated < 0 and "rate" in self.state.said:
            self._rated(n)
            return
        reply = reading.yes_or_no(text)
        if self.state.pending and reply is not None:
            self._answered("yes" if reply else "no")
            return
        if self._rose():
            before = len(self.says)
            self._rise()
            if not any(say.script == "danger" for say in self.says[before:]):
                self._next()
            return
        wish = reading.wish(text)
        if wish == "human":
            self._human()
        elif wish == "privacy":
            self.again("private")
        elif wish == "computer":
            self.again("computer")
        elif (wish and self.once(wish)) or (reading.about_another(text) and self._third()):
            pass
        else:
            self._next()

    # -- levels and numbers --------------------------------------------------------------------------------------

    def _rose(self) -> bool:
        """Is it more serious than when numbers were last shown?"""
        return self.rank >= LINES_FROM and self.rank > self.state.lines_at

    def _shown(self) -> None:
        if self.rank >= LINES_FROM:
            self.note(lines_at=self.rank)
        self.note(
            lines_for=self.facts.country, asked_country=self.state.asked_country or not self.facts.country
        )

    def _numbers(self) -> dict[str, Any]:
        return {
            "country": self.facts.country,
            "country_name": self.facts.country_name,
            "lines": [asdict(line) for line in self.facts.lines],
            "emergency": [list(pair) for pair in self.facts.emergency],
        }

    def _rise(self) -> None:
        """Numbers for a level that was not there before, or for a country that has just become known."""
        if self.rank >= DANGER_FROM and "danger" not in self.state.said:
            self._danger()
        elif self.state.lines_for != self.facts.country or self.state.lines_at < LINES_FROM:
            self._lines()
        elif self.rank < DANGER_FROM and self.facts.lines:
            self.once("lines_again", **self._numbers())
        self._shown()

    def _lines(self) -> None:
        if self.facts.country:
            self.again("lines", **self._numbers())
        elif not self.state.asked_country:
            self.once("lines_unknown")
        self._shown()

    def _danger(self) -> None:
        """The emergency number before anything else; what is true about people second."""
        self.again("danger", "safe", "cannot_call", "human", **self._numbers())
        how = "oncall" if self.facts.on_call else "staffed" if self.facts.staffed else "closed"
        if self.facts.staffed is None and not self.facts.on_call:
            how = "staffed"
        self.once("danger_people", how=how)
        if self.facts.country:
            if self.facts.lines and not (
                "lines" in self.state.said and self.state.lines_for == self.facts.country
            ):
                self.again("lines", **self._numbers())
        elif not self.state.asked_country:
            self.once("lines_unknown")
        self._shown()
        self.note(pending="", lines_at=max(self.rank, DANGER_FROM))

    def _third(self) -> bool:
        if not self.once("third", **self._numbers()):
            return False
        self.once("third_self", "human", wait=self._wait())
        return True

    # -- what people press and answer ----------------------------------------------------------------------------

    def _rated(self, n: int) -> None:
        n = min(10, max(0, n))
        self.note(rated=n)
        if "danger" in self.state.said:
            self._hold()
        elif self.rank >= DANGER_FROM:
            self._danger()
        elif n <= 3:
            self.once("rated_low")
        elif n <= 7:
            self.once("rated_mid")
            self.once("coping", "breathe", "ground", "human")
        else:
            self._lift("C3" if n >= 9 else "C2")
            self.once("rated_high")
            if self._rose():
                self._rise()
            self._ask_thoughts()

    def _lift(self, level: str) -> None:
        if LEVELS.index(level) > LEVELS.index(self.state.level):
            self.note(level=level)

    def _pressed(self, ident: str) -> None:
        match ident:
            case "danger":
                self.note(rated=10)
                self._lift("C5")
                if "danger" in self.state.said:
                    self._hold()
                else:
                    self._danger()
            case "managing" | "struggling":
                self._rated(_RATED_AS[ident])
            case "human":
                self._human()
            case "breathe" | "ground":
                self.again(ident)
            case "safe":
                self.again("safe_now", "danger", "human", **self._numbers())
            case "cannot_call":
                self.again("cannot_call")
            case "will" | "later":
                self._answered("yes" if ident == "will" else "no")
            case "yes" | "no" | "unsure":
                self._answered(ident)
            case _:
                self._next()

    def _answered(self, reply: str) -> None:
        pending = self.state.pending
        self.note(pending="")
        if reply == "unsure":
            self.once("unsure")
        elif pending == "will":
            self.once("will_yes" if reply == "yes" else "will_later")
        elif pending == "thoughts" and reply == "yes":
            self._lift("C3")
            if self._rose():
                self._rise()
            if self.rank < DANGER_FROM:
                self._ask_plan()
        elif pending == "thoughts":
            self.once("thoughts_no")
        elif pending == "plan" and reply == "yes":
            self._lift("C4")
            self.note(rated=max(self.state.rated, 9))
            self._danger() if "danger" not in self.state.said else self._hold()
        elif pending == "plan":
            self.once("plan_no")
        else:
            self._next()

    def _human(self) -> None:
        self.note(asked_human=True)
        self.again(
            "human", how="closed" if self.closed and not self.facts.on_call else "open", wait=self._wait()
        )

    # -- keeping company -----------------------------------------------------------------------------------------

    def _ask_thoughts(self) -> None:
        if self.rank >= 3:
            self._ask_plan()
        elif self.once("ask_thoughts", "yes", "no", "unsure"):
            self.note(pending="thoughts")

    def _ask_plan(self) -> None:
        if self.once("ask_plan", "yes", "no", "unsure"):
            self.note(pending="plan")

    def _hold(self) -> None:
        self.once("private")
        if not self.first_new(_HOLDS):
            self._next_quiet()

    def _next(self) -> None:
        """The next thing that helps and was not said yet; then silence more often than not."""
        if len(self.says) >= MAX_SAYS - 1:
            return
        if self.rank >= DANGER_FROM:
            self.once("private")
            if not self.first_new(_HOLDS[:2]) and not self.once("people") and not self.first_new(_HOLDS[2:]):
                self._next_quiet()
        elif self.rank >= LINES_FROM and not ("third" in self.state.said and self.state.level == "C0"):
            self._care()
        elif not (
            self.once("ack_1") or self.once("coping", "breathe", "ground", "human") or self.once("people")
        ):
            self._next_quiet()

    def _care(self) -> None:
        """C2 and C3: ask plainly, then people, the step to a call, a plan, something small."""
        asked = {"ask_thoughts", "ask_plan"} & set(self.state.said)
        if self.rank >= 3 and "ask_plan" not in asked:
            self._ask_plan()
        elif not asked:
            self._ask_thoughts()
        elif self.once("people"):
            pass
        elif self.state.lines_for and self.facts.lines and "will" not in self.state.said:
            self.once("will", "will", "cannot_call", "human")
            self.note(pending="will")
        elif not (self.once("safety_plan") or self.once("coping", "breathe", "ground", "human")):
            self._next_quiet()

    def _next_quiet(self) -> None:
        """Every third message gets a word, each word once: company without chatter."""
        self.note(quiet=self.state.quiet + 1)
        if self.state.quiet % 3 == 1:
            self.first_new(_ACKS)

    def _queue(self, event: QueueUpdate) -> None:
        if event.position not in ("next", "few", "some", "many") or self.state.queue_told == event.position:
            return
        self.note(queue_told=event.position)
        self.once(f"queue.{event.position}", minutes=event.wait_minutes)

    def _wait(self) -> dict[str, Any]:
        """What is true about waiting: now | some | unknown | closed."""
        minutes = self.facts.wait_minutes
        if self.closed:
            return {"kind": "closed"}
        if self.facts.staffed is None or minutes < 0:
            return {"kind": "unknown"}
        return {"kind": "now"} if minutes <= 5 else {"kind": "some", "minutes": minutes}


def _leads(say: Say) -> bool:
    script = say.script.split(".")[0]
    return script in LEADS_TO_PERSON or any(b.id == "human" for b in say.buttons)
