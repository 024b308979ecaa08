"""Signs of support, votes, and how far somebody has read."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from kithwell.community.groups import access as groups
from kithwell.community.groups.access import Place
from kithwell.community.posts import access, words
from kithwell.community.posts.actions import common
from kithwell.community.posts.models import Poll, Reaction, ReadMark, Vote
from kithwell.kernel import clock, events, ids
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import access as people_access


@transaction.atomic
def react(principal: Principal, ident: UUID, kind: str, on: bool = True) -> None:
    """Give a sign of support, or take it back. Doing it twice changes nothing: a form sent twice is no second wish."""
    people_access.require(principal)
    assert principal.id is not None
    look, piece, post = access.piece(principal, ident)
    if not look.place.is_member:
        groups.member(principal, look.place.group.slug)  # raises JoinFirst
    door.enter(principal.id)
    if kind not in Reaction.Kind.values:
        raise Invalid({"kind": _("Choose one from the list.")})
    if look.owns(piece.author, piece.veil_id):
        raise Refused(_("This is yours. Others can give you a sign here."))
    if not on:
        Reaction.objects.filter(piece=piece.id, account=principal.id, kind=kind).delete()
        return
    _row, made = Reaction.objects.get_or_create(
        piece=piece.id, account=principal.id, kind=kind, defaults={"id": ids.new_id(), "post": post}
    )
    if not made:
        return
    about = {"post": str(piece.id)} if piece.id == post.id else {"reply": str(piece.id), "post": str(post.id)}
    events.publish(
        "community.reaction.given",
        **about,
        kind=kind,
        group=str(piece.group),
        author=common.who(piece),
        by=str(principal.id),
    )


@transaction.atomic
def vote(principal: Principal, post_id: UUID, option: int) -> None:
    """Choose an answer, or another one, while the poll runs."""
    people_access.require(principal)
    look, post = access.post(principal, post_id)
    if not look.place.is_member:
        groups.member(principal, look.place.group.slug)
    door.enter(principal.id)
    poll = Poll.objects.filter(post=post).first()
    if poll is None:
        raise NotFound()
    if (poll.ends_at is not None and poll.ends_at <= clock.now()) or post.locked:
        raise Refused(_("This poll has ended."))
    options = words.open_json(post.subject, poll.options, (words.POLL, "options", post.id)) or []
    if not 0 <= option < len(options):
        raise Invalid({"option": _("Choose one of the answers.")})
    Vote.objects.update_or_create(poll=poll, account=principal.id, defaults={"option": option})


def mark_thread(account: UUID, post: UUID, n: int) -> None:
    """They have seen everything up to reply number `n`."""
    _mark(account, post, n)


def mark_group(account: UUID, place: Place) -> None:
    """They have looked at the group."""
    _mark(account, place.group.id, 0)


def _mark(account: UUID, thing: UUID, n: int) -> None:
    now = clock.now()
    held = ReadMark.objects.filter(account=account, thing=thing)
    if not held.update(
        n=Greatest(F("n"), n), seen_at=now
    ):  # whoever looks at an earlier page has still read on
        ReadMark.objects.bulk_create(
            [ReadMark(account=account, thing=thing, n=n, seen_at=now)], ignore_conflicts=True
        )
