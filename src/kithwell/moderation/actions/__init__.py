"""Every change of the desk. Each checks, writes, records and tells in one transaction."""

from kithwell.moderation.actions.appeals import answer, appeal
from kithwell.moderation.actions.deciding import Ruling, confirm, decide, offer_support
from kithwell.moderation.actions.desk import (
    Rest,
    add_note,
    hand_over,
    release,
    shown,
    take_break,
    take_next,
)
from kithwell.moderation.actions.reporting import held_back, report, signal
from kithwell.moderation.actions.unsealing import unseal_confirm, unseal_request, unsealed

__all__ = [
    "Rest", "Ruling", "add_note", "answer", "appeal", "confirm", "decide", "hand_over", "held_back", "offer_support",
    "release", "report", "shown", "signal", "take_break", "take_next", "unseal_confirm", "unseal_request", "unsealed",
]  # fmt: skip
