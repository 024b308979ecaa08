"""Every change of posts. Each checks, writes, records and tells in one transaction."""

from kithwell.community.posts.actions.bring_in import bring_in
from kithwell.community.posts.actions.brought import note_reading
from kithwell.community.posts.actions.change import delete, edit, lock, pin, set_replies_from
from kithwell.community.posts.actions.choices import set_unanswered_hours
from kithwell.community.posts.actions.common import Nudged, Stored
from kithwell.community.posts.actions.drafts import drop_draft, keep_draft
from kithwell.community.posts.actions.pictures import add_picture, drop_picture
from kithwell.community.posts.actions.react import mark_group, mark_thread, react, vote
from kithwell.community.posts.actions.typing import typing
from kithwell.community.posts.actions.write import reply, write
from kithwell.community.posts.rules.writing import Written
from kithwell.moderation.door import NotNow

__all__ = [
    "NotNow", "Nudged", "Stored", "Written", "add_picture", "bring_in", "delete", "drop_draft", "drop_picture", "edit",
    "keep_draft", "lock", "mark_group", "mark_thread", "note_reading", "pin", "react", "reply", "set_replies_from",
    "set_unanswered_hours", "typing", "vote", "write",
]  # fmt: skip
