"""The only door to a post or a reply for somebody. What they may not see is not there (NotFound).

What blocks do here: somebody blocked (either way) is absent, with all they wrote under their own name. A veil is a
person of its own: no block of an account touches what is written under a veil, or blocking and looking again would
tell who hides behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.boundaries import queries as boundaries
from kithwell.boundaries.rules import Boundaries
from kithwell.community.groups import access as groups
from kithwell.community.groups.access import Place
from kithwell.community.posts import veils
from kithwell.community.posts.models import Piece, Post, Reply, State
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import access as people_access
from kithwell.people import roles

TEAM = (roles.SUPPORTER, roles.SUPERVISOR)
BROUGHT = 2  # the step at which a post that nobody answered is brought to the team


@dataclass(frozen=True, slots=True)
class Eye:
    """Who looks, at what group (None: at several of their own), with what boundaries; `veils` are their own anonymous
    names there."""

    principal: Principal
    at: Place | None
    mine: Boundaries
    veils: frozenset[UUID]

    @property
    def place(self) -> Place:
        assert self.at is not None
        return self.at

    @property
    def is_member(self) -> bool:
        return self.at is None or self.at.is_member

    @property
    def account(self) -> UUID | None:
        return self.principal.id if self.principal.is_account else None

    def owns(self, author: UUID | None, veil: UUID | None) -> bool:
        """Did they write it, under their name or under their veil?"""
        if author is not None:
            return author == self.account
        return veil is not None and veil in self.veils

    def sees(self, author: UUID | None, veil: UUID | None, state: int) -> bool:
        """Is a piece there at all for them? Whether and how it is shown is `Boundaries.treat`'s."""
        if not self.mine.sees(author if author is not None else veil):
            return False
        if state == State.OPEN:
            return True
        if state == State.LIMITED:
            return self.is_member
        return self.owns(author, veil) and state in (State.HIDDEN, State.REMOVED)


def eye(principal: Principal, place: Place) -> Eye:
    """Three queries (boundaries, own veil), none for visitors."""
    account = principal.id if principal.is_account else None
    own = veils.own_ids([place.group.id], account)
    return Eye(principal, place, boundaries.of(account), own)


def post(principal: Principal, ident: UUID, *, lock: bool = False) -> tuple[Eye, Post]:
    """A post for somebody who may read it. Raises NotFound, or groups' JoinFirst."""
    rows = Post.objects.select_for_update() if lock else Post.objects.all()
    found = rows.filter(id=ident).first()
    if found is None:
        raise NotFound()
    look = eye(principal, _place(principal, found))
    if not (look.sees(found.author, found.veil_id, found.state) or _is_stub(found)):
        raise NotFound()
    return look, found


def _place(principal: Principal, found: Post) -> Place:
    """The group as its reader, or as somebody of the team to whom this one post was brought."""
    place: Place | None = None
    try:
        place = groups.place_by_id(principal, found.group)
    except (NotFound, groups.JoinFirst):
        if not is_brought(principal, found):
            raise
    if place is None or (not place.is_member and is_brought(principal, found)):
        place = groups.place_for_helper(principal, found.group)
    return place


def is_brought(principal: Principal, found: Post) -> bool:
    """Did nobody answer this post for so long that the team may, and is this somebody of the team? Whoever of them
    answered may go on reading and answering there."""
    if not (principal.is_account and principal.has(*TEAM) and principal.stepped_up):
        return False
    open_still = found.state == State.OPEN and found.alert_step >= BROUGHT and found.replies_from != "nobody"
    if not open_still or found.kind == Post.Kind.PROMPT:
        return False
    if found.first_reply_at is None:
        return not found.locked
    return Reply.objects.filter(post=found, author=principal.id, team=True).exists()


def _is_stub(found: Post) -> bool:
    """Taken back by its writer, but others answered: their words stay."""
    return found.state == State.GONE and found.reply_n > 0


def reply(principal: Principal, ident: UUID, *, lock: bool = False) -> tuple[Eye, Reply]:
    """A reply for somebody who may read it, with its post. Raises NotFound."""
    rows = Reply.objects.select_related("post")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(id=ident).first()
    if found is None:
        raise NotFound()
    look, _found = post(principal, found.post_id)
    if not look.sees(found.author, found.veil_id, found.state):
        raise NotFound()
    return look, found


def piece(principal: Principal, ident: UUID, *, lock: bool = False) -> tuple[Eye, Piece, Post]:
    """A post or a reply by its id, with the post it belongs to."""
    if Post.objects.filter(id=ident).exists():
        look, found = post(principal, ident, lock=lock)
        return look, found, found
    look, answer = reply(principal, ident, lock=lock)
    return look, answer, answer.post


def own(principal: Principal, ident: UUID) -> tuple[Eye, Piece, Post]:
    """One's own piece, locked. Raises SignInNeeded, NotFound, or Refused for another's."""
    people_access.require(principal)
    look, found, top = piece(principal, ident, lock=True)
    if not look.owns(found.author, found.veil_id) or found.state >= State.REMOVED:
        raise Refused(_("Only the person who wrote this can do that."))
    return look, found, top


def led(principal: Principal, ident: UUID) -> tuple[Eye, Post]:
    """A post, locked, for a facilitator of its group. Raises SignInNeeded, NotFound, Refused."""
    people_access.require(principal)
    look, found = post(principal, ident, lock=True)
    if not look.place.may_facilitate:
        raise Refused(_("This is for the facilitators of the group."))
    door.enter(principal.id)
    return look, found
