"""Out of hours: several reports that count hide a thing until staff are back. Its author is told, with the reason."""

from __future__ import annotations

from kithwell.kernel import audit, clock, crypto, events, ids
from kithwell.kernel.principal import SYSTEM
from kithwell.moderation import kinds
from kithwell.moderation.actions import cases
from kithwell.moderation.models import Case, Decision, Report
from kithwell.moderation.queries import hours
from kithwell.moderation.rules import ladder, night
from kithwell.people import queries as people


def look(case: Case) -> bool:
    """Hide the thing of a locked case if the threshold is met now (in memory; the caller saves). True if it was."""
    if case.hidden_at is not None or case.crisis or case.stage != Case.Stage.REVIEW:
        return False
    rows = list(
        Report.objects.filter(case=case, counted=True, reporter__isnull=False).values_list(
            "category", "reporter"
        )
    )
    if len(rows) < night.ENOUGH_GRAVE:
        return False
    known = people.known([who for _category, who in rows if who is not None])
    told = [(category, known[who].joined) for category, who in rows if who in known]
    if not night.hides(told, staffed=hours.staffed(), crisis=bool(case.crisis)):
        return False
    hide(case, "threshold")
    return True


def hide(case: Case, source: str) -> None:
    """Hide the thing of a locked case (in memory; the caller saves) until a person has looked, and tell its author
    that a count of reports ("threshold") or a list of known pictures ("list") did it."""
    now = clock.now()
    case.hidden_at = now
    cases.place(case)
    cases.apply(case, "hide")
    decision = Decision.objects.create(
        id=ids.new_id(),
        case=case,
        author_key=case.author_key,
        thing="hide",
        language=case.language or "en",
        source=source,
        automated_detection=source == "list",
        automated_decision=True,
        at=now,
        starts_at=now,
        until=hours.back_at(now) if source == "threshold" else None,
        appeal_until=now + ladder.APPEAL_WITHIN,
    )
    audit.record(SYSTEM, "thing.hidden", kind=case.kind, id=case.ident, case=str(case.id))
    tell_author(case, "moderation.decided", decision=str(decision.id))


def tell_author(case: Case, event: str, *, decision: str) -> None:
    """An event for the author's notices. Of an anonymous thing's decision it has neither id nor address, only the list
    and a keyed mark: an event lies in a row until it is heard, and no row ties an account to anonymous words."""
    author = kinds.owner(case.kind, case.ident) or case.author
    if author is None:
        return
    mark = crypto.blind_index("moderation.told", decision)
    if case.anonymous:
        events.publish(event, account=str(author), decision="", url="/me/decisions", mark=mark)
    else:
        events.publish(event, account=str(author), decision=decision, url=f"/decisions/{decision}", mark=mark)
