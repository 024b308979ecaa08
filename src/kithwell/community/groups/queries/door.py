"""A group's own page, and what is read before joining."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.community.groups import access
from kithwell.community.groups.access import Place
from kithwell.community.groups.actions.join import REQUEST_WORDS
from kithwell.community.groups.models import Group, JoinRequest, Membership
from kithwell.community.groups.queries.prompts import welcome_words
from kithwell.kernel import crypto
from kithwell.kernel.principal import Principal
from kithwell.moderation.guidelines import queries as guidelines
from kithwell.moderation.guidelines.rules import Guidelines
from kithwell.people import queries as people


@dataclass(frozen=True, slots=True)
class Request:
    """One's own wish to join, as it stands."""

    state: str
    asked_at: datetime
    answered_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class About:
    place: Place
    about: str
    rules: tuple[str, ...]
    rules_version: int
    site: Guidelines
    site_accepted: bool
    questions: tuple[str, ...]
    leads: tuple[tuple[str, str], ...]  # (pseudonym, role)
    welcomers: bool
    request: Request | None
    refusal: str
    welcome: str
    decision: str


def about(principal: Principal, slug: str, language: str, token: str = "") -> About:
    """What somebody should know of a group before and after joining. At most ten queries. Raises NotFound."""
    group, place = access.row(principal, slug, token)
    leading = list(
        Membership.objects.filter(group=group, left_at__isnull=True)
        .exclude(role="member", welcomer=False)
        .order_by("joined_at", "id")
        .values_list("account", "role", "welcomer")[:40]
    )
    named = people.names(a for a, role, _w in leading if role != "member")
    site = guidelines.current(language)
    accepted = guidelines.accepted(place.account) == site.version
    return About(
        place=place,
        about=group.about,
        rules=tuple(group.guidelines.splitlines()),
        rules_version=group.guidelines_version,
        site=site,
        site_accepted=accepted,
        questions=tuple(group.questions),
        leads=tuple((named[a], role) for a, role, _w in leading if named.get(a)),
        welcomers=any(w for _a, _r, w in leading),
        request=_request(group, place.account) if place.membership is None else None,
        refusal=group.refusal,
        welcome=welcome_words(group),
        decision=group.decision if principal.id == group.proposed_by else "",
    )


def _request(group: Group, account: UUID | None) -> Request | None:
    if account is None:
        return None
    row = JoinRequest.objects.filter(group=group, account=account).order_by("-asked_at").first()
    if row is None or row.state not in (JoinRequest.State.WAITING, JoinRequest.State.REFUSED):
        return None
    words = ""
    if row.words:
        subject = people.subjects([account])[account]
        words = crypto.unseal(subject, bytes(row.words), at=(*REQUEST_WORDS, row.id))
    return Request(row.state, row.asked_at, row.decided_at, words)
