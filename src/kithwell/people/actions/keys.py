"""A person's own keys: passkeys and recovery codes."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import is_password_usable
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, crypto, ids
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy
from kithwell.people import access, passkeys, rules
from kithwell.people.models import Account, Passkey, RecoveryCode

NAME_MAX, KEYS_MAX = 40, 20
Made = tuple[bytes, str, int]


def _at(key_id: UUID) -> tuple[str, str, object]:
    return ("people_passkey", "name", key_id)


def add_passkey(principal: Principal, made: Made, name: str) -> UUID:
    """Keep a passkey (as `passkeys.made` gave it) for the person. Raises Conflict when it is known or they are many."""
    account = access.own_account(principal)
    if Passkey.objects.filter(account=account).count() >= KEYS_MAX:
        raise Conflict(_("You have as many passkeys as we can keep. Remove one first."))
    return keep_passkey(account, made, name, principal)


def keep_passkey(account: Account, made: Made, name: str, actor: Principal) -> UUID:
    """As `add_passkey`, for an account that is just being made."""
    credential, key, count = made
    ident = ids.new_id()
    words = tidy(name, NAME_MAX, "name") or _("Passkey")
    try:
        with transaction.atomic():
            Passkey.objects.create(
                id=ident,
                account=account,
                credential_key=key,
                credential=credential,
                sign_count=count,
                name_sealed=crypto.seal(account.subject, words, at=_at(ident)),
            )
            audit.record(actor, "passkey.added", kind="passkey", id=ident, about=account.subject)
    except IntegrityError:
        raise Conflict(_("This passkey is already on your list.")) from None
    return ident


def name_of(account: Account, key: Passkey) -> str:
    """The person's own word for one of their passkeys."""
    return crypto.unseal(account.subject, key.name_sealed, at=_at(key.pk))


def rename_passkey(principal: Principal, ident: str | UUID, name: str) -> None:
    """Another word for a passkey. Raises NotFound, Invalid."""
    key = access.own_passkey(principal, ident)
    words = tidy(name, NAME_MAX, "name")
    if not words:
        raise Invalid({"name": _("Please write a word or two.")})
    sealed = crypto.seal(key.account.subject, words, at=_at(key.pk))
    Passkey.objects.filter(pk=key.pk).update(name_sealed=sealed)


def remove_passkey(principal: Principal, ident: str | UUID) -> None:
    """Forget a passkey. Raises NotFound, and Conflict when the person could not come back in without it."""
    key = access.own_passkey(principal, ident)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=key.account_id)
        others = Passkey.objects.filter(account=account).exclude(pk=key.pk).exists()
        if not others and not is_password_usable(account.password):
            raise Conflict(_("This is your only way in. Add a password or another passkey first."))
        Passkey.objects.filter(pk=key.pk).delete()
        audit.record(principal, "passkey.removed", kind="passkey", id=key.pk, about=account.subject)


def new_recovery_codes(principal: Principal) -> list[str]:
    """Make fresh codes, to be shown once; the old ones stop working. Each signs in once."""
    account = access.own_account(principal)
    codes = [rules.recovery_code(secrets.SystemRandom()) for _n in range(rules.CODE_COUNT)]
    with transaction.atomic():
        RecoveryCode.objects.filter(account=account).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(account=account, digest=rules.digest(rules.normal_code(code))) for code in codes
        )
        audit.record(principal, "recovery.made", kind="account", id=account.pk, about=account.subject)
    return codes


def known_credentials(account_id: UUID) -> list[bytes]:
    """The credentials of an account, for the browser to recognise."""
    rows = Passkey.objects.filter(account_id=account_id).values_list("credential", flat=True)
    return [bytes(row) for row in rows]


def made_from(answer: dict[str, Any], state: dict[str, Any], site: passkeys.Site) -> Made:
    """The passkey that a browser made. Raises Invalid when its answer does not hold."""
    made = passkeys.made(site, state, answer)
    if made is None:
        raise Invalid({"passkey": _("The passkey could not be made. Nothing was lost; please try again.")})
    return made
