"""A notice as a thing the desk can look at: for those whose address names nothing that we can find by ourselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kithwell.kernel import crypto
from kithwell.moderation import kinds
from kithwell.moderation.kinds import Snippet
from kithwell.moderation.outside import letters, rules
from kithwell.moderation.outside.models import Notice

NAME = "outside.notice"


class NoticeKind:
    """Nobody can report a notice, and nothing can be done to it: a person finds what it means."""

    name = NAME
    title = gettext_lazy("a notice from outside")

    def snippets(self, ids: Sequence[str]) -> Mapping[str, Snippet]:
        rows = list(Notice.objects.filter(id__in=[ident for ident in ids if rules.ids_in(ident)]))
        crypto.load_keys(row.subject for row in rows)
        out = {}
        for row in rows:
            said = letters.opened(row)
            text = "\n\n".join(part for part in (said.what, said.why) if part)
            out[str(row.id)] = Snippet(
                kind=NAME,
                id=str(row.id),
                author=None,
                author_name=_("Somebody from outside"),
                text=text,
                where=said.address,
                url=f"/moderation/notices/{row.id}",
                at=row.at,
            )
        return out

    def context(self, ident: str) -> Sequence[Snippet]:
        return ()

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        return False

    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        """There is nothing to hide: the thing itself is found, and decided about, by its own address."""


def resolve(address: str) -> Snippet | None:
    """What an address of ours names, asked of all kinds that are known; None where none knows it."""
    for ident in rules.ids_in(address):
        for name in kinds.names():
            if name != NAME and (found := kinds.snippet(name, ident)) is not None:
                return found
    return None
