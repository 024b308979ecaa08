"""Who speaks for us in a conversation: the assistant, a human or nobody. Never two, and never by surprise.

Each change of hands raises the version by one. A send presents the version it read; a send with an old version is
refused. The assistant may speak only while it holds the conversation at the very version it read.
"""

from __future__ import annotations

from dataclasses import dataclass

ASSISTANT, HUMAN, NOBODY = "assistant", "human", "nobody"


@dataclass(frozen=True, slots=True)
class Control:
    controller: str = ASSISTANT
    version: int = 1


def hand_to(control: Control, controller: str) -> Control:
    """A change of hands; also from one human to another (the version tells them apart)."""
    if controller not in (ASSISTANT, HUMAN, NOBODY):
        raise ValueError(controller)
    return Control(controller, control.version + 1)


def may_send(control: Control, author: str, version: int) -> bool:
    """May `author` ("assistant", "supporter" or "system"), who read `version`, still send?

    "system" words (announcements, "your reply is waiting") are part of the change they announce and carry no voice.
    """
    if author == "system":
        return True
    if version != control.version:
        return False
    return control.controller == (ASSISTANT if author == "assistant" else HUMAN)
