"""A person decides about a thing and whoever wrote it, with a rule, facts in words, and an end."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, kinds, words
from kithwell.moderation.actions import cases, desk, effects
from kithwell.moderation.guidelines import queries as guidelines
from kithwell.moderation.guidelines.rules import Rule
from kithwell.moderation.models import AUTOMATIC, Appeal, Case, Decision, Report, Signal
from kithwell.moderation.rules import ladder

MOST_FACTS = 2000
FACTS = ("moderation_decision", "facts")
SECOND = ("moderation_decision", "second_words")
CRISIS_RULE = "crisis"  # what the guidelines say about being in crisis: nobody breaks it

SAY = {
    "choose": lambda: _("Choose one."),
    "days": lambda: _("Choose for how long."),
    "warning": lambda: _("Choose which warning."),
    "rule": lambda: _("Choose the rule it is about. Without a rule nothing can be decided."),
    "facts": lambda: _("Say in a sentence or two what happened. The author reads this."),
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the form said. `days` 0 for what has no length, `territory` "everywhere" unless it holds somewhere only."""

    thing: str = "nothing"
    person: str = "nothing"
    days: int = 0
    warning: str = ""
    rule: str = ""
    facts: str = ""
    language: str = "en"
    territory: str = "everywhere"
    note: str = ""


def decide(principal: Principal, case_id: UUID, ruling: Ruling) -> UUID:
    """Decide a case this person holds. What takes two people waits for the second and has no effect until then.

    Raises NotFound for who does not hold it, Refused for the author or a reporter, Invalid with what is missing.
    """
    facts = texts.tidy(ruling.facts, MOST_FACTS, "facts")
    with transaction.atomic():
        case = access.case(principal, case_id, lock=True)
        if case.stage != Case.Stage.REVIEW:
            raise Conflict(_("This waits for a second person. Decide about the proposal or the appeal."))
        quoted = _check(case, ruling, facts)
        now = clock.now()
        told = Report.objects.filter(case=case).exists()
        decision = Decision(
            id=ids.new_id(),
            case=case,
            author_key=case.author_key,
            thing=ruling.thing,
            person=ruling.person,
            warning=ruling.warning[:30] if ruling.thing == "label" else "",
            rule=quoted.code if quoted else "",
            rule_title=quoted.title[:200] if quoted else "",
            rule_text=quoted.text if quoted else "",
            rule_version=str(guidelines.current(ruling.language).version) if quoted else "",
            language=ruling.language[:12],
            source="notice" if told else "own",
            automated_detection=Signal.objects.filter(case=case).exists(),
            automated_decision=False,
            territory=texts.tidy(ruling.territory, 60, "territory") or "everywhere",
            by=principal.id,
            at=now,
            until=ladder.ends(ruling.person, ruling.days, now),
        )
        decision.facts = words.seal(case.subject, facts, *FACTS, decision.id)
        if ruling.note.strip():
            desk.add_note(principal, case_id, ruling.note)
        _let_it_stand(case, decision)
        audit.record(
            principal,
            "case.decided",
            kind="case",
            id=case.id,
            decision=str(decision.id),
            thing=decision.thing,
            person=decision.person,
            rule=decision.rule,
            state=decision.state,
        )
        return UUID(str(decision.id))


def _check(case: Case, ruling: Ruling, facts: str) -> Rule | None:
    missing = ladder.wrong(
        ruling.thing, ruling.person, ruling.days, rule=ruling.rule, warning=ruling.warning, facts=facts
    )
    if not missing and ruling.person != "nothing" and not case.author_key:
        raise Invalid({"person": _("Nobody is known to have written this; only the thing can be changed.")})
    quoted = guidelines.quote(ruling.rule, ruling.language) if ruling.rule else None
    if not missing and not ladder.is_kept(ruling.thing, ruling.person):
        if quoted is None:
            missing = {"rule": "rule"}
        elif quoted.code == CRISIS_RULE:
            raise Invalid({"rule": _("Being in crisis breaks no rule. Offer support instead.")})
    if missing:
        raise Invalid({name: SAY[code]() for name, code in missing.items()})
    return quoted


def _let_it_stand(case: Case, decision: Decision) -> None:
    if ladder.needs_second(decision.person):
        decision.state = Decision.State.PROPOSED
        decision.save(force_insert=True)
        cases.back_to_queue(case, Case.Stage.SECOND, clock.now())
        case.save()
        return
    decision.save(force_insert=True)
    effects.begin(case, decision)
    answer_waiting(case, decision)


def answer_waiting(case: Case, decision: Decision) -> None:
    """The author asked for a person while a threshold hid it: now one has looked, and that is the answer."""
    kept = decision.thing == "remove"
    waiting = Appeal.objects.select_related("decision").filter(
        decision__case=case, decision__source__in=AUTOMATIC, state=Appeal.State.WAITING
    )
    for appeal in waiting:
        appeal.state = Appeal.State.KEPT if kept else Appeal.State.GRANTED
        appeal.decided_by, appeal.decided_at = decision.by, clock.now()
        appeal.save()


def proposal(principal: Principal, case_id: UUID, *, lock: bool = False) -> tuple[Case, Decision]:
    """The case this second person holds and what was proposed. Raises NotFound."""
    case = access.case(principal, case_id, lock=lock)
    found = Decision.objects.filter(case=case, state=Decision.State.PROPOSED).first()
    if found is None or case.stage != Case.Stage.SECOND:
        raise NotFound()
    return case, found


def confirm(principal: Principal, case_id: UUID, agree: bool, why: str) -> None:
    """The second pair of eyes. Agreeing puts the proposal into effect; else it falls and the case is open again."""
    text = texts.tidy(why, MOST_FACTS, "why")
    if len(text) < 10:
        raise Invalid({"why": _("Say in a sentence why you agree or not. It is kept with the decision.")})
    with transaction.atomic():
        case, decision = proposal(principal, case_id, lock=True)
        is_author = bool(case.author_key) and case.author_key == access.author_key(principal.id)
        if not ladder.may_confirm(decision.by, principal.id, is_author):
            raise Refused(_("A second person has to look at this."))
        decision.second, decision.second_at = principal.id, clock.now()
        decision.second_words = words.seal(case.subject, text, *SECOND, decision.id)
        if agree:
            effects.begin(case, decision)
            answer_waiting(case, decision)
        else:
            decision.state = Decision.State.DECLINED
            decision.save()
            cases.back_to_queue(case, Case.Stage.REVIEW, clock.now())
            case.save()
        verb = "proposal.confirmed" if agree else "proposal.declined"
        audit.record(principal, verb, kind="case", id=case.id, decision=str(decision.id))


def offer_support(principal: Principal, case_id: UUID) -> None:
    """Help for whoever wrote it, beside the case. It changes nothing about the case."""
    from kithwell.moderation import concerns

    with transaction.atomic():
        case = access.case(principal, case_id, lock=True)
        author = case.author or kinds.owner(case.kind, case.ident)
        if author is None:
            raise Conflict(_("Nobody is known to have written this, so nothing can be offered."))
        level = case.crisis or concerns.FROM
        concerns.raise_concern(
            case.kind, case.ident, author, level, case.language, source="desk", anonymous=case.anonymous
        )
        audit.record(principal, "support.offered", kind="case", id=case.id, level=level)
