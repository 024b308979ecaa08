"""The directory: groups that those they are for may find. Their names order them, never size or noise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from kithwell.community.groups import access
from kithwell.community.groups.access import GroupCard
from kithwell.community.groups.models import Group, GroupWord
from kithwell.community.groups.queries.members import Belonging, memberships
from kithwell.community.groups.rules import ages, find
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people

PAGE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; empty fields do not matter. `after` is the group a page goes on from."""

    words: str = ""
    topic: str = ""
    language: str = ""
    after: UUID | None = None

    @property
    def anything(self) -> bool:
        return bool(self.words or self.topic or self.language)


@dataclass(frozen=True, slots=True)
class Directory:
    groups: tuple[GroupCard, ...]
    more: UUID | None  # go on after this one
    mine: tuple[Belonging, ...]
    invited: tuple[GroupCard, ...]
    band: str


def directory(principal: Principal, asked: Asked) -> Directory:
    """One page of the groups this person may find, and their own. Four queries; one for a visitor; one more on later
    pages."""
    account = principal.id if principal.is_account else None
    band = people.age_bands([account]).get(account, "") if account else ""
    rows = _words(_open_to(band), asked.words)
    if asked.topic:
        rows = rows.filter(topic=asked.topic)
    if asked.language:
        rows = rows.filter(language=asked.language)
    if asked.after is not None:
        rows = _after(rows, asked.after)
    found = list(rows.order_by("name_key", "id")[: PAGE + 1])
    more = found[PAGE - 1].id if len(found) > PAGE else None
    mine = memberships(account, band=band) if account else ()
    invited = _invited(account, band) if account else ()
    return Directory(tuple(access.card(row) for row in found[:PAGE]), more, mine, invited, band)


def _open_to(band: str) -> QuerySet[Group]:
    """Listed groups that may be known: of one's own age where it is said, those for adults otherwise."""
    side = ages.side(band)
    rows = Group.objects.filter(listed=True, side=side or "adult")
    if side:
        rows = rows.filter(age_band__in=[b for b in ages.GROUP_BANDS if ages.may_join(b, band)])
    return rows


def _words(rows: QuerySet[Group], text: str) -> QuerySet[Group]:
    for word in find.asked(text):
        if len(word) < len(find.key("xxx")):
            fits = GroupWord.objects.filter(key=word, word=word)
        else:
            fits = GroupWord.objects.filter(key=find.key(word), word__startswith=word)
        rows = rows.filter(id__in=fits.values("group_id"))
    return rows


def _after(rows: QuerySet[Group], after: UUID) -> QuerySet[Group]:
    name = Group.objects.filter(id=after).values_list("name_key", flat=True).first()
    if name is None:
        return rows
    return rows.filter(name_key__gte=name).exclude(Q(name_key=name) & Q(id__lte=after))


def _invited(account: UUID, band: str) -> tuple[GroupCard, ...]:
    """Groups that invited this account by name."""
    open_ones = access.invitations(account).values("group_id")
    rows = Group.objects.filter(id__in=open_ones, state="open", archived_at__isnull=True)
    return tuple(access.card(row) for row in rows.order_by("name_key") if ages.may_know(row.age_band, band))
