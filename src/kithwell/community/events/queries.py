"""What may be read of events: frozen shapes, a fixed number of queries. Nothing here names an attendee."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from kithwell.community.events import access, words
from kithwell.community.events.actions import feeds
from kithwell.community.events.models import Answer, Event, Feed, Question, Seat
from kithwell.community.events.rules import queue as rules
from kithwell.community.events.rules import seats
from kithwell.community.groups import queries as groups
from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people


@dataclass(frozen=True, slots=True)
class Card:
    """An event in a list."""

    id: UUID
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    language: str
    state: str
    group: str
    mine: str  # "" | "going" | "waiting"
    changed_at: datetime
    revision: int

    @property
    def url(self) -> str:
        return f"/events/{self.id}"


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said: an answer, and the question it is for ("" for a word to everybody)."""

    id: UUID
    question: str
    text: str
    at: datetime
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on an attendee's page. `own` ones tell what became of them."""

    id: UUID
    text: str
    state: str
    reason: str
    own: bool
    wished: bool


@dataclass(frozen=True, slots=True)
class View:
    """One event, for one reader. Of other attendees it holds nothing at all."""

    card: Card
    about: str
    where: str
    host: str
    speaker: str
    audience: str
    group_slug: str
    limited: bool
    full: bool
    asking: bool
    may_ask: bool
    n: int
    hosts: bool
    in_queue: bool
    transcript: bool
    lines: tuple[Line, ...]
    listed: tuple[Asked, ...]
    own: tuple[Asked, ...]


def card(row: Event, group: str = "", mine: str = "") -> Card:
    return Card(
        row.id, row.kind, words.open_(row, "title"), row.starts_at, row.ends_at, row.zone, row.language, row.state,
        group, mine, row.changed_at, row.revision,
    )  # fmt: skip


def _visible(principal: Principal) -> tuple[Q, dict[UUID, str]]:
    """Which events somebody may know of, and the names of their groups. One query for members, none for others."""
    if not principal.is_account or principal.id is None:
        return Q(audience=Event.Audience.EVERYONE), {}
    names = {b.group.id: b.group.name for b in groups.memberships(principal.id)}
    wanted = Q(audience__in=(Event.Audience.EVERYONE, Event.Audience.MEMBERS)) | Q(group__in=list(names))
    return wanted | Q(speaker=principal.id), names


def _cards(principal: Principal, rows: Sequence[Event], names: dict[UUID, str]) -> tuple[Card, ...]:
    words.load(rows)
    mine: dict[UUID, str] = {}
    if principal.is_account and rows:
        own = Seat.objects.filter(account=principal.id, event__in=[row.id for row in rows])
        mine = dict(own.values_list("event_id", "state"))
    return tuple(
        card(row, names.get(row.group, "") if row.group else "", mine.get(row.id, "")) for row in rows
    )


def between(principal: Principal, first: datetime, last: datetime) -> tuple[Card, ...]:
    """Events that begin from `first` to before `last`, earliest first. At most five queries."""
    wanted, names = _visible(principal)
    rows = Event.objects.filter(wanted, starts_at__gte=first, starts_at__lt=last)
    return _cards(principal, list(rows.order_by("starts_at", "id")[:200]), names)


def coming(principal: Principal, limit: int = 6) -> tuple[Card, ...]:
    """What is on now or comes next. At most five queries."""
    wanted, names = _visible(principal)
    rows = Event.objects.filter(
        wanted, ends_at__gt=clock.now(), state__in=(Event.State.PLANNED, Event.State.LIVE)
    )
    return _cards(principal, list(rows.order_by("starts_at", "id")[:limit]), names)


def of_group(principal: Principal, group: UUID, limit: int = 5) -> tuple[Card, ...]:
    """What comes next in one group, for its members; the caller has authorised. At most three queries."""
    rows = Event.objects.filter(
        group=group, ends_at__gt=clock.now(), state__in=(Event.State.PLANNED, Event.State.LIVE)
    )
    return _cards(principal, list(rows.order_by("starts_at", "id")[:limit]), {})


def show(principal: Principal, ident: UUID | str) -> View:
    """One event as this person may see it. A fixed number of queries. Raises NotFound or SignInNeeded."""
    seen = access.event(principal, ident)
    event = seen.event
    group = (
        groups.groups_by_id([event.group] if event.group else []).get(event.group) if event.group else None
    )
    names = people.names([a for a in (event.host, event.speaker) if a])
    going = seen.seat == Seat.State.GOING
    full = (
        event.capacity is not None
        and Seat.objects.filter(event=event, state=Seat.State.GOING).count() >= event.capacity
    )
    listed, own = _asked(principal, event) if event.kind == Event.Kind.QA else ((), ())
    return View(
        card=card(event, group.name if group else "", seen.seat),
        about=words.open_(event, "about"),
        where=words.open_(event, "where") if going or seen.in_queue else "",
        host=names.get(event.host, "") if event.host else "",
        speaker=names.get(event.speaker, "") if event.speaker else "",
        audience=event.audience,
        group_slug=group.slug if group else "",
        limited=event.capacity is not None,
        full=full,
        asking=event.asking and event.state in (Event.State.PLANNED, Event.State.LIVE),
        may_ask=principal.is_account and seen.may_ask,
        n=event.n,
        hosts=seen.hosts,
        in_queue=seen.in_queue,
        transcript=event.transcript_at is not None,
        lines=_lines(event),
        listed=listed,
        own=own,
    )


def _lines(event: Event, transcript: bool = False) -> tuple[Line, ...]:
    rows = Answer.objects.filter(event=event).select_related("question").order_by("n", "id")
    found = []
    for row in rows:
        q = row.question
        gone = q is not None and q.state == rules.REMOVED
        if transcript and q is not None and not q.in_transcript:
            continue
        text = "" if q is None or gone else words.question(event, q)
        found.append(Line(row.id, text, words.answer(event, row), row.at, gone))
    return tuple(found)


def _asked(principal: Principal, event: Event) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """Questions on the list, in the order of time; and one's own. Never by wishes: that order is the host's."""
    mark = access.mark(event, principal.id) if principal.is_account and principal.id else "-"
    rows = (
        Question.objects.filter(event=event)
        .filter(Q(state=rules.OPEN) | Q(mark=mark))
        .order_by("asked_at", "id")
    )
    rows = rows.select_related("into").annotate(mine=Count("wishes", filter=Q(wishes__mark=mark)))
    listed, own = [], []
    for row in rows:
        is_own = row.mark == mark
        text = words.asked(event, row) if is_own else words.question(event, row)
        told = row.into if row.into and row.into.state in (rules.ANSWERED, rules.DECLINED) else row
        asked = Asked(row.id, text, told.state, told.reason, is_own, bool(row.mine))
        if row.state == rules.OPEN:
            listed.append(asked)
        if is_own:
            own.append(asked)
    return tuple(listed), tuple(own)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question in the host's queue. Who asked is not known here, and how many wish for it only as a word."""

    id: UUID
    text: str
    asked: str  # as it was asked, where the host gave it another wording
    state: str
    wish: str
    tender: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What a host sees: questions, and roughly how many people. No names, and no way to them."""

    card: Card
    n: int
    roughly: int  # steps of five; 0: fewer than five
    waiting: int  # people on the waiting list, in steps of five
    asking: bool
    speaker: str
    hosts: bool
    queue: tuple[Waiting, ...]
    listed: tuple[Waiting, ...]
    declined: tuple[Waiting, ...]
    answered: int
    transcript: bool
    shared: bool


def desk(principal: Principal, ident: UUID | str) -> Desk:
    """The host's page. A fixed number of queries. Raises NotFound, Refused, SignInNeeded or StepUpNeeded."""
    event = access.queue(principal, ident)
    seen = access.event(principal, event.id)
    counts = Seat.objects.filter(event=event).aggregate(
        going=Count("id", filter=Q(state=Seat.State.GOING)),
        waiting=Count("id", filter=Q(state=Seat.State.WAITING)),
    )
    rows = list(
        Question.objects.filter(event=event, state__in=(rules.WAITING, rules.OPEN, rules.DECLINED)).order_by(
            "-votes", "asked_at", "id"
        )
    )
    order = rules.ordered(rules.Standing(q.id, q.votes, q.asked_at) for q in rows)
    by_id = {q.id: q for q in rows}
    found = [_waiting(event, by_id[ident]) for ident in order]
    names = people.names([event.speaker] if event.speaker else [])
    return Desk(
        card=card(event),
        n=event.queue_n,
        roughly=seats.roughly(counts["going"]),
        waiting=seats.roughly(counts["waiting"]),
        asking=event.asking,
        speaker=names.get(event.speaker, "") if event.speaker else "",
        hosts=seen.hosts,
        queue=tuple(q for q in found if q.state == rules.WAITING),
        listed=tuple(q for q in found if q.state == rules.OPEN),
        declined=tuple(q for q in found if q.state == rules.DECLINED),
        answered=Question.objects.filter(event=event, state=rules.ANSWERED).count(),
        transcript=event.transcript_at is not None,
        shared=event.kind == Event.Kind.QA,
    )


def _waiting(event: Event, row: Question) -> Waiting:
    shown, asked = words.question(event, row), words.asked(event, row)
    return Waiting(
        row.id, shown, asked if asked != shown else "", row.state, rules.wish(row.votes), row.tender, row.held
    )


@dataclass(frozen=True, slots=True)
class Transcript:
    """Questions and answers to be read afterwards."""

    card: Card
    about: str
    speaker: str
    published: bool
    lines: tuple[Line, ...]


def transcript(principal: Principal, ident: UUID | str) -> Transcript | None:
    """The published transcript, None when there is none. Raises NotFound or SignInNeeded."""
    event = access.event(principal, ident).event
    if event.transcript_at is None:
        return None
    names = people.names([a for a in (event.speaker or event.host,) if a])
    return Transcript(
        card(event),
        words.open_(event, "about"),
        next(iter(names.values()), ""),
        True,
        _lines(event, transcript=True),
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A transcript before it is published: one answered question with its answers."""

    id: UUID
    text: str
    answers: tuple[str, ...]
    included: bool


def draft(principal: Principal, ident: UUID | str) -> tuple[Card, bool, tuple[Draft, ...]]:
    """What the host goes through before publishing; whether it is published."""
    event = access.queue(principal, ident)
    rows = Question.objects.filter(event=event, state=rules.ANSWERED).prefetch_related("answers")
    found = [
        Draft(
            row.id,
            words.question(event, row),
            tuple(words.answer(event, a) for a in sorted(row.answers.all(), key=lambda a: (a.n, a.id))),
            row.in_transcript,
        )
        for row in rows.order_by("settled_at", "id")
    ]
    return card(event), event.transcript_at is not None, tuple(found)


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """One's own calendar address."""

    token: str
    plain: bool
    days: bool


def own_feed(principal: Principal) -> OwnFeed | None:
    row = Feed.objects.filter(account=principal.id).first() if principal.is_account else None
    if row is None:
        return None
    return OwnFeed(feeds.own_token(row.account), row.plain, row.days)


@dataclass(frozen=True, slots=True)
class FeedShown:
    """What a calendar program gets for a secret address."""

    ident: UUID
    plain: bool
    days: bool
    country: str
    cards: tuple[Card, ...]


def feed(token: str) -> FeedShown | None:
    """One's own events from a month ago on, by secret address; None when it is not known (any more)."""
    row = Feed.objects.filter(digest=feeds.digest(token)).first()
    if row is None:
        return None
    held = people.roles_of(row.account)
    owner = Principal("account", row.account, "", held)
    wanted, names = _visible(owner)
    rows = Event.objects.filter(
        wanted, seats__account=row.account, seats__state=Seat.State.GOING,
        starts_at__gt=clock.now() - timedelta(days=31),
    )  # fmt: skip
    found = _cards(owner, list(rows.order_by("starts_at", "id")[:300]), names)
    country = people.tongues([row.account]).get(row.account, ("", ""))[1]
    return FeedShown(row.account, row.plain, row.days, country, found)


def dates(cards: Iterable[Card]) -> dict[date, list[Card]]:
    """Cards by day (UTC)."""
    found: dict[date, list[Card]] = {}
    for one in cards:
        found.setdefault(one.starts_at.date(), []).append(one)
    return found
