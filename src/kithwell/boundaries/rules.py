"""What one person sees of what others write: pure. The doors are `Boundaries.treat` and `fold`.

Order of what counts: somebody blocked is not there at all; somebody muted is left out; then what the writer warned of
and the reader does not want; then the reader's own words; a blur is the mildest. What one wrote oneself is always
shown.

`author` is the name somebody writes under. For a post under an anonymous name pass the id of that name (the veil) and
never the account behind it: otherwise blocking and unblocking would tell who hides behind which name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from kithwell.safety.normal import View

WARNINGS: Final[tuple[str, ...]] = (
    "suicide",
    "self-harm",
    "eating",
    "abuse",
    "violence",
    "substances",
    "death",
    "pregnancy-loss",
    "body",
    "other",
)
HOWS: Final[tuple[str, ...]] = ("show", "blur", "hide")  # from the mildest on
DEFAULT_FILTER: Final = "blur"
CONTACTS: Final[tuple[str, ...]] = ("nobody", "groups", "everyone")
DEFAULT_CONTACT: Final = "groups"

BLOCKS_MAX: Final = 500
MUTES_MAX: Final = 500
WORDS_MAX: Final = 200
WORD_LENGTH: Final = 60
BREAK_MAX: Final = timedelta(days=365)

_ENDS = frozenset('.!?;"')


@dataclass(frozen=True, slots=True)
class Treatment:
    """How to show something. `why` is "", "blocked", "muted", "warning" or "word"; `topics`: the warnings meant."""

    how: str
    why: str = ""
    topics: tuple[str, ...] = ()

    @property
    def there(self) -> bool:
        """Is it there at all for this reader? What is not there is a 404 by its address."""
        return self.why != "blocked"

    @property
    def shown(self) -> bool:
        """Does it stand in a list (openly or blurred)?"""
        return self.how != "hide"


SHOW: Final = Treatment("show")


@dataclass(frozen=True)
class Boundaries:
    """What one person asked for. `me` is whose they are; `words` are folded (`fold`)."""

    blocked: frozenset[UUID] = frozenset()
    muted: frozenset[UUID] = frozenset()
    words: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    contact: str = DEFAULT_CONTACT
    me: UUID | None = None

    def treat(self, author: UUID | None, warnings: Collection[str], text: str) -> Treatment:
        """How this person wants to see a text by `author` that carries these warnings."""
        if author is not None:
            if author == self.me:
                return SHOW
            if author in self.blocked:
                return Treatment("hide", "blocked")
            if author in self.muted:
                return Treatment("hide", "muted")
        hidden = tuple(topic for topic in warnings if self.filter(topic) == "hide")
        if hidden:
            return Treatment("hide", "warning", hidden)
        if self.words and says(text, self.words):
            return Treatment("hide", "word")
        blurred = tuple(topic for topic in warnings if self.filter(topic) == "blur")
        return Treatment("blur", "warning", blurred) if blurred else SHOW

    def filter(self, topic: str) -> str:
        """What this person chose for a topic; a topic nobody knows counts as "other"."""
        name = topic if topic in WARNINGS else "other"
        return self.filters.get(name, DEFAULT_FILTER)

    def sees(self, author: UUID | None) -> bool:
        """Is somebody there for this person at all?"""
        return author is None or author not in self.blocked


NOBODY: Final = Boundaries()


def fold(word: str) -> str:
    """A word or short phrase as it is compared: lower case, no accents, no marks. "" when nothing is left."""
    return " ".join(part for part in View(word).words if part not in _ENDS)


def says(text: str, words: Collection[str]) -> bool:
    """Does the text hold one of these folded words, as a whole word, also when it is lightly disguised ("p1lls")?"""
    known = {part for word in words for part in word.split()}
    line = View(text, known).line
    return any(f" {word} " in line for word in words)


def known_warnings(given: Collection[str]) -> tuple[str, ...]:
    """Those of `given` that are topics of ours, in our order, each once."""
    return tuple(topic for topic in WARNINGS if topic in given)


def may_write(contact: str, *, shared_group: bool) -> bool:
    """Does a choice of who may write let somebody in?"""
    return contact == "everyone" or (contact == "groups" and shared_group)


def break_ends(until: date, today: date) -> bool:
    """Is this a day a break may last to: after today, within a year?"""
    return today < until <= today + BREAK_MAX
