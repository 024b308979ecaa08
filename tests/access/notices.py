"""Who gets which answer at the pages of notices: everybody their own, nobody another's."""

from __future__ import annotations

from typing import Any

from tests.access import world
from tests.access.desk import Row

PART = "notices"
TOKENLESS = ("notices-stop",)  # a mail program posts there by itself (RFC 8058); its word is the proof
ROLES = ("anonymous", "member", "supporter", "steward")


def _row(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


_CHOICES = {
    "digest": "daily", "hour": "18", "weekday": "6", "zone": "UTC", "quiet_from": "21", "quiet_to": "8",
    "night": "nothing", "kind-replies": "each", "mail": "1",
}  # fmt: skip

ROWS: list[Row] = [
    _row("GET", "/me/notices", 200, anonymous=303),
    _row("GET", "/me/notices?before={own_notice}", 200, anonymous=303),
    _row("POST", "/me/notices", 303, {}),
    _row("GET", "/me/notices/{own_notice}", 404, anonymous=303, member=303),
    _row("GET", "/me/notices/choices", 200, anonymous=303),
    _row("POST", "/me/notices/choices", 303, _CHOICES),
    _row("POST", "/me/notices/choices", 422, {"digest": "hourly"}, anonymous=303),
    _row("POST", "/me/notices/device", 422, {"subscription": "x"}, anonymous=303),
    _row("POST", "/me/notices/device/{own_device}/remove", 404, anonymous=303, member=303),
    _row("GET", "/notices/stop/made-up", 404),
    _row("GET", "/notices/stop/{stop_word}", 200),
    _row("POST", "/notices/stop/{stop_word}", 200, {"List-Unsubscribe": "One-Click"}),
    _row("GET", "/push-worker.js", 200),
]


def furnish(house: world.World) -> None:
    """The member has a notice, a device and mails."""
    from kithwell.community.notices import actions
    from kithwell.community.notices.models import Chosen, Device

    member = house.people["member"]
    assert member.id is not None
    house.places["own_notice"] = str(actions.tell(member.id, "house", "/me", {"n": "1"}))
    wanted = actions.Wanted("daily", 18, 6, "UTC", 21, 8, "nothing", True, {}, {})
    actions.choose(member, wanted)
    house.places["stop_word"] = str(Chosen.objects.get(account=member.id).stop)
    house.places["own_device"] = str(Device.objects.create(account=member.id, subscription=b"", index="x").pk)
