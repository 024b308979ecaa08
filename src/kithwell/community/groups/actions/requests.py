"""Answering those who asked to join."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import access
from kithwell.community.groups.actions import common, watch
from kithwell.community.groups.actions.join import (
    MEMBER_ANSWERS,
    REQUEST_ANSWERS,
    REQUEST_WORDS,
    enter,
    open_answers,
    seal_answers,
)
from kithwell.community.groups.models import JoinRequest
from kithwell.community.groups.rules import ages
from kithwell.kernel import audit, clock, crypto, events, texts
from kithwell.kernel.errors import Conflict, NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people


@transaction.atomic
def decide(principal: Principal, slug: str, request_id: UUID, *, accept: bool, words: str = "") -> None:
    """Take somebody in, or answer "not now" with kind words. Raises NotFound, Refused, Conflict, or Full."""
    group, _place = access.led(principal, slug)
    request = JoinRequest.objects.select_for_update().filter(id=request_id, group=group).first()
    if request is None:
        raise NotFound()
    if request.state != JoinRequest.State.WAITING:
        raise Conflict(_("This request has been answered already, or was taken back."))
    subject = people.subjects([request.account]).get(request.account)
    said = texts.tidy(words, 600, "words")
    if accept:
        band = people.age_bands([request.account]).get(request.account, "")
        if subject is None or not ages.may_join(group.age_band, band):
            raise Conflict(
                _("This group is not for this person any more; their request can only be declined.")
            )
        told = open_answers(subject, request.answers, REQUEST_ANSWERS, request.id)
        member = enter(group, request.account, (), request.guidelines_version)
        member.answers = seal_answers(request.account, told, MEMBER_ANSWERS, member.id)
        member.save(update_fields=["answers"])
        request.state = JoinRequest.State.ACCEPTED
    else:
        request.state = JoinRequest.State.REFUSED
        if said and subject is not None:
            request.words = crypto.seal(subject, said, at=(*REQUEST_WORDS, request.id))
    request.answers = None  # taken over into the membership, or of no use any more
    request.decided_at, request.decided_by = clock.now(), principal.id
    request.save()
    watch.touch(group.id, principal.id)
    audit.record(
        principal, "group.request.decided", kind="joinrequest", id=request.id, about=subject, accepted=accept
    )
    facts = {"group": str(group.id), "account": str(request.account), "request": str(request.id)}
    events.publish("community.join.accepted" if accept else "community.join.refused", **facts)
    if not accept:
        common.notify(request.account, f"/g/{group.slug}/about", group, request=request.id)


@transaction.atomic
def withdraw(principal: Principal, slug: str) -> None:
    """Take one's own request back. Doing it twice is fine. Raises SignInNeeded or NotFound."""
    group, _place = access.locked(principal, slug)
    assert principal.id is not None
    waiting = JoinRequest.objects.filter(group=group, account=principal.id, state=JoinRequest.State.WAITING)
    waiting.update(state=JoinRequest.State.WITHDRAWN, decided_at=clock.now(), answers=None)
