"""A calendar that looks alive: a question hour soon, one that was, a webinar, a walk of a group, a day kept
together."""

from __future__ import annotations

from datetime import UTC, timedelta
from uuid import UUID

from kithwell.community.events import actions
from kithwell.community.events.models import Event
from kithwell.community.groups import demo as groups_demo
from kithwell.community.groups import queries as groups
from kithwell.kernel import clock, conf
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people
from kithwell.people import queries, roles
from kithwell.people.demo import PASSWORD

PROFESSIONAL = "Mira"
GUESTS = ("Quiet Heron", "Late Train", "Paper Boat", "Warm Window", "Slow River", "Blue Kettle")

ASKED = (
    ("I wake at four every night and then the thoughts start. What can I do in that hour?",
     "Get up after about twenty minutes, keep the light low, and do something dull and kind: fold a towel, "
         "listen to a quiet programme. The bed then stays a place for sleep. If it goes on for some weeks, "
             "talk it over with a doctor."),
    ("Is it all right to nap when the night was bad?",
     "Yes, before three in the afternoon and for half an hour at most. A longer nap borrows from the next night."),
    ("How do I tell my boss that nights are hard just now, without saying everything?",
     "You decide how much. “I have a health matter that affects my sleep; could I start an hour later for "
         "some weeks?” is enough. Many people find it easier in writing."),
)  # fmt: skip


def load() -> None:
    """Fill an empty calendar. Does nothing when there is an event already, or outside demo mode."""
    if not conf.get("demo", False) or Event.objects.exists():
        return
    groups_demo.load()  # by its name it comes after this part; the session of a group needs one
    mira = _account(PROFESSIONAL, roles.PROFESSIONAL)
    robin = _account("Robin", roles.STEWARD)
    guests = [_account(name) for name in GUESTS]
    _soon(mira, guests)
    _past(mira, guests)
    _others(mira, robin)
    _of_groups(guests)


def sign_ins() -> list[tuple[str, str, str]]:
    return [(roles.PROFESSIONAL, PROFESSIONAL, PASSWORD)]


def _account(name: str, *held: str) -> Principal:
    ident = queries.account_named(name)
    if ident is None:
        ident = people.create_account(name, PASSWORD, age_band="26-64")
    for role in set(held) - queries.roles_of(ident):
        people.grant_role(SYSTEM, ident, role)
    return Principal("account", ident, name, frozenset({"member", *held}), stepped_up=True)


def _make(who: Principal, ahead: timedelta, **more: object) -> UUID:
    starts = (clock.now() + ahead).astimezone(UTC).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    given: dict[str, object] = {"starts": starts, "zone": "UTC"}
    return actions.make(who, actions.Wanted(**(given | more)))  # type: ignore[arg-type]


def _soon(mira: Principal, guests: list[Principal]) -> None:
    made = _make(
        mira, timedelta(hours=2), kind="qa", title="Low days: what helps, and when to ask for more",
        about="Mira is a clinical psychologist. She answers in writing for an hour. Ask now or while it is on; nobody "
        "learns who asks.",
    )  # fmt: skip
    for guest in guests[1:]:
        actions.take(guest, made)
    first = actions.ask(
        guests[1], made, "How do I know whether it is a low mood or something to see a doctor about?"
    ).id
    second = actions.ask(guests[2], made, "What do you say to friends who mean well and say “cheer up”?").id
    actions.ask(guests[3], made, "Does walking really help, or is that just something people say?")
    for ident in (first, second):
        actions.approve(mira, made, ident)
    for guest in guests[3:]:
        actions.wish(guest, made, second, True)


def _past(mira: Principal, guests: list[Principal]) -> None:
    with clock.frozen(clock.now() - timedelta(days=9)):
        made = _make(
            mira, timedelta(hours=1), kind="qa", title="Sleep, when the head will not stop",
            about="An hour of questions about nights.",
        )  # fmt: skip
        actions.begin(mira, made)
        for n, (question, answer) in enumerate(ASKED):
            asked = actions.ask(guests[n % len(guests)], made, question).id
            actions.answer(mira, made, asked, answer)
        actions.end(mira, made)
        actions.publish_transcript(mira, made, set(), {}, True)


def _others(mira: Principal, robin: Principal) -> None:
    _make(
        mira, timedelta(days=5, hours=3), kind="webinar", title="Talking with a teenager who has gone "
            "quiet", minutes=90,
        where="https://rooms.example.org/quiet", capacity=40, about="For parents and others who care for somebody.",
    )  # fmt: skip
    _make(
        robin, timedelta(days=12), kind="day", title="An evening of lights", minutes=120,
        about="We put a light in the window at seven, each where we are. No place to come to, nothing to sign up for.",
    )  # fmt: skip


def _of_groups(guests: list[Principal]) -> None:
    """A small session in one of the demo's groups, where there is one with somebody who leads it."""
    for guest in guests[:1]:
        assert guest.id is not None
        for mine in groups.memberships(guest.id):
            leaders = groups.members(mine.group.id, ("facilitator",))
            if not leaders:
                continue
            name = queries.names([leaders[0].account]).get(leaders[0].account, "")
            leader = Principal("account", leaders[0].account, name, frozenset({"member"}), stepped_up=True)
            _make(
                leader, timedelta(days=2, hours=1), kind="session", title="Tea and talk", audience="group",
                group=mine.group.id, capacity=8, about="Bring a cup. Camera off is fine.",
            )  # fmt: skip
            return
