"""The person's own ear: a visitor, or a member, may listen to their own conversation and to nothing else."""

from __future__ import annotations

from kithwell.channels.web import access
from kithwell.kernel import ids, live
from kithwell.support import access as support


@live.topic("conversation")
def conversation(cookies: dict[str, str], ident: str) -> int:
    """The newest arrival number of one's own conversation."""
    principal, wanted = access.listener(cookies), ids.parse(ident)
    if principal is None or wanted is None:
        raise live.Refused("nobody is here")
    seen = support.conversation(principal, wanted)
    if not seen.is_person:
        raise live.Refused("not theirs")
    return int(seen.conversation.last_n)
