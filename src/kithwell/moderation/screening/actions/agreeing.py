"""Proposing a change, and a second steward's yes or no. Only a yes of somebody who wrote none of it makes it hold."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, events, texts
from kithwell.kernel.errors import Conflict, Invalid, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation.screening.actions import editing, holding
from kithwell.moderation.screening.models import Change, Release
from kithwell.people import queries as people
from kithwell.people import roles
from kithwell.safety import house


def propose(principal: Principal, ident: UUID | str, revision: int | str, why: str = "") -> None:
    """Ask a second steward. The rule's own tests must pass and this very text must have been tried. Raises Invalid."""
    with transaction.atomic():
        row = editing.locked(principal, ident, revision, Change.State.DRAFT)
        if why.strip():
            row.why = texts.tidy(why, editing.WHY, "why")
        if not row.why:
            raise Invalid({"why": _("Please say in one sentence why.")})
        _whole(row)
        row.state, row.proposed_at = Change.State.PROPOSED, clock.now()
        row.editors = sorted({*row.editors, str(principal.id)})
        row.save()
        audit.record(principal, "rule.proposed", kind="rule_change", id=row.id, rule=row.rule)
        tell_stewards(f"/moderation/screening/changes/{row.id}", {"change": str(row.id)}, but=row.editors)


def _whole(row: Change) -> None:
    if fault := editing.not_whole(row):
        raise Invalid({"change": fault})
    if row.tried != row.revision:
        raise Invalid({"change": _("Please try it on the last 30 days first.")})
    if row.outcome.get("need"):
        raise Invalid(
            {"change": _("With it, somebody's need would be heard differently. It cannot be used.")}
        )


def tell_stewards(url: str, about: dict[str, str], but: list[str] | None = None) -> None:
    """A quiet letter to every steward: there is something to look at."""
    for account in people.accounts_with_role(roles.STEWARD):
        if str(account) not in (but or ()):
            events.publish("community.notice", account=str(account), kind="house", url=url, about=about)


def agree(principal: Principal, ident: UUID | str, revision: int | str) -> int:
    """A second steward says yes: from now on it holds, in every process within seconds. Returns the release.

    Publishes "screening.changed" (release). Raises Refused for whoever wrote in it, Conflict where the rule changed.
    """
    with transaction.atomic():
        row = editing.locked(principal, ident, revision, Change.State.PROPOSED)
        if str(principal.id) in row.editors:
            raise Refused(_("Somebody who did not write any of it has to agree. Please ask another steward."))
        held = Change.objects.select_for_update().filter(rule=row.rule, state=Change.State.ACTIVE).first()
        if (held.id if held else None) != row.before:
            raise Conflict(
                _(
                    "The rule has changed since this was begun. Please start a new change from the current version."
                )
            )
        _whole(row)
        if held is not None:
            held.state = Change.State.REPLACED
            held.save(update_fields=["state"])
        row.state, row.settled_by, row.settled_at = Change.State.ACTIVE, principal.id, clock.now()
        row.shadow_since = None
        row.save()
        release = Release.objects.create(change=row, name="", at=row.settled_at)
        found = holding.changes()
        if not house.hears_the_same(
            holding.tools(found)
        ):  # cannot be, by how tools are made; and if it were, not here
            raise Conflict(_("With it, somebody's need would be heard differently. It cannot be used."))
        Release.objects.filter(pk=release.pk).update(name=found.name)
        audit.record(
            principal, "rule.agreed", kind="rule_change", id=row.id, rule=row.rule, what=row.what,
            release=release.number, name=found.name,
        )  # fmt: skip
        events.publish("screening.changed", release=release.number)
        transaction.on_commit(holding.hold)
        return int(release.number)


def decline(principal: Principal, ident: UUID | str, revision: int | str, why: str) -> None:
    """A steward says no, with a sentence for whoever wrote it."""
    with transaction.atomic():
        row = editing.locked(principal, ident, revision, Change.State.PROPOSED)
        said = texts.tidy(why, editing.WHY, "no")
        if not said:
            raise Invalid({"no": _("Please say in one sentence why not.")})
        row.state, row.settled_by, row.settled_at = Change.State.DECLINED, principal.id, clock.now()
        row.shadow_since = None
        row.answer = said
        row.save()
        audit.record(principal, "rule.declined", kind="rule_change", id=row.id, rule=row.rule, reason=said)
