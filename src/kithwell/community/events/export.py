"""What events hold about a person, told and taken away through `people`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.utils.translation import ngettext

from kithwell.community.events import access, words
from kithwell.community.events.actions import common, questions, seats
from kithwell.community.events.models import Answer, Event, Feed, Question, Seat, Vote
from kithwell.kernel import crypto
from kithwell.people import erasure, export


def _marks(account: UUID) -> dict[str, UUID]:
    """One's marks at all events that take questions, to find one's own questions again."""
    rows = Event.objects.filter(kind=Event.Kind.QA).values_list("id", flat=True)
    return {access.mark(ident, account): ident for ident in rows}


def _own_questions(account: UUID) -> list[Question]:
    marks = list(_marks(account))
    found: list[Question] = []
    for start in range(0, len(marks), 500):
        rows = Question.objects.filter(mark__in=marks[start : start + 500]).select_related("event")
        found += rows.order_by("asked_at", "id")
    return found


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """Places, questions asked, answers given, events made. Nothing of anybody else."""
    if account is None:
        return
    places = [
        {"event": words.open_(s.event, "title"), "starts": s.event.starts_at, "place": s.state, "since": s.at}
        for s in Seat.objects.filter(account=account).select_related("event").order_by("at")
    ]
    asked = [
        {
            "event": words.open_(q.event, "title"),
            "question": words.asked(q.event, q),
            "at": q.asked_at,
            "state": q.state,
        }
        for q in _own_questions(account)
    ]
    answers = [
        {"event": words.open_(a.event, "title"), "answer": words.answer(a.event, a), "at": a.at}
        for a in Answer.objects.filter(account=account).select_related("event").order_by("at")
    ]
    made = [
        {
            "title": words.open_(e, "title"), "about": words.open_(e, "about"), "where": words.open_(e, "where"),
            "starts": e.starts_at, "kind": e.kind, "state": e.state,
        }
        for e in Event.objects.filter(host=account).order_by("starts_at")
    ]  # fmt: skip
    for name, rows in (("places", places), ("questions", asked), ("answers", answers), ("made", made)):
        if rows:
            yield f"events/{name}.json", export.as_json(rows)


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    if account is None:
        return
    count = Seat.objects.filter(account=account).count()
    if count:
        yield ngettext("%(n)s place at an event", "%(n)s places at events", count) % {"n": count}
    count = len(_own_questions(account))
    if count:
        yield ngettext("%(n)s question at an event", "%(n)s questions at events", count) % {"n": count}
    count = Event.objects.filter(host=account).count()
    if count:
        yield ngettext("%(n)s event you made", "%(n)s events you made", count) % {"n": count}


@transaction.atomic
def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Places and wishes go. Questions, answers and events go, or stay without anybody's name, as chosen. An event that
    loses words gets a new key, so that they do not open in back-ups either."""
    if account is None:
        return 0
    rows = Feed.objects.filter(account=account).delete()[0]
    for event in Event.objects.select_for_update().filter(seats__account=account):
        rows += seats.give_up(event, account)
    marks = _marks(account)
    rows += _wishes(list(marks))
    renewed: set[UUID] = set()
    for question in _own_questions(account):
        event = Event.objects.select_for_update().get(pk=question.event_id)
        if choices.writing == "delete":
            questions.remove(event, question)
            renewed.add(event.id)
        else:
            Question.objects.filter(pk=question.pk).update(mark="", client_key=str(question.pk))
        rows += 1
    rows += _staff(account, choices, renewed)
    for event in Event.objects.select_for_update().filter(id__in=renewed):
        words.renew(event)
    return rows


def _wishes(marks: list[str]) -> int:
    rows = 0
    for start in range(0, len(marks), 500):
        wishes = Vote.objects.filter(mark__in=marks[start : start + 500])
        for question in Question.objects.filter(wishes__in=wishes):
            question.votes = max(0, question.votes - 1)
            question.save(update_fields=["votes"])
        rows += wishes.delete()[0]
    return rows


def _staff(account: UUID, choices: erasure.Choices, renewed: set[UUID]) -> int:
    """Answers given and events made."""
    rows = 0
    mine = Answer.objects.filter(account=account)
    if choices.writing == "delete":
        touched = set(mine.values_list("event_id", flat=True))
        rows += mine.delete()[0]
        for event in Event.objects.select_for_update().filter(host=account):
            rows += 1
            if event.starts_at > event.changed_at and not event.answers.exists():
                crypto.erase_subject(event.subject)
                event.delete()
                continue
            for column in ("title", "about", "where"):
                setattr(event, column, words.seal(event, column, ""))
            event.host = None
            event.save()
            touched.add(event.id)
        renewed |= touched
    else:
        rows += mine.update(account=None)
        rows += Event.objects.filter(host=account).update(host=None)
    for event in Event.objects.filter(speaker=account):
        event.speaker = None
        event.save(update_fields=["speaker"])
        common.moved(event)
        rows += 1
    return rows


def register() -> None:
    export.register("events", tell)
    erasure.register("events", describe, erase)
