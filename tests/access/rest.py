"""Who gets which answer at the pages of no part, at the steward's pages, and at the native routes of the front."""

from __future__ import annotations

from typing import Any

from tests.access.desk import ROLES, Row


def _all(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


_STEWARDS = {"anonymous": 303, "stale": 303, "steward": 200}

ROWS: list[Row] = [
    _all("GET", "/", 200),
    _all("GET", "/leave", 303),
    _all("GET", "/about/privacy", 200),
    _all("GET", "/about/leaving", 200),
    _all("GET", "/styleguide", 404),  # outside of a demo
    _all("GET", "/styleguide/desk", 404),
    _all("POST", "/language", 303, {"language": "es"}),
    _all("POST", "/theme", 303, {"theme": "dark"}),
    _all("POST", "/country", 303, {"country": "ES"}),
    _all("GET", "/ops", 403, **_STEWARDS),
    _all("GET", "/ops/jobs", 403, **_STEWARDS),
    _all("POST", "/ops/jobs/{job}", 403, {"act": "discard"}, **(_STEWARDS | {"steward": 303})),
    _all("GET", "/ops/channels", 403, **_STEWARDS),
    _all("POST", "/ops/channels/{post}", 403, {"act": "again"}, **(_STEWARDS | {"steward": 303})),
    # the simulated phone is part of a demo only
    _all("GET", "/sim", 404),
    _all("POST", "/sim/new", 404, {"name": "Lou"}),
    _all("GET", "/sim/p/made-up", 404),
    _all("GET", "/sim/p/made-up/new", 404),
    _all("GET", "/sim/p/made-up/state", 404),
    _all("POST", "/sim/p/made-up/say", 404, {"text": "hello"}),
    _all("POST", "/sim/p/made-up/press", 404, {"button": "a|b"}),
    _all("POST", "/sim/p/made-up/picture", 404),
    _all("GET", "/sim/p/made-up/file/made-up", 404),
    _all("POST", "/sim/p/made-up/do", 404, {"act": "day"}),
]

# (method, path, headers, address of the client, status): what the front answers by itself, for everybody alike.
NativeRow = tuple[str, str, dict[str, str], str, int]
HERE, AWAY = "127.0.0.1", "203.0.113.9"

NATIVE: list[NativeRow] = [
    ("GET", "/help", {}, AWAY, 200),
    ("POST", "/help", {}, AWAY, 405),
    ("GET", "/healthz", {}, AWAY, 200),
    ("GET", "/readyz", {}, AWAY, 200),
    ("GET", "/metrics", {}, HERE, 200),
    ("GET", "/metrics", {}, AWAY, 403),
    ("GET", "/metrics", {"x-forwarded-for": HERE}, AWAY, 403),
    ("GET", "/metrics", {"x-forwarded-for": HERE}, HERE, 403),  # behind a proxy that is not known
    ("GET", "/metrics", {"authorization": "Bearer "}, AWAY, 403),
    ("POST", "/metrics", {}, HERE, 405),
    ("GET", "/hooks/whatsapp/{account}", {}, AWAY, 403),
    ("GET", "/hooks/whatsapp/{account}?hub.mode=subscribe&hub.verify_token=&hub.challenge=1", {}, AWAY, 403),
    ("GET", "/hooks/whatsapp/nobody", {}, AWAY, 403),
    ("POST", "/hooks/whatsapp/{account}", {}, AWAY, 403),
    ("POST", "/hooks/whatsapp/nobody", {}, AWAY, 404),
    ("DELETE", "/hooks/whatsapp/{account}", {}, AWAY, 405),
    ("GET", "/sim/graph/v26.0/100200300400500", {}, AWAY, 404),
    ("POST", "/sim/graph/v26.0/100200300400500/messages", {}, AWAY, 404),
    ("GET", "/live", {}, AWAY, 400),
    ("GET", "/live?topic=", {}, AWAY, 400),
    ("GET", "/live?topic=no-such-topic:1", {}, AWAY, 403),
    ("GET", "/static/../pyproject.toml", {}, AWAY, 404),
    ("GET", "/static/%2e%2e/%2e%2e/settings.py", {}, AWAY, 404),
]

# live topic -> roles that may listen; everybody else is refused. Braces as in the rows of pages.
TOPICS: dict[str, frozenset[str]] = {
    "conversation:{held}": frozenset({"holder", "supervisor"}),
    "conversation:{given}": frozenset(
        {"holder", "supporter", "supervisor"}
    ),  # offered to the holder of {held}
    "conversation:{lost}": frozenset({"supervisor"}),
    "conversation:{closed}": frozenset({"supervisor"}),
    "conversation:{alarm}": frozenset({"supervisor", "oncall"}),
    "conversation:made-up": frozenset(),
    "conversation:{talk}": frozenset({"visitor", "supervisor"}),
    "desk:{colleague}": frozenset({"holder"}),
    "desk:made-up": frozenset(),
    "supervisor": frozenset({"supervisor", "oncall"}),
    "queue": frozenset(),
    "sim:made-up": frozenset(),
    "jobs:crisis": frozenset(),
}
