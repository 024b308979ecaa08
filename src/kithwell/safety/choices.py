"""A list of choices as one expression that looks at each letter of the text once, not at each choice.

A list of some hundred words, tried one after another at every word of a sentence, is what most of a search would cost.
Here choices that begin alike share their beginning, so that one letter rules out most of them. What is found is the
same: of two choices that fit at the same place the one named first is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_END = ""


class _Tree(dict[str, "_Tree"]):
    """What may follow, letter by letter, in the order in which it is tried; `_END` where a choice is complete."""


def expression(choices: Sequence[str]) -> str:
    """The inside of a group that finds any of these; a choice may hold words ending in `*` ("beginning so")."""
    if any("*" in choice for choice in choices):
        return "|".join(map(_one, choices))
    tree = _Tree()
    for choice in choices:
        at = tree
        for letter in choice:
            at = at.setdefault(letter, _Tree())
        at[_END] = _Tree()
    if _first_named(choices) != _first_named(_walk(tree)):
        return "|".join(map(_one, choices))
    return _written(tree)


def _one(choice: str) -> str:
    return " ".join(
        re.escape(word[:-1]) + "[^ ]*" if word.endswith("*") else re.escape(word)
        for word in choice.split(" ")
    )


def _walk(tree: _Tree, begun: str = "") -> list[str]:
    """The choices in the order in which the tree tries them."""
    out: list[str] = []
    for letter, rest in tree.items():
        out += _walk(rest, begun + letter) if letter != _END else [begun]
    return out


def _first_named(choices: Sequence[str]) -> set[tuple[str, str]]:
    """The pairs of choices that can fit at one place, one being the beginning of the other, in their order."""
    place = {choice: number for number, choice in enumerate(choices)}
    out = set()
    for choice in choices:
        for begun in (choice[:size] for size in range(1, len(choice)) if choice[:size] in place):
            out.add((begun, choice) if place[begun] < place[choice] else (choice, begun))
    return out


def _written(tree: _Tree) -> str:
    """The tree as an expression, without a group around it."""
    return "|".join(re.escape(letter) + _grouped(rest) if letter else "" for letter, rest in tree.items())


def _grouped(tree: _Tree) -> str:
    return _written(tree) if len(tree) == 1 else f"(?:{_written(tree)})"
