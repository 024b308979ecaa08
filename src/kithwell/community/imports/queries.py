"""Every read of moving in. Small frozen shapes; a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.community.groups import queries as groups
from kithwell.community.groups.access import GroupCard
from kithwell.community.imports import access, actions, bringing, words
from kithwell.community.imports.models import Import, Item, Person
from kithwell.community.imports.rules.masking import Mask
from kithwell.kernel.principal import Principal

PREVIEW = 8
PAGE = 50


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import in a group's list."""

    id: UUID
    source: str
    state: str
    made_at: datetime
    lines: int
    done: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who wrote there. `link` is the path of their secret page."""

    id: UUID
    old: str
    name: str
    lines: int
    answer: str
    link: str


@dataclass(frozen=True, slots=True)
class LineRow:
    name: str
    at: datetime
    text: str
    id: int
    stays: bool = False
    came: bool = False


@dataclass(frozen=True, slots=True)
class ImportView:
    """The dry run, and later the progress. `agreed`: lines whose writers said yes."""

    id: UUID
    group: GroupCard
    source: str
    state: str
    fault: str
    orders: tuple[str, ...]
    lines: int
    done: int
    agreed: int
    left: tuple[tuple[str, int], ...]
    first_at: datetime | None
    last_at: datetime | None
    ends_at: datetime
    n: int  # where it stands, for the page that stays open
    people: tuple[PersonRow, ...]
    preview: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True)
class MineView:
    """One writer's own lines, for whoever holds the link. `closed`: nothing can be decided yet or any more."""

    group: GroupCard
    name: str
    lines: int
    answer: str
    open: bool
    came: bool
    stay: int  # single lines that are left behind
    shown: tuple[LineRow, ...]
    page: int
    pages: int
    ends_at: datetime


def of_group(group: UUID) -> tuple[ImportRow, ...]:
    """A group's imports, newest first. One query."""
    rows = Import.objects.filter(group=group).exclude(state=Import.State.OVER).order_by("-made_at")
    return tuple(
        ImportRow(*row) for row in rows.values_list("id", "source", "state", "made_at", "lines", "done")[:20]
    )


def one(principal: Principal, ident: UUID) -> ImportView:
    """The dry run. Raises NotFound."""
    row, place = access.one(principal, ident)
    rows = list(Person.objects.filter(of=row).order_by("n"))
    old = {p.id: words.opened(row.subject, p.old, (words.PERSON, "old", p.id)) for p in rows}
    mask = Mask({old[p.id]: p.name for p in rows}, words.masks())
    names = {p.id: p.name for p in rows}
    items = Item.objects.filter(of=row).order_by("seq")[:PREVIEW]
    return ImportView(
        id=row.id,
        group=place.group,
        source=row.source,
        state=row.state,
        fault=str(words.FAULTS.get(row.fault, "")),
        orders=tuple(filter(None, row.orders.split(","))),
        lines=row.lines,
        done=row.done,
        agreed=Item.objects.filter(of=row, stays=False, person__answer__in=bringing.AGREED).count(),
        left=tuple(sorted((k, int(v)) for k, v in row.left.items() if v)),
        first_at=row.first_at,
        last_at=row.last_at,
        ends_at=row.ends_at,
        n=actions.standing(row.state, row.done),
        people=tuple(
            PersonRow(
                p.id,
                old[p.id],
                p.name,
                p.lines,
                p.answer,
                "/imports/mine/" + words.opened(row.subject, p.token, (words.PERSON, "token", p.id)),
            )
            for p in rows
        ),
        preview=tuple(LineRow(names[i.person_id], i.at, mask(_said(row, i)), i.id) for i in items),
    )


def _said(row: Import, item: Item) -> str:
    return words.opened(row.subject, item.body, (words.ITEM, "body", f"{row.id}:{item.key}"))


def mine(token: str, page: int = 1) -> MineView:
    """One's own lines, as they would be shown here, all of them, page by page. Raises NotFound."""
    person = access.person(token)
    row = person.of
    rows = list(Person.objects.filter(of=row))
    mask = Mask(
        {words.opened(row.subject, p.old, (words.PERSON, "old", p.id)): p.name for p in rows}, words.masks()
    )
    lines = Item.objects.filter(person=person)
    pages = max(1, -(-person.lines // PAGE))
    page = min(max(1, page), pages)
    items = list(lines.order_by("seq")[(page - 1) * PAGE : page * PAGE])
    return MineView(
        group=groups.groups_by_id([row.group])[row.group],
        name=person.name,
        lines=person.lines,
        answer=person.answer,
        open=row.state in (Import.State.ASKING, Import.State.RUNNING, Import.State.RESTING),
        came=lines.filter(brought_at__isnull=False).exists(),
        stay=lines.filter(stays=True, brought_at=None).count(),
        shown=tuple(
            LineRow(person.name, i.at, mask(_said(row, i)), i.id, i.stays, i.brought_at is not None)
            for i in items
        ),
        page=page,
        pages=pages,
        ends_at=row.ends_at,
    )
