"""A busy evening for the demo: a week of past conversations, some talking now, some waiting, some with the assistant.

Built through the same actions as the real thing, with the clock set back, so that every figure on the board is true
of what lies in the database.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

from kithwell.kernel import clock, conf, ids, jobs
from kithwell.kernel.errors import Refused
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people
from kithwell.support import actions
from kithwell.support.demo_talks import PAST, TALKING, WAITING, WITH_ASSISTANT, Talk
from kithwell.support.models import Conversation, SupporterState, Team
from kithwell.support.ports import Inbound

DAYS = 7
PER_DAY = 6
# These talk all evening and stay; the others are there for whoever tries things out.
COMPANY = ("Noor", "Ines")


def load() -> None:
    """Fill an empty desk. Does nothing when there is a conversation already, or outside demo mode."""
    if not conf.get("demo", False) or Conversation.objects.exists():
        return
    dice = random.Random(7)
    now = clock.now()
    crew = _crew()
    Team.objects.get_or_create(slug="young-people", defaults={"name": "Young people"})
    _week(dice, now, crew)
    _tonight(dice, now, crew)
    serving = [carer.id for carer in crew if carer.name in ("Noor", "Sam")]
    SupporterState.objects.filter(account__in=serving).update(teams=["young-people"])


def keep_company() -> None:
    """The demo's own supporters stay at their desks. Nobody sits there, so a job says for them that they do."""
    if not conf.get("demo", False):
        return
    for carer in _company(_crew()):
        actions.start_shift(carer)
        actions.heartbeat(carer)


def _crew() -> list[Principal]:
    found = people.accounts_with_role("supporter")
    names = people.names(found)
    return [
        Principal("account", ident, names[ident], frozenset({"supporter"}), stepped_up=True)
        for ident in sorted(found, key=lambda ident: names[ident])
    ]


def _company(crew: list[Principal]) -> list[Principal]:
    named = {carer.name: carer for carer in crew}
    return [named[name] for name in COMPANY if name in named]


def _week(dice: random.Random, now: datetime, crew: list[Principal]) -> None:
    """Past evenings: each conversation begins, waits a little, is taken, answered and ended."""
    for day in range(DAYS, 0, -1):
        evening = now - timedelta(days=day, hours=2)
        on_shift = dice.sample(crew, k=min(2, len(crew)))
        with clock.frozen(evening):
            for carer in on_shift:
                actions.start_shift(carer)
        for turn in range(PER_DAY):
            begun = evening + timedelta(minutes=20 * turn + dice.randint(0, 9))
            carer = on_shift[turn % len(on_shift)]
            _whole(dice.choice(PAST), begun, timedelta(seconds=dice.randint(20, 260)), carer)
        with clock.frozen(evening + timedelta(hours=4)):
            for carer in on_shift:
                actions.end_shift(carer)
            jobs.run_due()


def _whole(talk: Talk, begun: datetime, wait: timedelta, carer: Principal) -> None:
    conversation = _open(talk, begun)
    moment = begun + wait
    if _take(carer, moment) != conversation:
        with clock.frozen(begun + timedelta(minutes=9)):  # everybody had to rest: this person did not wait
            actions.close_by_person(conversation)
        return
    moment = _exchange(conversation, talk, moment, carer)
    with clock.frozen(moment + timedelta(minutes=2)):
        version = Conversation.objects.values_list("controller_version", flat=True).get(id=conversation)
        actions.end(carer, conversation, talk.summary, talk.next_step, version=version)
        jobs.run_due()


def _tonight(dice: random.Random, now: datetime, crew: list[Principal]) -> None:
    """The present evening, as the board shows it when the demo starts."""
    company = _company(crew)
    for minutes, carer in zip((95, 60), company, strict=False):
        with clock.frozen(now - timedelta(minutes=minutes)):
            actions.start_shift(carer)
    for n, talk in enumerate(TALKING if company else ()):
        carer = company[n % len(company)]
        begun = now - timedelta(minutes=24 - 5 * n)
        conversation = _open(talk, begun)
        if _take(carer, begun + timedelta(minutes=1)) == conversation:
            _exchange(conversation, talk, begun + timedelta(minutes=1), carer)
    for n, talk in enumerate(WAITING):
        _open(talk, now - timedelta(seconds=40 + 95 * n))
    for n, talk in enumerate(WITH_ASSISTANT):
        _open(talk, now - timedelta(minutes=3 + n), wants_person=False)
    with clock.frozen(now):
        for carer in company:
            actions.heartbeat(carer)
        jobs.run_due()


def _take(carer: Principal, at: datetime) -> UUID | None:
    """The next person for `carer`, or None when they must rest first."""
    with clock.frozen(at):
        actions.heartbeat(carer)
        try:
            return actions.take_next(carer)
        except Refused:
            return None


def _open(talk: Talk, at: datetime, *, wants_person: bool = True) -> UUID:
    with clock.frozen(at):
        opened = actions.open_web(language=talk.language, country=talk.country)
        _say(opened.contact_id, talk, talk.lines[0], at)
        if talk.rating is not None:
            actions.rate(opened.conversation_id, talk.rating)
        if wants_person:
            actions.ask_human(opened.conversation_id)
    return opened.conversation_id


def _say(contact: UUID, talk: Talk, text: str, at: datetime) -> None:
    actions.receive(
        [
            Inbound(
                channel="web",
                account="web",
                addresses=(),
                provider_id=str(ids.new_id()),
                provider_at=at,
                order=0,
                kind="text",
                text=text,
                language=talk.language,
                country=talk.country,
                contact_id=contact,
            )
        ]
    )


def _exchange(conversation: UUID, talk: Talk, at: datetime, carer: Principal) -> datetime:
    """The rest of a conversation, line by line; returns the moment after it."""
    row = Conversation.objects.values_list("contact_id", "controller_version").get(id=conversation)
    contact, version = row
    for n, words in enumerate(talk.replies):
        at += timedelta(seconds=70)
        with clock.frozen(at):
            actions.heartbeat(carer)
            actions.reply(carer, conversation, words, client_key=f"demo-{n}", version=version)
        if n + 1 < len(talk.lines):
            at += timedelta(seconds=90)
            with clock.frozen(at):
                _say(contact, talk, talk.lines[n + 1], at)
    return at
