"""Pictures: made anew from their pixels, so that nothing else is kept (no place, no camera, no hidden file)."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kithwell.community.groups import access as groups
from kithwell.community.posts import words
from kithwell.community.posts.models import Picture, Post
from kithwell.community.posts.rules import writing
from kithwell.kernel import clock, crypto, ids
from kithwell.kernel.errors import Invalid
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.moderation.files import looks
from kithwell.people import queries as people

MOST_BYTES: Final = 12_000_000
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1600
MIME: Final = "image/webp"
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
LOOSE_FOR: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Made:
    data: bytes
    width: int
    height: int


def remake(data: bytes) -> Made:
    """A new picture with the same pixels, upright and no larger than needed. Raises Invalid."""
    if len(data) > MOST_BYTES:
        raise Invalid({"picture": _("This picture is too large: 12 MB at most.")})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS or min(opened.size) < 1:
                    raise Invalid({"picture": _("This picture has too many pixels.")})
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
                clean = Image.new(mode, upright.size)
                clean.paste(upright.convert(mode))
        out = io.BytesIO()
        clean.save(out, "WEBP", quality=82, method=4)
    except Invalid:
        raise
    except Exception:
        raise Invalid(
            {"picture": _("This could not be read as a picture. JPEG, PNG, WebP and GIF can be shown here.")}
        ) from None
    return Made(out.getvalue(), clean.width, clean.height)


def add_picture(principal: Principal, slug: str, data: bytes, alt: str, *, no_alt: bool = False) -> UUID:
    """Keep a picture for a post that is being written. A description is asked for; without one it must be said so.

    Raises SignInNeeded, NotFound, Invalid.
    """
    place = groups.member(principal, slug)
    assert principal.id is not None
    door.write(principal.id)
    alt = writing.one_line(alt)
    if len(alt) > writing.ALT_MAX:
        raise Invalid({"alt": _("This description is too long.")})
    if not alt and not no_alt:
        raise Invalid(
            {"alt": _("Say in a few words what the picture shows; or tick that you give no description.")}
        )
    seen = looks.check(data, "picture", picture=True)
    made = remake(data)
    with transaction.atomic():
        loose = Picture.objects.filter(account=principal.id, post=None)
        if loose.count() >= writing.PICTURES_MAX:
            raise Invalid({"picture": _("A post can have up to four pictures.")})
        subject = people.subjects([principal.id])[principal.id]
        row = Picture(
            id=ids.new_id(),
            account=principal.id,
            group=place.group.id,
            subject=subject,
            mime=MIME,
            width=made.width,
            height=made.height,
            made_at=clock.now(),
            covered=seen.blurred or seen.held,
            held=seen.category if seen.held else "",
        )
        row.data = crypto.seal(subject, made.data, at=(words.PICTURE, "data", row.id))
        row.alt = crypto.seal(subject, alt, at=(words.PICTURE, "alt", row.id)) if alt else None
        row.save(force_insert=True)
    return row.id


def drop_picture(principal: Principal, ident: UUID) -> None:
    """Take back a picture that is in no post yet."""
    Picture.objects.filter(id=ident, account=principal.id, post=None).delete()


def hang(account: UUID, post: Post, pictures: Sequence[UUID]) -> str:
    """Put one's loose pictures into a post, under its key: what names the account goes. Inside a transaction.

    Returns the category under which a person has to look at them first, "" for none.
    """
    rows = list(
        Picture.objects.select_for_update().filter(
            id__in=list(pictures)[: writing.PICTURES_MAX], account=account, group=post.group, post=None
        )
    )
    for row in rows:
        # A new id too: the old one was seen by the account's own uploads and would lie in its history.
        ident, alt = ids.new_id(), words.open_text(row.subject, row.alt, (words.PICTURE, "alt", row.id))
        data = crypto.unseal_bytes(row.subject, bytes(row.data), at=(words.PICTURE, "data", row.id))
        Picture.objects.create(
            id=ident,
            post=post,
            group=post.group,
            subject=post.subject,
            mime=row.mime,
            width=row.width,
            height=row.height,
            made_at=post.created_at,
            covered=row.covered,
            held=row.held,
            data=crypto.seal(post.subject, data, at=(words.PICTURE, "data", ident)),
            alt=crypto.seal(post.subject, alt, at=(words.PICTURE, "alt", ident)) if alt else None,
        )
    Picture.objects.filter(id__in=[row.id for row in rows]).delete()
    if bool(rows) != post.pictures:
        post.pictures = bool(rows)
        post.save(update_fields=["pictures"])
    return next((row.held for row in rows if row.held), "")


def sweep_loose() -> int:
    """Forget pictures nobody came back for."""
    return Picture.objects.filter(post=None, made_at__lt=clock.now() - LOOSE_FOR).delete()[0]
