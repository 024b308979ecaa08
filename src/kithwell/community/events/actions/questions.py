"""Questions of attendees: asked by somebody, known to nobody. Wishes to hear an answer are as private."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kithwell.community.events import access, care, words
from kithwell.community.events.actions import common
from kithwell.community.events.models import Event, Question, Vote
from kithwell.community.events.rules import queue as rules
from kithwell.kernel import clock, ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy
from kithwell.moderation import door

MOST_CHARS = 600
MOST_WAITING = 12  # of one person at one event; somebody in distress is never told that it was too many
KIND = "community.question"


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of it. `help`: show the one who asked where help is, and nobody else."""

    id: UUID
    help: bool


def ask(principal: Principal, ident: UUID | str, text: str, client_key: str = "") -> Asked:
    """Ask a question, before the event or while it is on. The same `client_key` again is the same question."""
    account = common.account_of(principal)
    seen = access.event(principal, ident)
    event = seen.event
    body = tidy(text, MOST_CHARS, "text")
    if not body:
        raise Invalid({"text": _("Write your question first.")})
    heard = care.listen(body, event.language)
    _may_ask(seen, account, heard, body)
    key, mark = common.client_key(client_key), access.mark(event, account)
    with transaction.atomic():
        # One after another with a change of the event's key, so that nothing is sealed under one that is gone.
        event = Event.objects.select_for_update().get(pk=event.pk)
        row = Question(id=ids.new_id(), event=event, mark=mark, client_key=key, asked_at=clock.now())
        row.body = words.seal_question(event, row.id, "body", body)
        row.tender, row.held = heard.help, heard.harm
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            known = Question.objects.get(event=event, mark=mark, client_key=key)
            return Asked(known.id, known.tender)
        care.act(heard, KIND, str(row.id), account, sealed=True)
        common.queue_moved(event)
    return Asked(row.id, heard.help)


def _may_ask(seen: access.Admission, account: UUID, heard: care.Heard, body: str) -> None:
    event = seen.event
    if event.kind != Event.Kind.QA:
        raise NotFound()
    held = door.enter(account, body)  # a need in the words of somebody suspended is heard there (invariant 1)
    if heard.help:
        return  # whoever is in distress is heard, whatever the list says, or a pause
    if not held.may_post:
        door.write(account)
    if event.state not in (Event.State.PLANNED, Event.State.LIVE) or not event.asking:
        raise Conflict(
            _(
                "No more questions are taken here. What you wrote is still in your browser: go back to copy it."
            )
        )
    if not seen.may_ask:
        raise Refused(_("In this event, questions are taken from those who have a place."))
    waiting = Question.objects.filter(event=event, mark=access.mark(event, account), state="waiting").count()
    if waiting >= MOST_WAITING:
        raise Conflict(_("Several of your questions are still waiting to be read. Let those come first."))


@transaction.atomic
def wish(principal: Principal, ident: UUID | str, question: UUID | str, wanted: bool) -> None:
    """Say, or take back, that one would like to hear this answered. Only the host's order knows."""
    account = common.account_of(principal)
    event = access.event(principal, ident).event
    door.enter(account)
    row = access.question(event, question)
    mark = access.mark(event, account)
    if row.state != "open" or row.mark == mark:
        raise Conflict(_("This question is not on the list any more, or it is your own."))
    if wanted:
        changed = int(Vote.objects.get_or_create(question=row, mark=mark)[1])
    else:
        changed = -Vote.objects.filter(question=row, mark=mark).delete()[0]
    if changed:
        before = _as_the_host_sees(event)
        Question.objects.filter(pk=row.pk).update(votes=F("votes") + changed)
        if _as_the_host_sees(event) != before:  # else its number would count every wish
            common.queue_moved(event)


def _as_the_host_sees(event: Event) -> list[tuple[UUID, str]]:
    """The questions on the list in the host's order, each with its word for how many want it."""
    rows = Question.objects.filter(event=event, state=rules.OPEN).values_list("id", "votes", "asked_at")
    votes = {ident: number for ident, number, _at in rows}
    return [(ident, rules.wish(votes[ident])) for ident in rules.ordered(rules.Standing(*r) for r in rows)]


@transaction.atomic
def take_back(principal: Principal, ident: UUID | str, question: UUID | str) -> None:
    """Take back one's own question. An answer that was given stays, without the words it was given to."""
    account = common.account_of(principal)
    event = access.event(principal, ident, lock=True).event
    row = access.question(event, question, lock=True)
    if row.mark != access.mark(event, account):
        raise NotFound()
    remove(event, row)


def remove(event: Event, row: Question) -> None:
    """The words go. The event is locked already."""
    if row.answers.exists():
        row.body, row.shown = words.seal_question(event, row.id, "body", ""), None
        row.mark, row.state, row.in_transcript = "", "removed", False
        row.client_key = ids.token(12)
        row.save()
    else:
        # whoever asked the same is not taken back with it
        row.merged.filter(state=rules.MERGED).update(state=rules.WAITING, into=None, settled_at=None)
        row.delete()
    common.moved(event)
