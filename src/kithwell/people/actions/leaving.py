"""Erasure: asking for it, coming back within the days of grace, and the end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, conf, crypto, events, ids
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import access, consent, erasure, roles, rules, tasks
from kithwell.people.models import Account, Erasure, RoleGrant, Session


def grace_days() -> int:
    """Days between asking and erasure (setting `erasure_grace_days`)."""
    return int(conf.get("erasure_grace_days", 21))


def ask_for_erasure(principal: Principal, *, writing: str, at_once: bool = False) -> str:
    """The person wants to go: every session ends, and after the days of grace (or at once) everything goes.

    Returns the code of a receipt that can be looked at without an account. Raises Invalid for an unknown choice,
    Conflict for the last steward.
    """
    if writing not in erasure.WRITINGS:
        raise Invalid({"writing": _("Please choose what happens to what you wrote.")})
    code, now = ids.token(15), clock.now()
    due = now if at_once else now + timedelta(days=grace_days())
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=access.own_account(principal).pk)
        _not_the_last_steward(account)
        Erasure.objects.filter(account=account, state=Erasure.State.WAITING).update(
            state=Erasure.State.WITHDRAWN
        )
        row = Erasure.objects.create(
            account=account, writing=writing, due_at=due, asked_at=now, receipt_digest=rules.digest(code)
        )
        account.leaving_at = due
        account.save(update_fields=["leaving_at"])
        Session.objects.filter(account=account).delete()
        if at_once:
            tasks.erase.enqueue(erasure_id=str(row.pk))
        audit.record(
            principal, "erasure.asked", kind="account", id=account.pk, about=account.subject, at_once=at_once
        )
    return code


def _not_the_last_steward(account: Account) -> None:
    held = RoleGrant.objects.filter(role=roles.STEWARD, closed_at=None, confirmed_at__isnull=False).filter(
        Q(until=None) | Q(until__gt=clock.now())
    )
    if not held.filter(account=account).exists():
        return
    if not held.exclude(account=account).filter(account__leaving_at=None, account__erased_at=None).exists():
        raise Conflict(_("You are the last steward here. Make somebody else a steward first."))


def come_back(principal: Principal) -> bool:
    """Call the erasure off. False when none is waiting."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=access.own_account(principal).pk)
        waiting = Erasure.objects.filter(account=account, state=Erasure.State.WAITING)
        if not waiting.update(state=Erasure.State.WITHDRAWN):
            return False
        account.leaving_at = None
        account.save(update_fields=["leaving_at"])
        audit.record(principal, "erasure.withdrawn", kind="account", id=account.pk, about=account.subject)
    return True


def finish_erasure(erasure_id: UUID) -> bool:
    """Erase for good, when it is due; all parts in one transaction, the person's key last. False when not due."""
    with transaction.atomic():
        row = Erasure.objects.select_for_update().filter(pk=erasure_id, state=Erasure.State.WAITING).first()
        if row is None or row.due_at > clock.now():
            return False
        account = Account.objects.select_for_update().get(pk=row.account_id)
        for item, last in consent.present(account.subject).items():
            if last.given:
                consent.withdraw(account.subject, item)  # parts take back what went elsewhere
        counts = erasure.erase(account.subject, account.pk, erasure.Choices(row.writing))
        counts["people"] = _empty(account)
        crypto.erase_subject(account.subject)
        row.state, row.done_at, row.counts = Erasure.State.DONE, clock.now(), counts
        row.save(update_fields=["state", "done_at", "counts"])
        audit.record(SYSTEM, "account.erased", kind="account", id=account.pk, about=account.subject)
        events.publish("people.erased", account=str(account.pk), subject=str(account.subject))
    return True


def _empty(account: Account) -> int:
    """Delete what hangs on the account and blank the row itself, which stays so that ids keep pointing somewhere."""
    touched = 1
    for rows in (
        account.passkeys,
        account.recovery_codes,
        account.links,
        account.sessions,
        account.exports,
        account.grants,
    ):
        touched += rows.all().delete()[0]
    Account.objects.filter(pk=account.pk).update(
        pseudonym="",
        pseudonym_key=f"erased {account.pk}",  # a key never holds a space, so no name can meet it
        password="!",
        email_sealed=None,
        email_index="",
        email_confirmed_at=None,
        language="en",
        country="",
        theme="",
        age_band="",
        seen_on=None,
        suspended_until=None,
        erased_at=clock.now(),
    )
    return touched
