"""What the team does with a post nobody answered: reading it is written down, without its words."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kithwell.kernel import audit, limits
from kithwell.kernel.principal import Principal

EVERY = timedelta(minutes=15)  # one line for one sitting


def note_reading(principal: Principal, post: UUID) -> None:
    """Somebody of the team opened the post that was brought to them."""
    if limits.hit(f"brought:{principal.id}:{post}", capacity=1, per_seconds=int(EVERY.total_seconds())):
        audit.record(principal, "post.brought.read", kind="community.post", id=post)
