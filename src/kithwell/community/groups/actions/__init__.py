"""Every change of groups. Each checks, writes, records and tells in one transaction."""

from kithwell.community.groups.actions.common import Full
from kithwell.community.groups.actions.found import archive, change, found
from kithwell.community.groups.actions.invite import (
    decline_invitation,
    end_invitation,
    invite,
    make_link,
)
from kithwell.community.groups.actions.join import Joined, join
from kithwell.community.groups.actions.members import (
    Last,
    end_break,
    leave,
    offer_welcome,
    set_role,
    step_down,
    take_break,
)
from kithwell.community.groups.actions.oversee import approve, decline, name_facilitator
from kithwell.community.groups.actions.requests import decide, withdraw
from kithwell.community.groups.actions.shape import Wanted
from kithwell.community.groups.actions.watch import touch

__all__ = [
    "Full",
    "Joined",
    "Last",
    "Wanted",
    "approve",
    "archive",
    "change",
    "decide",
    "decline",
    "decline_invitation",
    "end_break",
    "end_invitation",
    "found",
    "invite",
    "join",
    "leave",
    "make_link",
    "name_facilitator",
    "offer_welcome",
    "set_role",
    "step_down",
    "take_break",
    "touch",
    "withdraw",
]
