"""For the demo: a buddy with a few notes, somebody who might suit, steps, a badge, and what a group does together."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from kithwell.community.groups import queries as groups
from kithwell.community.peers import actions
from kithwell.community.peers.models import Buddying, Goal, Seeking, Start, Suggestion
from kithwell.community.peers.rules import asking
from kithwell.community.peers.rules.asking import Answers
from kithwell.kernel import clock, conf
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people_actions
from kithwell.people import queries as people

_NOTES = (
    (False, "Hello from the other side of the timetable. I am the one who names the birds on the balcony."),
    (True, "Hello! I name the saucepans, so we will get along. How was your night?"),
    (
        False,
        "Four hours and a bit. Better than Tuesday. I read the thread about the kettle and laughed out loud.",
    ),
    (
        True,
        "Four is four. I tried the breathing thing you wrote about: it did nothing, and then a little something.",
    ),
    (False, "That is exactly how it goes. No need to answer today, I just wanted to say it."),
)
_OTHERS = ("Patient Magpie", "Amber Kettle", "Soft Harbour")
_STEPS = (
    ("Open the window in the morning", 1),
    ("Write to Patient Magpie", 0),
    ("Ten minutes in the park", -1),
)


def load() -> None:
    """Make it once; again changes nothing. Outside of demo mode nothing happens."""
    if not conf.get("demo", False):
        return
    heron = people.account_named("Quiet Heron")
    if heron is None or Start.objects.filter(pk=heron).exists():
        return
    with transaction.atomic():
        me = _known("Quiet Heron", heron)
        others = [_somebody(name) for name in _OTHERS]
        for n, who in enumerate((me, *others)):
            _answers(who, n)
        _talk(me, others[0])
        actions.suggest_for(me)
        _ask(others[2], me)
        _rest(me, others[0])
        _goal(heron)


def _known(name: str, ident: UUID) -> Principal:
    return Principal("account", ident, name, frozenset({"member"}), stepped_up=True)


def _somebody(name: str) -> Principal:
    ident = people.account_named(name) or people_actions.create_account(name, None)
    return _known(name, ident)


def _answers(who: Principal, n: int) -> None:
    said = Answers(
        brings=(("sleep", "anxiety"), ("sleep", "loneliness"), ("sleep", "carers"), ("anxiety", "work"))[
            n % 4
        ],
        helps=("humour", "same", "quiet") if n % 2 else ("humour", "listening"),
        nots=("advice", "hurry") if n % 3 else ("advice",),
        languages=("en",),
        hours=("evening", "night"),
        zone="Europe/London",
        buddy=True,
        most=3,
        share=asking.SHARABLE,
    )
    people_actions.set_about(who, language="en", country="GB", age_band="26-64")
    actions.keep_all(who, said)


def _talk(me: Principal, other: Principal) -> None:
    now = clock.now()
    with clock.frozen(now - timedelta(days=9)):
        room = _ask(me, other)
        if room is None:
            return
        actions.accept(other, room, agreed=True)
    for n, (mine, text) in enumerate(_NOTES):
        with clock.frozen(now - timedelta(days=8 - n, minutes=17 * n)):
            actions.write_note(me if mine else other, room, text)
    actions.check_in()


def _ask(who: Principal, other: Principal) -> UUID | None:
    """Ask somebody in particular, through a suggestion like any other."""
    actions.suggest_for(who)
    row = Suggestion.objects.filter(account=who.id, other=other.id, state="shown").first()
    return actions.ask(who, row.pk, agreed=True) if row else None


def _rest(me: Principal, other: Principal) -> None:
    """Steps, profiles and a badge."""
    for title, state in _STEPS:
        ident = actions.add_step(me, title)
        if state:
            actions.change_step(me, ident, "do" if state > 0 else "rest")
    seen = {"pronouns": "members", "likes": "members", "languages": "groups"}
    mine = {"pronouns": "she/they", "likes": "Saucepans, night trains, moss", "languages": "English"}
    theirs = {"pronouns": "he/him", "likes": "Balcony birds, bread, bad puns", "languages": "English"}
    actions.set_profile(me, mine, seen)
    actions.set_profile(other, theirs, seen)
    robin = people.account_named("Robin")
    if robin is not None:
        steward = Principal("account", robin, "Robin", frozenset({"member", "steward"}), stepped_up=True)
        until: date = (clock.now() + timedelta(days=400)).date()
        actions.give_badge(steward, other.name, "listener", until)


def _goal(account: UUID) -> None:
    """The first of Quiet Heron's groups does something together."""
    mine = groups.memberships(account)
    if mine and not Goal.objects.exists():
        now = clock.now()
        Goal.objects.create(
            group=mine[0].group.id,
            title="A thousand kind replies in awareness month",
            wanted=1000,
            n=412,
            since=now - timedelta(days=12),
            until=now + timedelta(days=18),
        )


def loaded() -> bool:
    """Is there anything of the demo?"""
    return Seeking.objects.exists() and Buddying.objects.exists()
