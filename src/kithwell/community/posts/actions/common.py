"""What writing, answering and editing have in common: may they, is it whole, and what follows once it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kithwell.boundaries import nudge
from kithwell.boundaries.nudge import Nudge
from kithwell.community.groups.access import Place
from kithwell.community.posts import cache, veils
from kithwell.community.posts.models import Mood, Piece, Post, Veil
from kithwell.community.posts.rules import marks, writing
from kithwell.community.posts.rules.writing import Written
from kithwell.kernel import clock, live, logs
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import Principal
from kithwell.moderation import concerns, door
from kithwell.moderation.door import NotNow
from kithwell.people import queries as people
from kithwell.safety import screen
from kithwell.safety.signals import LEVELS, Screening

log = logs.get("community.posts")
HELP_FROM: Final = "C2"

FAULTS: Final = {
    ("text", "empty"): gettext_lazy("Write a few words first."),
    ("text", "long"): gettext_lazy("This is too long for one post. Nothing was lost; could you make it two?"),
    ("own_warning", "long"): gettext_lazy("A few words are enough here."),
    ("replies_from", "unknown"): gettext_lazy("Choose one from the list."),
    ("options", "count"): gettext_lazy("A poll has two to six answers, each different."),
    ("options", "long"): gettext_lazy("One of the answers is too long."),
}


class Nudged(Conflict):
    """A second look before it goes out: nothing is stored yet, the same words may be sent again."""

    code = "second-look"

    def __init__(self, seen: Nudge) -> None:
        super().__init__(_("Before this goes out: how might it sound to the person who reads it?"))
        self.nudge = seen


@dataclass(frozen=True, slots=True)
class Stored:
    """A piece that is stored, and whether its writer is offered help (for them alone)."""

    id: UUID
    post: UUID
    level: str = "C0"
    guidance: tuple[str, ...] = ()

    @property
    def offers_help(self) -> bool:
        return LEVELS.index(self.level) >= LEVELS.index(HELP_FROM) or bool(self.guidance)


@dataclass(frozen=True, slots=True)
class Writer:
    """Under what name something is written: exactly one of `author` and `veil`."""

    author: UUID | None
    veil: Veil | None
    subject: UUID


def check_standing(account: UUID, place: Place, said: str = "") -> None:
    """Raises NotNow for somebody who may not write in this group, or nowhere for a while."""
    if not place.may_post:
        raise NotNow(place.why_not_words)
    door.write(account, said)


def check(written: Written, *, poll: bool, most: int) -> None:
    """Raises Invalid with words for each field."""
    found = writing.faults(written, poll=poll, most=most)
    if found:
        raise Invalid({field: str(FAULTS[field, code]) for field, code in found.by_field.items()})


def look(written: Written) -> Screening:
    """Screen the words, and offer a second look once when they read as an attack. Somebody in need is never asked to
    rephrase: from C2 on it is stored at once."""
    said = marks.plain(written.text)
    seen = screen(said)
    if not written.as_is and LEVELS.index(seen.crisis_level) < LEVELS.index(HELP_FROM):
        second = nudge.look(said)
        if second is not None:
            raise Nudged(second)
    return seen


def writer(principal: Principal, place: Place, anonymous: bool, language: str = "en") -> Writer:
    """The name something is written under."""
    assert principal.id is not None
    if not anonymous:
        return Writer(principal.id, None, people.subjects([principal.id])[principal.id])
    if not place.group.allow_anonymous:
        raise Invalid({"anonymous": _("You cannot write without your name in this group.")})
    veil = veils.put_on(place.group.id, principal.id, language)
    return Writer(None, veil, veil.subject)


def after(principal: Principal, kind: str, piece: Piece, seen: Screening) -> None:
    """What follows from the screening once a piece is stored. Crisis and conduct never meet; neither hides anything.

    Never fails the writing: what could not be told is in the log, and the words stand.
    """
    Mood.objects.get_or_create(group=piece.group, day=clock.now().date(), level=seen.crisis_level)
    Mood.objects.filter(group=piece.group, day=clock.now().date(), level=seen.crisis_level).update(
        n=F("n") + 1
    )
    try:
        with transaction.atomic():
            _tell(principal, kind, piece, seen)
    except Exception as error:
        log.error("posts.screening_not_told", kind=kind, id=str(piece.id), error=type(error).__name__)


def _tell(principal: Principal, kind: str, piece: Piece, seen: Screening) -> None:
    from kithwell.moderation import actions as moderating

    if seen.crisis_level >= HELP_FROM and principal.id is not None:
        # Under a veil, not even the row that says "somebody may need help" leads from the account to the words.
        concerns.raise_concern(
            kind,
            str(piece.id),
            principal.id,
            seen.crisis_level,
            seen.lang,
            anonymous=piece.veil_id is not None,
        )
    moderating.signal(kind, str(piece.id), piece.author, seen, community=str(piece.group))


def moved(post: Post) -> None:
    """Tell those who look at the post or at its group that something is new, and forget kept public pages."""
    now = int(clock.now().timestamp() * 1000)
    live.publish(f"post:{post.id}", now)
    live.publish(f"group:{post.group}", now)
    cache.forget(post.group, post.id)


def who(piece: Piece) -> str:
    """The writer as events name them: "" under a veil."""
    return str(piece.author) if piece.author else ""
