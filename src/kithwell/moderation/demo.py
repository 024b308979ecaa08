"""A desk with something on it: a week of reports, decisions, an appeal that waits, a proposal for a second person.

Built through the same actions as the real thing, with the clock set back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from kithwell.kernel import clock, conf
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.moderation import actions, demo_wall
from kithwell.moderation.actions import staffing
from kithwell.moderation.models import Case
from kithwell.moderation.rules.hours import Stretch
from kithwell.people import actions as people_actions
from kithwell.people import demo as people_demo
from kithwell.people import queries as people
from kithwell.people import roles

STAFF = {name: (roles.MODERATOR,) for name in ("Mika", "Lou", "Nele", "Iva")}
SIGN_INS = [people_demo.SignIn(roles.MODERATOR, name, people_demo.PASSWORD, "/moderation") for name in STAFF]
OFFICE = [Stretch(day, 8 * 60, 22 * 60, "Europe/Berlin") for day in range(7)]
READERS = ("Quiet Heron", "Kind Ember", "Wild Thyme", "Soft Rain")

ATTACK = actions.Ruling(
    thing="remove",
    person="message",
    rule="kindness",
    facts="The note tells another member that nobody wants to hear from them and asks them to go.",
)
ADVICE = actions.Ruling(
    thing="label",
    warning="other",
    rule="no-diagnosis",
    facts="The note tells others to stop their medicine. What helped one person can be dangerous for another.",
)
HATE = actions.Ruling(
    thing="remove",
    person="pause",
    days=3,
    rule="kindness",
    facts="The note says that people of one origin are all the same and should be sent away.",
)


def sign_ins() -> list[people_demo.SignIn]:
    return SIGN_INS


def load() -> None:
    """Fill an empty desk. Does nothing when there is a case already, or outside demo mode."""
    if not conf.get("demo", False) or Case.objects.exists():
        return
    writers = {row[0] for row in demo_wall.NOTES.values()}
    everybody = {name: _person(name) for name in sorted(writers | set(READERS))}
    mika, lou, *_others = (_person(name, *given) for name, given in STAFF.items())
    robin = _person("Robin", roles.STEWARD)
    staffing.set_hours(robin, OFFICE)
    now = clock.now()
    readers = [everybody[name] for name in READERS]
    with clock.frozen(now - timedelta(days=6)):
        _tell(readers[:2], "demo-04", "advice")
    with clock.frozen(now - timedelta(days=6) + timedelta(hours=5)):
        _decide(mika, ADVICE)
    with clock.frozen(now - timedelta(days=4, hours=3)):
        _tell(readers, "demo-07", "hate", "Some of us are from there.")
    with clock.frozen(now - timedelta(days=4)):
        removed = _decide(lou, HATE)
    with clock.frozen(now - timedelta(days=2)):
        _tell(readers[:1], "demo-10", "other")
    with clock.frozen(now - timedelta(days=1, hours=3)):
        _decide(mika, actions.Ruling())
        _tell(readers[:3], "demo-08", "threat", "I am afraid of this.")
        _decide(
            mika,
            replace(HATE, person="exclude", facts="The note threatens to find out where a member lives."),
        )
    with clock.frozen(now - timedelta(days=1)):
        actions.appeal(everybody["Loud Gull"], removed, "It was a quotation from the news.")
    with clock.frozen(now - timedelta(hours=5)):
        _tell(readers[:1], "demo-02", "spam")
        _tell(readers[2:3], "demo-05", "eating", "I had to stop reading.")
    with clock.frozen(now - timedelta(hours=2)):
        _tell(readers[:2], "demo-01", "harassment", "She had only said that she was tired.")
        _tell(readers[:1], "demo-09", "doxxing")
        _tell(readers[1:2], "demo-12", "grooming", "He wrote the same to me.")
        _tell(readers[:1], "demo-03", "other", "Please look after this person.")


def _person(name: str, *given: str) -> Principal:
    account = people.account_named(name)
    if account is None:
        account = people_actions.create_account(name, people_demo.PASSWORD, language="en")
    for role in set(given) - people.roles_of(account):
        people_actions.grant_role(SYSTEM, account, role)
    return Principal("account", account, name, people.roles_of(account), stepped_up=True)


def _tell(who: list[Principal], ident: str, category: str, words: str = "") -> None:
    for n, reader in enumerate(who):
        if demo_wall.NOTES[ident][0] != reader.name:
            actions.report(reader, demo_wall.KIND, ident, category, words if n == 0 else "")


def _decide(who: Principal, ruling: actions.Ruling) -> UUID:
    """Take what waits and decide it."""
    found = actions.take_next(who)
    if found is None:
        raise LookupError("the demonstration has nothing to decide")
    return actions.decide(who, found, ruling)
