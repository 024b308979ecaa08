"""How replies lie under a post: by depth, and flat from the fourth level on with "answering ...". Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

SHOWN_DEEPEST: Final = (
    3  # levels 0, 1 and 2 are indented; deeper ones stand on level 2, naming whom they answer
)
Row = tuple[UUID, UUID | None]  # reply, parent


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply is shown. `answers` is the reply it answers, where the indent does not say so."""

    id: UUID
    level: int
    answers: UUID | None


def lay_out(rows: Sequence[Row]) -> list[Place]:
    """Replies in reading order. `rows` are in order of writing; a parent that is not among them makes a root.

    Every reply comes exactly once, after its parent; siblings keep the order of writing.
    """
    here = {ident for ident, _parent in rows}
    children: dict[UUID | None, list[Row]] = {}
    for row in rows:
        children.setdefault(row[1] if row[1] in here else None, []).append(row)
    out: list[Place] = []
    seen: set[UUID] = set()
    stack = [(row, 0) for row in reversed(children.get(None, []))]
    while stack:
        (ident, parent), depth = stack.pop()
        if ident in seen:
            continue
        seen.add(ident)
        level = min(depth, SHOWN_DEEPEST - 1)
        tell = parent is not None and (depth >= SHOWN_DEEPEST or parent not in here)
        out.append(Place(ident, level, parent if tell else None))
        stack += [(row, depth + 1) for row in reversed(children.get(ident, []))]
    for ident, parent in rows:  # a ring of parents cannot be stored; were it, nothing would be lost
        if ident not in seen:
            out.append(Place(ident, 0, parent))
    return out


def pruned(rows: Sequence[Row], gone: Mapping[UUID, bool]) -> list[Row]:
    """Without replies that are gone: those with living answers below stay (as a stub), the others leave no trace.

    `gone` says for each reply whether there is nothing to read in it.
    """
    keep: set[UUID] = set()
    parents = dict(rows)
    for ident, _parent in rows:
        if gone.get(ident):
            continue
        at: UUID | None = ident
        while at is not None and at not in keep:
            keep.add(at)
            at = parents.get(at)
    return [row for row in rows if row[0] in keep]
