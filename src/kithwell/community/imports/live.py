"""Who may listen to how far a move is: its facilitators. A topic only says where it stands."""

from __future__ import annotations

from kithwell.community.imports import access, actions
from kithwell.kernel import ids, live
from kithwell.kernel.errors import NotFound
from kithwell.people.access import principal_from_cookies


@live.topic("import")
def progress(cookies: dict[str, str], ident: str) -> int:
    found = ids.parse(ident)
    if found is None:
        raise NotFound()
    row, _place = access.one(principal_from_cookies(cookies), found)
    return actions.standing(row.state, row.done)
