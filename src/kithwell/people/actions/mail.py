"""An e-mail address, for those who want a way back: sealed, confirmed, and used for nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, conf, crypto
from kithwell.kernel.errors import Invalid
from kithwell.kernel.principal import Principal
from kithwell.people import access, rules, tasks
from kithwell.people.actions import ways_in
from kithwell.people.models import Account


def offered() -> bool:
    """Is there a server that sends our mail? Without one no address is asked for."""
    return bool(conf.get("mail_url", ""))


def index_of(email: str) -> str:
    """The blind index of an address; capital letters do not make another one."""
    return crypto.blind_index("email", email.casefold())


def set_email(principal: Principal, typed: str) -> None:
    """Keep an address, sealed and unconfirmed, and send a link to it. Raises Invalid. Says nothing about others."""
    email = rules.normal_email(typed)
    if email is None:
        raise Invalid({"email": _("That does not look like an e-mail address. Please check it.")})
    account = access.own_account(principal)
    sealed = crypto.seal(account.subject, email, at=("people_account", "email", account.pk))
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(
            email_sealed=sealed, email_index=index_of(email), email_confirmed_at=None
        )
        tasks.send_link.enqueue(account_id=str(account.pk), purpose="email")
        audit.record(principal, "email.set", kind="account", id=account.pk, about=account.subject)


def remove_email(principal: Principal) -> None:
    """Forget the address."""
    account = access.own_account(principal)
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(
            email_sealed=None, email_index="", email_confirmed_at=None
        )
        audit.record(principal, "email.removed", kind="account", id=account.pk, about=account.subject)


def confirm_email(secret: str) -> bool:
    """The link in the mail was followed: the address may be used for the way back. False when the link is gone."""
    account_id = ways_in.use_link(secret, "email")
    if account_id is None:
        return False
    held = Account.objects.filter(pk=account_id, email_sealed__isnull=False)
    return bool(held.update(email_confirmed_at=clock.now()))


def ask_way_back(typed: str) -> None:
    """Somebody wants a link to an address. What happens (the same for every address) happens later, in a job."""
    email = rules.normal_email(typed)
    tasks.send_ways_back.enqueue(index=index_of(email or "nobody@invalid"))


def call_to_desk(accounts: Iterable[UUID]) -> int:
    """Mail those of `accounts` who confirmed an address that they are needed at their desk. Call it inside the change
    that needs them. Returns how many; 0 where no server sends our mail."""
    if not offered():
        return 0
    reached = Account.objects.filter(pk__in=list(accounts), email_confirmed_at__isnull=False, erased_at=None)
    found = list(reached.values_list("pk", flat=True))
    for account_id in found:
        tasks.send_call.enqueue(account_id=str(account_id))
    return len(found)


def open_email(account: Account) -> str:
    """The address of an account, or "" when it has none."""
    if account.email_sealed is None:
        return ""
    return crypto.unseal(account.subject, account.email_sealed, at=("people_account", "email", account.pk))
