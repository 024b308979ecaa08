"""Jobs of posts: thin calls. Safe to repeat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kithwell.kernel import jobs


@jobs.every(seconds=300, queue="normal")
def unanswered() -> None:
    """Bring posts that nobody answered to those who offered to welcome, later to a supporter."""
    from kithwell.community.posts import unanswered as nobody

    nobody.look()


@jobs.every(seconds=6 * 3600, queue="bulk")
def loose_pictures() -> None:
    """Forget pictures of posts that were never written."""
    from kithwell.community.posts.actions import pictures

    pictures.sweep_loose()


@jobs.job(queue="bulk")
def lift_veil(veil: str, before: str) -> None:
    """Somebody left and had their words deleted: those under a veil go later than those under the name."""
    from kithwell.community.posts import export

    export.lift(UUID(veil), datetime.fromisoformat(before))
