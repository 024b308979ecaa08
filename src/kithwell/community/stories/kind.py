"""Stories as the moderation desk sees them, and what it may decide about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kithwell.boundaries import queries as boundaries
from kithwell.boundaries import rules as boundary_rules
from kithwell.community.stories import access, care, words
from kithwell.community.stories.models import Story
from kithwell.kernel import crypto, ids
from kithwell.moderation.kinds import Snippet


class StoryKind:
    name = care.KIND
    title = _("A story")

    def snippets(self, idents: Sequence[str]) -> Mapping[str, Snippet]:
        """Two queries."""
        wanted = [found for ident in idents if (found := ids.parse(ident))]
        rows = list(Story.objects.filter(id__in=wanted))
        crypto.load_keys({row.subject for row in rows})
        return {str(row.id): _snippet(row) for row in rows}

    def recent(self, since: datetime, most: int) -> Sequence[str]:
        """The newest that everybody can read. One query."""
        rows = Story.objects.filter(published_at__gte=since, state=Story.State.PUBLISHED)
        return [str(found) for found in rows.order_by("-published_at").values_list("id", flat=True)[:most]]

    def context(self, ident: str) -> Sequence[Snippet]:
        """A story stands alone."""
        return tuple(self.snippets([ident]).values())

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        row = _row(ident)
        return row is not None and access.is_public(row) and boundaries.of(account).sees(row.author)

    @transaction.atomic
    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        """What the desk decided; the same again changes nothing."""
        found = ids.parse(ident)
        row = Story.objects.select_for_update().filter(id=found).first() if found else None
        if row is None:
            return
        if (effect in ("hide", "remove") and row.state == Story.State.PUBLISHED) or (
            effect in ("hide", "remove") and row.state == Story.State.REVIEW
        ):
            row.before_removal, row.state = row.state, Story.State.REMOVED
        elif effect == "limit":
            row.limited = True
        elif effect == "label":
            row.warnings = list(boundary_rules.known_warnings([*row.warnings, warning or "other"]))
        elif effect == "restore":
            row.limited = False
            if row.state == Story.State.REMOVED:
                row.state, row.before_removal = row.before_removal or Story.State.REVIEW, ""
        row.save()


def _row(ident: str) -> Story | None:
    found = ids.parse(ident)
    return Story.objects.filter(id=found).first() if found else None


def _snippet(row: Story) -> Snippet:
    said = words.words(row, "shown" if row.shown else "body")
    return Snippet(
        kind=StoryKind.name,
        id=str(row.id),
        author=row.author,
        author_name=said.byline,
        text=said.text,
        where=said.title,
        url=f"/stories/{row.slug}" if row.slug else "",
        at=row.published_at or row.sent_at,
        warnings=tuple(row.warnings),
        media=row.media.exists(),
    )
