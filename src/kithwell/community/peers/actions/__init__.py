"""Every change of this part, each in one transaction."""

from kithwell.community.peers.actions.badges import end_badge, give_badge, tidy_badges
from kithwell.community.peers.actions.buddies import (
    accept,
    answer_check,
    ask,
    check_in,
    decline,
    end,
    go_on,
    lapse,
    pass_on,
    somebody_new,
    suggest_for,
    withdraw,
)
from kithwell.community.peers.actions.gentle import (
    add_step,
    change_step,
    count_kindness,
    end_goal,
    forget_counted,
    set_goal,
)
from kithwell.community.peers.actions.notes import Sent, write_note
from kithwell.community.peers.actions.profile import answer_follow, follow, set_profile, unfollow
from kithwell.community.peers.actions.welcome import keep, keep_all, seek_no_more, side_changed

__all__ = [
    "Sent", "accept", "add_step", "answer_check", "answer_follow", "ask", "change_step", "check_in", "count_kindness",
    "decline", "end", "end_badge", "end_goal", "follow", "forget_counted", "give_badge", "go_on", "keep", "keep_all",
    "lapse",
    "pass_on", "seek_no_more", "set_goal", "set_profile", "side_changed", "somebody_new", "suggest_for", "tidy_badges",
    "unfollow", "withdraw", "write_note",
]  # fmt: skip
