"""What groups hold about somebody, told and taken away through `people`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import ngettext

from kithwell.community.groups.actions import common, members
from kithwell.community.groups.actions.join import (
    MEMBER_ANSWERS,
    REQUEST_ANSWERS,
    REQUEST_WORDS,
    open_answers,
)
from kithwell.community.groups.models import Group, Invitation, JoinRequest, Membership
from kithwell.kernel import crypto
from kithwell.people import erasure, export


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """One's groups, past ones too, with the answers given at the door, and requests with what was answered."""
    if account is None:
        return
    stays = Membership.objects.select_related("group").filter(account=account).order_by("joined_at")
    told = [
        {
            "group": stay.group.name,
            "address": f"/g/{stay.group.slug}",
            "role": stay.role,
            "welcomer": stay.welcomer,
            "joined": stay.joined_at,
            "left": stay.left_at,
            "break_until": stay.break_until,
            "guidelines": {"site": stay.guidelines_version, "group": stay.group_guidelines_version},
            "answers": open_answers(subject, stay.answers, MEMBER_ANSWERS, stay.id),
        }
        for stay in stays
    ]
    if told:
        yield "groups.json", export.as_json(told)
    asked = [
        {
            "group": request.group.name,
            "asked": request.asked_at,
            "state": request.state,
            "answers": open_answers(subject, request.answers, REQUEST_ANSWERS, request.id),
            "answer": _words(subject, request),
            "answered": request.decided_at,
        }
        for request in JoinRequest.objects.select_related("group")
        .filter(account=account)
        .order_by("asked_at")
    ]
    if asked:
        yield "requests.json", export.as_json(asked)
    invited = Invitation.objects.filter(account=account).values("group__name", "made_at", "until", "ended_at")
    if invited:
        yield "invitations.json", export.as_json(list(invited))


def _words(subject: UUID, request: JoinRequest) -> str:
    if not request.words:
        return ""
    return crypto.unseal(subject, bytes(request.words), at=(*REQUEST_WORDS, request.id))


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    if account is None:
        return
    count = Membership.objects.filter(account=account, left_at__isnull=True).count()
    if count:
        yield ngettext(
            "%(n)s group you belong to, with what you answered at its door",
            "%(n)s groups you belong to, with what you answered at their doors",
            count,
        ) % {"n": count}


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Stays, requests and invitations go whole; a group led alone rests until a steward finds somebody."""
    if account is None:
        return 0
    rows = 0
    for stay in Membership.objects.select_related("group").filter(account=account, left_at__isnull=True):
        members.hand_on(stay.group, stay, anyway=True)
        common.give_place(stay.group_id)
    rows += Membership.objects.filter(account=account).delete()[0]
    rows += JoinRequest.objects.filter(account=account).delete()[0]
    rows += Invitation.objects.filter(account=account).delete()[0]
    rows += Invitation.objects.filter(made_by=account).update(made_by=None)
    JoinRequest.objects.filter(decided_by=account).update(decided_by=None)
    rows += Group.objects.filter(proposed_by=account).update(proposed_by=None)
    return rows


def register() -> None:
    export.register("groups", tell)
    erasure.register("groups", describe, erase)
