"""Pictures, sound and film of a story: cleaned, sealed, captioned."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.posts.actions import pictures
from kithwell.community.stories import access, files, texts, words
from kithwell.community.stories.actions.writing import changed
from kithwell.community.stories.models import Media, Story
from kithwell.community.stories.rules import captions as vtt
from kithwell.community.stories.rules import clean
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy
from kithwell.moderation import door
from kithwell.moderation.files import looks

MOST_FILES, ALT_MAX = 4, 300


def add(principal: Principal, ident: UUID | str, data: bytes, alt: str = "") -> UUID:
    """Put a file to one's draft. Pictures are made anew from their pixels; sound and film lose what they say beside.

    Raises Invalid with plain words when it is none of the kinds, too large, or cannot be cleaned.
    """
    row = access.own(principal, ident)
    door.enter(principal.id)
    alt = tidy(alt, ALT_MAX, "alt")
    looks.check(data, "file")
    kind, mime, size = *clean.kind_of(data[:16]), (0, 0)
    if not kind:
        raise Invalid({"file": str(texts.FILES["unknown"])})
    if kind == "image":
        if not alt:
            raise Invalid(
                {"alt": _("Say in a few words what the picture shows, for people who do not see it.")}
            )
        try:
            made = pictures.remake(data)
        except Invalid as error:
            raise Invalid({"file": error.message}) from None
        data, size = made.data, (made.width, made.height)
    else:
        try:
            kind, mime, data = clean.clean(data)
        except clean.Unclean as error:
            raise Invalid({"file": str(texts.FILES[error.code])}) from None
    with transaction.atomic():
        row = _open(principal, row.id)
        if row.media.count() >= MOST_FILES:
            raise Conflict(_("A story can have four files."))
        made_row = Media(id=ids.new_id(), story=row, kind=kind, mime=mime, size=len(data))
        made_row.width, made_row.height = size
        if alt:
            made_row.alt = words.seal_media(row, made_row.id, "alt", alt)
        files.put(row.subject, made_row.id, data)
        made_row.save(force_insert=True)
        changed(row)
    return made_row.id


def _open(principal: Principal, ident: UUID | str) -> Story:
    row = access.own(principal, ident, lock=True)
    if row.state not in rules.WRITABLE:
        raise Conflict(_("This story is being read, or is public. Take it back first to change it."))
    return row


def _file(row: Story, ident: UUID | str) -> Media:
    found = ident if isinstance(ident, UUID) else ids.parse(ident)
    one = row.media.filter(id=found).first() if found else None
    if one is None:
        raise NotFound()
    return one


@transaction.atomic
def caption(principal: Principal, ident: UUID | str, media: UUID | str, text: str) -> None:
    """Captions, as lines with times or as a WebVTT file. Raises Invalid with the line that is wrong."""
    row = _open(principal, ident)
    one = _file(row, media)
    if one.kind == "image":
        raise Conflict(_("A picture has a description instead."))
    text = text.replace("\r\n", "\n").replace("\x00", "")
    try:
        cues = vtt.read(text) if text.lstrip("\ufeff").startswith("WEBVTT") else vtt.from_lines(text)
    except vtt.BadCaptions as error:
        raise Invalid({"captions": str(texts.CAPTIONS[error.code]) % {"line": error.line}}) from None
    written = vtt.write(cues)
    if written == words.media(row, one, "captions"):
        return
    one.captions = words.seal_media(row, one.id, "captions", written)
    one.save(update_fields=["captions"])
    changed(row)


@transaction.atomic
def describe(principal: Principal, ident: UUID | str, media: UUID | str, alt: str) -> None:
    """What a picture shows, or what a film is about."""
    row = _open(principal, ident)
    one = _file(row, media)
    alt = tidy(alt, ALT_MAX, "alt")
    if one.kind == "image" and not alt:
        raise Invalid({"alt": _("Say in a few words what the picture shows, for people who do not see it.")})
    if alt == words.media(row, one, "alt"):
        return
    one.alt = words.seal_media(row, one.id, "alt", alt) if alt else None
    one.save(update_fields=["alt"])
    changed(row)


@transaction.atomic
def drop(principal: Principal, ident: UUID | str, media: UUID | str) -> None:
    """Take a file away."""
    row = _open(principal, ident)
    one = _file(row, media)
    _remove(one)
    changed(row)


def _remove(one: Media) -> None:
    ident = one.id
    one.delete()
    transaction.on_commit(lambda: files.remove(ident))


def remove_all(row: Story) -> int:
    """All files of a story, inside a transaction."""
    found = list(row.media.all())
    for one in found:
        _remove(one)
    return len(found)
