"""What is one's own: drafts, loose pictures, earlier versions; and a picture for those who may see its post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup

from kithwell.community.groups import queries as groups
from kithwell.community.posts import access, words
from kithwell.community.posts.models import Draft, Earlier, Picture, Piece, Post
from kithwell.community.posts.queries.thread import PictureView
from kithwell.community.posts.rules import marks
from kithwell.kernel import crypto, ids
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access
from kithwell.people import queries as people


@dataclass(frozen=True, slots=True)
class DraftView:
    id: UUID
    place: str
    url: str
    where: str
    text: str
    changed_at: datetime


def draft(account: UUID, place: str, about: UUID) -> dict[str, Any]:
    """What stands in a form not sent yet; empty when nothing does. Two queries."""
    row = Draft.objects.filter(account=account, place=place, about=about).first()
    if row is None:
        return {}
    subject = people.subjects([account])[account]
    return words.open_json(subject, row.content, (words.DRAFT, "content", row.id)) or {}


def drafts(principal: Principal) -> tuple[DraftView, ...]:
    """One's drafts, the newest first. Four queries."""
    people_access.require(principal)
    assert principal.id is not None
    subject = people.subjects([principal.id])[principal.id]
    rows = list(Draft.objects.filter(account=principal.id).order_by("-changed_at"))
    cards = groups.groups_by_id(row.group for row in rows)
    found = []
    for row in rows:
        card = cards.get(row.group)
        content = words.open_json(subject, row.content, (words.DRAFT, "content", row.id)) or {}
        if card is None:
            continue
        url = f"/g/{card.slug}/new" if row.place == "new" else f"/p/{row.about}#answer"
        text = marks.excerpt(str(content.get("text", "")), 160)
        found.append(DraftView(row.id, row.place, url, card.name, text, row.changed_at))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Version:
    html: Markup
    own_warning: str
    at: datetime


def earlier(principal: Principal, ident: UUID) -> tuple[Piece, Post, tuple[Version, ...]]:
    """How one's own piece read before, newest first; a facilitator may look too. Raises NotFound."""
    look, piece, post = access.piece(principal, ident)
    if not (look.owns(piece.author, piece.veil_id) or look.place.may_facilitate):
        raise NotFound()
    found = []
    for row in Earlier.objects.filter(piece=piece.id).order_by("-id"):
        text, own_warning = words.open_body(row.subject, words.EARLIER, row.id, row.body)
        found.append(Version(Markup(marks.html(text)), own_warning, row.written_at))
    return piece, post, tuple(found)


def own_text(piece: Piece) -> tuple[str, str]:
    """The words of a piece, to change them: text and own warning."""
    table = words.POST if isinstance(piece, Post) else words.REPLY
    return words.open_body(piece.subject, table, piece.id, piece.body)


def loose_pictures(account: UUID, group: UUID) -> tuple[PictureView, ...]:
    """Pictures kept for a post that is being written."""
    rows = Picture.objects.filter(account=account, group=group, post=None).order_by("id")
    return tuple(
        PictureView(
            row.id,
            words.open_text(row.subject, row.alt, (words.PICTURE, "alt", row.id)),
            row.width,
            row.height,
        )
        for row in rows.defer("data")
    )


def pictures_of(post: str) -> list[tuple[str, str]]:
    """(id, description) of a post's pictures, for the desk: authorises nothing. One query and one for the key."""
    known = ids.parse(post)
    rows = Picture.objects.filter(post=known).order_by("made_at", "id") if known else []
    return [
        (str(row.id), words.open_text(row.subject, row.alt, (words.PICTURE, "alt", row.id))) for row in rows
    ]


def picture_of(post: str, picture: str) -> tuple[str, bytes] | None:
    """Type and bytes of a post's picture, for the desk: authorises nothing. None where there is none."""
    known, wanted = ids.parse(post), ids.parse(picture)
    row = Picture.objects.filter(post=known, id=wanted).first() if known and wanted else None
    if row is None:
        return None
    try:
        return row.mime, crypto.unseal_bytes(row.subject, bytes(row.data), at=(words.PICTURE, "data", row.id))
    except crypto.Erased:
        return None


def picture(principal: Principal, ident: UUID) -> tuple[str, bytes]:
    """Type and bytes of a picture, for those who may see its post (or whose loose one it is). Raises NotFound."""
    row = Picture.objects.filter(id=ident).first()
    if row is None:
        raise NotFound()
    if row.post_id is not None:
        access.post(principal, row.post_id)
    elif not principal.is_account or row.account != principal.id:
        raise NotFound()
    try:
        return row.mime, crypto.unseal_bytes(row.subject, bytes(row.data), at=(words.PICTURE, "data", row.id))
    except crypto.Erased:
        raise NotFound() from None
