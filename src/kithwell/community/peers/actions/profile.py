"""What somebody shows of themself, and following with consent."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import queries as groups
from kithwell.community.peers import words
from kithwell.community.peers.actions.buddies import notice
from kithwell.community.peers.models import Follow, Profile
from kithwell.kernel import clock, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions as moderating
from kithwell.moderation import door
from kithwell.people import access
from kithwell.safety import screen

LENGTHS = {"pronouns": 40, "likes": 600, "languages": 120}
KIND = "people.profile"


def set_profile(principal: Principal, pieces: Mapping[str, str], seen_by: Mapping[str, str]) -> None:
    """Keep what is shown, and to whom. Raises Invalid, NotNow while one may not write."""
    account = access.own_account(principal)
    wrong: dict[str, str] = {}
    held, seen = {}, {}
    for piece, most in LENGTHS.items():
        held[piece] = texts.tidy(pieces.get(piece, ""), most, piece)
        seen[piece] = seen_by.get(piece, "nobody")
        if seen[piece] not in words.SEEN_BY:
            wrong[f"seen_{piece}"] = _("Please choose one of these.")
    if wrong:
        raise Invalid(wrong)
    if any(held.values()):
        door.write(account.pk, " ".join(held.values()))
    with transaction.atomic():
        sealed = words.seal(account.subject, held, (words.PROFILE, "pieces", account.pk))
        row = Profile.objects.select_for_update().filter(pk=account.pk).first() or Profile(account=account.pk)
        row.pieces, row.seen_by = sealed, seen
        row.save()
        said = " ".join(held[piece] for piece in LENGTHS if seen[piece] != "nobody" and held[piece])
        if said:
            moderating.signal(KIND, str(account.pk), account.pk, screen(said))


def follow(principal: Principal, other: UUID) -> None:
    """Ask to follow somebody one shares a group with. Asking again changes nothing. Raises NotFound, Conflict."""
    from kithwell.community.peers.queries.profile import there_for

    access.require(principal)
    assert principal.id is not None
    if other == principal.id or not there_for(principal, other) or not groups.shared(principal.id, other):
        raise NotFound()
    door.enter(principal.id)
    with transaction.atomic():
        if Follow.objects.filter(follower=principal.id).count() >= 500:
            raise Conflict(_("You follow a great many people already."))
        row, made = Follow.objects.get_or_create(
            follower=principal.id, followed=other, defaults={"at": clock.now()}
        )
        if made:
            about = {"follow": str(row.pk), "by": str(principal.id)}
            notice(other, "follow-asked", "/me/people", about)


def answer_follow(principal: Principal, ident: UUID, *, yes: bool) -> None:
    """A yes, or a silent no that looks like waiting. Raises NotFound."""
    access.require(principal)
    with transaction.atomic():
        rows = Follow.objects.select_for_update().filter(pk=ident, followed=principal.id)
        row = rows.filter(state="asked", declined_at=None).first()
        if row is None:
            raise NotFound()
        if yes:
            rows.update(state="yes")
            about = {"follow": str(ident), "by": str(principal.id)}
            notice(row.follower, "follow-accepted", "/me/people", about)
        else:
            rows.update(declined_at=clock.now())


def unfollow(principal: Principal, ident: UUID) -> None:
    """Either of the two ends it; nobody is told. Raises NotFound."""
    access.require(principal)
    mine = Follow.objects.filter(pk=ident, follower=principal.id)
    theirs = Follow.objects.filter(pk=ident, followed=principal.id)
    if not (mine.delete()[0] or theirs.delete()[0]):
        raise NotFound()


def end_follows_between(a: UUID, b: UUID) -> None:
    Follow.objects.filter(follower__in=(a, b), followed__in=(a, b)).delete()
