"""Sealing and opening what is written around an event, under the event's own key."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kithwell.community.events.models import Answer, Event, Question
from kithwell.kernel import crypto

EVENT, QUESTION, ANSWER = "community_event", "community_event_question", "community_event_answer"


def seal(event: Event, column: str, text: str) -> bytes:
    return crypto.seal(event.subject, text, at=(EVENT, column, event.id))


def open_(event: Event, column: str) -> str:
    """The words of a column; "" when the event's key is gone."""
    return _open(event.subject, getattr(event, column), (EVENT, column, event.id))


def load(events: Iterable[Event]) -> None:
    """Unwrap the keys of many events with one query."""
    crypto.load_keys({event.subject for event in events})


def seal_question(event: Event, question: UUID, column: str, text: str) -> bytes:
    return crypto.seal(event.subject, text, at=(QUESTION, column, question))


def question(event: Event, row: Question) -> str:
    """The question as everybody may read it: in the host's wording where there is one."""
    column = "shown" if row.shown is not None else "body"
    return _open(event.subject, getattr(row, column), (QUESTION, column, row.id))


def asked(event: Event, row: Question) -> str:
    """The question as it was asked."""
    return _open(event.subject, row.body, (QUESTION, "body", row.id))


def seal_answer(event: Event, answer: UUID, text: str) -> bytes:
    return crypto.seal(event.subject, text, at=(ANSWER, "body", answer))


def answer(event: Event, row: Answer) -> str:
    return _open(event.subject, row.body, (ANSWER, "body", row.id))


def _open(subject: UUID, sealed: bytes | None, at: tuple[str, str, UUID]) -> str:
    if not sealed:
        return ""
    try:
        return crypto.unseal(subject, bytes(sealed), at=at)
    except crypto.Erased:
        return ""


def renew(event: Event) -> None:
    """Give an event a new key and destroy the old one: what was deleted does not open in back-ups either."""
    old = event.subject
    texts = {column: open_(event, column) for column in ("title", "about", "where")}
    questions = [(q, asked(event, q), question(event, q)) for q in event.questions.all()]
    answers = [(a, answer(event, a)) for a in event.answers.all()]
    event.subject = crypto.new_subject()
    for column, text in texts.items():
        setattr(event, column, seal(event, column, text))
    event.save(update_fields=["subject", *texts])
    for q, body, shown in questions:
        q.body = seal_question(event, q.id, "body", body)
        if q.shown is not None:
            q.shown = seal_question(event, q.id, "shown", shown)
        q.save(update_fields=["body", "shown"])
    for a, text in answers:
        a.body = seal_answer(event, a.id, text)
        a.save(update_fields=["body"])
    crypto.erase_subject(old)
