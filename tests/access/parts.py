"""The rows of the newer parts. Each `tests/access/<part>.py` with a `PART` is found here by itself.

Such a module offers `ROLES` (names of browsers; those of `desk.ROLES` are there already), `ROWS` (method, path, form,
{role: status} for every one of its ROLES), optionally `TOPICS` ({topic: roles that may listen}), `TOKENLESS` (names of
pages that take a form without a token, for a reason said there), `WORDS` (what its people wrote) and `furnish(world)`,
which adds its own people, clients and places to the house (each place under a name that no other part uses).
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.access.desk import Row


def modules() -> list[ModuleType]:
    here = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]))
    found = [import_module(f"tests.access.{name}") for name in here if name != "parts"]
    return [module for module in found if hasattr(module, "PART")]


MODULES = modules()
ROWS: list[Row] = [row for module in MODULES for row in module.ROWS]
ROLES: list[str] = sorted({role for module in MODULES for role in module.ROLES})
TOPICS: dict[str, tuple[str, ...]] = {t: r for m in MODULES for t, r in getattr(m, "TOPICS", {}).items()}
# who is asked about a topic: the roles of its own part and those that every part shares
ASKED: dict[str, tuple[str, ...]] = {t: tuple(m.ROLES) for m in MODULES for t in getattr(m, "TOPICS", {})}
# what people in the house wrote: it reads the same in every language
WORDS: frozenset[str] = frozenset(text for m in MODULES for text in getattr(m, "WORDS", ()))
TOKENLESS: frozenset[str] = frozenset(name for m in MODULES for name in getattr(m, "TOKENLESS", ()))
