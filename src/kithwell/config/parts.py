"""Finds what each part offers by the name of its file, so that a new part is a new folder and no list is edited."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]

# In layer order (import contracts in pyproject.toml); a folder that is not named here comes after these.
LAYERS = (
    "kernel",
    "people",
    "safety",
    "directory",
    "library",
    "boundaries",
    "assistant",
    "selfcare",
    "moderation",
    "support",
    "channels",
    "community",
    "messages",
    "care",
    "advocacy",
    "networks",
    "insights",
    "ui",
)


@cache
def names(file: str) -> tuple[str, ...]:
    """Module names of every `<part>/<file>.py`, at most three folders deep, lower layers first."""
    found = []
    for path in ROOT.glob(f"*/**/{file}.py"):
        inner = path.relative_to(ROOT).with_suffix("").parts
        if len(inner) > 4 or inner[0] == "config" or {"tests", "migrations"} & set(inner):
            continue
        rank = LAYERS.index(inner[0]) if inner[0] in LAYERS else len(LAYERS)
        found.append((rank, inner))
    return tuple("kithwell." + ".".join(inner) for _, inner in sorted(found))


def modules(file: str) -> Iterator[ModuleType]:
    """Import and yield them. An import error is not swallowed: a broken part must be seen at the start."""
    for name in names(file):
        yield import_module(name)
