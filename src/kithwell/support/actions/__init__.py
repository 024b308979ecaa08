"""Every change of the desk. Each checks, writes, records and tells in one transaction."""

from kithwell.support.actions.attachments import (
    AttachmentRef,
    attachment_failed,
    attachment_ready,
    attachment_ref,
    attachments_arriving,
)
from kithwell.support.actions.deliveries import record_status, record_statuses
from kithwell.support.actions.desk import (
    WHY_NOT,
    end_break,
    end_shift,
    heartbeat,
    release,
    set_my_languages,
    start_break,
    start_shift,
    take_next,
)
from kithwell.support.actions.ending import debrief, end, settle_follow_up, skip_debrief
from kithwell.support.actions.erase import (
    Receipt,
    erase_contact,
    erase_conversation,
    erase_message,
    merge_contacts,
    redact,
    undo_merge,
)
from kithwell.support.actions.handover import (
    accept_hand_over,
    decline_hand_over,
    hand_over,
    withdraw_hand_over,
)
from kithwell.support.actions.house_rules import (
    add_team,
    drop_sentence,
    drop_team,
    review_sentence,
    set_duties,
    write_sentence,
)
from kithwell.support.actions.notes import add_note, remove_flag, set_flag, set_level
from kithwell.support.actions.person import Opened, ask_human, close_by_person, open_web, rate
from kithwell.support.actions.receive import receive
from kithwell.support.actions.reply import cancel_held, reply, retry
from kithwell.support.actions.rescue import ask_rescue, decide_rescue, record_rescue, withdraw_rescue
from kithwell.support.actions.supervise import (
    acknowledge_alert,
    join,
    leave,
    reassign,
    reveal_address,
    take_over,
    whisper,
)

__all__ = [
    "WHY_NOT",
    "AttachmentRef",
    "Opened",
    "Receipt",
    "accept_hand_over",
    "acknowledge_alert",
    "add_note",
    "add_team",
    "ask_human",
    "ask_rescue",
    "attachment_failed",
    "attachment_ready",
    "attachment_ref",
    "attachments_arriving",
    "cancel_held",
    "close_by_person",
    "debrief",
    "decide_rescue",
    "decline_hand_over",
    "drop_sentence",
    "drop_team",
    "end",
    "end_break",
    "end_shift",
    "erase_contact",
    "erase_conversation",
    "erase_message",
    "hand_over",
    "heartbeat",
    "join",
    "leave",
    "merge_contacts",
    "open_web",
    "rate",
    "reassign",
    "receive",
    "record_rescue",
    "record_status",
    "record_statuses",
    "redact",
    "release",
    "remove_flag",
    "reply",
    "retry",
    "reveal_address",
    "review_sentence",
    "set_duties",
    "set_flag",
    "set_level",
    "set_my_languages",
    "settle_follow_up",
    "skip_debrief",
    "start_break",
    "start_shift",
    "take_next",
    "take_over",
    "undo_merge",
    "whisper",
    "withdraw_hand_over",
    "withdraw_rescue",
    "write_sentence",
]
