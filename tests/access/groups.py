"""Who gets which answer at groups.

"gr_lead" leads every group here; "gr_member" belongs to {gr_quiet}; "gr_outside" and "gr_young" (16) have an
account and nothing more; "gr_unsaid" has not said their age. {gr_quiet} is open to adults and read by its members, {gr_door} asks
first, {gr_hidden} is by invitation, {gr_kids} is for people of 16 and 17.
"""

# ruff: noqa: E501  (rows are read best on one line)

from __future__ import annotations

from typing import Any

from tests.access.desk import Row

PART = "groups"
WORDS = (
    "Plants and sleepless nights.",
    "Dunnock of the groups",
    "Fern of the groups",
    "For those who lie awake at night.",
)
ROLES = ("anonymous", "gr_outside", "gr_unsaid", "gr_young", "gr_member", "gr_lead", "steward")
_NOBODY = "01890000-0000-7000-8000-000000000000"


def _row(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


_LED = {"anonymous": 303, "gr_young": 404, "gr_lead": 200}
_DONE = {**_LED, "gr_lead": 303}
_AGREED = {"step": "rules", "agreed": "1", "site_version": "1", "group_version": "1"}
_NEW = {
    "name": "Gardeners", "purpose": "Plants and sleepless nights.", "age_band": "adults", "joining": "open",
    "reading": "members", "capacity": "12",
}  # fmt: skip
_CHANGED = {**_NEW, "prompt_day": "3", "prompt_hour": "9", "quiet_hours": "72", "indexable": ""}

ROWS: list[Row] = [
    _row("GET", "/groups", 200),
    _row("GET", "/groups?q=night&topic=sleep&language=en&after={gr_quiet_id}", 200),
    _row("GET", "/groups?after=made-up&topic=made-up", 200),
    _row("GET", "/groups/new", 200, anonymous=303),
    _row("POST", "/groups/new", 303, _NEW, gr_unsaid=422, gr_young=403, steward=422),
    _row("GET", "/groups/proposals", 403, anonymous=303, steward=200),
    _row("POST", "/groups/proposals/{gr_proposed}", 403, {"act": "approve", "pseudonym": ""}, anonymous=303, steward=303),
    _row("POST", "/groups/proposals/{gr_proposed}", 403, {"act": "decline", "reason": "There is one already."},
         anonymous=303, steward=303),
    _row("POST", "/groups/proposals/{gr_quiet_id}", 403, {"act": "name", "pseudonym": "{gr_lead_name}"}, anonymous=303,
         steward=303),
    _row("POST", "/groups/proposals/" + _NOBODY, 403, {"act": "approve"}, anonymous=303, steward=404),
    # what may be known of a group
    _row("GET", "/g/{gr_quiet}/about", 200, gr_young=404),
    _row("GET", "/g/{gr_hidden}/about", 404, gr_lead=200, steward=200),
    _row("GET", "/g/{gr_hidden}/about?invite=made-up", 404, gr_lead=200, steward=200),
    _row("GET", "/g/{gr_hidden}/about?invite={gr_token}", 200, gr_young=404),
    _row("GET", "/g/{gr_kids}/about", 404, gr_young=200, gr_lead=200, steward=200),
    _row("GET", "/g/made-up/about", 404),
    # its door
    _row("GET", "/g/{gr_quiet}/join", 200, anonymous=303, gr_young=404),
    _row("POST", "/g/{gr_quiet}/join", 303, _AGREED, gr_unsaid=422, gr_young=404, steward=422),
    _row("POST", "/g/{gr_quiet}/join", 303, {"step": "age", "age_band": "26-64"}, gr_young=404),
    _row("POST", "/g/{gr_door}/join", 303, {**_AGREED, "step": "questions", "answer0": "tea"}, gr_unsaid=422, gr_young=404,
         steward=422),
    _row("POST", "/g/{gr_door}/join", 303, {"step": "withdraw"}, gr_young=404),
    _row("POST", "/g/{gr_hidden}/join", 404, _AGREED, anonymous=303, gr_lead=303, steward=422),
    _row("POST", "/g/{gr_hidden}/join", 303, {**_AGREED, "invite": "{gr_token}"}, gr_unsaid=422, gr_young=404, steward=422),
    _row("POST", "/g/{gr_kids}/join", 404, _AGREED, anonymous=303, gr_young=303, gr_lead=303, steward=422),
    # belonging
    _row("GET", "/g/{gr_quiet}/leave", 404, anonymous=303, gr_member=200, gr_lead=200),
    _row("POST", "/g/{gr_quiet}/leave", 404, {"act": "leave", "writing": "keep"}, anonymous=303, gr_member=303, gr_lead=409),
    _row("POST", "/g/{gr_quiet}/leave", 404, {"act": "break", "days": "7"}, anonymous=303, gr_member=303, gr_lead=303),
    _row("POST", "/g/{gr_quiet}/welcome", 404, {"on": "1"}, anonymous=303, gr_member=303, gr_lead=303),
    # leading: nobody else sees who belongs, stewards included
    _row("GET", "/g/{gr_quiet}/members", 403, **_LED),
    _row("GET", "/g/{gr_quiet}/members?after={gr_stay}", 403, **_LED),
    _row("GET", "/g/{gr_quiet}/settings", 403, **_LED),
    _row("GET", "/g/{gr_quiet}/health", 403, **_LED),
    _row("POST", "/g/{gr_quiet}/wake", 403, {}, **_DONE),
    _row("GET", "/g/{gr_kids}/members", 404, anonymous=303, gr_young=403, gr_lead=200, steward=403),
    _row("POST", "/g/{gr_quiet}/members", 403, {"act": "role", "id": "{gr_stay}", "role": "cofacilitator"}, **_DONE),
    _row("POST", "/g/{gr_quiet}/members", 403, {"act": "invite", "pseudonym": "{gr_lead_name}"}, **_DONE),
    _row("POST", "/g/{gr_quiet}/members", 403, {"act": "link", "uses": "2", "days": "7"}, **_LED),
    _row("POST", "/g/{gr_door}/members", 403, {"act": "accept", "id": "{gr_request}"}, **_DONE),
    _row("POST", "/g/{gr_door}/members", 403, {"act": "refuse", "id": "{gr_request}", "words": "Not now."}, **_DONE),
    _row("POST", "/g/{gr_quiet}/members", 403, {"act": "accept", "id": "{gr_request}"}, **{**_LED, "gr_lead": 404}),
    _row("POST", "/g/{gr_hidden}/members", 404, {"act": "end", "id": "{gr_invitation}"}, anonymous=303, gr_lead=303,
         steward=403),
    _row("POST", "/g/{gr_quiet}/members", 403, {"act": "end", "id": "{gr_invitation}"}, **{**_LED, "gr_lead": 404}),
    _row("POST", "/g/{gr_quiet}/settings", 403, _CHANGED, **_DONE),
    _row("POST", "/g/{gr_quiet}/settings", 403, {"act": "archive"}, **_DONE),
]  # fmt: skip


def furnish(world: Any) -> None:
    """A facilitator with four groups, a member, somebody at the door, and those outside."""
    from tests.access.world import PASSWORD, enter

    from kithwell.community.groups import actions
    from kithwell.community.groups.models import Group, Invitation, JoinRequest, Membership
    from kithwell.kernel.principal import SYSTEM, Principal
    from kithwell.people import actions as people

    bands = {
        "gr_outside": "18-25",
        "gr_unsaid": "",
        "gr_young": "16-17",
        "gr_member": "26-64",
        "gr_lead": "26-64",
    }
    names = ("Wren", "Lark", "Linnet", "Dunnock", "Fern")
    for (role, band), name in zip(bands.items(), names, strict=True):
        held = ("facilitator",) if role == "gr_lead" else ()
        ident = people.create_account(f"{name} of the groups", PASSWORD, roles=held, by=SYSTEM, age_band=band)
        world.people[role] = Principal(
            "account", ident, f"{name} of the groups", frozenset({"member", *held}), stepped_up=True
        )
        world.clients[role] = enter(f"{name} of the groups")
    lead, member = world.people["gr_lead"], world.people["gr_member"]

    def made(place: str, name: str, **more: Any) -> Group:
        wanted = actions.Wanted(name, "For those who lie awake at night.", **more)
        group = Group.objects.get(id=actions.found(lead, wanted))
        world.places[place] = group.slug
        return group

    quiet = made("gr_quiet", "Night owls of the matrix", topic="sleep")
    door = made("gr_door", "Asked at the door", joining="request", questions="Tea or coffee?")
    hidden = made("gr_hidden", "Behind the hedge", joining="invite")
    made("gr_kids", "Exam nights of the matrix", age_band="16-17")
    actions.join(member, quiet.slug, agreed=True)
    asker = people.create_account("Siskin of the groups", roles=(), by=SYSTEM, age_band="26-64")
    actions.join(Principal("account", asker), door.slug, agreed=True, answers=["tea"])
    proposed = actions.found(member, actions.Wanted("A proposal", "For those who would like one."))
    world.places |= {
        "gr_token": actions.make_link(lead, hidden.slug, uses=5, days=7),
        "gr_quiet_id": str(quiet.id),
        "gr_proposed": str(proposed),
        "gr_lead_name": lead.name,
        "gr_stay": str(Membership.objects.get(group=quiet, account=member.id).id),
        "gr_request": str(JoinRequest.objects.get(group=door).id),
        "gr_invitation": str(Invitation.objects.get(group=hidden).id),
    }
