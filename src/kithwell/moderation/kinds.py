"""What can be looked at here. The parts that hold posts, replies, stories or profiles register a Kind each.

The desk knows nothing of those parts. It asks a kind for the words of a thing, for what stands around it, whether
somebody may report it, and tells it what was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

EFFECTS = ("hide", "limit", "remove", "label", "restore")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One thing as a reviewer may see it. `author` is None where the author's name is sealed (`anonymous`)."""

    kind: str
    id: str
    author: UUID | None
    author_name: str
    text: str
    where: str = ""
    url: str = ""
    at: datetime | None = None
    warnings: tuple[str, ...] = ()
    media: bool = False
    anonymous: bool = False
    community: str = ""


@runtime_checkable
class Kind(Protocol):
    """`name` is like "community.post". Every method may be called with ids that are not there (any more).

    Some more are optional: `reveal(ident) -> UUID | None`, the account behind an anonymous thing, called by the machine
    so that its author gets their reasons, and shown to a person only after two members of staff agreed
    (`actions.unseal_confirm`); `pictures(ident) -> Sequence[(key, description)]` with `picture(ident, key) ->
    (type, bytes) | None`, for whoever holds its case; `title`, what a thing of this kind is called in words (lazy); and
    `recent(since, most) -> Sequence[str]`, the newest things others can read, by which a change of a rule is tried out
    before it holds. Kinds that only two people read do not offer it.
    """

    name: str

    def snippets(self, ids: Sequence[str]) -> Mapping[str, Snippet]: ...
    def context(self, ident: str) -> Sequence[Snippet]: ...
    def visible_to(self, ident: str, account: UUID | None) -> bool: ...
    def apply(self, ident: str, effect: str, *, warning: str = "") -> None: ...


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; the same name again replaces it."""
    _kinds[kind.name] = kind


def get(name: str) -> Kind | None:
    """The kind of this name, None for one nobody registered."""
    return _kinds.get(name)


def names() -> tuple[str, ...]:
    return tuple(sorted(_kinds))


def forget(name: str) -> None:
    """Tests: this kind is gone."""
    _kinds.pop(name, None)


def snippet(kind: str, ident: str) -> Snippet | None:
    """The thing itself, None where it is gone or its kind is not known."""
    known = get(kind)
    return known.snippets([ident]).get(ident) if known is not None else None


def owner(kind: str, ident: str, seen: Snippet | None = None) -> UUID | None:
    """The account that wrote it, also behind an anonymous name. For the machine alone: never show it."""
    found = seen if seen is not None else snippet(kind, ident)
    if found is not None and found.author is not None:
        return found.author
    reveal = getattr(get(kind), "reveal", None)
    answer = reveal(ident) if reveal is not None else None
    return answer if isinstance(answer, UUID) else None


def recent(kind: str, since: datetime, most: int) -> Sequence[str]:
    """The ids of the newest things of a kind that others can read, newest first; none where it does not tell."""
    tell = getattr(get(kind), "recent", None)
    return tuple(tell(since, most)) if tell is not None else ()


def is_shared(kind: str) -> bool:
    """Is it a kind of thing that others can read, so that rules may be tried on it?"""
    return hasattr(get(kind), "recent")


Places = Callable[[Sequence[str]], Mapping[str, str]]
_places: list[Places] = []


def name_places(names: Places) -> None:
    """`names(communities)` gives {community: its name}; the last one registered is asked."""
    _places[:] = [names]


def places(communities: Sequence[str]) -> Mapping[str, str]:
    """What communities are called; those nobody knows are left out."""
    return _places[0](communities) if _places and communities else {}


def title(kind: str) -> str:
    """What a thing of this kind is called."""
    from kithwell.moderation import words

    return str(getattr(get(kind), "title", "") or words.kind(kind))
