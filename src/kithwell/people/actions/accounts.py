"""Making accounts, and what a person changes about their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from kithwell.kernel import audit, clock, crypto, events, ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.kernel.texts import tidy
from kithwell.people import access, reserved, roles, rules, texts
from kithwell.people.actions import grants
from kithwell.people.models import Account, AgeBand, Session


def checked_name(typed: str, *, own: UUID | None = None) -> str:
    """`typed` made tidy. Raises Invalid with kind words when it identifies somebody, or is taken by another account."""
    name = tidy(" ".join(typed.split()), rules.NAME_MAX, "pseudonym")
    reason = rules.looks_identifying(name)
    if reason:
        raise Invalid({"pseudonym": str(texts.NAME[reason])})
    key = rules.name_key(name)
    mine = Account.objects.filter(pseudonym_key=key, pk=own).exists() if own is not None else False
    if not mine and (Account.objects.filter(pseudonym_key=key).exists() or reserved.among([key])):
        raise Invalid({"pseudonym": str(texts.NAME_TAKEN)})
    return name


def checked_password(password: str, name: str) -> str:
    """`password` unchanged. Raises Invalid when it is too easy to guess."""
    weak = rules.weak_password(password, name)
    if weak:
        raise Invalid({"password": str(texts.PASSWORD[weak])})
    return password


def create_account(
    pseudonym: str,
    password: str | None = None,
    *,
    language: str = "en",
    country: str = "",
    age_band: str = "",
    roles: Iterable[str] = (),
    by: Principal = SYSTEM,
    account_id: UUID | None = None,
) -> UUID:
    """Make an account and return its id. Raises Invalid when the name is empty or taken.

    For people who sign up themselves use `sign_up`, which also refuses names that identify. Without a password the
    account is reached by passkey, recovery code or link.
    """
    name = tidy(" ".join(pseudonym.split()), rules.NAME_MAX, "pseudonym")
    key = rules.name_key(name)
    if not key:
        raise Invalid({"pseudonym": str(texts.NAME[rules.Reason.EMPTY])})
    try:
        with transaction.atomic():
            account = Account(
                id=account_id or ids.new_id(),
                pseudonym=name,
                pseudonym_key=key,
                subject=crypto.new_subject(),
                password=make_password(password),
                language=language,
                country=country,
                age_band=age_band if age_band in AgeBand.values else "",
            )
            account.save(force_insert=True)
            audit.record(by, "account.made", kind="account", id=account.pk, about=account.subject)
            for role in roles:
                grants.grant_role(by, account.pk, role)
    except IntegrityError:
        raise Invalid({"pseudonym": str(texts.NAME_TAKEN)}) from None
    return account.pk


def sign_up(
    pseudonym: str,
    password: str | None,
    *,
    language: str = "en",
    country: str = "",
    age_band: str = "",
    account_id: UUID | None = None,
) -> UUID:
    """A person makes their own account. Raises Invalid with kind words about the name or the password."""
    wrong: dict[str, str] = {}
    name = ""
    try:
        name = checked_name(pseudonym)
    except Invalid as error:
        wrong |= error.fields
    if password is not None:
        try:
            checked_password(password, name or pseudonym)
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    return create_account(
        name, password, language=language, country=country, age_band=age_band, account_id=account_id
    )


def rename(principal: Principal, pseudonym: str) -> str:
    """Take another name; the old one is free again at once. Raises Invalid."""
    account = access.own_account(principal)
    name = checked_name(pseudonym, own=account.pk)
    try:
        with transaction.atomic():
            Account.objects.filter(pk=account.pk).update(pseudonym=name, pseudonym_key=rules.name_key(name))
            audit.record(principal, "account.renamed", kind="account", id=account.pk, about=account.subject)
    except IntegrityError:
        raise Invalid({"pseudonym": str(texts.NAME_TAKEN)}) from None
    return name


def set_about(principal: Principal, *, language: str, country: str, age_band: str) -> None:
    """Language, country and age band. Unknown values are refused. Raises Invalid."""
    account = access.own_account(principal)
    if age_band not in AgeBand.values:
        raise Invalid({"age_band": "unknown"})
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(
            language=language[:12], country=country[:2], age_band=age_band
        )
        events.publish("people.about", account=str(account.pk))  # groups keep adults and minors apart


def set_password(principal: Principal, password: str, *, keep_session: UUID | None) -> None:
    """A new password; every other session ends, because somebody else may know the old one. Raises Invalid."""
    account = access.own_account(principal)
    checked_password(password, account.pseudonym)
    encoded = make_password(password)
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(password=encoded)
        Session.objects.filter(account_id=account.pk).exclude(public_id=keep_session).delete()
        audit.record(principal, "account.password_set", kind="account", id=account.pk, about=account.subject)


def pause_account(principal: Principal, account_id: UUID, until: datetime, reason: str) -> None:
    """Nobody can sign in to the account until then; whoever is signed in is out. Talking to us stays open to them."""
    access.require(principal, roles.STEWARD, roles.MODERATOR, step_up=True)
    _pause(principal, account_id, until, reason, "account.paused")


def resume_account(principal: Principal, account_id: UUID, reason: str) -> None:
    """End a pause early."""
    access.require(principal, roles.STEWARD, roles.MODERATOR, step_up=True)
    _pause(principal, account_id, None, reason, "account.resumed")


def _pause(principal: Principal, account_id: UUID, until: datetime | None, reason: str, verb: str) -> None:
    if account_id == principal.id:
        raise Conflict("nobody pauses themself")
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id, erased_at=None).first()
        if account is None:
            raise NotFound()
        account.suspended_until = until
        account.save(update_fields=["suspended_until"])
        if until is not None and until > clock.now():
            Session.objects.filter(account_id=account_id).delete()
        audit.record(principal, verb, kind="account", id=account_id, about=account.subject, reason=reason)
