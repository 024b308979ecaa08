"""One cast for all tests of the desk: Ana wrote something, Ben, Cleo and Dan read it; Mika, Lou and Nele moderate."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kithwell.kernel import clock, ids
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions, kinds
from kithwell.moderation.kinds import Snippet
from kithwell.people import actions as people
from kithwell.people.models import Account

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
PASSWORD = "seven quiet lanterns"
_n = itertools.count(1)


def member(name: str = "Ben", *roles: str, days: int = 60) -> Principal:
    """A real account that joined `days` ago; the next one joined a day earlier or later."""
    number = next(_n)
    shown = f"{name} {number}"
    ident = people.create_account(shown, roles=roles)
    joined = clock.now() - timedelta(days=days, hours=number % 40)
    Account.objects.filter(pk=ident).update(created_at=joined)
    return Principal("account", ident, shown, frozenset({"member", *roles}), stepped_up=True)


def moderator(name: str = "Mika") -> Principal:
    return member(name, "moderator")


@dataclass
class Notes:
    """A kind of thing for tests: small notes on a wall. It keeps what the desk told it, in order."""

    name: str = "test.note"
    title: str = "a note"
    rows: dict[str, Snippet] = field(default_factory=dict)
    writers: dict[str, UUID] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)

    def snippets(self, ids: Sequence[str]) -> Mapping[str, Snippet]:
        return {i: self.rows[i] for i in ids if i in self.rows}

    def context(self, ident: str) -> Sequence[Snippet]:
        return [row for row in self.rows.values() if row.id != ident]

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        return ident in self.rows and ident not in self.private

    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        self.told.append((ident, effect, warning))
        if effect in ("hide", "remove"):
            self.hidden.add(ident)
        if effect == "restore":
            self.hidden.discard(ident)

    def pictures(self, ident: str) -> Sequence[tuple[str, str]]:
        return [("1", "a green field")] if ident in self.rows else []

    def picture(self, ident: str, key: str) -> tuple[str, bytes] | None:
        return ("image/png", b"\x89PNG\r\n\x1a\n") if ident in self.rows and key == "1" else None

    def reveal(self, ident: str) -> UUID | None:
        return self.writers.get(ident)

    def write(self, author: Principal, text: str, *, anonymous: bool = False, media: bool = False) -> str:
        ident = str(ids.new_id())
        assert author.id is not None
        self.writers[ident] = author.id
        self.rows[ident] = Snippet(
            self.name,
            ident,
            None if anonymous else author.id,
            "" if anonymous else author.name,
            text,
            where="The wall",
            url=f"/wall/{ident}",
            at=clock.now(),
            media=media,
            anonymous=anonymous,
        )
        return ident


def wall() -> Notes:
    """A fresh kind of thing, registered."""
    notes = Notes()
    kinds.register(notes)
    return notes


def take(who: Principal) -> UUID:
    """The next case; there must be one."""
    found = actions.take_next(who)
    assert found is not None
    return found


REMOVE = actions.Ruling(
    thing="remove",
    person="warn",
    rule="kindness",
    facts="The note calls another member worthless and tells them to leave.",
)
KEEP = actions.Ruling()
