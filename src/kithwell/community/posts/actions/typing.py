"""Somebody types an answer: said without a name, kept nowhere, only where a group chose it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from kithwell.community.posts import access
from kithwell.kernel import clock, limits, live
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import access as people_access

EVERY: Final = 3  # seconds between two words of one person
SHOWN_FOR: Final = 6  # seconds; the page lets it go by itself


def may_show(look: access.Eye) -> bool:
    """Only in small groups that chose it, and only among their members."""
    return look.place.group.show_typing and look.place.is_member


def typing(principal: Principal, post_id: UUID) -> int:
    """Tell the others. Returns by what the page knows its own word again, 0 when it was too soon for another.

    Raises SignInNeeded, NotFound where nothing of it is shown, or NotNow.
    """
    people_access.require(principal)
    look, post = access.post(principal, post_id)
    if not may_show(look) or not look.place.may_post or post.locked:
        raise NotFound()
    door.enter(principal.id)
    if not limits.hit(f"typing:{principal.id}", capacity=1, per_seconds=EVERY):
        return 0
    now = int(clock.now().timestamp() * 1000)
    live.publish(f"typing:{post.id}", now)
    return now
