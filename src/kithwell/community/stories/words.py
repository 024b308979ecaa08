"""Sealing and opening the words of stories, under the author's key."""

from __future__ import annotations

from uuid import UUID

from kithwell.community.stories.models import Media, Story
from kithwell.community.stories.rules import captions as vtt
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import crypto

STORY, MEDIA = "community_story", "community_story_media"


def seal(row: Story, column: str, text: str) -> bytes:
    return crypto.seal(row.subject, text, at=(STORY, column, row.id))


def words(row: Story, column: str = "body") -> rules.Words:
    """The words in a column; empty ones when there are none, or when the key is gone."""
    return rules.load(_open(row.subject, getattr(row, column), (STORY, column, row.id)))


def note(row: Story) -> str:
    return _open(row.subject, row.note, (STORY, "note", row.id))


def seal_media(story: Story, ident: UUID, column: str, text: str) -> bytes:
    return crypto.seal(story.subject, text, at=(MEDIA, column, ident))


def media(story: Story, row: Media, column: str) -> str:
    return _open(story.subject, getattr(row, column), (MEDIA, column, row.id))


def of_files(row: Story) -> str:
    """What the files of a story say: descriptions, and captions as they are read."""
    found = []
    for one in row.media.order_by("at", "id"):
        captions = media(row, one, "captions")
        found += [media(row, one, "alt"), vtt.transcript(vtt.read(captions)) if captions else ""]
    return "\n\n".join(filter(None, found))


def _open(subject: UUID, sealed: bytes | None, at: tuple[str, str, UUID]) -> str:
    if not sealed:
        return ""
    try:
        return crypto.unseal(subject, bytes(sealed), at=at)
    except crypto.Erased:
        return ""
