"""Questions as the moderation desk sees them. Whose they are, it is not told, and cannot find out here: there is no
`reveal`. A host's own words (answers) go the way of any post of staff: to a steward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kithwell.community.events import access, words
from kithwell.community.events.actions import common
from kithwell.community.events.models import Event, Question
from kithwell.kernel import ids
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import ANONYMOUS, Principal
from kithwell.moderation.kinds import Snippet


class QuestionKind:
    name = "community.question"
    title = gettext_lazy("A question at an event")

    def snippets(self, idents: Sequence[str]) -> Mapping[str, Snippet]:
        """The words of questions, two queries."""
        wanted = [found for ident in idents if (found := ids.parse(ident))]
        rows = list(Question.objects.filter(id__in=wanted).select_related("event"))
        words.load({row.event for row in rows})
        return {str(row.id): _snippet(row) for row in rows}

    def context(self, ident: str) -> Sequence[Snippet]:
        """The questions before and after it."""
        found = ids.parse(ident)
        row = Question.objects.filter(id=found).select_related("event").first() if found else None
        if row is None:
            return ()
        near = Question.objects.filter(event=row.event).exclude(state="removed").select_related("event")
        before = list(near.filter(asked_at__lt=row.asked_at).order_by("-asked_at", "-id")[:3])[::-1]
        after = list(near.filter(asked_at__gt=row.asked_at).order_by("asked_at", "id")[:3])
        return tuple(_snippet(q) for q in (*before, row, *after))

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        found = ids.parse(ident)
        row = Question.objects.filter(id=found, state__in=("open", "answered")).first() if found else None
        if row is None:
            return False
        who = Principal("account", account, "", frozenset({"member"})) if account else ANONYMOUS
        try:
            access.event(who, row.event_id)
        except (NotFound, Refused):
            return False
        return True

    @transaction.atomic
    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        """What the desk decided. The same again changes nothing."""
        found = ids.parse(ident)
        row = Question.objects.filter(id=found).select_related("event").first() if found else None
        if row is None:
            return
        Event.objects.select_for_update().get(pk=row.event_id)
        if effect in ("hide", "remove"):
            row.state = "removed"
        elif effect == "limit":
            row.state, row.held = "waiting" if row.state == "open" else row.state, True
        elif effect == "restore":
            row.held = False
            if row.state == "removed":
                row.state = "answered" if row.answers.exists() else "open"
        row.save(update_fields=["state", "held"])
        common.moved(row.event)


def _snippet(row: Question) -> Snippet:
    return Snippet(
        kind=QuestionKind.name,
        id=str(row.id),
        author=None,
        author_name=_("Somebody who asked a question"),
        text=words.asked(row.event, row),
        where=words.open_(row.event, "title"),
        url=f"/events/{row.event_id}",
        at=row.asked_at,
        anonymous=True,
    )
