"""One tap asks another person to look again. Granting takes back everything a decision did."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, words
from kithwell.moderation.actions import cases, effects, threshold
from kithwell.moderation.models import AUTOMATIC, Appeal, Case, Decision
from kithwell.moderation.rules import ladder

MOST_WORDS = 2000
WORDS = ("moderation_appeal", "words")
ANSWER = ("moderation_appeal", "answer")


def appeal(principal: Principal, decision_id: UUID, said: str = "") -> UUID:
    """The author asks another person to look again. Asking twice is asking once. Raises NotFound or Conflict."""
    text = texts.tidy(said, MOST_WORDS, "words")
    now = clock.now()
    with transaction.atomic():
        decision = access.own_decision(principal, decision_id, lock=True)
        earlier = Appeal.objects.filter(decision=decision).first()
        if earlier is not None:
            return UUID(str(earlier.id))
        if decision.state != Decision.State.ACTIVE:
            raise Conflict(_("This decision no longer applies."))
        if not ladder.may_appeal(decision.starts_at or decision.at, now):
            raise Conflict(_("The time to ask has passed. You can still write to us at any time."))
        case = Case.objects.select_for_update().get(id=decision.case_id)
        if decision.source in AUTOMATIC and case.hidden_at is None:
            raise Conflict(_("This decision no longer applies."))
        row = Appeal(id=ids.new_id(), decision=decision, at=now, answer_by=now + ladder.ANSWER_WITHIN)
        row.words = words.seal(case.subject, text, *WORDS, row.id)
        row.save(force_insert=True)
        if case.state in (Case.State.DECIDED, Case.State.CLOSED):
            cases.back_to_queue(case, Case.Stage.APPEAL, now)
            case.waiting_since = now
            cases.place(case)
            case.save()
        who = Principal("account") if case.anonymous else principal  # the record must not name who wrote it
        audit.record(who, "decision.appealed", kind="decision", id=decision.id)
        return UUID(str(row.id))


def pending(principal: Principal, case_id: UUID, *, lock: bool = False) -> tuple[Case, Appeal]:
    """The case this other person holds and the appeal in it. Raises NotFound."""
    case = access.case(principal, case_id, lock=lock)
    rows = Appeal.objects.select_related("decision").filter(decision__case=case, state=Appeal.State.WAITING)
    found = rows.order_by("at").first()
    if found is None or case.stage != Case.Stage.APPEAL:
        raise NotFound()
    return case, found


def answer(principal: Principal, case_id: UUID, grant: bool, why: str) -> None:
    """Another person's answer, in words for the author. Granting restores thing, strike and standing."""
    text = texts.tidy(why, MOST_WORDS, "why")
    if len(text) < 10:
        raise Invalid({"why": _("Say in a sentence or two why. The author reads this.")})
    with transaction.atomic():
        case, row = pending(principal, case_id, lock=True)
        decision = row.decision
        if principal.id in (decision.by, decision.second):
            raise Refused(_("Somebody other than the person who decided looks at an appeal."))
        row.state = Appeal.State.GRANTED if grant else Appeal.State.KEPT
        row.decided_by, row.decided_at = principal.id, clock.now()
        row.answer = words.seal(case.subject, text, *ANSWER, row.id)
        row.save()
        if grant:
            effects.take_back(case, decision)
            effects.settle_reports(case, "changed")
        effects.finish(case)
        threshold.tell_author(case, "moderation.appeal.decided", decision=str(decision.id))
        audit.record(
            principal, "appeal.decided", kind="decision", id=decision.id, granted=grant, case=str(case.id)
        )
