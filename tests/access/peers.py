"""Who gets which answer at the pages of peers. "buddy" and "member" are buddies; "asker" asked the member; "reader"
shares a group with the member; "minor" is on the other side of the age line."""

from __future__ import annotations

from typing import Any

from tests.access import world
from tests.access.desk import Row

PART = "peers"
ROLES = ("anonymous", "member", "buddy", "reader", "minor", "supporter", "steward", "stale")


def _row(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


_NOBODY = {"anonymous": 303}
_TWO = {"anonymous": 303, "member": 200, "buddy": 200}
_TWO_DO = {"anonymous": 303, "member": 303, "buddy": 303}
_BADGE = {"name": "Quiet Heron", "kind": "listener", "until": "2027-01-01"}

ROWS: list[Row] = [
    _row("GET", "/welcome", 200, **_NOBODY),
    _row("GET", "/welcome/brings", 200, **_NOBODY),
    _row("GET", "/welcome/about", 200, **_NOBODY),
    _row("GET", "/welcome/hours", 200, **_NOBODY),
    _row("GET", "/welcome/buddy", 200, **_NOBODY),
    _row("GET", "/welcome/made-up", 404, **_NOBODY),
    _row("GET", "/welcome/found", 200, **_NOBODY),
    _row("POST", "/welcome/brings", 303, {"brings": "sleep", "own_words": "I lie awake"}),
    _row("POST", "/welcome/about", 303, {"languages": "en", "age_band": "26-64"}),
    _row("POST", "/welcome/buddy", 303, {"buddy": "yes", "share": "helps", "most": "2"}),
    _row("POST", "/welcome/hours", 303, {"hours": "evening", "zone": "Europe/Berlin"}),
    _row("GET", "/peers", 200, **_NOBODY),
    _row("POST", "/peers", 404, {"do": "ask", "id": "{peers_suggestion}", "agreed": "1"}, anonymous=303, member=303),
    _row("POST", "/peers", 404, {"do": "pass", "id": "{peers_suggestion}"}, anonymous=303, member=303),
    _row("POST", "/peers", 404, {"do": "yes", "id": "{peers_asked}", "agreed": "1"}, anonymous=303, member=303),
    _row("POST", "/peers", 404, {"do": "no", "id": "{peers_asked}"}, anonymous=303, member=303),
    _row("POST", "/peers", 404, {"do": "back", "id": "{peers_asked}"}, anonymous=303, reader=303),
    _row("POST", "/peers", 303, {"do": "stop"}),
    _row("GET", "/peers/{peers_room}", 404, **_TWO),
    _row("GET", "/peers/{peers_asked}", 404, **_NOBODY),
    _row("POST", "/peers/{peers_room}", 404, {"do": "write", "text": "hello", "client_key": "k-1"}, **_TWO_DO),
    _row("POST", "/peers/{peers_room}", 404, {"do": "check", "how": "good", "words": "fine"}, **_TWO_DO),
    _row("POST", "/peers/{peers_room}", 404, {"do": "end"}, **_TWO_DO),
    _row("POST", "/peers/{peers_room}", 404, {"do": "go-on"}, **_TWO_DO),
    _row("POST", "/peers/{peers_asked}", 404, {"do": "write", "text": "hello", "client_key": "k-1"}, **_NOBODY),
    _row("GET", "/peers/badges", 403, anonymous=303, steward=200, stale=303),
    _row("POST", "/peers/badges", 403, _BADGE, anonymous=303, steward=303, stale=303),
    _row("POST", "/peers/badges", 403, {"do": "end", "id": "{peers_badge}"}, anonymous=303, steward=303, stale=303),
    _row("GET", "/u/Quiet Heron", 404, anonymous=303, member=200, buddy=200, reader=200),
    _row("GET", "/u/Nobody at all", 404, **_NOBODY),
    _row("POST", "/u/Quiet Heron", 404, {"do": "follow"}, anonymous=303, reader=303),
    _row("GET", "/me/profile", 200, **_NOBODY),
    _row("POST", "/me/profile", 303, {"pronouns": "they", "likes": "moss", "seen_likes": "groups"}),
    _row("POST", "/me/profile", 404, {"do": "badge", "id": "{peers_badge}"}, anonymous=303, member=303, steward=303,
         stale=303),
    _row("GET", "/me/people", 200, **_NOBODY),
    _row("POST", "/me/people", 404, {"do": "yes", "id": "{peers_follow}"}, anonymous=303, member=303),
    _row("POST", "/me/people", 404, {"do": "end", "id": "{peers_follow}"}, anonymous=303, member=303, buddy=303),
    _row("GET", "/me/rest", 200, **_NOBODY),
    _row("GET", "/me/steps", 200, **_NOBODY),
    _row("POST", "/me/steps", 303, {"do": "add", "title": "open the window"}),
    _row("POST", "/me/steps", 404, {"do": "do", "id": "{peers_step}"}, anonymous=303, member=303),
    _row("GET", "/g/peers-room/goal", 403, anonymous=303, member=200, reader=200, minor=404),
    _row("POST", "/g/peers-room/goal", 403, {"title": "Ten", "wanted": "10", "until": "{peers_soon}"}, anonymous=303,
         reader=303, minor=404),
]  # fmt: skip


def furnish(house: world.World) -> None:
    """The member has a buddy, is asked by the reader, and has a suggestion, a badge, a follower and a step."""
    from datetime import timedelta

    from django.contrib.auth import get_user_model

    from kithwell.community.groups.models import Group, Membership
    from kithwell.community.peers import actions
    from kithwell.community.peers.models import Follow, Step, Suggestion
    from kithwell.community.peers.tests import cast
    from kithwell.kernel import clock, limits

    member = house.people["member"]
    for role, name, band in (
        ("buddy", "Buddy of Heron", ""),
        ("reader", "Asker of Heron", ""),
        ("minor", "Young of Heron", "16-17"),
    ):
        house.people[role] = world.join(name)
        get_user_model().objects.filter(pk=house.people[role].id).update(age_band=band or "26-64")
        limits.forget_all()  # the house has many people by now
        house.clients[role] = world.enter(name)
    get_user_model().objects.filter(pk=member.id).update(age_band="26-64")
    buddy, reader = house.people["buddy"], house.people["reader"]
    for who in (member, buddy, reader):
        cast.seeks(who, most=3)
    house.places["peers_room"] = str(cast.buddies(member, buddy).pk)
    cast.seeks(member, most=3)
    cast.seeks(buddy, most=3)
    actions.suggest_for(reader)
    asks = Suggestion.objects.get(account=reader.id, other=member.id)
    house.places["peers_asked"] = str(actions.ask(reader, asks.pk, agreed=True))
    third = cast.seeks(cast.person("Third of Heron"), most=3)
    Suggestion.objects.filter(account=member.id).delete()
    actions.suggest_for(member)
    house.places["peers_suggestion"] = str(Suggestion.objects.get(account=member.id, other=third.id).pk)
    soon = (clock.now() + timedelta(days=30)).date()
    house.places["peers_soon"] = soon.isoformat()
    house.places["peers_badge"] = str(
        actions.give_badge(house.people["steward"], member.name, "first-aid", soon)
    )
    group = Group(slug="peers-room", name="Peers' room", name_key="peers", purpose="For the matrix of peers")
    group.settle()
    group.save()
    Membership.objects.create(group=group, account=member.id)
    Membership.objects.create(group=group, account=reader.id, role="facilitator")
    house.places["peers_follow"] = str(Follow.objects.create(follower=buddy.id, followed=member.id).pk)
    actions.check_in()
    _due(house)
    actions.add_step(member, "open the window")
    house.places["peers_step"] = str(Step.objects.get(account=member.id).pk)


def _due(house: world.World) -> None:
    """A week has gone by for the two buddies."""
    from datetime import timedelta

    from kithwell.community.peers import actions
    from kithwell.community.peers.models import Buddying
    from kithwell.kernel import clock

    Buddying.objects.filter(pk=house.places["peers_room"]).update(check_at=clock.now() - timedelta(minutes=1))
    assert actions.check_in() == 1
