"""What several changes share."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kithwell.community.groups.models import Group, GroupWord
from kithwell.community.groups.rules import find
from kithwell.kernel import events, ids
from kithwell.kernel.errors import Conflict

FULL = _(
    "All places in this group are taken just now. Places come free from time to time; look again later, or "
    "look at other groups."
)


class Full(Conflict):
    """No place is left."""

    code = "full"


def slug_for(name: str) -> str:
    """A free, readable word for addresses; a short random one for names in letters that addresses lack."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")
    if len(base) < 3:
        base = f"group-{ids.short(ids.new_id())[-6:].lower().replace('_', 'a').replace('-', 'b')}"
    taken = set(Group.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)


def index_words(group: Group) -> None:
    """Write down the words by which a group is found."""
    GroupWord.objects.filter(group=group).delete()
    found = find.words(group.name, group.purpose, group.place, group.topic)
    GroupWord.objects.bulk_create(
        [GroupWord(group=group, key=find.key(word), word=word) for word in sorted(found)]
    )


def take_place(group_id: UUID) -> None:
    """Take one of the group's places, whoever else tries at this moment. Raises Full."""
    free = Group.objects.filter(Q(capacity__isnull=True) | Q(member_n__lt=F("capacity")), id=group_id)
    if not free.update(member_n=F("member_n") + 1):
        raise Full(str(FULL))


def give_place(group_id: UUID) -> None:
    Group.objects.filter(id=group_id, member_n__gt=0).update(member_n=F("member_n") - 1)


def notify(account: UUID | None, url: str, group: Group | None = None, **about: object) -> None:
    """Say that there is news at `url`, in whatever way this person wants to hear of it; the words stay on the page."""
    if account is not None:
        told = {key: str(value) for key, value in about.items()}
        where = str(group.id) if group is not None else None
        events.publish(
            "community.notice", account=str(account), kind="house", url=url, about=told, group=where
        )
