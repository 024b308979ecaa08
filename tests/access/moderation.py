"""Whoever wrote it reads the reasons, whoever reported it their report, and a reviewer the one case they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.access import world as house
from tests.access.desk import Row
from tests.access.world import World

PART = "moderation"
WORDS = (
    "A note · The wall ·",
    "Be kind, above all when you disagree ·",
    "It tells somebody to go away.",
    "You were right.",
)
ROLES = (
    "anonymous", "member", "supporter", "steward", "stale", "mo_author", "mo_reporter", "mo_first", "mo_second",
)  # fmt: skip
NAMES = {
    "mo_author": ("Mossy Lark",),
    "mo_reporter": ("Calm Otter",),
    "mo_first": ("Mika", "moderator"),
    "mo_second": ("Lou", "moderator"),
}
_NOBODY = "01890000-0000-7000-8000-000000000000"


def furnish(world: World) -> None:
    """{mo_case} held by the first moderator, {mo_asked} and {mo_proposed} by the second; {mo_reasons} of the author;
    {mo_sample} for whoever did not decide; {mo_wish} of the first moderator; {mo_kind} and {mo_note} to report."""
    from kithwell.kernel import clock
    from kithwell.moderation import actions
    from kithwell.moderation.models import Case, Decision, Sample
    from kithwell.moderation.tests import kit

    for role, (name, *roles) in NAMES.items():
        world.people[role] = house.join(name, *roles)
        world.clients[role] = house.enter(name)
    wall = kit.wall()
    author, reporter = world.people["mo_author"], world.people["mo_reporter"]
    first, second = world.people["mo_first"], world.people["mo_second"]

    def case(**more: bool) -> Case:
        note = wall.write(author, "Nobody wants you here.", **more)
        actions.report(reporter, wall.name, note, "harassment")
        return Case.objects.get(ident=note)

    def hold(row: Case, who: str) -> str:
        until = clock.now() + timedelta(minutes=20)
        Case.objects.filter(id=row.id).update(
            state="claimed", claimed_by=world.people[who].id, claimed_until=until
        )
        return str(row.id)

    row = case()
    hold(row, "mo_first")
    world.places["mo_reasons"] = str(actions.decide(first, row.id, kit.REMOVE))
    asked = case()
    hold(asked, "mo_first")
    actions.appeal(author, actions.decide(first, asked.id, kit.REMOVE), "please look again")
    world.places["mo_asked"] = hold(asked, "mo_second")
    proposed = case()
    hold(proposed, "mo_first")
    actions.decide(first, proposed.id, replace(kit.REMOVE, person="exclude"))
    world.places["mo_proposed"] = hold(proposed, "mo_second")
    sealed = case(anonymous=True)
    why = "The writer names a child in danger, and we have to reach them."
    world.places["mo_wish"] = str(actions.unseal_request(first, wall.name, sealed.ident, why))
    world.places["mo_case"] = hold(sealed, "mo_first")
    world.places["mo_colleague"] = str(second.id)
    world.places["mo_kind"] = wall.name
    world.places["mo_note"] = wall.write(world.people["member"], "Good evening everybody.")
    decision = Decision.objects.get(id=world.places["mo_reasons"])
    world.places["mo_sample"] = str(Sample.objects.create(week=clock.now().date(), decision=decision).id)


def _row(method: str, path: str, form: dict[str, Any] | None, others: int, given: dict[str, int]) -> Row:
    return (method, path, form or {}, {role: given.get(role, others) for role in ROLES})


def _mine(method: str, path: str, others: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    """A page of members: `stale` is signed in all the same."""
    return _row(method, path, form, others, {"anonymous": 303, **given})


_OUT = {"anonymous": 303, "stale": 303, "member": 403, "supporter": 403, "mo_author": 403, "mo_reporter": 403}


def _desk(method: str, path: str, others: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    """A page of reviewers."""
    return _row(method, path, form, others, {**_OUT, **given})


_C, _A, _P = "/moderation/c/{mo_case}", "/moderation/c/{mo_asked}", "/moderation/c/{mo_proposed}"
_TELL = {"kind": "{mo_kind}", "id": "{mo_note}", "category": "spam", "words": "look"}
_RULING = {
    "thing": "remove", "person": "pause", "days": "3", "rule": "kindness", "warning": "", "language": "en",
    "territory": "everywhere", "facts": "It tells somebody to go away.", "note": "seen before",
}  # fmt: skip
_WEEK = {"start0": "09:00", "end0": "17:00", "zone": "Europe/Berlin"}
_READ = {"thing": "remove", "person": "warn", "rule": "kindness"}

ROWS: list[Row] = [
    _mine("GET", "/report?kind={mo_kind}&id={mo_note}", 200),
    _mine("GET", "/report?kind={mo_kind}&id=" + _NOBODY, 404),
    _mine("GET", "/report", 404),
    _mine("POST", "/report", 303, _TELL, member=403),  # member wrote it
    _mine("POST", "/report", 422, _TELL | {"category": "made-up"}),
    _mine("POST", "/report", 404, _TELL | {"id": _NOBODY}),
    _mine("GET", "/me/reports", 200),
    _mine("GET", "/me/decisions", 200),
    _mine("GET", "/decisions/{mo_reasons}", 404, mo_author=200),
    _mine("GET", "/decisions/{mo_reasons}/data", 404, mo_author=200),
    _mine("GET", "/decisions/made-up", 404),
    _mine("GET", "/appeal/{mo_reasons}", 404, mo_author=200),
    _mine("POST", "/appeal/{mo_reasons}", 404, {"words": "please"}, mo_author=303),
    _mine("GET", "/appeal/" + _NOBODY, 404),
    _mine("POST", "/appeal/" + _NOBODY, 404, {"words": "please"}),
    _desk("GET", "/moderation", 200),
    _desk("POST", "/moderation/take", 303, {}),
    _desk("GET", "/moderation/break", 200),
    _desk("POST", "/moderation/break", 303, {}),
    # a case that the first moderator holds
    _desk("GET", _C, 404, mo_first=200),
    _desk("GET", _C + "/around", 404, mo_first=200),
    _desk("GET", _C + "/picture/1", 404, mo_first=200),
    _desk("GET", _C + "/picture/2", 404),
    _desk("POST", _C + "/decide", 404, _RULING, mo_first=303),
    _desk("POST", _C + "/decide", 404, _RULING | {"rule": "crisis"}, mo_first=422),
    _desk("POST", _C + "/note", 404, {"note": "noted"}, mo_first=303),
    _desk("POST", _C + "/hand-over", 404, {"to": "{mo_colleague}", "note": "for you"}, mo_first=303),
    _desk("POST", _C + "/support", 404, {}, mo_first=303),
    _desk("POST", _C + "/unseal", 404, {"reason": "A child may be in danger here."}, mo_first=303),
    _desk("POST", _C + "/release", 404, {}, mo_first=303),
    _desk("POST", _C + "/confirm", 404, {"step": "agree", "why": "I agree with it."}),
    _desk("POST", _C + "/answer", 404, {"step": "grant", "why": "You were right."}),
    # a proposal and an appeal that the second moderator holds; the first decided both
    _desk("GET", _P, 404, mo_second=200),
    _desk("POST", _P + "/confirm", 404, {"step": "agree", "why": "I agree with it."}, mo_second=303),
    _desk("POST", _P + "/decide", 404, _RULING, mo_second=409),
    _desk("GET", _A, 404, mo_second=200),
    _desk("POST", _A + "/answer", 404, {"step": "grant", "why": "You were right."}, mo_second=303),
    _desk("POST", _A + "/answer", 404, {"step": "made-up", "why": "You were right."}, mo_second=422),
    # nothing there
    _desk("GET", "/moderation/c/" + _NOBODY, 404),
    _desk("GET", "/moderation/c/made-up", 404),
    # beside the cases
    _desk("GET", "/moderation/quality", 200),
    _desk("POST", "/moderation/quality/{mo_sample}", 303, _READ, mo_first=404),
    _desk("GET", "/moderation/figures", 200),
    _desk("GET", "/moderation/hours", 403, steward=200),
    _desk("POST", "/moderation/hours", 403, _WEEK, steward=303),
    _desk("POST", "/moderation/hours", 403, _WEEK | {"zone": "made-up"}, steward=422),
    _desk("GET", "/moderation/unsealing", 200),
    _desk("POST", "/moderation/unsealing/{mo_wish}", 200, {"step": "agree"}, mo_first=403),
    _desk("POST", "/moderation/unsealing/{mo_wish}", 404, {"step": "look"}),
]
