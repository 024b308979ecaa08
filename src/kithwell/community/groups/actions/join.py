"""Joining: at once, by request, or by invitation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import access
from kithwell.community.groups.actions import common
from kithwell.community.groups.models import Group, JoinRequest, Membership
from kithwell.community.groups.rules import ages
from kithwell.kernel import crypto, events, ids, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people

ANSWER_MAX = 600


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of a wish to join: "joined", "asked" (a facilitator answers), or "already"."""

    how: str
    ident: UUID


@transaction.atomic
def join(
    principal: Principal,
    slug: str,
    *,
    guidelines_version: str = "",
    agreed: bool = False,
    answers: Sequence[str] = (),
    token: str = "",
) -> Joined:
    """Join a group, or ask to, as the group wants it. Raises SignInNeeded, NotFound, Refused, Invalid, or Full."""
    group, place = access.locked(principal, slug)
    account = principal.id
    assert account is not None
    if place.membership is not None:
        return Joined("already", place.membership.id)
    _check(group, place, agreed)
    if group.joining == Group.Joining.INVITE:
        raise NotFound()  # an invitation is the only way in; see actions.invite
    told = _answers(group, answers)
    if group.joining == Group.Joining.REQUEST:
        return Joined("asked", _ask(group, account, told, guidelines_version))
    return Joined("joined", enter(group, account, told, guidelines_version).id)


def _check(group: Group, place: access.Place, agreed: bool) -> None:
    if group.state != Group.State.OPEN or group.archived_at is not None:
        raise Refused(_("This group takes nobody in any more."))
    if not place.band:
        raise Invalid(
            {"age_band": _("Say your age first: adults and young people meet in groups of their own.")}
        )
    if not ages.may_join(group.age_band, place.band):
        raise Refused(_("This group is for people of another age. There may be one for yours."))
    if not agreed:
        raise Invalid({"agreed": _("Please read what holds in this group and say that you agree.")})


def _answers(group: Group, answers: Sequence[str]) -> list[str]:
    questions = list(group.questions)
    told = [
        texts.tidy(answer, ANSWER_MAX, f"answer{n}") for n, answer in enumerate(answers[: len(questions)])
    ]
    told += [""] * (len(questions) - len(told))
    missing = {f"answer{n}": _("A short answer is enough.") for n, words in enumerate(told) if not words}
    if missing:
        raise Invalid(missing)
    return told


def enter(
    group: Group,
    account: UUID,
    answers: Sequence[str] = (),
    guidelines_version: str = "",
    *,
    role: str = "member",
) -> Membership:
    """Make somebody a member, taking a place. Raises Full, or Conflict when another tab was faster."""
    common.take_place(group.id)
    member = Membership(
        id=ids.new_id(),
        group=group,
        account=account,
        role=role,
        guidelines_version=guidelines_version,
        group_guidelines_version=group.guidelines_version,
    )
    member.answers = _seal(account, answers, ("community_groups_membership", "answers", member.id))
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("You are a member already.")) from None
    common.tell_joined(member)
    return member


def _ask(group: Group, account: UUID, answers: Sequence[str], guidelines_version: str) -> UUID:
    waiting = JoinRequest.objects.filter(
        group=group, account=account, state=JoinRequest.State.WAITING
    ).first()
    if waiting is not None:
        return waiting.id
    request = JoinRequest(
        id=ids.new_id(), group=group, account=account, guidelines_version=guidelines_version
    )
    request.answers = _seal(account, answers, ("community_groups_joinrequest", "answers", request.id))
    request.save(force_insert=True)
    events.publish(
        "community.join.requested", group=str(group.id), account=str(account), request=str(request.id)
    )
    return request.id


def _seal(account: UUID, answers: Sequence[str], at: tuple[str, str, UUID]) -> bytes | None:
    if not any(answers):
        return None
    subject = people.subjects([account])[account]
    return crypto.seal(subject, json.dumps(list(answers), ensure_ascii=False), at=at)
