"""Receiving notices, following them up, naming those who go first, and counting."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, crypto, ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import ANONYMOUS, SYSTEM, Principal
from kithwell.kernel.texts import tidy
from kithwell.moderation import kinds, words
from kithwell.moderation.actions import cases
from kithwell.moderation.models import Case, Note, Report
from kithwell.moderation.outside import figures, letters, rules, thing
from kithwell.moderation.outside.models import DayFigures, Flagger, Notice
from kithwell.moderation.rules import categories, priority
from kithwell.people import access, roles

KEPT_FOR = timedelta(days=90)  # words of a notice, after it was settled; as the desk keeps words of a report
FLAGGER_MOST = timedelta(days=366)
CATEGORIES = tuple(name for name in categories.REPORTED if name != categories.WORRIED)

_SAY = {
    "empty": lambda: _("Please fill this in."),
    "long": lambda: _("This is too long for us to take. Nothing was lost: please shorten it."),
    "address": lambda: _("Please give the exact address, such as https://… or /p/…"),
    "choose": lambda: _("Please choose one."),
    "email": lambda: _("That does not look like an e-mail address. Please check it."),
    "good_faith": lambda: _("Please confirm this. We cannot take a notice without it."),
    "named": lambda: _("The law asks for this. If it is not safe for you, tick the box below."),
}


def digest(secret: str) -> str:
    """How links and keys are kept: what is stored opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def receive(form: Mapping[str, str], *, country: str = "", language: str = "en") -> str:
    """Take a notice from anybody. Returns the secret of the link to follow it. Raises Invalid, by field."""
    ground, category = form.get("ground", ""), form.get("category", "")
    wrong = rules.missing(form, ground=ground, category=category)
    if category not in CATEGORIES:
        wrong["category"] = "choose"
    if wrong:
        raise Invalid({name: _SAY[code]() for name, code in wrong.items()})
    said = letters.Said(**{name: tidy(form.get(name, ""), rules.MOST[name], name) for name in rules.MOST})
    flagger = _flagger(form.get("key", "").strip())
    secret = ids.token(24)
    with transaction.atomic():
        row = Notice(
            id=ids.new_id(),
            subject=crypto.new_subject(),
            ground=ground,
            category=category,
            country=country[:2],
            language=language[:12],
            flagger=flagger,
            token_digest=digest(secret),
            at=clock.now(),
        )
        letters.seal(row, said)
        seen = thing.resolve(said.address)
        row.kind, row.ident = (seen.kind, seen.id) if seen else (thing.NAME, str(row.id))
        case = _open_case(row, seen, said)
        row.case = case.id
        row.save(force_insert=True)
        audit.record(ANONYMOUS, "notice.received", kind="notice", id=row.id, ground=ground, category=category)
        from kithwell.moderation.outside import tasks

        tasks.tell.enqueue(notice=str(row.id), what="received")
    return secret


def _open_case(row: Notice, seen: kinds.Snippet | None, said: letters.Said) -> Case:
    """One case with everything else that is said about this thing; the explanation lies beside it as a note."""
    author = kinds.owner(seen.kind, seen.id, seen) if seen else None
    if seen is None:
        text = "\n\n".join((said.what, said.why))
        seen = kinds.Snippet(thing.NAME, row.ident, None, "", text, where=said.address)
    case = cases.gather(row.kind, row.ident, seen, author)
    row.report = ids.new_id()
    Report.objects.create(
        id=row.report,
        case=case,
        kind=row.kind,
        ident=row.ident,
        reporter=None,
        category=row.category,
        at=row.at,
    )
    case.reporters += 1
    cases.weigh(case, [row.category], media=seen.media)
    if row.flagger_id:
        _first(case, row.at)
    case.save()
    _note(case, row, said.again or said.why)
    return case


def _first(case: Case, at: datetime) -> None:
    """Before everything else that came at the same time (in memory)."""
    case.effective_since = min(case.effective_since, at - priority.MOST)


def _note(case: Case, row: Notice, why: str) -> None:
    first = _("A notice from outside (illegal)") if row.ground == "illegal" else _("A notice from outside")
    note = Note(id=ids.new_id(), case=case, by=None, at=clock.now())
    text = f"{first}: /moderation/notices/{row.id}\n\n{why}"
    note.text = words.seal(case.subject, text[:4000], "moderation_note", "text", note.id)
    note.save(force_insert=True)


def _flagger(key: str) -> Flagger | None:
    if not key:
        return None
    found = Flagger.objects.filter(key_digest=digest(key), closed_at=None, until__gt=clock.now()).first()
    if found is None:
        raise Invalid(
            {"key": _("We do not know this key, or it has expired. Your notice counts without it, too.")}
        )
    return found


def by_secret(secret: str, *, lock: bool = False) -> Notice:
    """The notice of a link. Raises NotFound."""
    rows = Notice.objects.select_for_update() if lock else Notice.objects
    row = rows.filter(token_digest=digest(secret[:100])).first()
    if row is None:
        raise NotFound()
    return row


def look_again(secret: str, why: str) -> None:
    """Whoever gave notice contests what came of it, once: a case is opened anew for another person."""
    said = tidy(why, 2000, "again")
    with transaction.atomic():
        row = by_secret(secret, lock=True)
        if row.settled_at is None:
            raise Conflict(_("Nobody has decided yet. You are in the line."))
        if row.again_at is not None:
            raise Conflict(_("A second person is already looking at it, or has looked."))
        if clock.now() > row.settled_at + timedelta(days=183):
            raise Conflict(_("This was decided more than six months ago. You can send a new notice."))
        words_ = replace(letters.opened(row), again=said or "-")
        seen = kinds.snippet(row.kind, row.ident)
        case = _open_case(row, seen, words_)
        letters.seal(row, words_)
        row.case, row.again_at, row.outcome, row.settled_at = case.id, clock.now(), "", None
        row.save()
        audit.record(ANONYMOUS, "notice.contested", kind="notice", id=row.id)


def settle(limit: int = 500) -> int:
    """Carry what the desk decided over to the notices. Returns how many were settled. Two or three queries each."""
    open_ = list(Notice.objects.filter(settled_at=None).order_by("at")[:limit])
    outcomes = dict(Report.objects.filter(id__in=[row.report for row in open_]).values_list("id", "outcome"))
    gone = set(
        Case.objects.filter(id__in=[row.case for row in open_], state=Case.State.CLOSED).values_list(
            "id", flat=True
        )
    )
    done = 0
    for row in open_:
        outcome = outcomes.get(row.report, "gone") or ("gone" if row.case in gone else "")
        if outcome:
            _settled(row, outcome)
            done += 1
        elif row.flagger_id:
            _keep_first(row)
    return done


def _settled(row: Notice, outcome: str) -> None:
    from kithwell.moderation.outside import tasks

    with transaction.atomic():
        Notice.objects.filter(pk=row.pk, settled_at=None).update(outcome=outcome, settled_at=clock.now())
        tasks.tell.enqueue(notice=str(row.id), what="settled")


def _keep_first(row: Notice) -> None:
    """The desk reckons a case's place anew when something comes to it; a trusted notice stays in front."""
    place = row.at - priority.MOST
    Case.objects.filter(id=row.case, state="open", effective_since__gt=place).update(effective_since=place)


def forget() -> int:
    """Words of notices whose time is over go, and their keys with them. Returns how many."""
    before = clock.now() - KEPT_FOR
    rows = list(
        Notice.objects.filter(settled_at__lt=before, words__isnull=False).values_list("id", "subject")[:500]
    )
    for ident, subject in rows:
        crypto.erase_subject(subject)
        Notice.objects.filter(id=ident).update(words=None)
    return len(rows)


def read(principal: Principal, ident: UUID, *, who: bool) -> None:
    """Record that somebody of the desk opened a notice, and whether they looked at who wrote it."""
    audit.record(principal, "notice.unveiled" if who else "notice.read", kind="notice", id=ident)


def grant(principal: Principal, name: str, expertise: str, until: date, official: bool) -> str:
    """Name somebody whose notices go first, until a day. Returns their key: it is shown once."""
    access.require(principal, roles.STEWARD, step_up=True)
    called = tidy(name, 120, "name")
    if not called:
        raise Invalid({"name": _("Please say who it is.")})
    today = clock.now().date()
    if not today < until <= today + FLAGGER_MOST:
        raise Invalid({"until": _("Please choose a day after today, at most a year from now.")})
    key = ids.token(18)
    assert principal.id is not None
    with transaction.atomic():
        row = Flagger.objects.create(
            name=called,
            expertise=tidy(expertise, 200, "expertise"),
            official=official,
            key_digest=digest(key),
            granted_by=principal.id,
            until=datetime.combine(until, datetime.min.time(), tzinfo=clock.now().tzinfo),
        )
        audit.record(principal, "flagger.granted", kind="flagger", id=row.id, official=official)
    return key


def close(principal: Principal, ident: str) -> None:
    """From now on their notices wait as everybody's do."""
    access.require(principal, roles.STEWARD, step_up=True)
    known = ids.parse(ident)
    with transaction.atomic():
        changed = Flagger.objects.filter(id=known, closed_at=None).update(
            closed_at=clock.now(), closed_by=principal.id
        )
        if not changed:
            raise NotFound()
        audit.record(principal, "flagger.closed", kind="flagger", id=ident)


def count_days(most: int = 400) -> int:
    """Count each day that is over and was not counted yet. Safe to repeat. Returns how many days were counted."""
    today = clock.now().date()
    last = DayFigures.objects.order_by("-day").values_list("day", flat=True).first()
    first = last + timedelta(days=1) if last else figures.first_day() or today
    first = max(first, today - timedelta(days=most))
    done = 0
    for day in rules.days(first, today):
        DayFigures.objects.get_or_create(day=day, defaults={"data": figures.of_day(day)})
        done += 1
    if done:
        audit.record(SYSTEM, "figures.counted", kind="transparency", id=str(today), days=done)
    return done
