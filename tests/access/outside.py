"""Anybody may give notice and read the figures; the desk reads notices; stewards name those who go first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.access.desk import ROLES as _DESK
from tests.access.desk import Row
from tests.access.world import World

PART = "outside"
WORDS = (
    "https://example.org/p/1",
    "it threatens somebody",
)
ROLES = _DESK
_NOBODY = "01890000-0000-7000-8000-000000000000"
_NOTICE = {
    "what": "a post",
    "address": "https://example.org/p/1",
    "why": "it threatens somebody",
    "ground": "rules",
    "category": "threat",
    "name": "",
    "email": "",
    "good_faith": "1",
}


def furnish(world: World) -> None:
    """One notice, one flagger, and a quarter that was counted."""
    from kithwell.kernel import clock
    from kithwell.moderation.outside import actions, rules
    from kithwell.moderation.outside.models import DayFigures, Flagger, Notice

    world.places["notice_secret"] = actions.receive(_NOTICE, country="DE")
    world.places["notice"] = str(Notice.objects.get().id)
    today = clock.now().date()
    actions.grant(world.people["steward"], "A helpline", "", today + timedelta(days=90), False)
    world.places["flagger"] = str(Flagger.objects.get().id)
    quarter = rules.quarter_of(today).before
    DayFigures.objects.create(day=quarter.first, data={"reports": {"threat": 9}})
    world.places["quarter"] = quarter.code


def _all(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


def _steward(method: str, path: str, status: int, form: dict[str, Any] | None = None, /) -> Row:
    return _all(method, path, 403, form, anonymous=303, stale=303, steward=status)


_GRANT = {"name": "Another", "expertise": "", "until": (date.today() + timedelta(days=60)).isoformat()}
ROWS: list[Row] = [
    _all("GET", "/notice", 200),
    _all("POST", "/notice", 303, _NOTICE),
    _all("POST", "/notice", 422, _NOTICE | {"why": ""}),
    _all("POST", "/notice", 422, _NOTICE | {"key": "made-up"}),
    _all("GET", "/notice/f/{notice_secret}", 200),
    _all("GET", "/notice/f/made-up", 404),
    _all("POST", "/notice/f/{notice_secret}", 409, {"again": "please"}),
    _all("POST", "/notice/f/made-up", 404, {"again": "please"}),
    _all("GET", "/transparency", 200),
    _all("GET", "/transparency/{quarter}", 200),
    _all("GET", "/transparency/{quarter}.json", 200),
    _all("GET", "/transparency/{quarter}.csv", 200),
    _all("GET", "/transparency/2199-Q1", 404),
    _all("GET", "/transparency/made-up.json", 404),
    _all("GET", "/transparency/2020-Q1.csv", 404),
    _steward("GET", "/moderation/notices", 200),
    _steward("GET", "/moderation/notices?tab=settled", 200),
    _steward("GET", "/moderation/notices/{notice}", 200),
    _steward("POST", "/moderation/notices/{notice}", 200, {}),
    _steward("GET", f"/moderation/notices/{_NOBODY}", 404),
    _steward("GET", "/moderation/flaggers", 200),
    _steward("POST", "/moderation/flaggers", 200, _GRANT),
    _steward("POST", "/moderation/flaggers", 422, _GRANT | {"until": "1999-01-01"}),
    _steward("POST", "/moderation/flaggers", 303, {"close": "{flagger}"}),
    _steward("POST", "/moderation/flaggers", 404, {"close": _NOBODY}),
    _steward("GET", "/moderation/law/eu", 200),
    _steward("GET", "/moderation/law/GB", 200),
    _steward("GET", "/moderation/law/zz", 404),
]
