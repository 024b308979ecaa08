"""What the assistant is told, remembers and says: the shapes that `rules` works with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

LEVELS: Final = ("C0", "C1", "C2", "C3", "C4", "C5")


@dataclass(frozen=True, slots=True)
class Line:
    """One helpline, as far as it is said: numbers as they are read, "" where there is none."""

    name: str
    phone: str = ""
    sms: str = ""
    word: str = ""
    url: str = ""
    extension: str = ""
    always: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true now. `level`: the most serious so far. `country` and `lines` belong together; `emergency` are
    (purpose, number) pairs, the most important first. `staffed` None and `wait_minutes` -1: nobody can say.
    `on_call`: somebody really is being called for this person."""

    level: str = "C0"
    country: str = ""
    country_name: str = ""
    lines: tuple[Line, ...] = ()
    emergency: tuple[tuple[str, str], ...] = ()
    staffed: bool | None = None
    wait_minutes: int = -1
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    id: str


@dataclass(frozen=True, slots=True)
class Say:
    """One message: the id of a reviewed text, what fills it, and buttons under it (ids of texts "button.<id>")."""

    script: str
    params: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class AssistantState:
    """What the assistant remembers of a conversation: codes only, never words of the person.

    `pending`: the yes/no question that is open ("thoughts", "plan", "will" or ""). `level`: what the person told by
    buttons, if it is more than the screening saw. `lines_at`: level at which numbers were shown last, -1 not yet.
    """

    controller: str = "assistant"
    greeted: bool = False
    rated: int = -1
    asked_human: bool = False
    asked_country: bool = False
    pending: str = ""
    level: str = "C0"
    lines_at: int = -1
    lines_for: str = ""
    quiet: int = 0
    queue_told: str = ""
    said: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "said": list(self.said)}


def state_from(raw: Mapping[str, Any] | None) -> AssistantState:
    """A state from stored JSON. What is missing, unknown or of the wrong kind counts as never said. Never raises."""
    start = AssistantState()
    if not isinstance(raw, Mapping):
        return start
    good: dict[str, Any] = {}
    for item in fields(AssistantState):
        value = raw.get(item.name)
        default = getattr(start, item.name)
        if item.name == "said":
            if isinstance(value, list | tuple):
                good["said"] = tuple(v for v in value if isinstance(v, str))
        elif type(value) is type(default):
            good[item.name] = value
    state = AssistantState(**good)
    return state if state.level in LEVELS else replace(state, level="C0")


# -- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FirstMessage:
    text: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under one of our messages."""

    id: str


@dataclass(frozen=True, slots=True)
class Rating:
    """0 (fine) to 10 (as bad as it can be)."""

    n: int


@dataclass(frozen=True, slots=True)
class Asked:
    """human | help | stop | privacy."""

    what: str


@dataclass(frozen=True, slots=True)
class QueueUpdate:
    """`position`: next | few | some | many."""

    position: str
    wait_minutes: int = -1


@dataclass(frozen=True, slots=True)
class Closed:
    """The team goes home while this person waits."""


@dataclass(frozen=True, slots=True)
class StaffAway:
    """A person had it and gave it back to us."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A person has it now."""


Event = FirstMessage | Message | Pressed | Rating | Asked | QueueUpdate | Closed | StaffAway | HandedOver
