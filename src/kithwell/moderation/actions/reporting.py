"""Somebody tells us, or the screening does. Both gather in one case for a thing; neither decides anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids, limits, texts
from kithwell.kernel.errors import Invalid, NotFound, Refused, TooMany
from kithwell.kernel.principal import Principal
from kithwell.moderation import concerns, kinds, screened, words
from kithwell.moderation.actions import cases, threshold
from kithwell.moderation.models import Case, Report, Signal
from kithwell.moderation.queries import standings
from kithwell.moderation.rules import categories, night
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.safety.signals import Screening

MOST_WORDS = 1000
WORDS = ("moderation_report", "words")
A_DAY = 60


def report(principal: Principal, kind: str, ident: str, category: str, words_: str = "") -> UUID:
    """Somebody tells us about a thing they can see. Once for a person and an open case; again changes nothing.

    "worried" opens help for whoever wrote it, and no case about them. Raises SignInNeeded, NotFound for what is not
    there for them, Invalid, or TooMany.
    """
    people_access.require(principal)
    assert principal.id is not None
    if category not in categories.REPORTED:
        raise Invalid({"category": _("Choose what comes nearest.")})
    text = texts.tidy(words_, MOST_WORDS, "words")
    known = kinds.get(kind)
    if known is None or len(ident) > 64 or not known.visible_to(ident, principal.id):
        raise NotFound()
    seen = kinds.snippet(kind, ident)
    if seen is None:
        raise NotFound()
    author = kinds.owner(kind, ident, seen)
    if author == principal.id:
        raise Refused(_("You wrote this yourself. You can change it or take it back where you posted it."))
    if not limits.hit(f"report:{principal.id}", capacity=A_DAY, per_seconds=24 * 3600):
        raise TooMany(_("That is a lot for one day. What you told us so far has arrived."), after=3600)
    with transaction.atomic():
        if category == categories.WORRIED:
            return _worried(principal.id, seen, author, text)
        return _reported(principal, seen, author, category, text)


def _new_report(reporter: UUID, seen: kinds.Snippet, category: str, text: str, case: Case | None) -> Report:
    row = Report(
        id=ids.new_id(), case=case, kind=seen.kind, ident=seen.id, reporter=reporter, category=category
    )
    row.at = clock.now()
    row.words = words.seal(people.subjects([reporter])[reporter], text, *WORDS, row.id) if text else None
    return row


def _worried(reporter: UUID, seen: kinds.Snippet, author: UUID | None, text: str) -> UUID:
    """A reader is worried: the offer is made at what the words say, at least C2."""
    earlier = Report.objects.filter(
        reporter=reporter, kind=seen.kind, ident=seen.id, category=categories.WORRIED
    ).first()
    if earlier is not None:
        return UUID(str(earlier.id))
    row = _new_report(reporter, seen, categories.WORRIED, text, None)
    row.outcome, row.settled_at = "offered", row.at
    row.save(force_insert=True)
    if author is not None:
        level, language = cases.heard(seen.text)
        concerns.raise_concern(
            seen.kind,
            seen.id,
            author,
            max(level, concerns.FROM),
            language,
            source="reader",
            anonymous=seen.anonymous,
        )
    return UUID(str(row.id))


def _reported(
    principal: Principal, seen: kinds.Snippet, author: UUID | None, category: str, text: str
) -> UUID:
    assert principal.id is not None
    case = cases.gather(seen.kind, seen.id, seen, author)
    earlier = Report.objects.filter(case=case, reporter=principal.id).first()
    if earlier is not None:
        return UUID(str(earlier.id))
    row = _new_report(principal.id, seen, category, text, case)
    row.counted = night.counts(reporter(principal.id, author, row.at), row.at)
    row.save(force_insert=True)
    case.reporters += 1
    cases.weigh(case, [category], media=seen.media)
    threshold.look(case)
    case.save()
    audit.record(principal, "thing.reported", kind=seen.kind, id=seen.id, category=category)
    return UUID(str(row.id))


def reporter(account: UUID, author: UUID | None, now: datetime) -> night.Reporter:
    """What is known of somebody who reports. Three queries."""
    ended = Report.objects.filter(reporter=account).aggregate(
        acted=Count("id", filter=Q(outcome="acted")),
        kept=Count("id", filter=Q(outcome__in=("kept", "changed"))),
        last_day=Count("id", filter=Q(at__gt=now - timedelta(days=1))),
    )
    here = people.known([account]).get(account)
    return night.Reporter(
        joined=here.joined if here else now,
        acted=ended["acted"],
        kept=ended["kept"],
        last_day=ended["last_day"] + 1,
        restricted=not standings.standing(account).may_post,
        is_author=account == author,
    )


def signal(
    kind: str, ident: str, author: UUID | None, screening: Screening, community: str = ""
) -> UUID | None:
    """What the screening flagged as unsafe for others, as evidence in a case. Crisis never makes one.

    Call it for everything that was screened, also where nothing was flagged: it is counted. Returns the case, None when
    nothing was flagged. Nothing happens to the thing: a person looks.
    """
    screened.tell(kind, ident, community, screening)
    _disclosed(kind, ident, author, screening)
    flagged = [
        s for s in (*screening.harm, *screening.conduct) if s.flag and categories.opens_case(s.category)
    ]
    if not flagged:
        return None
    with transaction.atomic():
        seen = kinds.snippet(kind, ident)
        case = cases.gather(kind, ident, seen, author, community)
        spans = [s.as_dict() for s in screening.spans]
        now = clock.now()
        Signal.objects.bulk_create(
            Signal(
                case=case,
                category=categories.known(s.category),
                score=s.score,
                spans=spans,
                version=screening.version[:120],
                at=now,
            )
            for s in flagged
        )
        cases.weigh(case, [s.category for s in flagged], media=bool(seen and seen.media))
        case.save()
        return UUID(str(case.id))


def _disclosed(kind: str, ident: str, author: UUID | None, screening: Screening) -> None:
    """Somebody who tells of abuse is asked how they are, whether or not anything else was seen in their words."""
    if not any(one.flag and one.category == "abuse_disclosure" for one in screening.harm):
        return
    who = author if author is not None else kinds.owner(kind, ident)
    if who is not None:
        concerns.raise_disclosure(kind, ident, who, screening.lang, anonymous=author is None)


def held_back(kind: str, ident: str, category: str, community: str = "") -> UUID:
    """A list of known pictures names one in this thing: it is hidden until a person has looked, its author is told
    why, and nothing more follows from it. Inside a transaction. Returns the case."""
    seen = kinds.snippet(kind, ident)
    case = cases.gather(kind, ident, seen, kinds.owner(kind, ident, seen), community)
    found = categories.known(category)
    Signal.objects.create(
        case=case, category=found, score=1.0, spans=[], version="picture-list", at=clock.now()
    )
    cases.weigh(case, [found], media=True)
    if case.hidden_at is None:
        threshold.hide(case, "list")
    case.save()
    return UUID(str(case.id))
