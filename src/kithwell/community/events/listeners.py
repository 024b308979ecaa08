"""What happens elsewhere and changes something at events."""

from __future__ import annotations

from typing import Any

from kithwell.community.events import actions
from kithwell.kernel import events, ids


@events.subscribe("community.group.left", durable=True)
def on_left(group: str, account: str, **rest: Any) -> None:
    """A place nobody can come to any more is free for the next one."""
    where, who = ids.parse(group), ids.parse(account)
    if where is not None and who is not None:
        actions.left_group(where, who)
