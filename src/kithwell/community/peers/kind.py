"""What moderation may look at here: a note between buddies, and a profile. Only when somebody tells us, or when the
screening saw something that is unsafe for the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kithwell.community.peers import words
from kithwell.community.peers.models import Note, Profile
from kithwell.community.peers.queries.profile import there_for
from kithwell.kernel import ids
from kithwell.kernel.principal import Principal
from kithwell.moderation import kinds
from kithwell.moderation.kinds import Snippet
from kithwell.people import queries as people

AROUND = 5


def _ids(given: Sequence[str]) -> list[UUID]:
    return [found for one in given if (found := ids.parse(one)) is not None]


class Notes:
    """A note from one buddy to the other."""

    name = "community.note"
    title = gettext_lazy("A note between buddies")

    def snippets(self, idents: Sequence[str]) -> Mapping[str, Snippet]:
        return {s.id: s for s in self._of(list(Note.objects.filter(pk__in=_ids(idents))))}

    def _of(self, rows: list[Note]) -> list[Snippet]:
        names = people.names(row.author for row in rows if row.author)
        return [
            Snippet(
                kind=self.name,
                id=str(row.pk),
                author=row.author,
                author_name=names.get(row.author, "") if row.author else "",
                text=words.opened(row.subject, row.body, (words.NOTE, "body", row.pk)) or "",
                where=_("Notes between two buddies"),
                at=row.at,
                warnings=(row.warning,) if row.warning else (),
            )
            for row in rows
        ]

    def context(self, ident: str) -> Sequence[Snippet]:
        """A few notes before and after."""
        note = Note.objects.filter(pk__in=_ids([ident])).first()
        if note is None:
            return ()
        here = Note.objects.filter(buddying=note.buddying_id)
        before = list(here.filter(pk__lt=note.pk).order_by("-pk")[:AROUND])[::-1]
        return self._of([*before, note, *here.filter(pk__gt=note.pk).order_by("pk")[:AROUND]])

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        """The two buddies, also after its end: what hurt may be told later."""
        if account is None:
            return False
        mine = Q(buddying__a=account) | Q(buddying__b=account)
        return Note.objects.filter(mine, pk__in=_ids([ident]), buddying__agreed_at__isnull=False).exists()

    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        rows = Note.objects.filter(pk__in=_ids([ident]))
        if effect in ("hide", "limit", "remove"):
            rows.update(hidden=True)
        elif effect == "restore":
            rows.update(hidden=False, warning="")
        elif effect == "label":
            rows.update(warning=warning[:24])


class Profiles:
    """What somebody shows of themself."""

    name = "people.profile"
    title = gettext_lazy("A profile")

    def snippets(self, idents: Sequence[str]) -> Mapping[str, Snippet]:
        rows = list(Profile.objects.filter(pk__in=_ids(idents)))
        names = people.names(row.account for row in rows)
        subjects = people.subjects(row.account for row in rows)
        found = {}
        for row in rows:
            subject = subjects.get(row.account)
            pieces = words.opened(subject, row.pieces, (words.PROFILE, "pieces", row.account)) or {}
            shown = [text for piece, text in pieces.items() if text and row.seen_by.get(piece) != "nobody"]
            name = names.get(row.account, "")
            found[str(row.account)] = Snippet(
                kind=self.name,
                id=str(row.account),
                author=row.account,
                author_name=name,
                text="\n".join(shown),
                where=_("Profile"),
                url=f"/u/{name}",
            )
        return found

    def context(self, ident: str) -> Sequence[Snippet]:
        return tuple(self.snippets([ident]).values())

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        found = _ids([ident])
        return bool(account and found) and there_for(Principal("account", account), found[0])

    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        rows = Profile.objects.filter(pk__in=_ids([ident]))
        if effect in ("hide", "limit", "remove"):
            rows.update(hidden=True)
        elif effect == "restore":
            rows.update(hidden=False)


def register() -> None:
    kinds.register(Notes())
    kinds.register(Profiles())
