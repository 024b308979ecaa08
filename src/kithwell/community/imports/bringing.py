"""The job that brings lines in: threads become posts with replies, each under the name its writer chose."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from kithwell.community.imports import actions, words
from kithwell.community.imports.models import Came, Import, Item, Person
from kithwell.community.imports.rules.masking import Mask
from kithwell.community.posts import actions as posts
from kithwell.kernel import clock
from kithwell.people import queries as people

BATCH = 50
AGREED = ("name", "veil")


@dataclass
class _Thread:
    """What is here already of a thread: its post, and which line became which piece."""

    post: UUID | None = None
    pieces: dict[str, UUID] = field(default_factory=dict)


def bring(ident: UUID) -> None:
    """All lines whose writers agreed, oldest first. Killed anywhere, it goes on where it stopped: a line and its mark
    are written in one transaction."""
    row = Import.objects.filter(id=ident).first()
    if row is None or row.state != Import.State.RUNNING:
        return
    mask = _mask(row)
    while True:
        with transaction.atomic():
            state = Import.objects.select_for_update().values_list("state", flat=True).get(id=ident)
            if state != Import.State.RUNNING:
                return
            waiting = Item.objects.filter(of=row, brought_at=None, stays=False, person__answer__in=AGREED)
            batch = list(waiting.select_related("person").order_by("seq")[:BATCH])
            if not batch:
                Import.objects.filter(id=ident).update(state=Import.State.RESTING)
                actions.moved(ident)
                return
            _bring_batch(row, batch, mask)
            Import.objects.filter(id=ident).update(
                done=Item.objects.filter(of=row, brought_at__isnull=False).count()
            )
            actions.moved(ident)


def _mask(row: Import) -> Mask:
    rows = list(Person.objects.filter(of=row))
    shown = people.names(p.account for p in rows if p.account is not None)
    new = {
        words.opened(row.subject, p.old, (words.PERSON, "old", p.id)): shown.get(p.account, p.name)
        if p.account
        else p.name
        for p in rows
    }
    return Mask(new, words.masks())


def _bring_batch(row: Import, batch: list[Item], mask: Mask) -> None:
    threads = _threads(row, {item.thread for item in batch})
    here = {one.mark: one for one in Came.objects.filter(mark__in=[item.key for item in batch])}
    for item in batch:
        if (known := here.get(item.key)) is not None:
            _note(item, threads[item.thread], known.piece, known.post)
            continue
        said = words.opened(row.subject, item.body, (words.ITEM, "body", f"{row.id}:{item.key}"))
        thread = threads[item.thread]
        brought = posts.bring_in(
            group=row.group,
            account=item.person.account if item.person.answer == Person.Answer.NAME else None,
            stand_in=(f"{row.id}:{item.person.n}", item.person.name),
            text=mask(said),
            at=item.at,
            key=f"import:{item.key}",
            post=thread.post,
            parent=thread.pieces.get(item.answers),
        )
        post = thread.post or brought
        Came.objects.create(mark=item.key, piece=brought, post=post)
        _note(item, thread, brought, post)


def _note(item: Item, thread: _Thread, piece: UUID, post: UUID) -> None:
    """A line is here: as this `piece` of that `post`."""
    thread.post = thread.post or post
    thread.pieces[item.key] = piece
    Item.objects.filter(id=item.id).update(brought_at=clock.now(), piece=piece, post=post)


def _threads(row: Import, wanted: set[str]) -> dict[str, _Thread]:
    found = {name: _Thread() for name in wanted}
    rows = Item.objects.filter(of=row, thread__in=wanted, brought_at__isnull=False)
    for thread, key, piece, post in rows.values_list("thread", "key", "piece", "post"):
        found[thread].post = post
        if piece is not None and piece != post:
            found[thread].pieces[key] = piece
    return found
