"""One's own boundaries: whoever has an account has their own, and nobody else's is anywhere."""

from __future__ import annotations

from typing import Any

from tests.access.desk import ROLES as _DESK
from tests.access.desk import Row

PART = "boundaries"
ROLES = _DESK
_NOBODY = "01890000-0000-7000-8000-000000000000"


def _own(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    """`stale` is signed in all the same: one's own page asks for no fresh proof."""
    fixed = {"anonymous": 303}
    return (method, path, form or {}, {role: {**fixed, **given}.get(role, status) for role in ROLES})


ROWS: list[Row] = [
    _own("GET", "/me/boundaries", 200),
    _own("POST", "/me/boundaries", 303, {"do": "word", "word": "calories"}),
    _own("POST", "/me/boundaries", 303, {"do": "unword", "word": "calories"}),
    _own("POST", "/me/boundaries", 303, {"do": "contact", "contact": "nobody"}),
    _own("POST", "/me/boundaries", 303, {"do": "filters", "filter-eating": "hide", "filter-death": "show"}),
    _own("POST", "/me/boundaries", 422, {"do": "break", "until": "1999-01-01"}),
    _own("POST", "/me/boundaries", 303, {"do": "back"}),
    _own("POST", "/me/boundaries", 404, {"do": "made-up"}),
    # whoever is named, there or not, the answer is the same
    _own("POST", "/boundaries/block", 303, {"account": _NOBODY, "label": "Quiet Fern", "next": "/feed"}),
    _own("POST", "/boundaries/block", 303, {"handle": "Toni", "next": "/feed"}, supporter=422),
    _own("POST", "/boundaries/block", 422, {"handle": "Nobody At All"}),
    _own("POST", "/boundaries/unblock", 303, {"account": _NOBODY}),
    _own("POST", "/boundaries/mute", 303, {"account": _NOBODY}),
    _own("POST", "/boundaries/unmute", 303, {"account": _NOBODY}),
    _own("POST", "/boundaries/made-up", 404, {"account": _NOBODY}),
    _own("GET", "/boundaries/nudges", 403, stale=303, steward=200),
    _own("GET", "/boundaries/nudges?days=7", 403, stale=303, steward=200),
]
