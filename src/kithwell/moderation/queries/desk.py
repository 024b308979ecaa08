"""What a reviewer sees: one case on one screen, and how they themself stand. Nobody sees the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.kernel import clock, crypto
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, kinds, words
from kithwell.moderation.models import Appeal, Case, Decision, Exposure, Note, Report, Signal, Strike, Watch
from kithwell.moderation.rules import exposure, ladder, priority
from kithwell.people import queries as people

SNIPPET = 280


@dataclass(frozen=True, slots=True)
class Told:
    """One report: what was chosen, in whose name, in what words."""

    category: str
    by: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """One signal: evidence with its places in the text and what they weighed."""

    category: str
    score: float
    version: str
    spans: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Rung:
    step: str
    at: datetime
    expires_at: datetime
    counts: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Past:
    """A decision of this case: the proposal or what is appealed."""

    id: UUID
    state: str
    thing: str
    person: str
    rule: str
    rule_title: str
    rule_text: str
    facts: str
    by: str
    at: datetime
    until: datetime | None
    warning: str
    automated: bool


@dataclass(frozen=True, slots=True)
class Asked:
    words: str
    at: datetime
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class View:
    """One case. `text` is None where the thing is gone; `evidence` is how it read when the case was opened."""

    id: UUID
    stage: str
    kind: str
    kind_title: str
    ident: str
    where: str
    url: str
    at: datetime | None
    author_name: str
    anonymous: bool
    text: str | None
    short: str
    evidence: str
    changed: bool
    media: bool
    pictures: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    harm: int
    gravity: int
    crisis: str
    language: str
    hidden_at: datetime | None
    waiting_since: datetime
    claimed_until: datetime
    told: tuple[Told, ...]
    seen: tuple[Seen, ...]
    strikes: tuple[Rung, ...]
    standing: str
    suggestion: ladder.Step
    notes: tuple[tuple[str, str, datetime], ...]
    decision: Past | None
    appeal: Asked | None
    author_known: bool


def case(principal: Principal, case_id: UUID) -> View:
    """The case this reviewer holds. Raises NotFound. A fixed number of queries, however many reports there are."""
    from kithwell.moderation.queries import standings

    found = access.case(principal, case_id)
    live = kinds.snippet(found.kind, found.ident)
    evidence = words.unseal(found.subject, found.evidence, "moderation_case", "evidence", found.id)
    text = live.text if live is not None else None
    shown = text if text is not None else evidence
    reports = list(Report.objects.filter(case=found).order_by("at")[:200])
    notes = list(Note.objects.filter(case=found).order_by("at")[:50])
    decisions = list(Decision.objects.filter(case=found).order_by("at"))
    names = people.names(
        x for x in [*(r.reporter for r in reports), *(n.by for n in notes), *(d.by for d in decisions)] if x
    )
    now = clock.now()
    strikes = list(
        Strike.objects.filter(author_key=found.author_key).select_related("decision").order_by("-at")[:50]
        if found.author_key
        else ()
    )
    past = [ladder.Past(s.step, s.at, s.expires_at, s.reversed_at is not None) for s in strikes]
    current = _current(found, decisions)
    asked = Appeal.objects.filter(decision=current).first() if current and found.stage == "appeal" else None
    account = found.author
    return View(
        id=found.id,
        stage=found.stage,
        kind=found.kind,
        kind_title=kinds.title(found.kind),
        ident=found.ident,
        where=live.where if live else "",
        url=live.url if live else "",
        at=live.at if live else None,
        author_name="" if found.anonymous or live is None else live.author_name,
        anonymous=found.anonymous,
        text=text,
        short=shorten(shown),
        evidence=evidence,
        changed=text is not None and bool(evidence) and not text.startswith(evidence),
        media=bool(live and live.media),
        pictures=pictures(found) if live and live.media else (),
        warnings=live.warnings if live else (),
        harm=found.harm,
        gravity=found.gravity,
        crisis=found.crisis,
        language=found.language,
        hidden_at=found.hidden_at,
        waiting_since=found.waiting_since,
        claimed_until=found.claimed_until or priority.claim_until(now),
        told=_told(reports, names),
        seen=tuple(
            Seen(s.category, s.score, s.version, tuple(s.spans))
            for s in Signal.objects.filter(case=found).order_by("-score", "category")[:40]
        ),
        strikes=tuple(
            Rung(s.step, s.at, s.expires_at, bool(ladder.counting([p], now)), s.decision.rule_title)
            for s, p in zip(strikes, past, strict=True)
        ),
        standing=standings.standing(account).how if account else "",
        suggestion=ladder.suggest(past, found.harm, now),
        notes=tuple(
            (
                names.get(n.by, ""),
                words.unseal(found.subject, n.text, "moderation_note", "text", n.id),
                n.at,
            )
            for n in notes
        ),
        decision=_past(found, current, names) if current else None,
        appeal=Asked(
            words.unseal(found.subject, asked.words, "moderation_appeal", "words", asked.id),
            asked.at,
            asked.answer_by,
        )
        if asked
        else None,
        author_known=bool(found.author_key),
    )


def shorten(text: str) -> str:
    """The first words: enough to know what it is about, before reading all of it."""
    if len(text) <= SNIPPET:
        return text
    cut = text[:SNIPPET]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"


def pictures(found: Case) -> tuple[tuple[str, str], ...]:
    """(address, description) of a thing's pictures, where its kind can tell them (optional `pictures`)."""
    tell = getattr(kinds.get(found.kind), "pictures", None)
    rows = tell(found.ident) if tell is not None else ()
    return tuple((f"/moderation/c/{found.id}/picture/{key}", str(alt)) for key, alt in rows)


def picture(principal: Principal, case_id: UUID, key: str) -> tuple[str, bytes]:
    """Type and bytes of one of them, for whoever holds the case. The caller records it. Raises NotFound."""
    found = access.case(principal, case_id)
    give = getattr(kinds.get(found.kind), "picture", None)
    seen = give(found.ident, key) if give is not None else None
    if seen is None:
        raise NotFound()
    mime, data = seen
    return str(mime), bytes(data)


def _current(found: Case, decisions: list[Decision]) -> Decision | None:
    """What the second or the other person is asked about."""
    if found.stage == Case.Stage.SECOND:
        return next((d for d in reversed(decisions) if d.state == "proposed"), None)
    if found.stage == Case.Stage.APPEAL:
        ids = [d.id for d in decisions]
        waiting = Appeal.objects.filter(decision__in=ids, state="waiting").values_list(
            "decision_id", flat=True
        )
        open_now = set(waiting)
        return next((d for d in decisions if d.id in open_now), None)
    return None


def _past(found: Case, d: Decision, names: Mapping[UUID, str]) -> Past:
    return Past(
        d.id,
        d.state,
        d.thing,
        d.person,
        d.rule,
        d.rule_title,
        d.rule_text,
        words.unseal(found.subject, d.facts, "moderation_decision", "facts", d.id),
        names.get(d.by, "") if d.by else "",
        d.at,
        d.until,
        d.warning,
        d.automated_decision,
    )


def _told(reports: list[Report], names: Mapping[UUID, str]) -> tuple[Told, ...]:
    keys = people.subjects(r.reporter for r in reports if r.reporter)
    crypto.load_keys(keys.values())
    out = []
    for r in reports:
        key = keys.get(r.reporter) if r.reporter else None
        said = words.unseal(key, r.words, "moderation_report", "words", r.id) if key else ""
        out.append(Told(r.category, names.get(r.reporter, "") if r.reporter else "", said, r.at))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Me:
    """How this reviewer stands. `waiting` says that something is there, never how much."""

    held: UUID | None
    waiting: bool
    how: str
    until: datetime | None
    today: int
    samples: bool


def me(principal: Principal) -> Me:
    """A reviewer's own desk. A fixed number of queries."""
    from kithwell.moderation.actions import quality

    account = access.reviewer(principal)
    now = clock.now()
    held = Case.objects.filter(state="claimed", claimed_by=account)
    watch = Watch.objects.filter(account=account).first() or Watch(account=account)
    today = dict(Exposure.objects.filter(account=account, day=now.date()).values_list("gravity", "n"))
    stand = exposure.Stand(watch.since, watch.load, watch.last_at, watch.break_until, today)
    told = exposure.answer(stand, now)
    from kithwell.moderation.models import Sample

    return Me(
        held=held.values_list("id", flat=True).first(),
        waiting=Case.objects.filter(access.takeable(principal))
        .exclude(state="claimed", claimed_until__gt=now)
        .exists(),
        how=told.how,
        until=told.until,
        today=sum(today.values()),
        samples=Sample.objects.filter(quality.readable(principal)).exists(),
    )


def context(principal: Principal, case_id: UUID) -> tuple[kinds.Snippet, ...]:
    """What stands around the thing; names of anonymous authors are not in it. The caller records that it was seen."""
    found = access.case(principal, case_id)
    known = kinds.get(found.kind)
    return tuple(known.context(found.ident))[:40] if known is not None else ()
