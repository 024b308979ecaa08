"""Whoever wrote STOP is left in peace: nothing goes out to them until they write something else.

What a supporter writes meanwhile is kept, as outside the provider's window. Pages that a person opens by themself (the
web chat) send nothing to anybody, so nothing is kept back there.
"""

from __future__ import annotations

from datetime import datetime

from kithwell.support.actions import common
from kithwell.support.models import Conversation, Message
from kithwell.support.rules import silence


def wanted(conversation: Conversation) -> bool:
    """Did they ask for silence, and have not written since? No query unless they wrote STOP."""
    stopped = conversation.contact.opted_out_at
    adapter = common.adapter_of(conversation.channel)
    if stopped is None or (adapter is not None and adapter.instant):
        return False
    return silence.holds(stopped, _last_words(conversation))


def keeps_back(conversation: Conversation, script: str) -> bool:
    """May this not go out now? The answer to STOP itself does."""
    return script not in silence.ANSWERS and wanted(conversation)


def _last_words(conversation: Conversation) -> datetime | None:
    """When they last said something on this channel account, whatever the conversation. Reactions are no words."""
    rows = Message.objects.filter(
        conversation__contact_id=conversation.contact_id,
        channel=conversation.channel,
        account=conversation.account,
        author=Message.Author.PERSON,
    ).exclude(kind__in=silence.NO_WORDS)
    return rows.order_by("-created_at").values_list("created_at", flat=True).first()
