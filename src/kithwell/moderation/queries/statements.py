"""The statement of reasons: everything an author is told about a decision, as a page and as data.

The fields are those of article 17(3) of the Digital Services Act; `as_data` names the letter each one answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kithwell.kernel import clock, conf, crypto
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, kinds, words
from kithwell.moderation.models import AUTOMATIC, Appeal, Decision
from kithwell.moderation.rules import ladder

BASIS = {
    "notice": "notice",
    "own": "own_initiative",
    "list": "own_initiative",
    "threshold": "notices_out_of_hours",
}


@dataclass(frozen=True, slots=True)
class AppealView:
    """`by_another` is always true: whoever decided cannot answer."""

    state: str
    at: datetime
    answer_by: datetime
    words: str
    decided_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One decision as its author reads it. No name of anybody who reported or decided is in it."""

    id: UUID
    state: str
    at: datetime
    starts_at: datetime
    until: datetime | None
    ended: bool
    thing: str
    person: str
    warning: str
    territory: str
    kind: str
    kind_title: str
    url: str
    own_words: str
    facts: str
    source: str
    automated_detection: bool
    automated_decision: bool
    rule: str
    rule_title: str
    rule_text: str
    rule_version: str
    language: str
    two_people: bool
    appeal_until: datetime
    may_appeal: bool
    appeal: AppealView | None


def statement(principal: Principal, decision_id: UUID) -> Statement:
    """A decision about the reader. Raises NotFound for anybody else's."""
    decision = access.own_decision(principal, decision_id)
    row = _view(decision, Appeal.objects.filter(decision=decision).first())
    return replace(row, url=_url(decision.case.kind, decision.case.ident)) if shown(row) else row


def shown(row: Statement) -> bool:
    """Can the thing still be seen where it stands?"""
    return row.thing not in ("remove", "hide") or row.state == Decision.State.REVERSED or row.ended


def all_about(account: UUID) -> tuple[Statement, ...]:
    """Every decision that changed something for this account, newest first, at most 200. Two queries; no addresses."""
    rows = (
        Decision.objects.select_related("case", "appeal")
        .filter(author_key=access.author_key(account), state__in=("active", "reversed"))
        .exclude(thing="nothing", person="nothing")
        .order_by("-at", "-id")[:200]
    )
    found = list(rows)
    crypto.load_keys(row.case.subject for row in found)
    return tuple(_view(row, getattr(row, "appeal", None)) for row in found)


def _view(row: Decision, appeal: Appeal | None) -> Statement:
    case, now = row.case, clock.now()
    key = case.subject
    begins = row.starts_at or row.at
    over = row.source in AUTOMATIC and case.hidden_at is None
    view = None
    if appeal is not None:
        view = AppealView(
            appeal.state,
            appeal.at,
            appeal.answer_by,
            words.unseal(key, appeal.words, "moderation_appeal", "words", appeal.id),
            appeal.decided_at,
            words.unseal(key, appeal.answer, "moderation_appeal", "answer", appeal.id),
        )
    ended = over or (row.thing == "nothing" and row.until is not None and row.until <= now)
    return Statement(
        id=row.id,
        state=row.state,
        at=row.at,
        starts_at=begins,
        until=row.until,
        ended=ended,
        thing=row.thing,
        person=row.person,
        warning=row.warning,
        territory=row.territory,
        kind=case.kind,
        kind_title=kinds.title(case.kind),
        url="",
        own_words=words.unseal(key, case.evidence, "moderation_case", "evidence", case.id),
        facts=words.unseal(key, row.facts, "moderation_decision", "facts", row.id),
        source=row.source,
        automated_detection=row.automated_detection,
        automated_decision=row.automated_decision,
        rule=row.rule,
        rule_title=row.rule_title,
        rule_text=row.rule_text,
        rule_version=row.rule_version,
        language=row.language,
        two_people=row.second is not None,
        appeal_until=row.appeal_until or begins + ladder.APPEAL_WITHIN,
        may_appeal=row.state == Decision.State.ACTIVE
        and appeal is None
        and not over
        and ladder.may_appeal(begins, now),
        appeal=view,
    )


def _url(kind: str, ident: str) -> str:
    seen = kinds.snippet(kind, ident)
    return seen.url if seen is not None else ""


VISIBILITY = {
    "label": "content_warning",
    "limit": "demotion",
    "remove": "removal",
    "hide": "disabled_until_review",
    "nothing": "none",
}
ACCOUNT = {"pause": "partial_suspension", "suspend": "suspension", "exclude": "termination"}


def as_data(s: Statement) -> dict[str, Any]:
    """The statement for machines; keys follow DSA art. 17(3)."""
    base = str(conf.get("public_url", "")).rstrip("/")
    return {
        "id": str(s.id),
        "issued": s.at.isoformat(),
        "state": s.state,
        "restriction": {  # (a)
            "on_content": VISIBILITY[s.thing],
            "content_warning": s.warning or None,
            "on_account": ACCOUNT.get(s.person, s.person if s.person != "nothing" else "none"),
            "on_payments": "none",
            "territorial_scope": s.territory,
            "starts": s.starts_at.isoformat(),
            "ends": s.until.isoformat() if s.until else None,
            "ended": s.ended or s.state == "reversed",
        },
        "content": {"type": s.kind, "words": s.own_words},
        "facts": {  # (b)
            "facts_and_circumstances": s.facts,
            "basis": {"notice": "notice", "own": "own_initiative", "list": "own_initiative"}.get(
                s.source, "notices_out_of_hours"
            ),
            "identity_of_notifier": None,
        },
        "automated_means": {  # (c)
            "in_detection": s.automated_detection,
            "in_decision": s.automated_decision,
            "reviewed_by_a_person": not s.automated_decision,
        },
        "ground": {  # (d) and (e)
            "type": "contractual" if s.rule else "precaution_until_a_person_looks",
            "legal_ground": None,
            "contractual_ground": {
                "document": "community guidelines",
                "version": s.rule_version,
                "code": s.rule,
                "title": s.rule_title,
                "text": s.rule_text,
            }
            if s.rule
            else None,
            "explanation": s.facts,
        },
        "redress": {  # (f)
            "internal_appeal": {
                "possible_until": s.appeal_until.isoformat(),
                "address": f"{base}/appeal/{s.id}",
                "free_of_charge": True,
                "decided_by": "another person",
                "state": s.appeal.state if s.appeal else "none",
                "answer_by": s.appeal.answer_by.isoformat() if s.appeal else None,
                "answer": s.appeal.answer if s.appeal else None,
            },
            "out_of_court": True,
            "judicial": True,
        },
        "language": s.language,
    }
