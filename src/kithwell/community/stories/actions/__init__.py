"""Every change of stories: check, write, tell, in one transaction each."""

from kithwell.community.stories.actions.media import add, caption, describe, drop
from kithwell.community.stories.actions.reviewing import approve, ask_changes, decline, propose
from kithwell.community.stories.actions.uses import (
    expire,
    give_longer,
    may_use,
    on_withdrawn,
    withdraw,
)
from kithwell.community.stories.actions.writing import (
    agree,
    begin,
    keep_details,
    keep_part,
    let_go,
    send,
    take_back,
)

__all__ = [
    "add",
    "agree",
    "approve",
    "ask_changes",
    "begin",
    "caption",
    "decline",
    "describe",
    "drop",
    "expire",
    "give_longer",
    "keep_details",
    "keep_part",
    "let_go",
    "may_use",
    "on_withdrawn",
    "propose",
    "send",
    "take_back",
    "withdraw",
]
