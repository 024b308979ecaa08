"""Who gets which answer where a community moves in: its facilitator; others find nothing, but for their own link."""

from __future__ import annotations

from typing import Any

from tests.access import world as house
from tests.access.desk import Row

PART = "imports"
ROLES = ("anonymous", "member", "steward", "mover")


def _row(
    method: str, path: str, form: dict[str, Any] | None = None, /, others: int = 404, **given: int
) -> Row:
    statuses = {"anonymous": 303, **{role: others for role in ROLES[1:]}, **given}
    return (method, path, form or {}, statuses)


_ANYBODY = {"anonymous": 200, "member": 200, "steward": 200, "mover": 200}
_MINE = {"anonymous": 303, "member": 303, "steward": 303, "mover": 303}

ROWS: list[Row] = [
    _row("GET", "/g/{moving}/import", others=403, mover=200),
    _row("POST", "/g/{moving}/import", {"source": "whatsapp"}, others=403, mover=422),
    _row("GET", "/imports/{import}", mover=200),
    _row("GET", "/imports/{import}/live", mover=200),
    _row("POST", "/imports/{import}/do", {"step": "stop"}, mover=303),
    _row("POST", "/imports/{import}/do", {"step": "bring"}, mover=303),
    _row("POST", "/imports/{import}/do", {"step": "ask"}, mover=409),
    _row("POST", "/imports/{import}/do", {"step": "discard"}, mover=303),
    _row("GET", "/imports/mine/{import_link}", **_ANYBODY),
    _row("POST", "/imports/mine/{import_link}", {"choice": "veil"}, **_MINE),
    _row("POST", "/imports/mine/{import_link}", {"do": "lines", "shown": "1", "stays": "1"}, **_MINE),
    _row("GET", "/imports/mine/made-up", anonymous=404, mover=404),
]

TOPICS = {"import:{import}": ("mover",), "import:made-up": ()}


def furnish(world: house.World) -> None:
    """A facilitator with a file that was read and asked about."""
    from kithwell.community.groups.actions import Wanted, found
    from kithwell.community.groups.queries import groups_by_id
    from kithwell.community.imports import actions, queries
    from kithwell.kernel.principal import SYSTEM, Principal
    from kithwell.people import actions as people

    name = "Steady Alder"
    ident = people.create_account(name, house.PASSWORD, roles=("facilitator",), by=SYSTEM, age_band="26-64")
    lead = Principal("account", ident, name, frozenset({"member", "facilitator"}), stepped_up=True)
    world.people["mover"], world.clients["mover"] = lead, house.enter(name)
    group = found(lead, Wanted(name="From the old place", purpose="For those who moved in together."))
    world.places["moving"] = groups_by_id([group])[group].slug
    chat = "13/2/2026, 10:00 - Ami: nights are long\n"
    ident = actions.start(lead, world.places["moving"], "whatsapp", chat.encode())
    actions.read(ident)
    actions.ask(lead, ident, told=True)
    world.places["import"] = str(ident)
    link = queries.one(lead, ident).people[0].link.removeprefix("/imports/mine/")
    actions.answer(lead, link, "veil")
    world.places["import_link"] = link
