"""Changing one's own words, taking them back; what facilitators do; what a decision about a piece does to it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.boundaries.rules import WARNINGS, known_warnings
from kithwell.community.posts import access, search, words
from kithwell.community.posts.actions import common
from kithwell.community.posts.actions.common import Stored
from kithwell.community.posts.models import Earlier, Picture, Piece, Post, Reaction, Reply, State
from kithwell.community.posts.rules import marks, writing
from kithwell.community.posts.rules.writing import Written
from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import Principal

PINNED_MOST = 5  # what always stands on top pushes everything else down


def _table(piece: Piece) -> str:
    return words.POST if isinstance(piece, Post) else words.REPLY


def edit(principal: Principal, ident: UUID, written: Written) -> Stored:
    """Change one's own words. How they read before is kept for the writer and for moderators; others see that it was
    edited. Raises SignInNeeded, NotFound, Refused, NotNow, Invalid, Nudged."""
    most = writing.POST_MAX if Post.objects.filter(id=ident).exists() else writing.REPLY_MAX
    look = _first(principal, ident)
    common.check(written, poll=False, most=most)
    assert principal.id is not None
    common.check_standing(principal.id, look.place, written.text)
    seen = common.look(written)
    with transaction.atomic():
        _look, piece, post = access.own(principal, ident)
        table = _table(piece)
        text, own_warning = words.open_body(piece.subject, table, piece.id, piece.body)
        kept = tuple(filter(None, piece.warnings.split(",")))
        wanted = known_warnings(written.warnings)
        if (text, own_warning, kept) != (written.text, written.own_warning, wanted):
            now = clock.now()
            _keep_earlier(piece, text, own_warning)
            piece.body = words.seal_body(piece.subject, table, piece.id, written.text, written.own_warning)
            piece.warnings, piece.edited_at = ",".join(wanted), now
            piece.save(update_fields=["body", "warnings", "edited_at"])
            search.index(piece.group, post.id, piece.id, marks.plain(written.text))
            kind = "community.post" if piece.id == post.id else "community.reply"
            common.after(principal, kind, piece, seen)
        if isinstance(piece, Post) and piece.replies_from != written.replies_from:
            Post.objects.filter(id=piece.id).update(replies_from=written.replies_from)
        common.moved(post)
    return Stored(piece.id, post.id, seen.crisis_level, seen.guidance)


@transaction.atomic
def _first(principal: Principal, ident: UUID) -> access.Eye:
    """Is it theirs at all? Asked before anything is said about their words."""
    return access.own(principal, ident)[0]


def _keep_earlier(piece: Piece, text: str, own_warning: str) -> None:
    row = Earlier(
        id=ids.new_id(),
        piece=piece.id,
        subject=piece.subject,
        written_at=piece.edited_at or piece.created_at,
    )
    row.body = words.seal_body(piece.subject, words.EARLIER, row.id, text, own_warning)
    row.save(force_insert=True)


@transaction.atomic
def set_replies_from(principal: Principal, ident: UUID, replies_from: str) -> None:
    """The writer decides who may answer, also later."""
    _look, piece, post = access.own(principal, ident)
    if piece.id != post.id or replies_from not in writing.REPLIES_FROM:
        raise Invalid({"replies_from": str(common.FAULTS["replies_from", "unknown"])})
    Post.objects.filter(id=post.id).update(replies_from=replies_from)
    common.moved(post)


@transaction.atomic
def delete(principal: Principal, ident: UUID) -> UUID | None:
    """Take one's own words back: they go at once, everywhere. Others' replies stay. Returns the post if it stays."""
    _look, piece, post = access.own(principal, ident)
    take_away(piece)
    common.moved(post)
    events.publish("community.piece.gone", id=str(piece.id), post=str(post.id), group=str(post.group))
    return post.id if piece.id != post.id or post.reply_n else None


def take_away(piece: Piece) -> None:
    """No word is left of it, nor whose it was. Inside a transaction."""
    type(piece).objects.filter(id=piece.id).update(  # type: ignore[attr-defined]
        state=State.GONE,
        body=None,
        warnings="",
        edited_at=None,
        author=None,
        veil=None,
        subject=NOBODY,
        client_key=None,
    )
    Earlier.objects.filter(piece=piece.id).delete()
    Reaction.objects.filter(piece=piece.id).delete()
    search.drop([piece.id])
    if isinstance(piece, Reply):
        _answered(piece.post_id)
    if isinstance(piece, Post):
        Picture.objects.filter(post=piece).delete()
        Post.objects.filter(id=piece.id).update(pictures=False, pinned=False)
        _drop_poll(piece)


def _answered(post_id: UUID) -> None:
    """When the only answer goes, the post is one that nobody answered, and is brought to people as such."""
    post = Post.objects.select_for_update().get(id=post_id)
    others = Reply.objects.filter(post=post, state__lte=State.LIMITED).exclude(subject=post.subject)
    first = others.order_by("n").values_list("created_at", flat=True).first()
    if first != post.first_reply_at:
        Post.objects.filter(id=post.id).update(first_reply_at=first)


def _drop_poll(post: Post) -> None:
    from kithwell.community.posts.models import Poll

    Poll.objects.filter(post=post).delete()


@transaction.atomic
def pin(principal: Principal, ident: UUID, on: bool) -> None:
    """A facilitator keeps a post on top."""
    _look, post = access.led(principal, ident)
    others = Post.objects.filter(group=post.group, pinned=True, state=State.OPEN).exclude(id=post.id)
    if on and others.count() >= PINNED_MOST:
        raise Conflict(_("Five posts are pinned already. Unpin one of them first."))
    Post.objects.filter(id=post.id).update(pinned=on)
    audit.record(principal, "post.pinned" if on else "post.unpinned", kind="community.post", id=post.id)
    common.moved(post)


@transaction.atomic
def lock(principal: Principal, ident: UUID, on: bool) -> None:
    """A facilitator ends the replying, or opens it again."""
    _look, post = access.led(principal, ident)
    Post.objects.filter(id=post.id).update(locked=on)
    audit.record(principal, "post.locked" if on else "post.unlocked", kind="community.post", id=post.id)
    common.moved(post)


NOBODY = UUID(int=0)
EFFECTS = {"hide": State.HIDDEN, "limit": State.LIMITED, "remove": State.REMOVED}


@transaction.atomic
def apply(model: type[Post] | type[Reply], ident: UUID, effect: str, warning: str = "") -> None:
    """What was decided about a piece. Doing it twice changes nothing; what the writer took back stays away."""
    piece = model.objects.select_for_update().filter(id=ident).exclude(state=State.GONE).first()
    if piece is None:
        return
    if effect == "label":
        codes = {*filter(None, piece.warnings.split(",")), warning if warning in WARNINGS else "other"}
        piece.warnings = ",".join(known_warnings(codes))
    elif effect == "restore":
        piece.state = State.OPEN
    elif effect in EFFECTS:
        piece.state = EFFECTS[effect]
    piece.save(update_fields=["state", "warnings"])
    post = piece if isinstance(piece, Post) else piece.post
    if isinstance(piece, Reply):
        _answered(post.id)
    _search_follows(piece, post)
    common.moved(post)


def _search_follows(piece: Piece, post: Post) -> None:
    if piece.state > State.LIMITED:
        search.drop([piece.id])
        return
    text, _own = words.open_body(piece.subject, _table(piece), piece.id, piece.body)
    search.index(piece.group, post.id, piece.id, marks.plain(text))
