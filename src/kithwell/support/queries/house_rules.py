"""Teams, duties and sentences, for those who lead the desk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from kithwell.kernel.principal import Principal
from kithwell.people import queries as people
from kithwell.support import access, house, ready
from kithwell.support.models import Conversation, QuickReply, SupporterState, Team
from kithwell.support.queries import common


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team, how many serve it and how many wait for it."""

    slug: str
    name: str
    members: int
    waiting: int


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One supporter. `cap` None: the house's."""

    account: UUID
    name: str
    on_shift: bool
    languages: tuple[str, ...]
    teams: tuple[str, ...]
    cap: int | None


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """One of the organisation's own sentences. `mine`: written by the one who looks, so somebody else reviews it."""

    id: UUID
    key: str
    language: str
    title: str
    text: str
    written_by: str
    mine: bool
    reviewed_by: str
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What can be set up. `shipped`: (key, title, words) that come with Kithwell."""

    teams: tuple[TeamRow, ...]
    duties: tuple[DutyRow, ...]
    sentences: tuple[SentenceRow, ...]
    shipped: tuple[tuple[str, str, str], ...]
    cap: int


def house_rules(principal: Principal, language: str = "en") -> HouseRules:
    """Everything on that page. Six queries. Raises Refused for anybody but supervisors and stewards."""
    access.need_role(principal, "supervisor", "steward")
    supporters = people.accounts_with_role("supporter")
    states = {state.account: state for state in SupporterState.objects.filter(account__in=supporters)}
    sentences = list(QuickReply.objects.order_by("language", "title"))
    names = common.names(
        {*supporters, *(s.written_by for s in sentences), *(s.reviewed_by for s in sentences)}
    )
    serving = Counter(slug for state in states.values() for slug in state.teams)
    waiting = dict(
        Conversation.objects.filter(in_queue=True, team__isnull=False)
        .values_list("team__slug")
        .annotate(n=Count("id"))
    )
    return HouseRules(
        teams=tuple(
            TeamRow(slug, name, serving[slug], waiting.get(slug, 0))
            for slug, name in Team.objects.order_by("name").values_list("slug", "name")
        ),
        duties=tuple(
            _duty(account, names.get(account, ""), states.get(account) or SupporterState(account=account))
            for account in sorted(supporters, key=lambda a: names.get(a, ""))
        ),
        sentences=tuple(
            SentenceRow(
                row.id,
                row.key,
                row.language,
                row.title,
                row.text,
                names.get(row.written_by, "") if row.written_by else "",
                row.written_by == principal.id,
                names.get(row.reviewed_by, "") if row.reviewed_by else "",
                row.reviewed_at,
            )
            for row in sentences
        ),
        shipped=tuple(ready.sentences(language)),
        cap=house.limits().cap,
    )


def _duty(account: UUID, name: str, state: SupporterState) -> DutyRow:
    return DutyRow(
        account,
        name,
        state.on_shift_since is not None,
        tuple(state.languages),
        tuple(state.teams),
        state.personal_cap,
    )
