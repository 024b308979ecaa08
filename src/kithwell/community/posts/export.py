"""What posts hold about a person: told, taken away, or left without a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kithwell.community.groups import queries as groups
from kithwell.community.groups.access import GroupCard
from kithwell.community.posts import cache, search, veils, words
from kithwell.community.posts.actions import change
from kithwell.community.posts.models import (
    Draft,
    Earlier,
    Picture,
    Piece,
    Poll,
    Post,
    Reaction,
    ReadMark,
    Reply,
    State,
    Veil,
    Vote,
)
from kithwell.community.posts.rules import marks
from kithwell.kernel import clock, crypto, events
from kithwell.people import erasure, export

# Until the veiled words of somebody who left go, by lot.
SOONEST: Final = timedelta(hours=12)
LATEST: Final = timedelta(days=14)


def _own(account: UUID, group: UUID | None = None) -> list[Post | Reply]:
    """Everything a person wrote, under their name and under their veils."""
    own = [veil.id for veil in veils.all_of(account)]
    found: list[Post | Reply] = []
    for model in (Post, Reply):
        for by in ({"author": account}, {"veil__in": own}):
            rows = model.objects.filter(**by).exclude(state=State.GONE)
            found += rows.filter(group=group) if group is not None else rows
    return found


def _table(piece: Piece) -> str:
    return words.POST if isinstance(piece, Post) else words.REPLY


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """One's own words with what belongs to them, drafts, signs given, votes. Nothing that others wrote."""
    if account is None:
        return
    pieces = sorted(_own(account), key=lambda piece: piece.created_at)
    cards = groups.groups_by_id(piece.group for piece in pieces)
    crypto.load_keys(piece.subject for piece in pieces)
    if pieces:
        yield "posts.json", export.as_json([_told(piece, cards) for piece in pieces])
    for row in Picture.objects.filter(post__in=[p.id for p in pieces if isinstance(p, Post)]):
        at = (words.PICTURE, "data", row.id)
        yield f"pictures/{row.id}.webp", crypto.unseal_bytes(row.subject, bytes(row.data), at=at)
    drafts = [
        {
            "at": d.changed_at,
            "place": d.place,
            "content": words.open_json(subject, d.content, (words.DRAFT, "content", d.id)),
        }
        for d in Draft.objects.filter(account=account).order_by("changed_at")
    ]
    if drafts:
        yield "drafts.json", export.as_json(drafts)
    signs = list(Reaction.objects.filter(account=account).values("kind", "at", "piece"))
    votes = list(Vote.objects.filter(account=account).values("poll", "option"))
    if signs or votes:
        yield "signs.json", export.as_json({"signs_given": signs, "votes": votes})


def _told(piece: Post | Reply, cards: dict[UUID, GroupCard]) -> dict[str, object]:
    text, own_warning = words.open_body(piece.subject, _table(piece), piece.id, piece.body)
    earlier = [
        words.open_body(row.subject, words.EARLIER, row.id, row.body)[0]
        for row in Earlier.objects.filter(piece=piece.id).order_by("id")
    ]
    return {
        "kind": "post" if isinstance(piece, Post) else "reply",
        "group": cards[piece.group].name if piece.group in cards else "",
        "at": piece.created_at,
        "edited": piece.edited_at,
        "anonymous": piece.veil_id is not None,
        "text": text,
        "own_warning": own_warning,
        "warnings": list(filter(None, piece.warnings.split(","))),
        "earlier": earlier,
    }


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    count = len(_own(account)) if account is not None else 0
    if count:
        yield ngettext("%(n)s post or reply in groups", "%(n)s posts and replies in groups", count) % {
            "n": count
        }
    if account is not None and veils.all_of(account):
        yield _(
            "What you wrote anonymously in groups, if you have it deleted: within two weeks, at a time drawn by lot,"
            " so that nobody sees it go together with your name"
        )


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Take one's words away, or leave them without a name. Drafts, signs, votes and places read go in either case."""
    if account is None:
        return 0
    rows = settle(account, choices.writing)
    rows += Draft.objects.filter(account=account).delete()[0]
    rows += Reaction.objects.filter(account=account).delete()[0]
    rows += Vote.objects.filter(account=account).delete()[0]
    rows += ReadMark.objects.filter(account=account).delete()[0]
    rows += Picture.objects.filter(account=account).delete()[0]
    for veil in veils.all_of(account):
        veils.forget(veil)
    cache.clear()
    return rows


@transaction.atomic
def settle(account: UUID, writing: str, group: UUID | None = None) -> int:
    """ "keep" leaves things as they are, "anonymise" leaves the words without any name, "delete" takes them away: what
    stands under a name at once, what stands under a veil later, by lot. Whoever sees a name and a veil go at the same
    moment knows that they were one."""
    if writing == "keep":
        return 0
    if writing == "delete":
        for veil in veils.all_of(account):
            if group is None or veil.group == group:
                _lift_later(veil.id)
    pieces = [piece for piece in _own(account, group) if piece.author is not None]
    crypto.load_keys(piece.subject for piece in pieces)
    for piece in pieces:
        if writing == "delete":
            change.take_away(piece)
        else:
            _anonymise(piece)
    _forget_pages(pieces)
    return len(pieces)


def _lift_later(veil: UUID) -> None:
    from kithwell.community.posts import tasks

    delay = SystemRandom().uniform(SOONEST.total_seconds(), LATEST.total_seconds())
    tasks.lift_veil.enqueue(delay=delay, veil=str(veil), before=clock.now().isoformat())


def lift(veil: UUID, before: datetime) -> int:
    """Take away what was written under a veil up to that moment; its key too, when nobody is behind it any more. Doing
    it twice changes nothing."""
    row = Veil.objects.filter(id=veil).first()
    if row is None:
        return 0
    done = 0
    for model in (Post, Reply):
        rows = model.objects.filter(veil=veil, created_at__lte=before).exclude(state=State.GONE)
        for ident in list(rows.values_list("id", flat=True)):
            with transaction.atomic():
                piece = model.objects.select_for_update().filter(id=ident).exclude(state=State.GONE).first()
                if piece is None:
                    continue
                change.take_away(piece)
                _forget_pages([piece])
                done += 1
    if row.account is None and row.owner.startswith("gone:"):
        crypto.erase_subject(row.subject)
    return done


def _forget_pages(pieces: Iterable[Post | Reply]) -> None:
    for ident, group in {(p.id if isinstance(p, Post) else p.post_id, p.group) for p in pieces}:
        cache.forget(group, ident)


def _anonymise(piece: Post | Reply) -> None:
    """The same words under a key of their own that belongs to nobody; how they read before goes."""
    subject = crypto.new_subject()
    text, own_warning = words.open_body(piece.subject, _table(piece), piece.id, piece.body)
    old, piece.subject = piece.subject, subject
    piece.body = words.seal_body(subject, _table(piece), piece.id, text, own_warning)
    piece.author, piece.client_key = None, None
    piece.save(update_fields=["subject", "body", "author", "client_key"])
    Earlier.objects.filter(piece=piece.id).delete()
    search.index(
        piece.group, piece.id if isinstance(piece, Post) else piece.post_id, piece.id, marks.plain(text)
    )
    if isinstance(piece, Post):
        _seal_again(piece, old)


def _seal_again(post: Post, old: UUID) -> None:
    """What hangs on a post was sealed under the same key."""
    for row in Picture.objects.filter(post=post):
        at, alt_at = (words.PICTURE, "data", row.id), (words.PICTURE, "alt", row.id)
        row.data = crypto.seal(post.subject, crypto.unseal_bytes(old, bytes(row.data), at=at), at=at)
        if row.alt:
            row.alt = crypto.seal(post.subject, words.open_text(old, row.alt, alt_at), at=alt_at)
        row.subject = post.subject
        row.save()
    poll = Poll.objects.filter(post=post).first()
    if poll is not None:
        at = (words.POLL, "options", post.id)
        poll.options = crypto.seal(post.subject, words.open_text(old, poll.options, at), at=at)
        poll.save(update_fields=["options"])


def left(group: str, account: str, choice: str = "keep", **_more: object) -> None:
    """Somebody left a group and chose what becomes of their words there."""
    settle(UUID(account), choice, UUID(group))


def register() -> None:
    export.register("community.posts", tell)
    erasure.register("community.posts", describe, erase)
    events.subscribe("community.group.left", durable=True)(left)
