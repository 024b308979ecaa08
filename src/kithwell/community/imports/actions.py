"""Moving a community in: read the file, ask everybody, bring what was agreed to. Each step can be broken off and
resumed; nothing comes twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import access as groups
from kithwell.community.groups.queries import groups_by_id as groups_of
from kithwell.community.imports import access, packed, words
from kithwell.community.imports.models import Came, Import, Item, Person
from kithwell.community.imports.rules import discourse, whatsapp
from kithwell.community.imports.rules.lines import Found, Line, Unreadable
from kithwell.kernel import audit, clock, crypto, ids, live
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.people import queries as people
from kithwell.people import rules as people_rules

KEPT = timedelta(days=30)  # how long lines wait for their writers
MOST_LINES, MOST_PEOPLE = 200_000, 5000
BATCH = 500
MOST_SHOWN = 200  # lines of one form
SOURCES = ("whatsapp", "discourse")


def start(principal: Principal, slug: str, source: str, file: bytes) -> UUID:
    """Take a file in, sealed, and have it read by a job. Raises NotFound, Refused, Invalid."""
    place = access.of_group(principal, slug)
    door.enter(principal.id)
    if source not in SOURCES:
        raise Invalid({"source": _("Choose one from the list.")})
    try:
        text = packed.text_of(file)
    except Unreadable as error:
        raise Invalid({"file": str(words.FAULTS[error.code])}) from error
    with transaction.atomic():
        subject, ident = crypto.new_subject(), ids.new_id()
        assert principal.id is not None
        row = Import(
            id=ident,
            group=place.group.id,
            by=principal.id,
            source=source,
            zone=place.group.timezone or "UTC",
            subject=subject,
            raw=crypto.seal(subject, text, at=(words.RAW, "raw", ident)),
            ends_at=clock.now() + KEPT,
        )
        row.save(force_insert=True)
        audit.record(principal, "import.started", kind="import", id=ident)
        _enqueue_reading(ident)
    return ident


def _enqueue_reading(ident: UUID) -> None:
    from kithwell.community.imports import tasks

    tasks.read.enqueue(ident=str(ident))


def read(ident: UUID) -> None:
    """The job: stage every line with its writer. Repeating it adds nothing; what was staged stays."""
    row = Import.objects.filter(id=ident, state=Import.State.READING).first()
    if row is None:
        return
    text = words.opened(row.subject, row.raw, (words.RAW, "raw", row.id))
    try:
        if row.source == "whatsapp" and not row.order:
            orders = whatsapp.orders(text)
            if len(orders) > 1:
                Import.objects.filter(id=ident).update(state=Import.State.ORDER, orders=",".join(orders))
                moved(ident)
                return
        found = whatsapp.read(text, row.order) if row.source == "whatsapp" else discourse.read(text)
        if len(found.lines) > MOST_LINES or len(found.authors) > MOST_PEOPLE:
            raise Unreadable("too-large")
    except Unreadable as error:
        Import.objects.filter(id=ident).update(state=Import.State.FAILED, fault=error.code, raw=None)
        moved(ident)
        return
    _stage(row, found)


def _stage(row: Import, found: Found) -> None:
    zone = ZoneInfo(row.zone) if row.source == "whatsapp" else UTC
    span = found.span
    with transaction.atomic():
        Import.objects.filter(id=row.id).update(
            lines=len(found.lines),
            left=dict(found.left),
            first_at=_aware(span[0], zone) if span else None,
            last_at=_aware(span[1], zone) if span else None,
        )
        by_author = _stage_people(row, found)
        _say_what_is_here(row, found)
    for start_at in range(0, len(found.lines), BATCH):
        batch = found.lines[start_at : start_at + BATCH]
        with transaction.atomic():
            rows = [_item(row, by_author, zone, line, seq) for seq, line in enumerate(batch, start=start_at)]
            Item.objects.bulk_create(rows, ignore_conflicts=True)
            Import.objects.filter(id=row.id).update(done=start_at + len(batch))
            moved(row.id)
    Import.objects.filter(id=row.id, state=Import.State.READING).update(
        state=Import.State.READ, raw=None, done=0
    )
    moved(row.id)


def standing(state: str, done: int) -> int:
    """A number that grows with each step and each line, for pages that stay open."""
    return list(Import.State.values).index(state) * 10**7 + done


def moved(ident: UUID) -> None:
    """Tell open pages where it stands."""
    found = Import.objects.filter(id=ident).values_list("state", "done").first()
    if found is not None:
        live.publish(f"import:{ident}", standing(*found))


def _aware(at: datetime, zone: ZoneInfo | object) -> datetime:
    return at.replace(tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type]


def _item(row: Import, people_of: dict[str, Person], zone: object, line: Line, seq: int) -> Item:
    said = f"**{line.title}**\n\n{line.text}" if line.title else line.text
    key = words.mark(row.group, line.key)
    return Item(
        of=row,
        seq=seq,
        key=key,
        person=people_of[line.author],
        at=_aware(line.at, zone),
        body=crypto.seal(row.subject, said, at=(words.ITEM, "body", f"{row.id}:{key}")),
        thread=words.mark(row.group, line.thread),
        answers=words.mark(row.group, line.answers),
    )


def _say_what_is_here(row: Import, found: Found) -> None:
    """Lines that came with an earlier file are counted among those that stay behind: they do not come twice."""
    here = 0
    for start_at in range(0, len(found.lines), BATCH):
        marks = [words.mark(row.group, line.key) for line in found.lines[start_at : start_at + BATCH]]
        here += Came.objects.filter(mark__in=marks).count()
    if here:
        Import.objects.filter(id=row.id).update(left=dict(found.left) | {"here": here})


def _stage_people(row: Import, found: Found) -> dict[str, Person]:
    known = {
        words.opened(row.subject, p.old, (words.PERSON, "old", p.id)): p
        for p in Person.objects.filter(of=row)
    }
    authors = found.authors
    fresh = [author for author in authors if author not in known]
    language = next((card.language for card in groups_of([row.group]).values()), "en")
    proposed = people_rules.propose(language, len(authors) * 2 + 5, (), secrets.SystemRandom())
    taken = {p.name for p in known.values()} | {n for n in proposed if people.account_named(n) is not None}
    names = [name for name in proposed if name not in taken]
    for n, author in enumerate(fresh, start=len(known)):
        token, ident = ids.token(24), ids.new_id()
        known[author] = Person.objects.create(
            id=ident,
            of=row,
            n=n,
            old=crypto.seal(row.subject, author, at=(words.PERSON, "old", ident)),
            name=names[n % len(names)],
            lines=authors[author],
            digest=access.digest(token),
            token=crypto.seal(row.subject, token, at=(words.PERSON, "token", ident)),
        )
    return known


def choose_order(principal: Principal, ident: UUID, order: str) -> None:
    """Which of day and month comes first. Raises NotFound, Conflict, Invalid."""
    with transaction.atomic():
        row, _place = access.one(principal, ident, lock=True)
        if row.state != Import.State.ORDER:
            raise Conflict(_("This file has already been read."))
        if order not in row.orders.split(","):
            raise Invalid({"order": _("Choose one from the list.")})
        row.order, row.state = order, Import.State.READING
        row.save()
        _enqueue_reading(row.id)


def ask(principal: Principal, ident: UUID, told: bool) -> None:
    """Open the links: from now on everybody decides about their own lines. Raises Invalid unless the group was told."""
    with transaction.atomic():
        row, _place = access.one(principal, ident, lock=True)
        if row.state != Import.State.READ:
            raise Conflict(_("Not at this step."))
        if not told:
            raise Invalid({"told": _("Tell the group in the old place first, so that nobody is surprised.")})
        row.state = Import.State.ASKING
        row.save()
        audit.record(principal, "import.asking", kind="import", id=row.id)


def answer(principal: Principal, token: str, choice: str) -> None:
    """Somebody decides about their own lines. It can be changed until the lines came; "no" later takes nothing back by
    itself: what came is theirs to delete. Raises NotFound, Invalid, Refused, Conflict."""
    with transaction.atomic():
        person = access.person(token, lock=True)
        if choice not in ("name", "veil", "no"):
            raise Invalid({"choice": _("Choose one of the three.")})
        if person.of.state not in (Import.State.ASKING, Import.State.RUNNING, Import.State.RESTING):
            raise Conflict(_("The group is not asking yet. Please come back a little later."))
        if Item.objects.filter(person=person, brought_at__isnull=False).exists():
            raise Conflict(_("Your lines are here already. You can edit or delete each of them."))
        person.account = None
        if choice == "name":
            if not principal.is_account or principal.id is None:
                raise Refused(_("Please sign in first. Your choice is not lost: open the link again."))
            try:
                place = groups.place_by_id(principal, person.of.group)
            except (NotFound, groups.JoinFirst) as error:
                raise Refused(_("Please join the group first, then open this link again.")) from error
            if not place.is_member:
                raise Refused(_("Please join the group first, then open this link again."))
            person.account = principal.id
        person.answer, person.answered_at = choice, clock.now()
        person.save()


def leave_behind(token: str, shown: Collection[int], stays: Collection[int]) -> None:
    """Single lines that do not come whatever somebody chose for all of theirs: of the lines `shown` (their ids) those
    in `stays`. Lines of others, and those that came, are not touched. Raises NotFound or Conflict."""
    with transaction.atomic():
        person = access.person(token, lock=True)
        if person.of.state not in (Import.State.ASKING, Import.State.RUNNING, Import.State.RESTING):
            raise Conflict(_("The group is not asking yet. Please come back a little later."))
        mine = Item.objects.filter(person=person, brought_at=None, id__in=list(shown)[:MOST_SHOWN])
        mine.exclude(id__in=stays).update(stays=False)
        mine.filter(id__in=stays).update(stays=True)


def bring(principal: Principal, ident: UUID) -> None:
    """Start bringing what was agreed to. May be done again when more people have answered."""
    from kithwell.community.imports import tasks

    with transaction.atomic():
        row, place = access.one(principal, ident, lock=True)
        if row.state not in (Import.State.ASKING, Import.State.RESTING):
            raise Conflict(_("Not at this step."))
        if place.group.archived:
            raise Conflict(_("This group is an archive: nothing can be added to it."))
        row.state, row.done = Import.State.RUNNING, 0
        row.save()
        audit.record(principal, "import.brought", kind="import", id=row.id)
        tasks.bring.enqueue(ident=str(row.id))


def stop(principal: Principal, ident: UUID) -> None:
    """Pause. What came stays; the rest waits, and `bring` goes on where it stopped."""
    with transaction.atomic():
        row, _place = access.one(principal, ident, lock=True)
        if row.state == Import.State.RUNNING:
            row.state = Import.State.RESTING
            row.save()


def discard(principal: Principal, ident: UUID) -> None:
    """End it: everything that waits is destroyed with its key. What came stays with its writers."""
    with transaction.atomic():
        row, _place = access.one(principal, ident, lock=True)
        _end(row)
        audit.record(principal, "import.ended", kind="import", id=row.id)


def _end(row: Import) -> None:
    if row.state == Import.State.OVER:
        return
    Item.objects.filter(of=row).delete()
    Person.objects.filter(of=row).delete()
    Import.objects.filter(id=row.id).update(state=Import.State.OVER, raw=None)
    crypto.erase_subject(row.subject)


def end_old() -> int:
    """The job: what waited for its time is gone. Gives how many imports ended."""
    old = list(Import.objects.filter(ends_at__lte=clock.now()).exclude(state=Import.State.OVER)[:50])
    for row in old:
        with transaction.atomic():
            _end(row)
    return len(old)
