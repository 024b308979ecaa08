"""The only doors to a case, a decision and a report: fetch and authorise in one step.

What is not yours is not there (NotFound). Nobody looks at what they wrote or reported themself, and nobody decides
about their own decision.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kithwell.kernel import clock, crypto
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation.models import Case, Decision, Report
from kithwell.people import access as people
from kithwell.people import roles

DESK = (roles.MODERATOR, roles.STEWARD)


def author_key(account: UUID | None) -> str:
    """The keyed hash under which an author is known here; "" for nobody."""
    return crypto.blind_index("moderation:author", str(account)) if account is not None else ""


def reviewer(principal: Principal) -> UUID:
    """A moderator, or a steward for what a second person decides. Raises SignInNeeded, StepUpNeeded or Refused."""
    people.require(principal, *DESK, step_up=True)
    assert principal.id is not None
    return principal.id


def stages(principal: Principal) -> tuple[str, ...]:
    """What this person may take: stewards stand in where a second person is needed, and read nothing else."""
    if principal.has(roles.MODERATOR):
        return ("review", "second", "appeal")
    return ("second", "appeal")


def takeable(principal: Principal) -> Q:
    """Cases this person may take, as a filter: not about them, not reported by them, not decided by them."""
    me = reviewer(principal)
    mine = Case.objects.filter(author_key=author_key(me)).values("id")
    told = Report.objects.filter(reporter=me, case__isnull=False).values("case_id")
    decided = Decision.objects.filter(Q(by=me) | Q(second=me)).values("case_id")
    kept = Q(kept_for__isnull=True) | Q(kept_for=me) | Q(kept_until__lte=clock.now())
    return (
        Q(state__in=("open", "claimed"), stage__in=stages(principal))
        & kept
        & ~Q(id__in=mine)
        & ~Q(id__in=told)
        & ~(Q(id__in=decided) & ~Q(stage="review"))
    )


def case(principal: Principal, case_id: UUID, *, lock: bool = False) -> Case:
    """The case this person has taken and nobody took since. Raises NotFound for everybody else.

    A claim that ran out is still theirs until a colleague takes the case: no words are lost by a clock.
    """
    me = reviewer(principal)
    rows = Case.objects.select_for_update() if lock else Case.objects.all()
    found = rows.filter(id=case_id, state=Case.State.CLAIMED, claimed_by=me).first()
    if found is None:
        raise NotFound()
    if not impartial(me, found):
        raise Refused(_("This is about you, or you told us about it. Somebody else has to look at it."))
    return found


def impartial(account: UUID, found: Case) -> bool:
    """Has this person neither written nor reported it, nor decided what is looked at again?"""
    if found.author_key and found.author_key == author_key(account):
        return False
    if Report.objects.filter(case=found, reporter=account).exists():
        return False
    if found.stage == Case.Stage.REVIEW:
        return True
    return not Decision.objects.filter(Q(by=account) | Q(second=account), case=found).exists()


def own_decision(principal: Principal, decision_id: UUID, *, lock: bool = False) -> Decision:
    """A decision about something this person wrote. Raises NotFound for everybody else, staff included."""
    people.require(principal)
    rows = Decision.objects.select_related("case")
    if lock:
        rows = rows.select_for_update(of=("self",))
    shown = (Decision.State.ACTIVE, Decision.State.REVERSED)
    found = rows.filter(id=decision_id, author_key=author_key(principal.id), state__in=shown).first()
    if found is None or found.author_key == "" or (found.thing, found.person) == ("nothing", "nothing"):
        raise NotFound()
    return found
