"""What stories hold about a person, told and taken away through `people`; and consents that end elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils.translation import ngettext

from kithwell.community.stories import files, words
from kithwell.community.stories.actions import media, uses
from kithwell.community.stories.models import Story, Use
from kithwell.kernel import events
from kithwell.people import erasure, export


@events.subscribe("consent.withdrawn", durable=True)
def consent_withdrawn(subject: str, item: str, receipt: str) -> None:
    """A story follows its consent, wherever that was withdrawn."""
    uses.on_withdrawn(item)


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """Every story with its words, what it was given for, its captions, and its files as they are."""
    if account is None:
        return
    for row in Story.objects.filter(author=account).order_by("created_at", "id"):
        pieces = list(row.media.order_by("at", "id"))
        told = {
            "words": asdict(words.words(row)),
            "public": asdict(words.words(row, "shown")) if row.shown else None,
            "state": row.state,
            "language": row.language,
            "warnings": row.warnings,
            "note_to_you": words.note(row),
            "begun": row.created_at,
            "published": row.published_at,
            "uses": list(Use.objects.filter(story=row).values("kind", "until", "given_receipt", "ended_at")),
            "files": [
                {
                    "kind": m.kind, "type": m.mime, "shows": words.media(row, m, "alt"),
                    "captions": words.media(row, m, "captions"),
                }
                for m in pieces
            ],
        }  # fmt: skip
        yield f"stories/{row.id}.json", export.as_json(told)
        for m in pieces:
            if files.there(m.id) and m.size:
                data = b"".join(files.read(row.subject, m.id, 0, m.size - 1))
                yield f"stories/{row.id}-{m.id}.{m.mime.rpartition('/')[2]}", data


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    count = Story.objects.filter(author=account).count() if account else 0
    if count:
        yield ngettext(
            "%(n)s story, taken back from everywhere", "%(n)s stories, taken back from everywhere", count
        ) % {"n": count}


@transaction.atomic
def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """A story is somebody's own life: without their yes it is nowhere. It goes whatever the choice about other
    writing."""
    rows = 0
    for row in Story.objects.select_for_update().filter(author=account) if account else ():
        live = list(Use.objects.filter(story=row, ended_at__isnull=True).values_list("kind", flat=True))
        if live:
            receipts = [uses.end_use(row, kind) for kind in live]
            events.publish(
                "community.story.withdrawn",
                story=str(row.id),
                uses=sorted(live),
                receipt=receipts[0],
                why="erased",
            )
        rows += 1 + media.remove_all(row)
        row.delete()
    return rows


def register() -> None:
    export.register("stories", tell)
    erasure.register("stories", describe, erase)
