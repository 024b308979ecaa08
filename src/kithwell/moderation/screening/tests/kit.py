"""Two stewards, a wall of notes that others can read, and a rule that finds lamps for sale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.kernel import jobs
from kithwell.kernel.principal import Principal
from kithwell.moderation import kinds
from kithwell.moderation.screening import actions
from kithwell.moderation.screening.actions import holding
from kithwell.moderation.screening.models import Change
from kithwell.moderation.tests import kit

LAMPS = {
    "label": "sells lamps",
    "lang": "en",
    "weight": "0.7",
    "any": "(moon|star) (lamp|lamps)",
    "unless": "(broke|broken)",
    "needs": "",
    "yes": "buy a moon lamp",
    "no": "the moon is bright\nmy moon lamp is broken",
    "owner": "Robin",
    "why": "Somebody sells lamps in every group.",
}


@dataclass
class Wall(kit.Notes):
    """Notes that others can read."""

    name: str = "test.note"

    def recent(self, since: datetime, most: int) -> Sequence[str]:
        found = [row for row in self.rows.values() if row.at is not None and row.at >= since]
        return [row.id for row in sorted(found, key=lambda row: row.id, reverse=True)][:most]


@contextmanager
def as_shipped() -> Iterator[None]:
    """No kinds but those a test makes, and afterwards all kinds again and the rules as shipped."""
    others = {name: known for name in kinds.names() if (known := kinds.get(name)) is not None}
    for name in others:
        kinds.forget(name)
    yield
    for known in others.values():
        kinds.register(known)
    kinds.forget("test.note")
    holding.forget()


def wall() -> Wall:
    notes = Wall()
    kinds.register(notes)
    return notes


def steward(name: str = "Robin") -> Principal:
    return kit.member(name, "steward")


def revision(ident: UUID) -> int:
    return Change.objects.get(pk=ident).revision


def draft(who: Principal, **other: str) -> UUID:
    """A new rule against lamps, written and saved."""
    ident = actions.begin(who, "add", kind="spam")
    actions.write(who, ident, 1, LAMPS | other)
    return ident


def tried(who: Principal, **other: str) -> UUID:
    """The same, after its dry run."""
    ident = draft(who, **other)
    actions.ask(who, ident, revision(ident))
    jobs.run_due()
    return ident


def proposed(who: Principal, **other: str) -> UUID:
    ident = tried(who, **other)
    actions.propose(who, ident, revision(ident))
    return ident
