"""What hosts and speakers do with questions. They never learn whose they are."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kithwell.community.events import access, words
from kithwell.community.events.actions import common
from kithwell.community.events.models import Answer, Event, Question, Vote
from kithwell.community.events.rules import queue as rules
from kithwell.kernel import clock, ids
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy

ANSWER_MAX = 4000


def _step(event: Event, question: UUID | str, step: str) -> tuple[Question, str]:
    row = access.question(event, question, lock=True)
    state = rules.after(row.state, step)
    if state is None:
        raise Conflict(_("Somebody was faster: this question has moved on. Look at the list again."))
    return row, state


@transaction.atomic
def approve(principal: Principal, ident: UUID | str, question: UUID | str, wording: str = "") -> None:
    """Put a question on everybody's list, in the host's wording where one is given."""
    event = access.queue(principal, ident, lock=True)
    row, state = _step(event, question, "approve")
    row.state = state
    _reword(event, row, wording)
    row.reason, row.held, row.settled_at = "", False, None
    row.save()
    common.moved(event)


@transaction.atomic
def decline(principal: Principal, ident: UUID | str, question: UUID | str, reason: str) -> None:
    """Do not take a question up; the one who asked reads why, in kind words."""
    event = access.queue(principal, ident, lock=True)
    if reason not in rules.REASONS:
        raise Invalid({"reason": _("Choose one from the list.")})
    row, state = _step(event, question, "decline")
    row.state = state
    row.reason, row.settled_at = reason, clock.now()
    row.save()
    common.moved(event)


@transaction.atomic
def merge(principal: Principal, ident: UUID | str, question: UUID | str, into: UUID | str) -> None:
    """Two ask the same: one stays, with the wishes of both, each person counted once."""
    event = access.queue(principal, ident, lock=True)
    target = access.question(event, into, lock=True)
    row, state = _step(event, question, "merge")
    if target.id == row.id or target.state not in (rules.WAITING, rules.OPEN):
        raise Conflict(_("Choose another question that is still waiting."))
    marks = {row.mark, *row.wishes.values_list("mark", flat=True)} - {target.mark, ""}
    known = set(target.wishes.values_list("mark", flat=True))
    Vote.objects.bulk_create([Vote(question=target, mark=mark) for mark in sorted(marks - known)])
    Question.objects.filter(into=row).update(into=target)
    row.wishes.all().delete()
    row.state, row.into, row.votes, row.settled_at = state, target, 0, clock.now()
    row.save()
    target.votes = len(known | marks)
    target.save(update_fields=["votes"])
    common.moved(event)


@transaction.atomic
def answer(
    principal: Principal,
    ident: UUID | str,
    question: UUID | str | None,
    text: str,
    client_key: str = "",
    wording: str = "",
) -> UUID:
    """Answer a question, or say something to everybody (`question` None). The same key again is the same answer."""
    event = access.queue(principal, ident, lock=True)
    body = tidy(text, ANSWER_MAX, "text")
    if not body:
        raise Invalid({"text": _("Write an answer first.")})
    if event.state == Event.State.CANCELLED:
        raise Conflict(_("This event was called off."))
    key = common.client_key(client_key)
    known = Answer.objects.filter(event=event, client_key=key).values_list("id", flat=True).first()
    if known is not None:
        return known
    row = None
    if question:
        row, state = _step(event, question, "answer")
        row.state = state
        _reword(event, row, wording)
        row.held, row.settled_at = False, clock.now()
        row.save()
    said = Answer(id=ids.new_id(), event=event, question=row, account=principal.id, client_key=key)
    said.body, said.at = words.seal_answer(event, said.id, body), clock.now()
    said.n = event.n + 1
    try:
        with transaction.atomic():
            said.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("This answer is being saved already.")) from None
    common.moved(event)
    return said.id


def _reword(event: Event, row: Question, wording: str) -> None:
    text = tidy(wording, 600, "wording")
    if text and text != words.asked(event, row):
        row.shown = words.seal_question(event, row.id, "shown", text)


@transaction.atomic
def publish_transcript(
    principal: Principal, ident: UUID | str, left_out: set[UUID], wordings: dict[UUID, str], read: bool
) -> None:
    """Publish questions and answers to be read afterwards, after somebody went through them. Raises Invalid."""
    event = access.queue(principal, ident, lock=True)
    if event.state != Event.State.ENDED:
        raise Conflict(_("A transcript is made when the event is over."))
    if not read:
        raise Invalid(
            {"read": _("Please confirm that you have read it through: nothing in it may point to a person.")}
        )
    for row in event.questions.filter(state=rules.ANSWERED).select_for_update():
        row.in_transcript = row.id not in left_out
        _reword(event, row, wordings.get(row.id, ""))
        row.save(update_fields=["in_transcript", "shown"])
    event.transcript_at = clock.now()
    event.save(update_fields=["transcript_at"])
    common.moved(event)


@transaction.atomic
def withdraw_transcript(principal: Principal, ident: UUID | str) -> None:
    """Take the transcript back."""
    event = access.queue(principal, ident, lock=True)
    event.transcript_at = None
    event.save(update_fields=["transcript_at"])
    common.moved(event)
