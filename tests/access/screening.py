"""The rules of screening are the stewards'; nobody agrees to their own words."""

from __future__ import annotations

from typing import Any

from tests.access import world as house
from tests.access.desk import ROLES as _DESK
from tests.access.desk import Row

PART = "screening"
ROLES = (*_DESK, "sc_second")
WORDS = (
    "(moon|star) (lamp|lamps)",
    "the moon is bright my moon lamp is broken",
    "Somebody sells lamps in every group.",
    "sells lamps",
    "the moon is bright",
    "buy a moon lamp",
)
_MADE_UP = "01890000-0000-7000-8000-000000000000"
_C, _P = "/moderation/screening/changes/{sc_draft}", "/moderation/screening/changes/{sc_proposed}"


def furnish(world: house.World) -> None:
    """{sc_draft} and {sc_proposed} of the house's steward, {sc_drift} that nobody looked into; a second steward."""
    from kithwell.kernel import clock
    from kithwell.moderation.screening import actions
    from kithwell.moderation.screening.models import Change, Drift
    from kithwell.moderation.screening.tests import kit

    world.people["sc_second"] = house.join("Kim", "steward")
    world.clients["sc_second"] = house.enter("Kim")
    robin = world.people["steward"]
    for name in ("sc_draft", "sc_proposed"):
        ident = kit.draft(robin)
        actions.ask(robin, ident, 2)
        actions.run(str(ident), 2)
        world.places[name] = str(ident)
    actions.propose(robin, world.places["sc_proposed"], 2)
    assert Change.objects.get(pk=world.places["sc_proposed"]).state == "proposed"
    drift = Drift.objects.create(
        week=clock.now().date(), language="en", category="hate", flagged=30, texts=300, usual=0.02, far=6.0
    )
    world.places["sc_drift"] = str(drift.id)


def _row(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    fixed = {"anonymous": 303, "stale": 303, "steward": status, "sc_second": status, **given}
    return (method, path, form or {}, {role: fixed.get(role, 403) for role in ROLES})


_AT = {"revision": "2"}
_RULE = {
    "do": "write", "label": "sells lamps", "lang": "en", "weight": "0.7", "any": "moon lamp", "yes": "buy a moon lamp",
    "no": "the moon is bright", "owner": "Robin", "why": "Somebody sells lamps in every group.",
}  # fmt: skip

ROWS: list[Row] = [
    _row("GET", "/moderation/screening", 200),
    _row("GET", "/moderation/screening/rules/spam", 200),
    _row("GET", "/moderation/screening/rules/crisis", 404),
    _row("POST", "/moderation/screening/begin", 303, {"what": "add", "kind": "spam"}),
    _row("POST", "/moderation/screening/begin", 404, {"what": "off", "rule": "en.passive.wish"}),
    _row("GET", _C, 200),
    _row("GET", f"/moderation/screening/changes/{_MADE_UP}", 404),
    _row("GET", "/moderation/screening/changes/made-up", 404),
    _row("POST", _C, 303, _AT | _RULE),
    _row("POST", _C, 422, _AT | _RULE | {"any": "<3"}),
    _row("POST", _C, 409, _RULE | {"revision": "1"}),
    _row("POST", _C, 303, _AT | {"do": "try"}),
    _row("POST", _C, 200, _AT | {"do": "look"}),
    _row("POST", _C, 303, _AT | {"do": "propose"}),
    _row("POST", _C, 303, _AT | {"do": "beside"}),
    _row("POST", _C, 303, _AT | {"do": "alone"}),
    _row("POST", _C, 409, _AT | {"do": "agree"}),
    _row("POST", _C, 303, _AT | {"do": "withdraw"}),
    _row("POST", _C, 404, _AT | {"do": "made-up"}),
    _row("POST", _P, 303, _AT | {"do": "agree"}, steward=403),
    _row("POST", _P, 303, _AT | {"do": "decline", "no": "People talk about lamps."}),
    _row("POST", _P, 422, _AT | {"do": "decline", "no": ""}),
    _row("GET", "/moderation/screening/rates", 200),
    _row("POST", "/moderation/screening/rates/{sc_drift}/seen", 303, {}),
    _row("POST", "/moderation/screening/rates/made-up/seen", 404, {}),
    _row("GET", "/moderation/screening/thresholds/hate", 200),
    _row("GET", "/moderation/screening/thresholds/crisis", 404),
    _row("POST", "/moderation/screening/thresholds/hate", 303, {"at": "0.4", "why": "Fewer."}),
    _row("POST", "/moderation/screening/thresholds/hate", 422, {"at": "x", "why": "Fewer."}),
    _row("POST", "/moderation/screening/thresholds/crisis", 404, {"at": "0.4", "why": "Fewer."}),
    _row("POST", "/moderation/screening/survey", 303, {"kind": "hate"}),
    _row("POST", "/moderation/screening/survey", 404, {"kind": "crisis"}),
    _row("GET", "/moderation/screening/beside", 200),
]
