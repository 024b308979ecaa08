"""Hash lists are the stewards'."""

from __future__ import annotations

from typing import Any

from tests.access import world as house
from tests.access.desk import ROLES as DESK
from tests.access.desk import Row

PART = "files"
ROLES = DESK


def _row(method: str, path: str, form: dict[str, Any] | None = None, /, *, steward: int) -> Row:
    fixed = {"anonymous": 303, "stale": 303, "steward": steward}
    return (method, path, form or {}, {role: fixed.get(role, 403) for role in ROLES})


ROWS: list[Row] = [
    _row("GET", "/moderation/hash-lists", steward=200),
    _row("POST", "/moderation/hash-lists", {"name": "A", "source": "B", "effect": "hold"}, steward=422),
    _row("POST", "/moderation/hash-lists/{hash_list}/drop", steward=303),
]


def furnish(world: house.World) -> None:
    from kithwell.moderation.files import lists

    steward = world.people["steward"]
    lists.bring(steward, "Known", "a test", "graphic", "hold", "a" * 64)
    world.places["hash_list"] = str(lists.rows(steward)[0].id)
