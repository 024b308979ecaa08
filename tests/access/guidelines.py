"""The guidelines are everybody's to read; two stewards change them."""

from __future__ import annotations

from typing import Any

from tests.access.desk import ROLES as _DESK
from tests.access.desk import Row
from tests.access.world import World

PART = "guidelines"
ROLES = _DESK
_EDIT = "/guidelines/edit/{draft}"
_MADE_UP = "/guidelines/edit/01890000-0000-7000-8000-000000000000"


def furnish(world: World) -> None:
    """A draft that the house's steward wrote."""
    from kithwell.moderation.guidelines import actions

    world.places["draft"] = str(actions.start(world.people["steward"]))


def _all(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


def _steward(method: str, path: str, status: int, form: dict[str, Any] | None = None, /) -> Row:
    return _all(method, path, 403, form, anonymous=303, stale=303, steward=status)


_AT = {"revision": "1", "language": "en"}
ROWS: list[Row] = [
    _all("GET", "/guidelines", 200),
    _all("GET", "/guidelines/v/1", 200),
    _all("GET", "/guidelines/v/77", 404),
    _all("GET", "/guidelines/accept", 200, anonymous=303),
    _all("POST", "/guidelines/accept", 303, {"version": "1", "next": "/me"}),
    _all("POST", "/guidelines/accept", 422, {"version": "9", "next": "/me"}, anonymous=303),
    _steward("GET", "/guidelines/edit", 200),
    _steward("POST", "/guidelines/edit", 303, {}),
    _steward("GET", _EDIT, 200),
    _steward("GET", _MADE_UP, 404),
    _steward("POST", _EDIT, 303, _AT | {"do": "save", "intro": "Hello.", "kindness-title": "Be kind"}),
    _steward("POST", _EDIT, 303, _AT | {"do": "add", "code": "quiet-hours", "categories": "other"}),
    _steward("POST", _EDIT, 303, _AT | {"do": "drop", "code": "lawful"}),
    _steward("POST", _EDIT, 403, _AT | {"do": "drop", "code": "crisis"}),
    _steward("POST", _EDIT, 303, _AT | {"do": "propose", "note": "Shorter words."}),
    _steward("POST", _EDIT, 409, _AT | {"do": "publish"}),
    _steward("POST", _EDIT, 303, _AT | {"do": "withdraw"}),
    _steward("POST", _EDIT, 409, {"do": "save", "revision": "7", "language": "en"}),
    _steward("POST", _MADE_UP, 404, _AT | {"do": "save"}),
]
