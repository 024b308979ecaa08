"""Drafts: a rule as a steward would have it, or another threshold. Nothing holds by being written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation.screening import access
from kithwell.moderation.screening.models import Change
from kithwell.moderation.screening.rules import curves, editing
from kithwell.moderation.screening.rules.editing import Fault
from kithwell.safety import house
from kithwell.safety.patterns import Rule

OPEN = (Change.State.DRAFT, Change.State.PROPOSED)
MOST_OPEN = 100
WHY, OWNER = 300, 80


def holds(rule: str) -> Change | None:
    """The change of this rule that holds now."""
    return Change.objects.filter(rule=rule, state=Change.State.ACTIVE).first()


def rule_now(ident: str, held: Change | None) -> Rule | None:
    """The rule as it holds now: the house's, or the shipped one; None where it is not looked for."""
    if held is None or held.what == Change.What.RESET:
        return house.shipped_rule(ident)
    if held.what == Change.What.OFF:
        return None
    return house.from_dict(held.content)


def begin(principal: Principal, what: str, *, rule: str = "", kind: str = "") -> UUID:
    """A draft of a change: of `rule`, or with `what` "add" of a new rule of a kind. Raises NotFound, Conflict."""
    me = access.steward(principal)
    with transaction.atomic():
        if Change.objects.filter(state__in=OPEN).count() >= MOST_OPEN:
            raise Conflict(_("There are many drafts already. Please finish or discard some first."))
        row = _new_rule(kind) if what == Change.What.ADD else _of_rule(what, rule)
        row.editors = [str(me)]
        row.save(force_insert=True)
        audit.record(principal, "rule.drafted", kind="rule_change", id=row.id, rule=row.rule, what=row.what)
        return UUID(str(row.id))


def _new_rule(kind: str) -> Change:
    category = house.kinds().get(kind)
    if category is None:
        raise NotFound()
    taken = Change.objects.filter(what=Change.What.ADD, kind=kind).count()
    ident = f"house.{kind}.{taken + 1}"
    content = house.as_dict(Rule(ident, category, kind, "", 0.7))
    return Change(id=ids.new_id(), rule=ident, kind=kind, what=Change.What.ADD, content=content)


def _of_rule(what: str, ident: str) -> Change:
    held = holds(ident)
    shipped = house.shipped_rule(ident)
    if what not in (Change.What.EDIT, Change.What.OFF, Change.What.RESET) or (
        shipped is None and held is None
    ):
        raise NotFound()
    now = rule_now(ident, held)
    if (what == Change.What.OFF and now is None) or (
        what == Change.What.RESET and (held is None or held.what == Change.What.RESET)
    ):
        raise Conflict(_("This rule is like that already."))
    file = house.file_of(ident)
    base = now or shipped
    return Change(
        id=ids.new_id(),
        rule=ident,
        kind=held.kind if held is not None else shipped.kind if shipped else "",
        what=what,
        content=house.as_dict(base) if what == Change.What.EDIT and base is not None else {},
        owner=(held.owner if held is not None else "") or (file.owner if file else ""),
        version=(held.version if held is not None else file.version if file else 0) + 1,
        before=held.id if held is not None else None,
    )


def begin_threshold(principal: Principal, kind: str, at: float, why: str) -> UUID:
    """A draft of another threshold. Raises NotFound, Invalid."""
    me = access.steward(principal)
    if kind not in house.kinds():
        raise NotFound()
    if not curves.on_grid(at):
        raise Invalid({"at": _("Choose one from the list.")})
    said = texts.tidy(why, WHY, "why")
    if not said:
        raise Invalid({"why": _("Please say in one sentence why.")})
    ident = f"threshold.{kind}"
    held = holds(ident)
    if abs(threshold_now(kind, held) - at) < 1e-6:
        raise Invalid({"at": _("This is the current threshold.")})
    row = Change(
        id=ids.new_id(), rule=ident, kind=kind, what=Change.What.THRESHOLD, content={"at": at}, why=said
    )
    row.version, row.before = (held.version if held else 0) + 1, held.id if held else None
    row.editors = [str(me)]
    with transaction.atomic():
        row.save(force_insert=True)
        audit.record(principal, "rule.drafted", kind="rule_change", id=row.id, rule=row.rule, what=row.what)
    return UUID(str(row.id))


def threshold_now(kind: str, held: Change | None) -> float:
    return float(held.content["at"]) if held is not None and "at" in held.content else house.threshold(kind)


def locked(principal: Principal, ident: UUID | str, revision: int | str, *states: str) -> Change:
    """A change as this steward last saw it, to act on. Inside a transaction. Raises NotFound, Conflict."""
    row = access.change(principal, ident, lock=True)
    if row.state not in (states or OPEN):
        raise Conflict(_("This change is no longer open."))
    if str(row.revision) != str(revision):
        raise Conflict(_("Somebody else changed this in the meantime. Please look at it again."))
    return row


def written(row: Change, principal: Principal) -> None:
    """It reads otherwise now (in memory): whoever wrote cannot agree, what was tried or proposed has to be again."""
    row.editors = sorted({*row.editors, str(principal.id)})
    row.revision += 1
    row.state, row.proposed_at, row.trying = Change.State.DRAFT, None, False
    row.tried, row.outcome = None, {}


def write(principal: Principal, ident: UUID | str, revision: int | str, given: Mapping[str, str]) -> None:
    """The rule's new words. Raises Invalid with words for each field; nothing that was typed is lost by the page."""
    with transaction.atomic():
        row = locked(principal, ident, revision)
        if row.what not in (Change.What.EDIT, Change.What.ADD):
            raise NotFound()
        rule = _read(row, given)
        wrong = {name: say(fault) for name, fault in editing.faults(rule, house.sets()).items()}
        why, owner = texts.tidy(given.get("why", ""), WHY, "why"), given.get("owner", "").strip()
        if not why:
            wrong["why"] = _("Please say in one sentence why.")
        if not owner or len(owner) > OWNER:
            wrong["owner"] = _("Who answers for this rule? A name or a role.")
        if wrong:
            raise Invalid(wrong)
        row.content, row.why, row.owner = house.as_dict(rule), why, owner
        written(row, principal)
        row.save()


def _read(row: Change, given: Mapping[str, str]) -> Rule:
    base = house.from_dict(row.content)
    parts: dict[str, Any] = {name: editing.lines(given.get(name, "")[:200_000]) for name in editing.LISTS}
    try:
        weight = float(given.get("weight", ""))
    except ValueError:
        weight = -1.0
    return replace(
        base,
        label=" ".join(given.get("label", "").split())[:200],
        lang=given.get("lang", ""),
        weight=next((known for known in editing.WEIGHTS if abs(known - weight) < 1e-6), weight),
        patterns=parts["any"],
        unless=parts["unless"],
        unless_here=parts["unless_here"],
        needs=parts["needs"],
        yes=parts["yes"],
        no=parts["no"],
    )


def say(fault: Fault) -> str:
    """A fault in words, with the line it is about."""
    words = {
        "label": _("A few words that say what it finds, at most 80 characters."),
        "choose": _("Choose one from the list."),
        "many": _("That is more lines than anybody can review. Please use fewer."),
        "long": _("This line is too long: %(line)s"),
        "gaps": _("At most five gaps (<3) in one pattern: %(line)s"),
        "pattern": _("This cannot be read as a pattern: %(line)s"),
        "empty": _("At least one pattern."),
        "example": _("At least one example. It is the rule's test."),
    }
    return words[fault.code] % {"line": fault.line[:120]}


def withdraw(principal: Principal, ident: UUID | str, revision: int | str) -> None:
    """Put a draft or a proposal away. It stays readable."""
    with transaction.atomic():
        row = locked(principal, ident, revision)
        row.state, row.settled_by, row.settled_at = Change.State.WITHDRAWN, principal.id, clock.now()
        row.shadow_since = None
        row.save()
        audit.record(principal, "rule.withdrawn", kind="rule_change", id=row.id, rule=row.rule)


def shadow(principal: Principal, ident: UUID | str, revision: int | str, on: bool) -> None:
    """Let it run beside what holds, counting only; or no longer."""
    with transaction.atomic():
        row = locked(principal, ident, revision)
        if on and (fault := not_whole(row)):
            raise Invalid({"shadow": fault})
        row.shadow_since = clock.now() if on else None
        row.save()
        verb = "rule.shadow_began" if on else "rule.shadow_ended"
        audit.record(principal, verb, kind="rule_change", id=row.id, rule=row.rule)


def not_whole(row: Change) -> str:
    """Why a change cannot be tried, proposed or run beside yet; "" when it can."""
    if row.what not in (Change.What.EDIT, Change.What.ADD):
        return ""
    rule = house.from_dict(row.content)
    if editing.faults(rule, house.sets()):
        return _("The rule is not finished: something is missing or cannot be read.")
    if not editing.differences(rule_now(row.rule, holds(row.rule)), rule):
        return _("Nothing differs from the current version.")
    found = house.test(rule)
    if found.need:
        return _(
            "It would call words unsafe that people use to say they need help. Being in crisis is never "
            "against the rules: please make the pattern narrower."
        )
    if not found.passed:
        return _("Its own tests do not pass.")
    return ""
