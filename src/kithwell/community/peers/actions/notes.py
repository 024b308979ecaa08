"""Short notes between buddies: stored first, then looked at like posts are. Crisis opens help, never a case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.boundaries import nudge
from kithwell.community.peers import words
from kithwell.community.peers.actions import buddies
from kithwell.community.peers.models import Note
from kithwell.kernel import clock, ids, logs, texts
from kithwell.kernel.errors import Conflict, Invalid, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import concerns, door
from kithwell.people import queries as people
from kithwell.safety import screen
from kithwell.safety.signals import LEVELS, Screening

LONGEST = 4000
HELP_FROM = "C2"
KIND = "community.note"
log = logs.get("community.peers")


class Nudged(Conflict):
    """A second look before it goes out: nothing is stored yet, the same words may be sent again."""

    code = "second-look"

    def __init__(self, seen: nudge.Nudge) -> None:
        super().__init__(_("Before this goes out: how might it sound to the person who reads it?"))
        self.nudge = seen


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored note, and whether its writer is offered help (for them alone)."""

    id: UUID
    offers_help: bool


def write_note(
    principal: Principal, ident: UUID, text: str, *, as_is: bool = False, client_key: str = ""
) -> Sent:
    """Write to one's buddy. Raises Invalid, NotFound, Refused, or Nudged (once; nothing is stored then)."""
    said = texts.tidy(text, LONGEST)
    if not said:
        raise Invalid({"text": _("Write a few words first.")})
    row = buddies.own(principal, ident)
    assert principal.id is not None
    if row.state == "paused":
        raise Refused(_("You two are taking a pause just now. Either of you can begin again."))
    if row.state != "open":
        raise Refused(str(words.NEUTRAL_END))
    door.write(principal.id, said)
    seen = screen(said)
    helps = LEVELS.index(seen.crisis_level) >= LEVELS.index(HELP_FROM)
    if not as_is and not helps and (second := nudge.look(said)) is not None:
        raise Nudged(second)
    subject = people.subjects([principal.id])[principal.id]
    with transaction.atomic():
        row = buddies.own(principal, ident, lock=True)
        if row.state != "open":
            raise Conflict(_("This has just been paused. Nothing you wrote was sent."))
        twin = Note.objects.filter(subject=subject, client_key=client_key).first() if client_key else None
        if twin is not None:
            return Sent(twin.pk, helps)
        note = Note(
            id=ids.new_id(),
            buddying=row,
            author=principal.id,
            subject=subject,
            at=clock.now(),
            client_key=client_key[:40] or None,
        )
        note.body = words.seal(subject, said, (words.NOTE, "body", note.pk))
        note.save(force_insert=True)
        other = row.b if row.a == principal.id else row.a
        buddies.notice(
            other, "buddy-note", f"/peers/{row.pk}", {"note": str(note.pk), "by": str(principal.id)}
        )
        _after(principal.id, note, seen)
    return Sent(note.pk, helps)


def _after(author: UUID, note: Note, seen: Screening) -> None:
    """What follows from the screening. Never fails the writing: what could not be told is in the log."""
    try:
        with transaction.atomic():
            if LEVELS.index(seen.crisis_level) >= LEVELS.index(HELP_FROM):
                concerns.raise_concern(KIND, str(note.pk), author, seen.crisis_level, seen.lang)
            from kithwell.moderation import actions as moderating

            moderating.signal(KIND, str(note.pk), author, seen)
    except Exception as error:
        log.error("peers.screening_not_told", id=str(note.pk), error=type(error).__name__)
