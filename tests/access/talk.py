"""Who gets which answer at the web chat. No address there names a conversation: each browser reaches its own, or none.

"visitor" wrote and took a link; "stranger" is a visitor with another conversation; "member" and "holder" are signed in
and have no conversation of their own.
"""

from __future__ import annotations

from typing import Any

from tests.access.desk import Row

ROLES = ("anonymous", "visitor", "stranger", "member", "holder")


def _row(
    method: str, path: str, form: dict[str, Any] | None = None, /, others: int = 303, **given: int
) -> Row:
    statuses = {role: given.get(role, others) for role in ROLES}
    return (method, path, form or {}, statuses)


_BOTH = {"visitor": 200, "stranger": 200}

ROWS: list[Row] = [
    _row("GET", "/talk", others=200, visitor=303, stranger=303),
    _row("POST", "/talk/start", {"text": "hello", "client_key": "abcdefgh"}),
    _row("GET", "/talk/c", **_BOTH),
    _row("GET", "/talk/c/new?since=0", others=404, **_BOTH),
    _row(
        "GET", "/talk/c/new?since=0&of={talk}", others=404, **_BOTH
    ),  # each gets their own, whatever they name
    _row("GET", "/talk/c/now", others=404, **_BOTH),
    _row("POST", "/talk/c/send", {"text": "hello again", "client_key": "abcdefgi"}),
    _row("POST", "/talk/c/press", {"button": "made-up", "client_key": "abcdefgj"}),
    _row("POST", "/talk/c/person"),
    _row("POST", "/talk/c/link", **_BOTH),
    _row("POST", "/talk/c/away"),
    _row("POST", "/talk/c/end"),
    _row("POST", "/talk/c/feedback", {"helped": "yes"}),
    _row("GET", "/talk/c/delete", **_BOTH),
    _row("POST", "/talk/c/delete", **_BOTH),
    _row("GET", "/talk/r/{link}", others=404, visitor=303),  # the link works in the browser it was made in
    _row("GET", "/talk/r/made-up", others=404),
]
