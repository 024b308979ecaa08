"""Who gets which answer at events.

"member" has no role; "ev_asker" has a place and a question; "ev_pro" made {ev_qa}; "ev_leader" leads the group of
{ev_session}; "steward"
and "stale" as elsewhere. {ev_qa} is public, {ev_session} is for a group that only "ev_asker" and "ev_leader" belong to.
"""

from __future__ import annotations

from typing import Any

from tests.access.desk import Row

PART = "events"
WORDS = (
    "And at five?",
    "What helps at four in the night?",
    "Is it over?",
)
ROLES = ("anonymous", "member", "ev_asker", "ev_pro", "ev_leader", "steward", "stale")


def _row(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


_IN = {"anonymous": 303}
_HOSTS = {"anonymous": 303, "ev_pro": 200, "steward": 200, "stale": 303}
_DOES = {"anonymous": 303, "ev_pro": 303, "steward": 303, "stale": 303}
_LEADS = {"anonymous": 404, "ev_asker": 403, "ev_leader": 200, "stale": 303}
_NEW = {
    "kind": "webinar", "title": "Rest", "date": "2090-01-02", "time": "18:00", "minutes": "60", "zone": "UTC",
    "audience": "everyone", "capacity": "", "speaker": "", "language": "en", "about": "", "where": "",
}  # fmt: skip

ROWS: list[Row] = [
    _row("GET", "/events", 200),
    _row("GET", "/events?month=2026-10&all=1", 200),
    _row("GET", "/events/zone", 200),
    _row("POST", "/events/zone", 303, {"zone": "Europe/Madrid"}),
    _row("GET", "/events/new", 403, **_HOSTS),
    _row("POST", "/events/new", 403, _NEW, **_DOES),
    _row("GET", "/events/new?group={ev_circle}", 403, anonymous=303, ev_leader=200, stale=303),
    _row("GET", "/events/days.ics?country=GB", 200),
    _row("GET", "/events/feed", 200, **_IN),
    _row("POST", "/events/feed", 303, {"do": "make", "plain": "1"}),
    _row("GET", "/events/feed/{ev_feed}.ics", 200),  # the secret address is the key: calendars cannot sign in
    _row("GET", "/events/feed/made-up.ics", 404),
    # a public one
    _row("GET", "/events/{ev_qa}", 200),
    _row("GET", "/events/{ev_qa}/calendar.ics", 200),
    _row("GET", "/events/{ev_qa}/live", 200),
    _row("GET", "/events/{ev_qa}/transcript", 404),
    _row("GET", "/events/{ev_over}/transcript", 200),
    _row("POST", "/events/{ev_qa}/seat", 303, {"do": "take"}),
    _row("POST", "/events/{ev_qa}/ask", 303, {"text": "What helps?", "client_key": "k1"}),
    _row("POST", "/events/{ev_qa}/q/{ev_listed}", 303, {"do": "wish"}, ev_asker=409),
    _row("POST", "/events/{ev_qa}/q/{ev_listed}", 404, {"do": "back"}, anonymous=303, ev_asker=303),
    _row("GET", "/events/{ev_qa}/host", 403, **_HOSTS),
    _row("GET", "/events/{ev_qa}/host/queue", 403, **_HOSTS),
    _row("POST", "/events/{ev_qa}/host", 403, {"do": "say", "text": "Hello"}, **_DOES),
    _row("POST", "/events/{ev_qa}/host", 403, {"do": "begin"}, **_DOES),
    _row("POST", "/events/{ev_qa}/host/q/{ev_waiting_q}", 403, {"do": "approve", "wording": ""}, **_DOES),
    _row("POST", "/events/{ev_qa}/host/q/{ev_waiting_q}", 403, {"do": "decline", "reason": "later"}, **_DOES),
    _row(
        "POST", "/events/{ev_qa}/host/q/{ev_waiting_q}", 403, {"do": "merge", "into": "{ev_listed}"}, **_DOES
    ),
    _row(
        "POST",
        "/events/{ev_qa}/host/q/{ev_waiting_q}",
        403,
        {"do": "answer", "text": "Rest", "client_key": "k"},
        **_DOES,
    ),
    _row(
        "POST",
        "/events/{ev_over}/host/q/{ev_waiting_q}",
        403,
        {"do": "approve"},
        **(_DOES | {"ev_pro": 404, "steward": 404}),
    ),
    _row("GET", "/events/{ev_over}/host/transcript", 403, **_HOSTS),
    _row("POST", "/events/{ev_over}/host/transcript", 403, {"read": "1"}, **_DOES),
    _row("GET", "/events/{ev_qa}/edit", 403, **_HOSTS),
    _row("POST", "/events/{ev_qa}/edit", 403, _NEW, **_DOES),
    # a group's
    _row("GET", "/events/{ev_session}", 404, ev_asker=200, ev_leader=200),
    _row("GET", "/events/{ev_session}/calendar.ics", 404, ev_asker=200, ev_leader=200),
    _row("GET", "/events/{ev_session}/live", 404, ev_asker=200, ev_leader=200),
    _row(
        "POST", "/events/{ev_session}/seat", 404, {"do": "take"}, anonymous=303, ev_asker=303, ev_leader=303
    ),
    _row("GET", "/events/{ev_session}/host", 404, **(_LEADS | {"anonymous": 303})),
    _row("GET", "/events/{ev_session}/edit", 404, **(_LEADS | {"anonymous": 303})),
    # nothing there
    _row("GET", "/events/01890000-0000-7000-8000-000000000000", 404),
    _row("GET", "/events/made-up", 404),
]

TOPICS = {
    "event:{ev_qa}": (
        "anonymous", "member", "holder", "supporter", "supervisor", "oncall", "steward", "stale", "visitor",
        "stranger", "ev_asker", "ev_pro", "ev_leader",
    ),
    "event:{ev_session}": ("ev_asker", "ev_leader"),
    "event:made-up": (),
    "event-queue:{ev_qa}": ("ev_pro", "steward"),
    "event-queue:{ev_session}": ("ev_leader",),
}  # fmt: skip


def furnish(world: Any) -> None:
    from tests.access.world import PASSWORD, enter

    from kithwell.kernel import limits

    limits.forget_all()  # so many people sign in from one place here that they would be slowed

    from kithwell.community.events import actions
    from kithwell.community.events.tests import cast
    from kithwell.kernel.principal import Principal

    def join(role: str, name: str, *roles: str) -> Principal:
        who: Principal = cast.person(name, *roles, password=PASSWORD)
        world.people.setdefault(role, who)
        world.clients.setdefault(role, enter(who.name))
        return world.people[role]

    pro = join("ev_pro", "Piaevents", "professional")
    leader = join("ev_leader", "Fayevents", "facilitator")
    asker = join("ev_asker", "Askerevents")
    places = world.places
    places["ev_circle"] = str(cast.group(leader, asker))
    places["ev_session"] = str(
        cast.qa(leader, kind="session", audience="group", group=cast.UUID(places["ev_circle"]), capacity=5)
    )
    places["ev_qa"] = str(cast.qa(pro))
    actions.take(asker, places["ev_qa"])
    places["ev_listed"] = str(actions.ask(asker, places["ev_qa"], "What helps at four in the night?").id)
    places["ev_waiting_q"] = str(actions.ask(asker, places["ev_qa"], "And at five?").id)
    actions.approve(pro, places["ev_qa"], places["ev_listed"])
    over = cast.qa(pro, title="Last month")
    places["ev_over"] = str(over)
    actions.answer(pro, over, actions.ask(asker, over, "Is it over?").id, "Nearly.")
    actions.end(pro, over)
    actions.publish_transcript(pro, over, set(), {}, True)
    places["ev_feed"] = actions.renew_feed(asker, plain=True, days=False)
