"""May this person post, and if not, why and until when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kithwell.kernel import clock
from kithwell.moderation import access
from kithwell.moderation.models import Decision
from kithwell.moderation.rules import ladder


@dataclass(frozen=True, slots=True)
class Standing:
    """`how` is "" or the strongest restriction that holds: pause, suspend, exclude. `until` None has no end by itself.

    A pause takes writing; a suspension and an exclusion take the community (`may_enter`). Nothing takes the talk, the
    help page, one's data, one's decisions and their appeals.
    """

    may_post: bool
    until: datetime | None = None
    why_url: str = ""
    how: str = ""

    @property
    def may_enter(self) -> bool:
        return self.how in ("", "pause")


NOBODY = Standing(False)
FREE = Standing(True)


def standing(account: UUID | None) -> Standing:
    """What a person may do in the community now. One query, none for a visitor."""
    if account is None:
        return NOBODY
    rows = Decision.objects.filter(
        Q(until=None) | Q(until__gt=clock.now()),
        author_key=access.author_key(account),
        state=Decision.State.ACTIVE,
        person__in=ladder.RESTRICTING,
    ).values_list("person", "until", "id")
    held = list(rows)
    if not held:
        return FREE
    how = ladder.heaviest([person for person, _until, _id in held])
    same = [(until, ident) for person, until, ident in held if person == how]
    endless = [row for row in same if row[0] is None]
    until, ident = endless[0] if endless else max(same, key=lambda row: row[0] or clock.now())
    return Standing(False, until, f"/decisions/{ident}", how)
