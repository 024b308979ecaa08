"""The dry run: what a change would have done to what people wrote in the last 30 days. It acts on nothing.

Only things others can read are tried (posts, replies, stories): never conversations, never notes between two people.
Kept are counts, and the ids of a few things; their words are shown to a steward who asks for them, which is recorded
and counted like any reading at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import Principal
from kithwell.moderation import kinds
from kithwell.moderation.actions import desk
from kithwell.moderation.rules import categories
from kithwell.moderation.screening import access
from kithwell.moderation.screening.actions import editing, holding
from kithwell.moderation.screening.models import Change
from kithwell.moderation.screening.rules import trial
from kithwell.safety import house, screening
from kithwell.safety.patterns import BadPattern

TOGETHER = 200  # things read with one query
_LONGEST = 20_000  # characters of one text


def ask(principal: Principal, ident: UUID | str, revision: int | str) -> None:
    """Try this change as it is written now. A job does; the page tells when it is done. Raises Invalid, Conflict."""
    from kithwell.moderation.screening import tasks

    with transaction.atomic():
        row = editing.locked(principal, ident, revision)
        if fault := editing.not_whole(row):
            raise Invalid({"change": fault})
        if row.trying:
            raise Conflict(_("It is being tried just now."))
        row.trying = True
        row.save(update_fields=["trying"])
        tasks.try_out.enqueue(change=str(row.id), revision=row.revision)
        audit.record(principal, "rule.tried", kind="rule_change", id=row.id, rule=row.rule)


def texts(days: int = trial.DAYS, most: int = trial.MOST_TEXTS) -> Iterator[tuple[str, str, str, str]]:
    """(kind, id, community, words) of the newest things others can read."""
    since = clock.now() - timedelta(days=days)
    left = most
    for name in kinds.names():
        found = kinds.recent(name, since, left)
        left -= len(found)
        for start in range(0, len(found), TOGETHER):
            together = list(found[start : start + TOGETHER])
            known = kinds.get(name)
            for ident, seen in (known.snippets(together) if known is not None else {}).items():
                if seen.text:
                    yield name, ident, seen.community, seen.text[:_LONGEST]
        if left <= 0:
            return


def run(change: str, revision: int) -> None:
    """The job: screen each text with what holds and with the change, and keep the counts."""
    row = Change.objects.filter(pk=change, revision=revision, trying=True).first()
    if row is None:
        return
    known = holding.changes()
    try:
        now, then = holding.tools(known), holding.tools(holding.with_change(known, row))
    except (BadPattern, ValueError):
        Change.objects.filter(pk=change, revision=revision).update(trying=False)
        return
    found = trial.Outcome()
    for kind, ident, _community, text in texts():
        one, two = screening.screen_with(now, text), screening.screen_with(then, text)
        found.add((kind, ident), row.kind, one, two, house.need_of(one) == house.need_of(two))
    Change.objects.filter(pk=change, revision=revision).update(
        trying=False, tried=revision, tried_at=clock.now(), outcome=found.as_dict()
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a thing around what a rule found, for a steward. No name of anybody."""

    kind_title: str
    words: str
    newly: bool


def look(principal: Principal, ident: UUID | str) -> tuple[Piece, ...]:
    """The words behind the counts of a dry run, a few of each sort. Recorded, counted, and refused to somebody who has
    read enough for now (Rest)."""
    me = access.steward(principal)
    row = access.change(principal, ident)
    outcome = trial.outcome(row.outcome)
    if outcome is None:
        return ()
    desk.check_rest(me)
    known = holding.changes()
    then = holding.tools(holding.with_change(known, row))
    now = holding.tools(known)
    out = []
    for things, newly in ((outcome.new_things, True), (outcome.gone_things, False)):
        for kind, thing in things:
            seen = kinds.snippet(kind, thing)
            if seen is None or not seen.text:
                continue
            spans = screening.screen_with(then if newly else now, seen.text[:_LONGEST]).spans
            first = spans[0] if spans else None
            start, end = (first.start, first.end) if first else (0, min(40, len(seen.text)))
            out.append(Piece(kinds.title(kind), trial.around(seen.text, start, end), newly))
    with transaction.atomic():
        desk.count_reading(me, categories.gravity([row.kind]), len(out))
        audit.record(
            principal, "rule.words_seen", kind="rule_change", id=row.id, rule=row.rule, things=len(out)
        )
    return tuple(out)
