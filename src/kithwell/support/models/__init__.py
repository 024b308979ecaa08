"""Tables of the support desk, split by noun. Private to this part: others go through actions, queries and ports.

People's words lie sealed under the contact's own key (kernel.crypto), bound to table, column and row. Accounts are
named by id without a foreign key: an erased account leaves a number behind, not a hole in somebody else's transcript.
"""

from kithwell.support.models.alerts import Alert
from kithwell.support.models.contacts import Contact, ContactAddress, ContactMerge, Flag, Forgotten
from kithwell.support.models.conversations import Conversation, HandOver, Presence, Reading
from kithwell.support.models.followups import FollowUp
from kithwell.support.models.messages import Attachment, Delivery, Message, Note
from kithwell.support.models.rescues import Rescue
from kithwell.support.models.team import Debrief, QuickReply, Shift, SupporterState, Team

__all__ = [
    "Alert",
    "Attachment",
    "Contact",
    "ContactAddress",
    "ContactMerge",
    "Conversation",
    "Debrief",
    "Delivery",
    "Flag",
    "FollowUp",
    "Forgotten",
    "HandOver",
    "Message",
    "Note",
    "Presence",
    "QuickReply",
    "Reading",
    "Rescue",
    "Shift",
    "SupporterState",
    "Team",
]
