"""For those who run the site: how channels stand, and posts that could not be digested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.channels.models import AccountState, RawEvent, TemplateState
from kithwell.channels.whatsapp import accounts, journal, store


@dataclass(frozen=True, slots=True)
class PoisonRow:
    """A post that was set aside. `error` is a reason of ours; the content is not shown."""

    id: UUID
    account: str
    received_at: datetime
    size: int
    error: str
    attempts: int


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One configured account; `down_since` None: it works as far as we know."""

    name: str
    display: str
    down_since: datetime | None
    down_code: str
    notice: str
    notice_detail: str
    notice_at: datetime | None
    templates: tuple[tuple[str, str, str], ...]  # (name, language, status)


@dataclass(frozen=True, slots=True)
class Overview:
    accounts: tuple[AccountRow, ...]
    waiting: int
    on_disk: int
    poison: tuple[PoisonRow, ...]


def overview(limit: int = 100) -> Overview:
    """Everything an operator looks at. Four queries."""
    states = {state.account: state for state in AccountState.objects.all()}
    templates: dict[str, list[tuple[str, str, str]]] = {}
    for account, name, language, status in TemplateState.objects.order_by("name", "language").values_list(
        "account", "name", "language", "status"
    ):
        templates.setdefault(account, []).append((name, language, status))
    poison = RawEvent.objects.filter(state=RawEvent.State.POISON).order_by("-received_at")
    fields = ("id", "account", "received_at", "size", "error", "attempts")
    return Overview(
        accounts=tuple(_account(a, states.get(a.name), templates) for a in accounts.all_accounts()),
        waiting=RawEvent.objects.filter(state__in=(RawEvent.State.NEW, RawEvent.State.WAITING)).count(),
        on_disk=journal.waiting(),
        poison=tuple(PoisonRow(**row) for row in poison.values(*fields)[:limit]),
    )


def _account(
    account: accounts.Account, state: AccountState | None, templates: dict[str, list[tuple[str, str, str]]]
) -> AccountRow:
    state = state or AccountState(account=account.name)
    return AccountRow(
        name=account.name,
        display=account.display,
        down_since=state.down_since,
        down_code=state.down_code,
        notice=state.notice,
        notice_detail=state.notice_detail,
        notice_at=state.notice_at,
        templates=tuple(templates.get(account.name, ())),
    )


def try_again(event_id: UUID) -> bool:
    """Digest a post that was set aside once more. False when it is not there (any more)."""
    moved = RawEvent.objects.filter(id=event_id, state=RawEvent.State.POISON).update(
        state=RawEvent.State.NEW, attempts=0, next_at=None, error=""
    )
    if moved:
        store.ask_for_digest()
    return bool(moved)


def discard(event_id: UUID) -> bool:
    """Delete a post that was set aside, for good."""
    return bool(RawEvent.objects.filter(id=event_id, state=RawEvent.State.POISON).delete()[0])
