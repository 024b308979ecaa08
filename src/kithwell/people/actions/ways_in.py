"""Coming in and going out: passwords, recovery codes, passkeys, links, and sessions.

Every check of a secret takes the same time and gives the same answer whether or not the account exists.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from kithwell.kernel import audit, clock, conf, ids
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access, passkeys, roles, rules
from kithwell.people.models import Account, Link, Passkey, RecoveryCode, RoleGrant, Session


@cache
def _nobodys_hash() -> str:
    """A hash that no password fits, made with the same hasher: checking it costs what checking a real one costs."""
    return make_password(ids.token(24))


def account_of_password(pseudonym: str, password: str) -> UUID | None:
    """The account that this name and password belong to, or None. One hash is computed in either case."""
    nobody = _nobodys_hash()
    row = Account.objects.filter(pseudonym_key=rules.name_key(pseudonym[:200]), erased_at=None).first()
    encoded = row.password if row is not None and is_password_usable(row.password) else nobody

    def keep(raw: str) -> None:  # a stronger hash than the stored one is the rule by now
        Account.objects.filter(pk=row.pk).update(password=make_password(raw)) if row else None

    if len(password) > rules.PASSWORD_MAX or not check_password(password, encoded, keep):
        return None
    return row.pk if row is not None and encoded != nobody else None


def account_of_code(pseudonym: str, code: str) -> UUID | None:
    """The account that this name and recovery code belong to; the code is used up. None when they do not fit."""
    typed = rules.digest(rules.normal_code(code[:100]))
    used = RecoveryCode.objects.filter(
        account__pseudonym_key=rules.name_key(pseudonym[:200]),
        account__erased_at=None,
        digest=typed,
        used_at=None,
    )
    with transaction.atomic():
        account = used.values_list("account_id", flat=True).first()
        # Conditional: of two browsers that send the same code at once, one comes in.
        if account is None or not used.update(used_at=clock.now()):
            return None
    return account


def account_of_passkey(answer: dict[str, Any], state: dict[str, Any], site: passkeys.Site) -> UUID | None:
    """The account whose passkey signed the challenge in `state`, or None. The signature counter is kept."""
    key = passkeys.credential_key(answer)
    row = Passkey.objects.filter(credential_key=key, account__erased_at=None).first() if key else None
    if row is None:
        return None
    count = passkeys.check(site, state, answer, bytes(row.credential))
    # A counter that stands still or falls back means a copied authenticator; 0 means that it does not count.
    if count is None or (row.sign_count and count <= row.sign_count):
        return None
    Passkey.objects.filter(pk=row.pk).update(sign_count=count, used_on=clock.now().date())
    return row.account_id


def begin_session(request: HttpRequest, account_id: UUID, *, stay: bool = False, proved: bool = True) -> None:
    """Sign this browser in: a new session under a new key, a new CSRF token. Raises NotFound for a paused account."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not account.is_active:
        raise NotFound()
    device = rules.device_words(request.headers.get("User-Agent", ""))
    with transaction.atomic():
        request.session.begin(account.pk, device, stay=stay, proved=proved)
        Account.objects.filter(pk=account.pk).exclude(seen_on=clock.now().date()).update(
            seen_on=clock.now().date()
        )
        held = RoleGrant.objects.filter(account=account, closed_at=None, confirmed_at__isnull=False)
        # When members come is theirs alone; when somebody comes who reads what others wrote is written down.
        if roles.STAFF.intersection(held.values_list("role", flat=True)):
            actor = Principal("account", account.pk, account.pseudonym)
            audit.record(actor, "staff.signed_in", kind="account", id=account.pk, about=account.subject)
    rotate_token(request)
    request.principal = access.principal_for(request)


def prove_with_password(principal: Principal, password: str) -> bool:
    """Is this the password of the person who is signed in? (For a step-up; the session is marked by the page.)"""
    account = access.own_account(principal)
    return account_of_password(account.pseudonym, password) == account.pk


def sign_out(request: HttpRequest) -> None:
    """End this browser's session."""
    request.session.flush()


def end_session(principal: Principal, session_id: str | UUID) -> None:
    """End one of the person's own sessions. Raises NotFound."""
    access.own_session(principal, session_id).delete()


def end_other_sessions(principal: Principal, keep: UUID) -> int:
    """End all of the person's sessions but `keep` (a public id); returns how many ended."""
    account = access.own_account(principal)
    rows = Session.objects.filter(account_id=account.pk).exclude(public_id=keep)
    return rows.delete()[0]


def make_link(account_id: UUID, purpose: str, life: timedelta) -> str:
    """A path that works once within `life`: `/link/<token>`; `purpose` as in models.Link."""
    secret = ids.token(24)
    Link.objects.create(
        account_id=account_id, purpose=purpose, digest=rules.digest(secret), expires_at=clock.now() + life
    )
    return f"{str(conf.get('public_url', '')).rstrip('/')}/link/{secret}"


def look_at_link(secret: str) -> str | None:
    """The purpose of a link that still works, or None. Looking does not use it up."""
    rows = Link.objects.filter(digest=rules.digest(secret), used_at=None, expires_at__gt=clock.now())
    return rows.values_list("purpose", flat=True).first()


def use_link(secret: str, purpose: str) -> UUID | None:
    """The account of a link, which is used up by this; None when it does not work (any more)."""
    rows = Link.objects.filter(
        digest=rules.digest(secret), purpose=purpose, used_at=None, expires_at__gt=clock.now()
    )
    with transaction.atomic():
        account = rows.values_list("account_id", flat=True).first()
        if account is None or not rows.update(used_at=clock.now()):
            return None
    return account
