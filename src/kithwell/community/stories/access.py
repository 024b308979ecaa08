"""The only door to a story: for its author, for those who review, and for everybody once it is public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.community.stories.models import Media, Story, Use
from kithwell.kernel import clock, ids
from kithwell.kernel.errors import KithwellError, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.people import access as people
from kithwell.people import roles

REVIEWERS = (roles.MODERATOR, roles.PROFESSIONAL, roles.STEWARD)


class Gone(KithwellError):
    """It was public, and is not any more: 410, with a kind word and nothing of it."""

    status, code = 410, "gone"


def _ident(ident: str | UUID) -> UUID:
    found = ident if isinstance(ident, UUID) else ids.parse(ident)
    if found is None:
        raise NotFound()
    return found


def own(principal: Principal, ident: str | UUID, *, lock: bool = False) -> Story:
    """One's own story. Raises SignInNeeded or NotFound."""
    people.require(principal)
    rows: Any = Story.objects.select_for_update() if lock else Story.objects
    row = rows.filter(id=_ident(ident), author=principal.id).first()
    if row is None:
        raise NotFound()
    assert isinstance(row, Story)
    return row


def reviewed(principal: Principal, ident: str | UUID, *, lock: bool = False) -> Story:
    """A story that waits to be read, for those who review; not one's own. Raises Refused or NotFound."""
    people.require(principal, *REVIEWERS, step_up=True)
    rows: Any = Story.objects.select_for_update() if lock else Story.objects
    row = rows.filter(id=_ident(ident)).exclude(state=Story.State.DRAFT).first()
    if row is None:
        raise NotFound()
    if row.author == principal.id:
        raise Refused(_("Your own story has to be read by somebody else."))
    assert isinstance(row, Story)
    return row


def may_review(principal: Principal) -> bool:
    return principal.is_account and principal.has(*REVIEWERS)


def is_public(row: Story) -> bool:
    """Is it public at this moment? The job that ends what is over may be late; the page is not."""
    if row.state != Story.State.PUBLISHED:
        return False
    return Use.objects.filter(story=row, kind="site", ended_at__isnull=True, until__gt=clock.now()).exists()


def public(slug: str) -> Story:
    """A public story by its address. Raises Gone where there was one, NotFound where there never was."""
    row = Story.objects.filter(slug=slug[:90]).first()
    if row is None:
        raise NotFound()
    if not is_public(row):
        raise Gone(_("This story is not here any more"))
    return row


def media(principal: Principal, ident: str | UUID) -> Media:
    """A file of a story: of a public one for everybody, else for its author and those who review. Raises NotFound."""
    row = Media.objects.select_related("story").filter(id=_ident(ident)).first()
    if row is None:
        raise NotFound()
    story = row.story
    if principal.is_account and principal.id == story.author:
        return row
    if may_review(principal) and principal.stepped_up and story.state not in (Story.State.DRAFT, "withdrawn"):
        return row
    if not is_public(story):
        raise NotFound()
    return row
