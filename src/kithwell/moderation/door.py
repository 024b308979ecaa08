"""The door of the community: may somebody take part now? Asked by every action by which one takes part.

    door.enter(account)            joining, answering, signs, votes: not while suspended or excluded
    door.write(account, said)      words for others: also not while paused

Reading what is public, the talk, the help page, one's own pages, the archive of one's data, decisions and appeals never
pass here. Somebody who is turned away and whose words show need is offered help all the same.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.kernel import clock
from kithwell.kernel.errors import Refused
from kithwell.moderation import concerns
from kithwell.moderation.queries import standings
from kithwell.moderation.queries.standings import Standing


class NotNow(Refused):
    """Not at present; `url` leads to the reasons and to the way to object."""

    code = "not-now"

    def __init__(self, message: str, url: str = "") -> None:
        super().__init__(message)
        self.url = url

    @property
    def why_url(self) -> str:
        return self.url


def enter(account: UUID | None, said: str = "") -> Standing:
    """Raises NotNow for somebody who is suspended or excluded, and for nobody else. One query."""
    held = standings.standing(account)
    if account is not None and not held.may_enter:
        _hear(account, said)
        raise NotNow(
            _(
                "You cannot take part in the community at present. You can read why, and ask another person to look. "
                "Talking to us is always open to you."
            ),
            held.why_url,
        )
    return held


def write(account: UUID, said: str = "") -> Standing:
    """As `enter`; raises NotNow also for somebody whose writing is paused. One query."""
    held = enter(account, said)
    if not held.may_post:
        _hear(account, said)
        if held.until is None:
            words = _("You cannot write here at present. You can read why, and object.")
        else:
            words = _("You cannot write here until %(day)s. You can read why, and object.") % {
                "day": f"{held.until:%Y-%m-%d}"
            }
        raise NotNow(words, held.why_url)
    return held


def _hear(account: UUID, said: str) -> None:
    """Their words are not kept, but a need in them is heard: an offer of help, at most one a day and level."""
    if not said.strip():
        return
    from kithwell.moderation.actions import cases

    level, language = cases.heard(said)
    today = f"{account}:{clock.now():%Y-%m-%d}"
    concerns.raise_concern("community.door", today, account, level, language, anonymous=True)
