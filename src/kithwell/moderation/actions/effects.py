"""A decision takes effect, ends, or is taken back; and everybody it concerns hears of it."""

from __future__ import annotations

from uuid import UUID

from kithwell.kernel import clock, events
from kithwell.moderation.actions import cases, threshold
from kithwell.moderation.models import AUTOMATIC, Case, Decision, Report, Strike
from kithwell.moderation.rules import ladder


def begin(case: Case, decision: Decision) -> None:
    """Put a confirmed decision into effect; saves it, its strike, the reports and the case."""
    now = clock.now()
    decision.state = Decision.State.ACTIVE
    decision.starts_at = now
    decision.appeal_until = now + ladder.APPEAL_WITHIN
    if decision.until is not None:  # counted from the day it begins, not from the day it was proposed
        decision.until = now + (decision.until - decision.at)
    decision.save()
    kept = ladder.is_kept(decision.thing, decision.person)
    if decision.thing in ("label", "limit", "remove"):
        cases.apply(case, decision.thing, decision.warning)
    if case.hidden_at is not None:
        _end_hiding(case, decision)
    if decision.person in ladder.STRIKES and decision.author_key:
        Strike.objects.create(
            decision=decision,
            author_key=decision.author_key,
            step=decision.person,
            at=now,
            expires_at=ladder.expires(decision.person, now, decision.until),
        )
    settle_reports(case, "kept" if kept else "acted")
    finish(case)
    if not kept:
        threshold.tell_author(case, "moderation.decided", decision=str(decision.id))


def _end_hiding(case: Case, decision: Decision) -> None:
    """Staff are back: what a threshold hid comes back, unless they decided that it goes."""
    hidden = list(Decision.objects.filter(case=case, source__in=AUTOMATIC, state=Decision.State.ACTIVE))
    if decision.thing != "remove":
        bring_back(case)
        for row in hidden:
            threshold.tell_author(case, "moderation.shown_again", decision=str(row.id))
    Decision.objects.filter(id__in=[row.id for row in hidden]).update(until=clock.now())
    case.hidden_at = None


def bring_back(case: Case, besides: UUID | None = None) -> None:
    """Restore the thing, then put on again what other decisions that stand say about it."""
    cases.apply(case, "restore")
    others = Decision.objects.filter(
        case__kind=case.kind,
        case__ident=case.ident,
        state=Decision.State.ACTIVE,
        thing__in=("label", "limit", "remove"),
    ).exclude(id=besides)
    for row in others.order_by("at"):
        cases.apply(case, row.thing, row.warning)


def finish(case: Case) -> None:
    """Nobody has to look at it any more; saves it."""
    case.state, case.decided_at = Case.State.DECIDED, clock.now()
    case.claimed_by = case.claimed_until = case.kept_for = case.kept_until = None
    case.save()


def settle_reports(case: Case, outcome: str) -> None:
    """Tell everybody who reported it what became of it, in neutral words."""
    now = clock.now()
    rows = list(Report.objects.filter(case=case).values_list("id", "reporter"))
    Report.objects.filter(case=case).update(outcome=outcome, settled_at=now)
    for ident, reporter in rows:
        if reporter is not None:
            events.publish(
                "moderation.report.answered", account=str(reporter), report=str(ident), url="/me/reports"
            )


def take_back(case: Case, decision: Decision) -> None:
    """Everything a decision did is undone: the thing, the strike, the restriction. Saves the decision."""
    now = clock.now()
    decision.state, decision.reversed_at = Decision.State.REVERSED, now
    decision.save()
    Strike.objects.filter(decision=decision).update(reversed_at=now)
    if decision.thing in ("label", "limit", "remove", "hide"):
        bring_back(case, decision.id)
    if decision.thing == "hide":
        case.hidden_at = None
