"""Every change of events: check, write, tell, in one transaction each."""

from kithwell.community.events.actions.feeds import choose as choose_feed
from kithwell.community.events.actions.feeds import renew as renew_feed
from kithwell.community.events.actions.feeds import stop as stop_feed
from kithwell.community.events.actions.hosting import (
    Wanted,
    ask_no_more,
    begin,
    call_off,
    change,
    end,
    make,
    make_series,
    sweep,
)
from kithwell.community.events.actions.moderating import (
    answer,
    approve,
    decline,
    merge,
    publish_transcript,
    withdraw_transcript,
)
from kithwell.community.events.actions.questions import Asked, ask, take_back, wish
from kithwell.community.events.actions.seats import leave, left_group, remind, take

__all__ = [
    "Asked",
    "Wanted",
    "answer",
    "approve",
    "ask",
    "ask_no_more",
    "begin",
    "call_off",
    "change",
    "choose_feed",
    "decline",
    "end",
    "leave",
    "left_group",
    "make",
    "make_series",
    "merge",
    "publish_transcript",
    "remind",
    "renew_feed",
    "stop_feed",
    "sweep",
    "take",
    "take_back",
    "wish",
    "withdraw_transcript",
]
