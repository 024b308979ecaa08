"""Words not sent yet: kept sealed, on every device of the person, and gone once they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction

from kithwell.community.groups import access as groups
from kithwell.community.posts import access, words
from kithwell.community.posts.models import Draft
from kithwell.community.posts.rules import writing
from kithwell.kernel import clock, ids
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access
from kithwell.people import queries as people

FIELDS: Final = (
    "text", "own_warning", "replies_from", "anonymous", "poll_days", "parent", "warnings", "options", "poll",
)  # fmt: skip
MOST: Final = 60  # drafts of one person


def keep_draft(principal: Principal, place: str, about: str, content: Mapping[str, object]) -> UUID | None:
    """Keep what stands in a form. `about` is a group's slug ("new") or a post's id ("reply"). An empty form keeps
    nothing. Raises SignInNeeded, NotFound."""
    people_access.require(principal)
    assert principal.id is not None
    if place == "new":
        ident = group = groups.member(principal, about).group.id
    elif place == "reply":
        parsed = ids.parse(about)
        if parsed is None:
            raise NotFound()
        look, post = access.post(principal, parsed)
        ident, group = post.id, look.place.group.id
    else:
        raise NotFound()
    kept = {name: _cut(content[name]) for name in FIELDS if content.get(name)}
    with transaction.atomic():
        rows = Draft.objects.select_for_update().filter(account=principal.id, place=place, about=ident)
        found = rows.first()
        if not kept.get("text") and not kept.get("options"):
            if found is not None:
                found.delete()
            return None
        subject = people.subjects([principal.id])[principal.id]
        row = found or Draft(id=ids.new_id(), account=principal.id, place=place, about=ident, group=group)
        row.content = words.seal_json(subject, kept, (words.DRAFT, "content", row.id))
        row.changed_at = clock.now()
        row.save()
        if found is None:
            _only_the_newest(principal.id)
    return row.id


def _cut(value: object) -> object:
    if isinstance(value, str):
        return writing.tidy(value[: 2 * writing.POST_MAX])
    if isinstance(value, (list, tuple)):
        return [writing.one_line(str(v)[:400]) for v in value[:12]]
    return bool(value)


def _only_the_newest(account: UUID) -> None:
    old = Draft.objects.filter(account=account).order_by("-changed_at").values_list("id", flat=True)[MOST:]
    Draft.objects.filter(id__in=list(old)).delete()


def drop_draft(principal: Principal, ident: UUID) -> None:
    """Throw one of one's own drafts away. Fine when it was not there."""
    people_access.require(principal)
    Draft.objects.filter(account=principal.id, id=ident).delete()


def drop(account: UUID, place: str, about: UUID) -> None:
    """The words were sent."""
    Draft.objects.filter(account=account, place=place, about=about).delete()
