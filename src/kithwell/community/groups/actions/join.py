"""Joining: at once, by request, or by invitation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kithwell.community.groups import access
from kithwell.community.groups.actions import common
from kithwell.community.groups.models import Group, Invitation, JoinRequest, Membership
from kithwell.community.groups.rules import ages, size
from kithwell.kernel import clock, crypto, events, ids, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.moderation.guidelines import actions as guidelines
from kithwell.moderation.guidelines import queries as guideline_queries
from kithwell.people import queries as people

ANSWER_MAX = 600
ASK_AGAIN = timedelta(days=14)  # after a "not now"; sooner would only be pressure on both


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
    agreed: bool = False,
    guidelines_version: int | None = None,
    group_version: int | None = None,
    answers: Sequence[str] = (),
    token: str = "",
) -> Joined:
    """Join a group, or ask to, as the group wants it; `agreed` to its guidelines and the site's, in these versions
    (None: those that hold now). Raises SignInNeeded, NotFound, Refused, Invalid, or Full.
    """
    group, place = access.locked(principal, slug, token)
    account = principal.id
    assert account is not None
    if place.membership is not None:
        return Joined("already", place.membership.id)
    door.enter(account)
    _check(group, place)
    version = _accepted(principal, group, agreed, guidelines_version, group_version)
    told = _answers(group, answers)
    invited = _use_invitation(group, account, token)
    if group.joining == Group.Joining.INVITE and not invited:
        raise NotFound()
    if group.joining == Group.Joining.REQUEST and not invited:
        return Joined("asked", _ask(group, account, told, version))
    JoinRequest.objects.filter(group=group, account=account, state=JoinRequest.State.WAITING).update(
        state=JoinRequest.State.WITHDRAWN, decided_at=clock.now()
    )
    return Joined("joined", enter(group, account, told, version).id)


def _check(group: Group, place: access.Place) -> None:
    if group.state != Group.State.OPEN or group.archived_at is not None:
        raise Refused(_("This group no longer takes anybody in."))
    if not place.band:
        raise Invalid(
            {"age_band": _("Say your age first: adults and young people meet in groups of their own.")}
        )
    if not ages.may_join(group.age_band, place.band):
        raise Refused(_("This group is for people of another age. There may be one for yours."))
    if size.room(group.member_n, group.capacity) == "full":
        raise common.Full(str(common.FULL))


def _accepted(principal: Principal, group: Group, agreed: bool, site: int | None, own: int | None) -> int:
    """The version of the site's guidelines this person said yes to just now."""
    now = guideline_queries.current().version
    changed = (site is not None and site != now) or (own is not None and own != group.guidelines_version)
    if changed:
        raise Invalid({"agreed": _("The rules of this group have just changed. Please read them again.")})
    if not agreed:
        raise Invalid({"agreed": _("Please read the rules of this group and say that you agree.")})
    return guidelines.accept(principal, now)


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


def _use_invitation(group: Group, account: UUID, token: str) -> bool:
    """Use up one invitation, the one for this account first."""
    rows = access.invitations(account, token).filter(group=group)
    for ident in rows.order_by(F("account").asc(nulls_last=True), "made_at").values_list("id", flat=True):
        if Invitation.objects.filter(id=ident, uses_left__gt=0).update(uses_left=F("uses_left") - 1):
            return True
    return False


def enter(
    group: Group, account: UUID, answers: Sequence[str] = (), version: int = 0, *, role: str = "member"
) -> Membership:
    """Make somebody a member, taking a place. Raises Full, or Conflict when another tab was faster."""
    common.take_place(group.id)
    newcomer = not Membership.objects.filter(group=group, account=account).exists()
    member = Membership(
        id=ids.new_id(),
        group=group,
        account=account,
        role=role,
        guidelines_version=version,
        group_guidelines_version=group.guidelines_version,
        seen_at=clock.now() if role != "member" else None,
    )
    member.answers = seal_answers(account, answers, MEMBER_ANSWERS, member.id)
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("You are already a member.")) from None
    events.publish("community.group.joined", group=str(group.id), account=str(account))
    if newcomer and role == "member":
        _welcome_round(group, account)
    return member


def _welcome_round(group: Group, account: UUID) -> None:
    """Tell some of those who offered to welcome; another few each time, so that it stays light for everybody."""
    from kithwell.community.groups.queries import welcomers

    offered = [who for who in welcomers(group.id) if who != account]
    start = group.member_n % len(offered) if offered else 0
    to = [str(who) for who in (offered[start:] + offered[:start])[:3]]
    events.publish("community.group.newcomer", group=str(group.id), account=str(account), to=to)


def _ask(group: Group, account: UUID, answers: Sequence[str], version: int) -> UUID:
    earlier = JoinRequest.objects.filter(group=group, account=account)
    waiting = earlier.filter(state=JoinRequest.State.WAITING).first()
    if waiting is not None:
        return waiting.id
    if earlier.filter(state=JoinRequest.State.REFUSED, decided_at__gt=clock.now() - ASK_AGAIN).exists():
        raise Refused(
            _(
                "You asked a short while ago. You can ask again two weeks after the answer; other groups are open."
            )
        )
    request = JoinRequest(id=ids.new_id(), group=group, account=account, guidelines_version=version)
    request.answers = seal_answers(account, answers, REQUEST_ANSWERS, request.id)
    request.save(force_insert=True)
    events.publish(
        "community.join.requested", group=str(group.id), account=str(account), request=str(request.id)
    )
    return request.id


MEMBER_ANSWERS = ("community_groups_membership", "answers")
REQUEST_ANSWERS = ("community_groups_joinrequest", "answers")
REQUEST_WORDS = ("community_groups_joinrequest", "words")


def seal_answers(account: UUID, answers: Sequence[str], where: tuple[str, str], ident: UUID) -> bytes | None:
    if not any(answers):
        return None
    subject = people.subjects([account])[account]
    return crypto.seal(subject, json.dumps(list(answers), ensure_ascii=False), at=(*where, ident))


def open_answers(
    subject: UUID | None, blob: bytes | memoryview | None, where: tuple[str, str], ident: UUID
) -> list[str]:
    """Answers in the order of the questions; none when there were none or the person's key is gone."""
    if not blob or subject is None:
        return []
    try:
        return [str(one) for one in json.loads(crypto.unseal(subject, bytes(blob), at=(*where, ident)))]
    except crypto.Erased:
        return []
