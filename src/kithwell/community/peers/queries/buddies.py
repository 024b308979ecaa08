"""Buddies: what is suggested, asked and open; and the small room of two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kithwell.boundaries import queries as boundaries
from kithwell.community.peers import words
from kithwell.community.peers.actions import buddies as doing
from kithwell.community.peers.models import Buddying, CheckIn, Note, Seeking, Suggestion
from kithwell.community.peers.rules.matching import Reason
from kithwell.kernel import clock, crypto
from kithwell.kernel.principal import Principal
from kithwell.people import access
from kithwell.people import queries as people

NOTES = 60


@dataclass(frozen=True, slots=True)
class Somebody:
    """A suggestion, or somebody who asks: reasons, and no name."""

    id: UUID
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A buddying as one of the two sees it. `name` is "" while it is only asked."""

    id: UUID
    name: str
    state: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Buddies:
    seeks: bool
    suggestions: tuple[Somebody, ...]
    asking: tuple[Somebody, ...]  # people who ask me
    asked: tuple[Pair, ...]  # wishes of mine that wait, or were silently declined: nobody can tell
    open: tuple[Pair, ...]


def buddies(principal: Principal) -> Buddies:
    """One's own page of buddies. Six queries."""
    account = access.own_account(principal)
    me = account.pk
    crypto.load_keys([account.subject])
    suggestions = Suggestion.objects.filter(account=me, state="shown").order_by("made_at", "id")
    drawn = boundaries.of(me)
    away = drawn.blocked | drawn.muted
    rows = [
        row
        for row in Buddying.objects.filter(Q(a=me) | Q(b=me), state__in=doing.LIVE).order_by("asked_at")
        if (row.b if row.a == me else row.a) not in drawn.blocked
    ]
    names = people.names(row.b if row.a == me else row.a for row in rows if row.state != "asked")
    asking = [row for row in rows if row.state == "asked" and row.b == me and row.declined_at is None]
    return Buddies(
        seeks=Seeking.objects.filter(pk=me).exists(),
        suggestions=tuple(
            Somebody(
                row.pk,
                _said(words.opened(account.subject, row.reasons, (words.SUGGESTION, "reasons", row.pk))),
            )
            for row in suggestions
            if row.other not in away
        ),
        asking=tuple(
            Somebody(row.pk, tuple(words.reason(r) for r in doing.reasons_for(row, me, account.subject)))
            for row in asking
            if row.a not in away
        ),
        asked=tuple(Pair(row.pk, "", "asked") for row in rows if row.state == "asked" and row.a == me),
        open=tuple(
            Pair(row.pk, names.get(row.b if row.a == me else row.a, ""), row.state, row.paused_until)
            for row in rows
            if row.state != "asked"
        ),
    )


def _said(held: list[dict[str, list[str]]] | None) -> tuple[str, ...]:
    return tuple(words.reason(Reason(str(one["what"]), tuple(one["codes"]))) for one in held or ())


@dataclass(frozen=True, slots=True)
class Line:
    """A note as its reader sees it."""

    id: UUID
    mine: bool
    name: str
    text: str
    at: datetime
    gone: str  # "" | "hidden" | "gone"
    warning: str


@dataclass(frozen=True, slots=True)
class Room:
    id: UUID
    other: UUID
    name: str
    state: str
    until: datetime | None
    notes: tuple[Line, ...]
    more: bool
    check: bool  # a question waits for an answer of mine
    answered: str  # my last answer, as a code


def room(principal: Principal, ident: UUID) -> Room:
    """The page of two buddies, newest notes last. Raises NotFound. Nine queries at most."""
    row = doing.own(principal, ident)
    me = principal.id
    other = row.b if row.a == me else row.a
    names = people.names([row.a, row.b])
    found = list(Note.objects.filter(buddying=row).order_by("-id")[: NOTES + 1])
    crypto.load_keys({note.subject for note in found})
    last = CheckIn.objects.filter(buddying=row, account=me).order_by("-asked_at").first()
    return Room(
        id=row.pk,
        other=other,
        name=names.get(other, ""),
        state=row.state,
        until=row.paused_until,
        notes=tuple(_line(note, me, names) for note in reversed(found[:NOTES])),
        more=len(found) > NOTES,
        check=last is not None and last.answered_at is None and row.state == "open",
        answered=last.how
        if last and last.answered_at and clock.now() - last.answered_at < doing.CHECK
        else "",
    )


def _line(note: Note, me: UUID | None, names: dict[UUID, str]) -> Line:
    mine = note.author == me
    text = words.opened(note.subject, note.body, (words.NOTE, "body", note.pk))
    gone = "gone" if text is None else "hidden" if note.hidden and not mine else ""
    name = names.get(note.author, "") if note.author else ""
    return Line(note.pk, mine, name, "" if gone else str(text), note.at, gone, note.warning)
