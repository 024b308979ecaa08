"""Words not sent yet: kept sealed, on every device of the person, and gone once they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction

from kithwell.community.groups import access as groups
from kithwell.community.posts import access, veils, words
from kithwell.community.posts.models import Draft, Post, Reply
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
        if _sent(principal.id, place, ident, group, str(content.get("client_key") or "")):
            return None
        rows = Draft.objects.select_for_update().filter(account=principal.id, place=place, about=ident)
        found = rows.first()
        if not kept.get("text") and not kept.get("options"):
            if found is not None:
                found.delete()
            return None
        subject = people.subjects([principal.id])[principal.id]
        if found is None:  # another device may be as fast: then it is one draft all the same
            made = Draft(id=ids.new_id(), account=principal.id, place=place, about=ident, group=group)
            made.content = words.seal_json(subject, kept, (words.DRAFT, "content", made.id))
            Draft.objects.bulk_create([made], ignore_conflicts=True)
            _only_the_newest(principal.id)
            found = rows.get()
        found.content = words.seal_json(subject, kept, (words.DRAFT, "content", found.id))
        found.changed_at = clock.now()
        found.save(update_fields=["content", "changed_at"])
    return found.id


def _sent(account: UUID, place: str, about: UUID, group: UUID, client_key: str) -> bool:
    """Did this very form go out meanwhile? What a page keeps a moment before it is sent may arrive after it, and must
    not come back as words that were never sent."""
    if not client_key:
        return False
    subjects = [people.subjects([account])[account]]
    veil = veils.mine(group, account)
    if veil is not None:
        subjects.append(veil.subject)
    if place == "new":
        return Post.objects.filter(subject__in=subjects, client_key=client_key).exists()
    return Reply.objects.filter(post=about, subject__in=subjects, client_key=client_key).exists()


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
